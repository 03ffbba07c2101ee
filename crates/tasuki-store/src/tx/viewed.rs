//! Up to when other communities have reported views.

use super::Tx;
use super::rows::id;
use tasuki_core::Fault;
use tasuki_core::ports::{ViewReports, ViewReportsWrite, ViewsReported};
use tasuki_model::{CommunityId, Instant};

/// Communities of a network.
const COMMUNITIES_MAX: u32 = 4_096;

impl ViewReports for Tx<'_> {
    fn views_reported(&self) -> Result<Vec<ViewsReported>, Fault> {
        let sql = format!(
            "SELECT source, until FROM views_reported /* walks */ WHERE community_id = $1
             ORDER BY source LIMIT {COMMUNITIES_MAX}"
        );
        self.all(&sql, &[self.community()], |row| {
            Ok(ViewsReported {
                community: id(row.text(0)?, CommunityId::new)?,
                until: Instant::from_micros(row.int(1)?),
            })
        })
    }
}

impl ViewReportsWrite for Tx<'_> {
    fn put_views_reported(&self, reported: &ViewsReported) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO views_reported (community_id, source, until) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, source) DO UPDATE SET until = excluded.until
             WHERE views_reported.until < excluded.until",
            &[
                self.community(),
                reported.community.as_str().into(),
                reported.until.micros().into(),
            ],
        )
        .map(drop)
    }
}
