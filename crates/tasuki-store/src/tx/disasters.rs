//! Disaster mode.

use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{Disaster, Disasters, DisastersWrite};
use tasuki_model::DisasterId;

/// Lines of one list, whatever it asks for.
const LINES_MAX: u32 = 10_000;

impl Disasters for Tx<'_> {
    fn open_disasters(&self, limit: u32) -> Result<Vec<Disaster>, Fault> {
        let sql = format!(
            "SELECT body FROM disaster WHERE community_id = $1 AND closed = 0
             ORDER BY proposed DESC, disaster_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community()], |row| {
            from_json("disaster", row.text(0)?)
        })
    }

    fn disasters(&self, limit: u32) -> Result<Vec<Disaster>, Fault> {
        let sql = format!(
            "SELECT body FROM disaster /* walks */ WHERE community_id = $1
             ORDER BY proposed DESC, disaster_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community()], |row| {
            from_json("disaster", row.text(0)?)
        })
    }

    fn disaster(&self, id: &DisasterId) -> Result<Option<Disaster>, Fault> {
        self.first(
            "SELECT body FROM disaster WHERE community_id = $1 AND disaster_id = $2",
            &[self.community(), id.as_str().into()],
            |row| from_json("disaster", row.text(0)?),
        )
    }
}

impl DisastersWrite for Tx<'_> {
    fn put_disaster(&self, disaster: &Disaster) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO disaster (community_id, disaster_id, proposed, closed, body)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, disaster_id) DO UPDATE SET
             closed = excluded.closed, body = excluded.body",
            &[
                self.community(),
                disaster.id.as_str().into(),
                disaster.declared.at.micros().into(),
                disaster.closed.into(),
                to_json(disaster)?.as_str().into(),
            ],
        )
        .map(drop)
    }
}
