//! Requests between communities, what has still to be told of them, and the ties that came of them.

use super::rows::id;
use super::{Tx, damaged, from_json, to_json};
use crate::engine::Param;
use tasuki_core::Fault;
use tasuki_core::ports::{
    ForeignRequest, LinkSide, LinkWaiting, LinksAcross, LinksAcrossWrite, RequestState,
};
use tasuki_model::{
    CommunityId, FacilityId, Instant, LocalPatientId, Oid, PatientKey, Registration, RequestId,
};

/// The most that one list gives, whatever it asks for.
const LINES_MAX: u32 = 1_000;
/// Patients of other communities that one registration is tied to.
const TIES_MAX: u32 = 64;

impl Tx<'_> {
    fn foreign(
        &self,
        rest: &str,
        params: &[Param<'_>],
        limit: u32,
    ) -> Result<Vec<ForeignRequest>, Fault> {
        let limit = limit.min(LINES_MAX);
        let sql = format!(
            "SELECT body FROM foreign_request WHERE community_id = $1 AND {rest} LIMIT {limit}"
        );
        self.all(&sql, params, |row| {
            from_json("request of another community", row.text(0)?)
        })
    }
}

impl LinksAcross for Tx<'_> {
    fn foreign_request(&self, id: &RequestId) -> Result<Option<ForeignRequest>, Fault> {
        let params = [self.community(), id.as_str().into()];
        Ok(self.foreign("request_id = $2", &params, 1)?.pop())
    }

    fn foreign_requests_to(
        &self,
        facility: &FacilityId,
        limit: u32,
    ) -> Result<Vec<ForeignRequest>, Fault> {
        let params = [
            self.community(),
            facility.as_str().into(),
            RequestState::Asked.code().into(),
        ];
        let rest = "to_facility = $2 AND state = $3 ORDER BY asked, request_id";
        self.foreign(rest, &params, limit)
    }

    fn foreign_requests_full(&self, community: &CommunityId, most: u32) -> Result<bool, Fault> {
        let waiting = self.first(
            "SELECT COUNT(*) FROM foreign_request
             WHERE community_id = $1 AND source = $2 AND state = $3",
            &[
                self.community(),
                community.as_str().into(),
                RequestState::Asked.code().into(),
            ],
            |row| row.int(0),
        )?;
        Ok(waiting.unwrap_or(0) >= i64::from(most))
    }

    fn links_waiting(&self, peer: &CommunityId, limit: u32) -> Result<Vec<LinkWaiting>, Fault> {
        let sql = format!(
            "SELECT request_id, side, at FROM link_waiting
             WHERE community_id = $1 AND peer = $2 ORDER BY at LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), peer.as_str().into()], |row| {
            let side = LinkSide::from_code(row.text(1)?);
            Ok(LinkWaiting {
                peer: peer.clone(),
                request: id(row.text(0)?, RequestId::new)?,
                side: side.ok_or_else(|| damaged("side of a request"))?,
                at: Instant::from_micros(row.int(2)?),
            })
        })
    }

    fn tied_elsewhere(&self, patient: &PatientKey) -> Result<Vec<Registration>, Fault> {
        let sql = format!(
            "SELECT authority, local_id FROM tied_elsewhere
             WHERE community_id = $1 AND patient_key = $2 ORDER BY authority, local_id
             LIMIT {TIES_MAX}"
        );
        self.all(&sql, &[self.community(), patient.as_str().into()], |row| {
            Ok(Registration {
                authority: id(row.text(0)?, Oid::new)?,
                local_id: id(row.text(1)?, LocalPatientId::new)?,
            })
        })
    }
}

impl LinksAcrossWrite for Tx<'_> {
    fn put_foreign_request(&self, request: &ForeignRequest) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO foreign_request (community_id, request_id, source, to_facility, state,
             asked, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, request_id) DO UPDATE SET state = excluded.state,
             body = excluded.body",
            &[
                self.community(),
                request.id.as_str().into(),
                request.community.as_str().into(),
                request.to.as_str().into(),
                request.state.code().into(),
                request.at.micros().into(),
                to_json(request)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_link_waiting(&self, waiting: &LinkWaiting) -> Result<(), Fault> {
        // Never the same moment as before: what is told meanwhile is told again.
        self.execute(
            "INSERT INTO link_waiting (community_id, peer, request_id, side, at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, peer, request_id, side) DO UPDATE SET at =
             CASE WHEN excluded.at > link_waiting.at THEN excluded.at
             ELSE link_waiting.at + 1 END",
            &[
                self.community(),
                waiting.peer.as_str().into(),
                waiting.request.as_str().into(),
                waiting.side.code().into(),
                waiting.at.micros().into(),
            ],
        )
        .map(drop)
    }

    fn link_told(&self, told: &LinkWaiting) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM link_waiting
             WHERE community_id = $1 AND peer = $2 AND request_id = $3 AND side = $4 AND at = $5",
            &[
                self.community(),
                told.peer.as_str().into(),
                told.request.as_str().into(),
                told.side.code().into(),
                told.at.micros().into(),
            ],
        )
        .map(drop)
    }

    fn put_tie(&self, patient: &PatientKey, with: &Registration, at: Instant) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO tied_elsewhere (community_id, patient_key, authority, local_id, at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, patient_key, authority, local_id) DO UPDATE SET
             at = excluded.at",
            &[
                self.community(),
                patient.as_str().into(),
                with.authority.as_str().into(),
                with.local_id.as_str().into(),
                at.micros().into(),
            ],
        )
        .map(drop)
    }
}
