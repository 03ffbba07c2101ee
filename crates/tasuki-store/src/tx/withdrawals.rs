//! Withdrawals: what others have still to be told, and what is dropped when others tell us.

use super::Tx;
use super::rows::{count, id};
use tasuki_core::Fault;
use tasuki_core::ports::{Metadata, Withdrawal, WithdrawalQueue, Withdrawals, WithdrawalsWrite};
use tasuki_model::{CommunityId, CopyId, Instant, PatientKey, PersonId, Registration, XadPid};

/// Copies of one patient that one statement removes: more than any patient has.
const COPIES_MAX: u32 = 200_000;
/// Communities of a network.
const PEERS_MAX: u32 = 1_000;

impl Withdrawals for Tx<'_> {
    fn withdrawals_to(&self, peer: &CommunityId, limit: u32) -> Result<Vec<Withdrawal>, Fault> {
        let sql = format!(
            "SELECT xad_pid, patient_key, at FROM withdrawal_notice
             WHERE community_id = $1 AND peer = $2 AND given_up = 0 ORDER BY at LIMIT {limit}"
        );
        self.all(&sql, &[self.community(), peer.as_str().into()], |row| {
            Ok(Withdrawal {
                id: id(row.text(0)?, XadPid::new)?,
                patient: id(row.text(1)?, PatientKey::new)?,
                at: Instant::from_micros(row.int(2)?),
            })
        })
    }

    fn withdrawal_queues(&self) -> Result<Vec<WithdrawalQueue>, Fault> {
        let sql = format!(
            "SELECT peer, SUM(1 - given_up), SUM(given_up), MIN(at) FROM withdrawal_notice
             /* walks */ WHERE community_id = $1 GROUP BY peer ORDER BY peer LIMIT {PEERS_MAX}"
        );
        self.all(&sql, &[self.community()], |row| {
            Ok(WithdrawalQueue {
                peer: id(row.text(0)?, CommunityId::new)?,
                waiting: count(row.int(1)?).into(),
                given_up: count(row.int(2)?).into(),
                oldest: row.opt_int(3)?.map(Instant::from_micros),
            })
        })
    }

    fn withdrawn_elsewhere(&self, patient: &Registration) -> Result<Option<Instant>, Fault> {
        self.first(
            "SELECT at FROM withdrawn_elsewhere
             WHERE community_id = $1 AND authority = $2 AND local_id = $3",
            &[
                self.community(),
                patient.authority.as_str().into(),
                patient.local_id.as_str().into(),
            ],
            |row| row.int(0).map(Instant::from_micros),
        )
    }
}

impl WithdrawalsWrite for Tx<'_> {
    fn set_withdrawal_peers(&self, peers: &[CommunityId]) -> Result<(), Fault> {
        let sql = format!(
            "SELECT peer FROM withdrawal_peer /* walks */ WHERE community_id = $1 LIMIT {PEERS_MAX}"
        );
        let known = self.all(&sql, &[self.community()], |row| {
            id(row.text(0)?, CommunityId::new)
        })?;
        for gone in known.iter().filter(|peer| !peers.contains(peer)) {
            for table in ["withdrawal_peer", "withdrawal_notice"] {
                self.execute(
                    &format!("DELETE FROM {table} WHERE community_id = $1 AND peer = $2"),
                    &[self.community(), gone.as_str().into()],
                )?;
            }
        }
        for new in peers.iter().filter(|peer| !known.contains(peer)) {
            self.execute(
                "INSERT INTO withdrawal_peer (community_id, peer) VALUES ($1, $2)",
                &[self.community(), new.as_str().into()],
            )?;
        }
        Ok(())
    }

    fn withdrawal_told(&self, peer: &CommunityId, told: &Withdrawal) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM withdrawal_notice
             WHERE community_id = $1 AND peer = $2 AND xad_pid = $3 AND at = $4",
            &[
                self.community(),
                peer.as_str().into(),
                told.id.as_str().into(),
                told.at.micros().into(),
            ],
        )
        .map(drop)
    }

    fn give_up_withdrawals(&self, peer: &CommunityId, before: Instant) -> Result<u64, Fault> {
        self.execute(
            "UPDATE withdrawal_notice SET given_up = 1
             WHERE community_id = $1 AND peer = $2 AND given_up = 0 AND at < $3",
            &[
                self.community(),
                peer.as_str().into(),
                before.micros().into(),
            ],
        )
    }

    fn first_statement(
        &self,
        from: &CommunityId,
        statement: &str,
        now: Instant,
        forget: Instant,
    ) -> Result<bool, Fault> {
        self.execute(
            "DELETE FROM statement_seen WHERE community_id = $1 AND at < $2",
            &[self.community(), forget.micros().into()],
        )?;
        let new = self.execute(
            "INSERT INTO statement_seen (community_id, source, statement_id, at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (community_id, source, statement_id) DO NOTHING",
            &[
                self.community(),
                from.as_str().into(),
                statement.into(),
                now.micros().into(),
            ],
        )?;
        Ok(new > 0)
    }

    fn take_withdrawal(
        &self,
        source: &CommunityId,
        patient: &Registration,
        at: Instant,
    ) -> Result<Vec<PatientKey>, Fault> {
        self.execute(
            "INSERT INTO withdrawn_elsewhere (community_id, authority, local_id, at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (community_id, authority, local_id) DO UPDATE SET at = excluded.at",
            &[
                self.community(),
                patient.authority.as_str().into(),
                patient.local_id.as_str().into(),
                at.micros().into(),
            ],
        )?;
        // A copy from before that does not say whose it is might be this patient's.
        let mut copies = Vec::new();
        for whose in ["source_patient = $3", "source_patient IS NULL AND $3 <> ''"] {
            let sql = format!(
                "SELECT copy_id, patient_key FROM received_copy
                 WHERE community_id = $1 AND source = $2 AND {whose} LIMIT {COPIES_MAX}"
            );
            let params = [
                self.community(),
                source.as_str().into(),
                patient.local_id.as_str().into(),
            ];
            copies.extend(self.all(&sql, &params, |row| {
                let patient = id(row.text(1)?, PatientKey::new)?;
                Ok((id(row.text(0)?, CopyId::new)?, patient))
            })?);
        }
        let mut held = Vec::new();
        for (copy, patient) in copies {
            self.remove_copy(&copy)?;
            if !held.contains(&patient) {
                held.push(patient);
            }
        }
        Ok(held)
    }
}

impl Tx<'_> {
    /// Every community that may hold copies is to be told that a registration of this person is disclosed
    /// no more, or less. Whom no other community knows by an ID of ours, nobody has copies of.
    pub(super) fn withdraw_beyond(
        &self,
        patient: &PatientKey,
        person: &PersonId,
    ) -> Result<(), Fault> {
        let Some(pid) = self.xad_pid(person)? else {
            return Ok(());
        };
        self.execute(
            "INSERT INTO withdrawal_notice (community_id, peer, xad_pid, patient_key, at, given_up)
             SELECT community_id, peer, $1, $2, CAST($3 AS BIGINT), 0 FROM withdrawal_peer
             WHERE community_id = $4
             ON CONFLICT (community_id, peer, xad_pid) DO UPDATE SET given_up = 0, at =
             CASE WHEN excluded.at > withdrawal_notice.at THEN excluded.at
             ELSE withdrawal_notice.at + 1 END",
            &[
                pid.as_str().into(),
                patient.as_str().into(),
                self.shared.clock.now().micros().into(),
                self.community(),
            ],
        )
        .map(drop)
    }
}
