//! A chart asks the other communities: one gathering for the pages of a visit, begun where there is
//! none or the last one is too old. Pages show what has come so far and say who is still awaited.

use super::{Chart, errand};
use crate::visit::{Stop, Visit};
use ring::rand::{SecureRandom, SystemRandom};
use std::time::Duration;
use tasuki_core::elsewhere::{Gathering, OtherCommunities, Shelf};
use tasuki_core::ports::PatientRecord;
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault, Grant};
use tasuki_model::{Category, GatherId, Purpose};

/// Without scripts nobody fetches what comes later: a page waits so long for it.
const WITHOUT_SCRIPT: Duration = Duration::from_secs(2);
/// The cookie by which the island says that it runs.
const SCRIPT_COOKIE: &str = "tasuki-script";
/// Asking again is possible after so many seconds.
const AGAIN_SECONDS: i64 = 2;

/// The gathering that a page shows; nothing where nobody is to be asked.
pub(super) fn gathering(
    visit: &Visit<'_>,
    grant: &Grant,
    own: &PatientRecord,
) -> Result<Option<Gathering>, Stop> {
    let Some(others) = &visit.portal.others else {
        return Ok(None);
    };
    let store = &visit.portal.store;
    let session = &visit.who()?.session.secret_sha256;
    let newest = store.reading(|tx| tx.newest_gathering(session, grant.person()))?;
    let shelf = shelf(grant, own);
    if let Some(newest) = newest
        && newest.shelf == shelf
        && !is_due(visit, &**others, &newest)
    {
        return Ok(Some(newest));
    }
    // While nothing can be written nobody is asked, and the chart says so of each.
    if others.members().is_empty() || visit.portal.trail_is_away() {
        return Ok(None);
    }
    let gathering = Gathering {
        id: fresh_id()?,
        session: session.clone(),
        person: grant.person().clone(),
        shelf,
        begun: visit.now,
        deadline: visit.now.plus_seconds(seconds(others.deadline())),
    };
    let Some(errand) = errand::errand(visit, grant, own, &gathering)? else {
        return Ok(None);
    };
    match others.begin(errand) {
        Err(fault) if visit.purpose() == Purpose::Emergency => {
            tracing::error!(code = fault.code.id(), "a gathering: {}", fault.inside);
            return Ok(None);
        }
        begun => begun?,
    }
    if visit.ask.cookie(SCRIPT_COOKIE).is_none() {
        others.settled(&gathering.id, WITHOUT_SCRIPT);
    }
    Ok(Some(gathering))
}

/// The reader looks at these categories now: what is still to be fetched of them goes first.
pub(super) fn look_at(visit: &Visit<'_>, chart: &Chart, categories: &[Category]) {
    if let (Some(others), Some(gathering)) = (&visit.portal.others, &chart.gathering) {
        others.first(&gathering.id, categories);
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// Whether a page begins anew. A part of a page belongs to the page that it is swapped into.
fn is_due(visit: &Visit<'_>, others: &dyn OtherCommunities, newest: &Gathering) -> bool {
    if visit.ask.part || visit.ask.live {
        return false;
    }
    let age = visit.now.seconds_since(newest.begun);
    let again = visit.ask.query("ask") == Some("again") && age >= AGAIN_SECONDS;
    again || age >= seconds(others.fresh())
}

fn shelf(grant: &Grant, own: &PatientRecord) -> Shelf {
    Shelf {
        patient: own.patient_key.clone(),
        facility: own.facility.clone(),
        role: grant.caller().role,
    }
}

fn fresh_id() -> Result<GatherId, Fault> {
    let mut bytes = [0u8; 16];
    let broken = |what: &str| Fault::new(Code::InternalFault, what);
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| broken("no randomness"))?;
    GatherId::new(&hex(&bytes)).map_err(|e| broken(&e.to_string()))
}
