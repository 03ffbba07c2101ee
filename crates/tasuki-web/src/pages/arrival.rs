//! Whether something more has come for a page that shows a gathering: a number that changes with
//! every answer, and whether more may come. The island says which number it shows (`seen`), and is
//! answered when there is another one, or after a while, so that a page fills as soon as something is
//! there and nobody asks in vain. It holds nothing of the patient, so that only the page that is
//! fetched then leaves an audit event.
//!
//! Where another node does the asking, or too many wait here, it is answered at once.

use crate::chart::{is_awaited, revision};
use crate::visit::{Reply, Stop, Visit};
use std::time::Duration;
use tasuki_core::Egress;
use tasuki_core::elsewhere::Gathering;
use tasuki_core::release::{Body, NonClinical};
use tasuki_model::{GatherId, Instant};

/// The longest that an answer is held back: well below what a node has to end in.
const WAIT: Duration = Duration::from_secs(8);
/// Whoever waits is kept apart from those who are shown a page.
pub(crate) const AT_ONCE: usize = 64;

/// Whether a request is one that may wait.
pub(crate) fn waits(path: &str) -> bool {
    path.starts_with("/patients/") && path.contains("/arrival/")
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let id = GatherId::new(visit.ask.param("gathering")).map_err(|_| Stop::Refused)?;
    let others = visit.portal.others.as_deref();
    // Counted before it is read: what comes in between ends the wait at once.
    let changes = others.and_then(|others| others.changes(&id));
    let (gathering, mut told) = read(visit, &id, visit.now)?;
    if let (Some(others), Some(changes)) = (others, changes)
        && told.more
        && visit.ask.query("seen") == Some(&told.revision.to_string())
    {
        others.changed(&id, changes, until(&gathering, visit.now));
        told = read(visit, &id, visit.portal.clock.now())?.1;
    }
    let more = if told.more { "more" } else { "done" };
    let text = format!("{} {more}\n", told.revision);
    let body = Body::new("text/plain; charset=utf-8", text.into_bytes());
    Ok(Reply::new(Egress::non_clinical(NonClinical::Notice(body))))
}

struct Told {
    revision: i64,
    more: bool,
}

/// How far a gathering of the reader's own session is.
fn read(visit: &Visit<'_>, id: &GatherId, now: Instant) -> Result<(Gathering, Told), Stop> {
    let who = visit.who()?;
    let found = visit.portal.store.reading(|tx| {
        let gathering = tx.gathering(id)?;
        let asked = tx.asked(id)?;
        Ok(gathering.map(|gathering| (gathering, asked)))
    })?;
    let (gathering, asked) = found.ok_or(Stop::Refused)?;
    let own = gathering.session == who.session.secret_sha256
        && gathering.person.as_str() == visit.ask.param("person");
    if !own {
        return Err(Stop::Refused);
    }
    let told = Told {
        revision: revision(&gathering, &asked, now),
        more: is_awaited(&gathering, &asked, now),
    };
    Ok((gathering, told))
}

/// At the deadline whoever has not answered is shown as away.
fn until(gathering: &Gathering, now: Instant) -> Duration {
    let left = gathering.deadline.micros() - now.micros();
    match u64::try_from(left) {
        Ok(left) if left > 0 => WAIT.min(Duration::from_micros(left)),
        _ => WAIT,
    }
}
