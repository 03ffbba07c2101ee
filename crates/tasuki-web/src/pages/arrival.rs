//! Whether something more has come for a page that shows a gathering: a number that changes with
//! every answer, and whether more may come. Asked for by the island every second or so; it holds
//! nothing of the patient, so that only the page that is fetched then leaves an audit event.

use crate::chart::{is_awaited, revision};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::release::{Body, NonClinical};
use tasuki_model::GatherId;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let id = GatherId::new(visit.ask.param("gathering")).map_err(|_| Stop::Refused)?;
    let who = visit.who()?;
    let found = visit.portal.store.reading(|tx| {
        let gathering = tx.gathering(&id)?;
        let asked = tx.asked(&id)?;
        Ok(gathering.map(|gathering| (gathering, asked)))
    })?;
    let (gathering, asked) = found.ok_or(Stop::Refused)?;
    let own = gathering.session == who.session.secret_sha256
        && gathering.person.as_str() == visit.ask.param("person");
    if !own {
        return Err(Stop::Refused);
    }
    let more = if is_awaited(&gathering, &asked, visit.now) {
        "more"
    } else {
        "done"
    };
    let text = format!("{} {more}\n", revision(&gathering, &asked, visit.now));
    let body = Body::new("text/plain; charset=utf-8", text.into_bytes());
    Ok(Reply::new(Egress::non_clinical(NonClinical::Notice(body))))
}
