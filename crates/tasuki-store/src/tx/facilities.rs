//! Facilities, with the codes and names they had before; and the transaction as a whole.

use super::{Tx, from_json, to_json};
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::{Reading, Writing};
use tasuki_core::{Code, Fault};
use tasuki_model::Facility;

impl Reading for Tx<'_> {
    fn facilities(&self) -> Result<Vec<Facility>, Fault> {
        self.all(
            "SELECT body FROM facility WHERE community_id = $1 ORDER BY code LIMIT 10000",
            &[self.community()],
            |row| from_json("facility", row.text(0)?),
        )
    }
}

impl Writing for Tx<'_> {
    fn put_facility(&self, facility: &Facility) -> Result<(), Fault> {
        let body = to_json(facility)?;
        let now = self.shared.clock.now().micros();
        let key = [self.community(), facility.id.as_str().into()];
        let known = self.first(
            "SELECT body, since FROM facility WHERE community_id = $1 AND facility_id = $2",
            &key,
            |row| Ok((row.text(0)?.to_owned(), row.int(1)?)),
        )?;
        let Some((before, since)) = known else {
            let [community, id] = key;
            return self
                .execute(
                    "INSERT INTO facility (community_id, facility_id, code, body, since)
                     VALUES ($1, $2, $3, $4, $5)",
                    &[
                        community,
                        id,
                        facility.code.as_str().into(),
                        body.as_str().into(),
                        now.into(),
                    ],
                )
                .map(drop);
        };
        if before == body {
            return Ok(());
        }
        let [community, id] = key;
        self.execute(
            "INSERT INTO facility_past (community_id, facility_id, since, until, body)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                community,
                id,
                since.into(),
                now.into(),
                before.as_str().into(),
            ],
        )?;
        self.execute(
            "UPDATE facility SET code = $1, body = $2, since = $3
             WHERE community_id = $4 AND facility_id = $5",
            &[
                facility.code.as_str().into(),
                body.as_str().into(),
                // Never the same moment twice: the past is keyed by it.
                now.max(since + 1).into(),
                community,
                id,
            ],
        )
        .map(drop)
    }

    fn append_audit(&self, event: &AuditEvent) -> Result<(), Fault> {
        self.append(event)
    }
}

impl Tx<'_> {
    /// Makes sure that the short handle stands for this community and for no other.
    pub(crate) fn put_community(&self) -> Result<(), Fault> {
        let home = self.shared.community.as_str();
        self.execute(
            "INSERT INTO community (community_id, home_id) VALUES ($1, $2)
             ON CONFLICT (community_id) DO NOTHING",
            &[self.community(), home.into()],
        )?;
        let stored = self.first(
            "SELECT home_id FROM community WHERE community_id = $1",
            &[self.community()],
            |row| row.text(0).map(str::to_owned),
        )?;
        if stored.as_deref() == Some(home) {
            return Ok(());
        }
        Err(Fault::new(
            Code::StoreBroken,
            "two communities have the same handle in one database",
        ))
    }
}
