//! Documents that name another patient inside.

use super::{Tx, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::Fault;
use tasuki_core::ports::{Misfiled, MisfiledDocuments, MisfiledDocumentsWrite, MisfiledSide};
use tasuki_model::{CommunityId, CopyId, FacilityId};

/// The most one list gives, whatever it asks for.
const LINES_MAX: u32 = 1_000;

const fn side(side: MisfiledSide) -> &'static str {
    match side {
        MisfiledSide::Received => "received",
        MisfiledSide::Given => "given",
    }
}

fn line(row: &dyn Row) -> Result<Misfiled, Fault> {
    from_json("misfiled document", row.text(0)?)
}

impl Tx<'_> {
    fn misfiled_where(
        &self,
        rest: &str,
        params: &[Param<'_>],
        limit: u32,
    ) -> Result<Vec<Misfiled>, Fault> {
        let limit = limit.min(LINES_MAX);
        let sql =
            format!("SELECT body FROM misfiled WHERE community_id = $1 AND {rest} LIMIT {limit}");
        self.all(&sql, params, line)
    }
}

impl MisfiledDocuments for Tx<'_> {
    fn misfiled(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Misfiled>, Fault> {
        self.misfiled_where(
            "facility_id = $2 ORDER BY dealt, at DESC, copy_id",
            &[self.community(), facility.as_str().into()],
            limit,
        )
    }

    fn misfiled_one(&self, id: &CopyId) -> Result<Option<Misfiled>, Fault> {
        let params = [self.community(), id.as_str().into()];
        let found = self.misfiled_where("copy_id = $2", &params, 1)?;
        Ok(found.into_iter().next())
    }

    fn misfiled_untold(&self, community: &CommunityId, limit: u32) -> Result<Vec<Misfiled>, Fault> {
        self.misfiled_where(
            "side = $2 AND told IS NULL AND other_community = $3 AND document > ''
             ORDER BY at, copy_id",
            &[
                self.community(),
                side(MisfiledSide::Received).into(),
                community.as_str().into(),
            ],
            limit,
        )
    }
}

impl MisfiledDocumentsWrite for Tx<'_> {
    fn report_misfiled(&self, misfiled: &Misfiled) -> Result<(), Fault> {
        let body = to_json(misfiled)?;
        self.execute(
            "INSERT INTO misfiled (community_id, copy_id, facility_id, patient_key,
             other_community, document, side, dealt, told, at, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
            &[
                self.community(),
                misfiled.id.as_str().into(),
                misfiled.facility.as_str().into(),
                misfiled.patient.as_str().into(),
                misfiled.community.as_str().into(),
                misfiled.document.as_str().into(),
                side(misfiled.side).into(),
                i64::from(misfiled.dealt.is_some()).into(),
                misfiled.told.map(tasuki_model::Instant::micros).into(),
                misfiled.at.micros().into(),
                body.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_misfiled(&self, misfiled: &Misfiled) -> Result<(), Fault> {
        let body = to_json(misfiled)?;
        self.execute(
            "UPDATE misfiled SET dealt = $1, told = $2, body = $3
             WHERE community_id = $4 AND copy_id = $5",
            &[
                i64::from(misfiled.dealt.is_some()).into(),
                misfiled.told.map(tasuki_model::Instant::micros).into(),
                body.as_str().into(),
                self.community(),
                misfiled.id.as_str().into(),
            ],
        )
        .map(drop)
    }
}
