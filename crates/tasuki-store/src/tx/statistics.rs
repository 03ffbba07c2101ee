//! The network's figures, counted from registrations and the audit trail, and what of them is published.

use super::rows::{id, size};
use super::{Tx, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::Fault;
use tasuki_core::ports::{Figures, Publication, Reading, Statistics, StatisticsWrite};
use tasuki_model::facility::Part;
use tasuki_model::{Instant, JstDay, UserId};

/// Months at most in one set of figures.
const MONTHS_MAX: usize = 36;

/// Charts opened: one a user, person and day of Japan. Pages that were refused name no person.
const VIEWS: &str = "SELECT COUNT(*) FROM (SELECT DISTINCT user_id, person_id,
     (at + 32400000000) / 86400000000 AS day FROM audit_index
     WHERE action IN ('chart-view', 'document-view') AND at >= $1 AND at < $2
     AND user_id IS NOT NULL AND person_id IS NOT NULL) AS views /* walks */";

const PUBLICATION: &str = "SELECT as_of, body, proposed_by, approved, approved_by FROM publication WHERE community_id = $1";

impl Tx<'_> {
    fn count_of(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        let count = self.first(sql, params, |row| Ok(size(row.int(0)?)))?;
        Ok(count.unwrap_or_default())
    }

    fn views(&self, from: Instant, to: Instant) -> Result<u64, Fault> {
        self.count_of(VIEWS, &[from.micros().into(), to.micros().into()])
    }
}

fn publication(row: &dyn Row) -> Result<Publication, Fault> {
    let approved = row.int(3)?;
    let by = row.text(4)?;
    Ok(Publication {
        as_of: Instant::from_micros(row.int(0)?),
        figures: from_json("figures", row.text(1)?)?,
        proposed_by: id(row.text(2)?, UserId::new)?,
        approved: match approved {
            0 => None,
            at => Some((Instant::from_micros(at), id(by, UserId::new)?)),
        },
    })
}

impl Statistics for Tx<'_> {
    fn figures(&self, first: JstDay, now: Instant) -> Result<Figures, Fault> {
        let facilities = self.facilities()?;
        let part = |part: Part| facilities.iter().filter(|f| f.part == part).count() as u64;
        let mut by_month = Vec::new();
        let mut month = first.month_start();
        while month <= JstDay::at(now) && by_month.len() < MONTHS_MAX {
            let next = month.plus_days(32).month_start();
            by_month.push((month, self.views(month.starts(), next.starts())?));
            month = next;
        }
        Ok(Figures {
            disclosing: part(Part::Disclosing),
            viewing: part(Part::Viewing),
            registered: self.count_of(
                "SELECT COUNT(DISTINCT person_id) FROM registration
                 WHERE community_id = $1 AND disclosed = 1 /* walks */",
                &[self.community()],
            )?,
            linked: self.count_of(
                "SELECT COUNT(*) FROM (SELECT person_id FROM registration
                 WHERE community_id = $1 AND disclosed = 1 GROUP BY person_id
                 HAVING COUNT(DISTINCT facility_id) > 1) AS linked /* walks */",
                &[self.community()],
            )?,
            views: self.views(Instant::from_micros(0), now)?,
            by_month,
        })
    }

    fn publications(&self, limit: u32) -> Result<Vec<Publication>, Fault> {
        let sql = format!(
            "{PUBLICATION} ORDER BY as_of DESC LIMIT {}",
            limit.min(1_000)
        );
        self.all(&sql, &[self.community()], publication)
    }

    fn published(&self) -> Result<Option<Publication>, Fault> {
        let sql = format!("{PUBLICATION} AND approved > 0 ORDER BY as_of DESC LIMIT 1");
        self.first(&sql, &[self.community()], publication)
    }
}

impl StatisticsWrite for Tx<'_> {
    fn propose(&self, publication: &Publication) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM publication WHERE community_id = $1 AND approved = 0",
            &[self.community()],
        )?;
        let body = to_json(&publication.figures)?;
        self.execute(
            "INSERT INTO publication (community_id, as_of, body, proposed_by, approved, approved_by)
             VALUES ($1, $2, $3, $4, 0, '')",
            &[
                self.community(),
                publication.as_of.micros().into(),
                body.as_str().into(),
                publication.proposed_by.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn approve(&self, as_of: Instant, by: &UserId, now: Instant) -> Result<bool, Fault> {
        let done = self.execute(
            "UPDATE publication SET approved = $1, approved_by = $2
             WHERE community_id = $3 AND as_of = $4 AND approved = 0 AND proposed_by <> $5",
            &[
                now.micros().into(),
                by.as_str().into(),
                self.community(),
                as_of.micros().into(),
                by.as_str().into(),
            ],
        )?;
        Ok(done > 0)
    }
}
