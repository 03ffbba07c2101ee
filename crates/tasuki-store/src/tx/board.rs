//! The board: what our hospitals take in, and what other communities told of theirs.

use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{Board, BoardLine, BoardWrite, FacilityElsewhere};
use tasuki_model::{CommunityId, FacilityCode, FacilityId, Instant};

/// The most that one list gives, whatever it asks for.
const LINES_MAX: u32 = 10_000;

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

    fn facilities_elsewhere(
        &self,
        since: Instant,
        limit: u32,
    ) -> Result<Vec<FacilityElsewhere>, Fault> {
        let sql = format!(
            "SELECT body FROM facility_elsewhere /* walks */ WHERE community_id = $1 AND at >= $2
             ORDER BY source, code LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), since.micros().into()], |row| {
            from_json("facility elsewhere", row.text(0)?)
        })
    }

    fn facility_elsewhere(
        &self,
        community: &CommunityId,
        code: &FacilityCode,
    ) -> Result<Option<FacilityElsewhere>, Fault> {
        self.first(
            "SELECT body FROM facility_elsewhere
             WHERE community_id = $1 AND source = $2 AND code = $3",
            &[
                self.community(),
                community.as_str().into(),
                code.as_str().into(),
            ],
            |row| from_json("facility elsewhere", row.text(0)?),
        )
    }
}

impl BoardWrite for Tx<'_> {
    fn put_facility_elsewhere(
        &self,
        facility: &FacilityElsewhere,
        most: u32,
    ) -> Result<bool, Fault> {
        let (source, code) = (&facility.community, &facility.code);
        if self.facility_elsewhere(source, code)?.is_none() {
            let known = self.first(
                "SELECT COUNT(*) FROM facility_elsewhere /* walks */
                 WHERE community_id = $1 AND source = $2",
                &[self.community(), source.as_str().into()],
                |row| row.int(0),
            )?;
            if known.unwrap_or(0) >= i64::from(most) {
                return Ok(false);
            }
        }
        self.execute(
            "INSERT INTO facility_elsewhere (community_id, source, code, at, body)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, source, code) DO UPDATE SET at = excluded.at,
             body = excluded.body",
            &[
                self.community(),
                source.as_str().into(),
                code.as_str().into(),
                facility.at.micros().into(),
                to_json(facility)?.as_str().into(),
            ],
        )?;
        Ok(true)
    }

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
