//! Requests to tie two facilities' IDs.

use super::{Tx, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::Fault;
use tasuki_core::ports::{LinkRequest, LinkRequests, LinkRequestsWrite, RequestState};
use tasuki_model::{FacilityId, RequestId};

/// The most requests one list gives, whatever it asks for.
const REQUESTS_MAX: u32 = 1_000;

fn request(row: &dyn Row) -> Result<LinkRequest, Fault> {
    from_json("link request", row.text(0)?)
}

impl Tx<'_> {
    fn requests(
        &self,
        rest: &str,
        params: &[Param<'_>],
        limit: u32,
    ) -> Result<Vec<LinkRequest>, Fault> {
        let limit = limit.min(REQUESTS_MAX);
        let sql = format!(
            "SELECT body FROM link_request WHERE community_id = $1 AND {rest} LIMIT {limit}"
        );
        self.all(&sql, params, request)
    }
}

impl LinkRequests for Tx<'_> {
    fn link_request(&self, id: &RequestId) -> Result<Option<LinkRequest>, Fault> {
        let found = self.requests(
            "request_id = $2",
            &[self.community(), id.as_str().into()],
            1,
        )?;
        Ok(found.into_iter().next())
    }

    fn requests_to(&self, facility: &FacilityId, limit: u32) -> Result<Vec<LinkRequest>, Fault> {
        self.requests(
            "to_facility = $2 AND state = $3 ORDER BY asked, request_id",
            &[
                self.community(),
                facility.as_str().into(),
                RequestState::Asked.code().into(),
            ],
            limit,
        )
    }

    fn requests_from(&self, facility: &FacilityId, limit: u32) -> Result<Vec<LinkRequest>, Fault> {
        self.requests(
            "from_facility = $2 ORDER BY asked DESC, request_id",
            &[self.community(), facility.as_str().into()],
            limit,
        )
    }
}

impl LinkRequestsWrite for Tx<'_> {
    fn put_link_request(&self, request: &LinkRequest) -> Result<(), Fault> {
        let body = to_json(request)?;
        self.execute(
            "INSERT INTO link_request (community_id, request_id, from_facility, to_facility, state,
             asked, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, request_id) DO UPDATE SET state = excluded.state,
             body = excluded.body",
            &[
                self.community(),
                request.id.as_str().into(),
                request.from.as_str().into(),
                request.to.as_str().into(),
                request.state.code().into(),
                request.at.micros().into(),
                body.as_str().into(),
            ],
        )
        .map(drop)
    }
}
