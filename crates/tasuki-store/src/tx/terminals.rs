//! Terminals, their certificates, and what certifies them.

use super::rows::id;
use super::{Tx, damaged, from_json, to_json};
use crate::engine::Row;
use tasuki_core::ports::{
    TERMINALS_MAX, Terminal, TerminalAuthority, TerminalCertificate, TerminalDownload, Terminals,
    TerminalsWrite,
};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, TerminalId};

/// What is sealed: a passphrase, and the authority's key.
const DOWNLOAD: &str = "terminal download";
const AUTHORITY: &str = "terminal authority";
/// Whose data key seals the authority's key: it belongs to no facility.
const WHOSE: &str = "terminals";
/// Certificates of one terminal that are read: one a year, and room.
const CERTIFICATES_MAX: u32 = 32;
const CERTIFICATE: &str =
    "SELECT fingerprint, terminal_id, valid_from, valid_until, used, ended, der
     FROM terminal_certificate WHERE community_id = $1";

fn certificate(row: &dyn Row) -> Result<TerminalCertificate, Fault> {
    let when = |at: i64| (at != 0).then(|| Instant::from_micros(at));
    Ok(TerminalCertificate {
        fingerprint: row.text(0)?.to_owned(),
        terminal: id(row.text(1)?, TerminalId::new)?,
        from: Instant::from_micros(row.int(2)?),
        until: Instant::from_micros(row.int(3)?),
        used: when(row.int(4)?),
        ended: when(row.int(5)?),
        der: row.bytes(6)?.to_vec(),
    })
}

impl Terminals for Tx<'_> {
    fn terminals_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Terminal>, Fault> {
        let sql = format!(
            "SELECT body FROM terminal WHERE community_id = $1 AND facility_id = $2
             ORDER BY revoked, name, terminal_id LIMIT {limit}"
        );
        self.all(&sql, &[self.community(), facility.as_str().into()], |row| {
            from_json("terminal", row.text(0)?)
        })
    }

    fn terminal(&self, id: &TerminalId) -> Result<Option<Terminal>, Fault> {
        self.first(
            "SELECT body FROM terminal WHERE community_id = $1 AND terminal_id = $2",
            &[self.community(), id.as_str().into()],
            |row| from_json("terminal", row.text(0)?),
        )
    }

    fn terminal_certificate(
        &self,
        fingerprint: &str,
    ) -> Result<Option<TerminalCertificate>, Fault> {
        let sql = format!("{CERTIFICATE} AND fingerprint = $2");
        self.first(&sql, &[self.community(), fingerprint.into()], certificate)
    }

    fn terminal_certificates_of(&self, id: &TerminalId) -> Result<Vec<TerminalCertificate>, Fault> {
        let sql = format!(
            "{CERTIFICATE} AND terminal_id = $2 ORDER BY valid_from DESC LIMIT {CERTIFICATES_MAX}"
        );
        self.all(&sql, &[self.community(), id.as_str().into()], certificate)
    }

    fn terminal_download(&self, code_sha256: &str) -> Result<Option<TerminalDownload>, Fault> {
        let found = self.first(
            "SELECT terminal_id, expires, key_id, sealed FROM terminal_download
             WHERE community_id = $1 AND code_sha256 = $2",
            &[self.community(), code_sha256.into()],
            |row| {
                let download = TerminalDownload {
                    code_sha256: code_sha256.to_owned(),
                    terminal: id(row.text(0)?, TerminalId::new)?,
                    passphrase: String::new(),
                    expires: Instant::from_micros(row.int(1)?),
                };
                Ok((download, row.text(2)?.to_owned(), row.bytes(3)?.to_vec()))
            },
        )?;
        let opened = found.map(|(mut download, key, sealed)| {
            let plain = self.unseal(&key, DOWNLOAD, code_sha256, &sealed)?;
            download.passphrase = String::from_utf8(plain).map_err(|_| damaged(DOWNLOAD))?;
            Ok(download)
        });
        opened.transpose()
    }

    fn terminal_waits(&self, id: &TerminalId) -> Result<Option<Instant>, Fault> {
        self.first(
            "SELECT expires FROM terminal_download WHERE community_id = $1 AND terminal_id = $2
             ORDER BY expires DESC LIMIT 1",
            &[self.community(), id.as_str().into()],
            |row| Ok(Instant::from_micros(row.int(0)?)),
        )
    }

    fn terminal_authority(&self) -> Result<Option<TerminalAuthority>, Fault> {
        let found = self.first(
            "SELECT der, key_id, sealed FROM terminal_authority WHERE community_id = $1",
            &[self.community()],
            |row| {
                let (der, sealed) = (row.bytes(0)?.to_vec(), row.bytes(2)?.to_vec());
                Ok((der, row.text(1)?.to_owned(), sealed))
            },
        )?;
        let opened = found.map(|(der, key_id, sealed)| {
            let key = self.unseal(&key_id, AUTHORITY, AUTHORITY, &sealed)?;
            Ok(TerminalAuthority { der, key })
        });
        opened.transpose()
    }
}

impl Tx<'_> {
    /// Terminals of a facility that are in use, but for this one.
    fn others_in_use(&self, terminal: &Terminal) -> Result<i64, Fault> {
        let counted = self.first(
            "SELECT COUNT(*) FROM terminal WHERE community_id = $1 AND facility_id = $2
             AND revoked = 0 AND terminal_id <> $3",
            &[
                self.community(),
                terminal.facility.as_str().into(),
                terminal.id.as_str().into(),
            ],
            |row| row.int(0),
        )?;
        Ok(counted.unwrap_or(0))
    }
}

impl TerminalsWrite for Tx<'_> {
    fn put_terminal(&self, terminal: &Terminal) -> Result<(), Fault> {
        let in_use = terminal.revoked.is_none();
        if in_use && self.others_in_use(terminal)? >= i64::from(TERMINALS_MAX) {
            return Err(Fault::new(
                Code::TerminalsTooMany,
                "terminals of one facility",
            ));
        }
        self.execute(
            "INSERT INTO terminal (community_id, terminal_id, facility_id, revoked, name, body)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (community_id, terminal_id) DO UPDATE SET
             revoked = excluded.revoked, name = excluded.name, body = excluded.body",
            &[
                self.community(),
                terminal.id.as_str().into(),
                terminal.facility.as_str().into(),
                (!in_use).into(),
                (&*terminal.name).into(),
                to_json(terminal)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn add_terminal_certificate(&self, certificate: &TerminalCertificate) -> Result<(), Fault> {
        let when = |at: Option<Instant>| at.map_or(0, Instant::micros);
        self.execute(
            "INSERT INTO terminal_certificate (community_id, fingerprint, terminal_id, valid_from,
             valid_until, used, ended, der) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                self.community(),
                certificate.fingerprint.as_str().into(),
                certificate.terminal.as_str().into(),
                certificate.from.micros().into(),
                certificate.until.micros().into(),
                when(certificate.used).into(),
                when(certificate.ended).into(),
                certificate.der.as_slice().into(),
            ],
        )
        .map(drop)
    }

    fn use_terminal_certificate(&self, fingerprint: &str, at: Instant) -> Result<(), Fault> {
        let Some(used) = self.terminal_certificate(fingerprint)? else {
            return Ok(());
        };
        self.execute(
            "UPDATE terminal_certificate SET used = $1
             WHERE community_id = $2 AND fingerprint = $3",
            &[at.micros().into(), self.community(), fingerprint.into()],
        )?;
        self.execute(
            "UPDATE terminal_certificate SET ended = $1 WHERE community_id = $2
             AND terminal_id = $3 AND valid_from < $4 AND ended = 0",
            &[
                at.micros().into(),
                self.community(),
                used.terminal.as_str().into(),
                used.from.micros().into(),
            ],
        )
        .map(drop)
    }

    fn put_terminal_download(
        &self,
        download: &TerminalDownload,
        now: Instant,
    ) -> Result<(), Fault> {
        self.drop_terminal_download(&download.terminal)?;
        self.execute(
            "DELETE FROM terminal_download WHERE community_id = $1 AND expires <= $2",
            &[self.community(), now.micros().into()],
        )?;
        let whose = FacilityId::new(WHOSE).map_err(damaged)?;
        let (code, plain) = (&download.code_sha256, download.passphrase.as_bytes());
        let (key, sealed) = self.seal(&whose, DOWNLOAD, code, plain)?;
        self.execute(
            "INSERT INTO terminal_download (community_id, code_sha256, terminal_id, expires, key_id,
             sealed) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                self.community(),
                code.as_str().into(),
                download.terminal.as_str().into(),
                download.expires.micros().into(),
                key.as_str().into(),
                sealed.as_slice().into(),
            ],
        )
        .map(drop)
    }

    fn take_terminal_download(
        &self,
        code_sha256: &str,
        now: Instant,
    ) -> Result<Option<TerminalDownload>, Fault> {
        let found = self.terminal_download(code_sha256)?;
        let taken = self.execute(
            "DELETE FROM terminal_download WHERE community_id = $1 AND code_sha256 = $2",
            &[self.community(), code_sha256.into()],
        )?;
        Ok(found.filter(|download| taken > 0 && now < download.expires))
    }

    fn drop_terminal_download(&self, id: &TerminalId) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM terminal_download WHERE community_id = $1 AND terminal_id = $2",
            &[self.community(), id.as_str().into()],
        )
        .map(drop)
    }

    fn put_terminal_authority(
        &self,
        authority: &TerminalAuthority,
    ) -> Result<TerminalAuthority, Fault> {
        let whose = FacilityId::new(WHOSE).map_err(damaged)?;
        let (key, sealed) = self.seal(&whose, AUTHORITY, AUTHORITY, &authority.key)?;
        self.execute(
            "INSERT INTO terminal_authority (community_id, der, key_id, sealed)
             VALUES ($1, $2, $3, $4) ON CONFLICT (community_id) DO NOTHING",
            &[
                self.community(),
                authority.der.as_slice().into(),
                key.as_str().into(),
                sealed.as_slice().into(),
            ],
        )?;
        let kept = self.terminal_authority()?;
        kept.ok_or_else(|| damaged(AUTHORITY))
    }
}
