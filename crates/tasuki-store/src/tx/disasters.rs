//! Disaster mode, and the board of what hospitals can take in.

use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{Board, BoardLine, BoardWrite, Disaster, Disasters, DisastersWrite};
use tasuki_model::{DisasterId, FacilityId};

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

impl Board for Tx<'_> {
    fn board(&self, limit: u32) -> Result<Vec<BoardLine>, Fault> {
        let sql = format!(
            "SELECT body FROM board /* walks */ WHERE community_id = $1
             ORDER BY facility_id, department LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community()], |row| {
            from_json("board", row.text(0)?)
        })
    }
}

impl BoardWrite for Tx<'_> {
    fn put_board_line(&self, line: &BoardLine) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO board (community_id, facility_id, department, body)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (community_id, facility_id, department) DO UPDATE SET
             body = excluded.body",
            &[
                self.community(),
                line.facility.as_str().into(),
                (&*line.department).into(),
                to_json(line)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn remove_board_line(&self, facility: &FacilityId, department: &str) -> Result<bool, Fault> {
        let removed = self.execute(
            "DELETE FROM board WHERE community_id = $1 AND facility_id = $2 AND department = $3",
            &[
                self.community(),
                facility.as_str().into(),
                department.into(),
            ],
        )?;
        Ok(removed > 0)
    }
}
