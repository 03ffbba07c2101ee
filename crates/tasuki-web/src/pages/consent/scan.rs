//! The scan of a signed form, shown to the desk of the facility that took it.

use super::known;
use crate::edge::Framing;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;

pub(super) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let meant = visit.ask.query("consent").unwrap_or_default();
    let body = known(visit)?.try_map(|known| {
        let consent = known.consents.iter().find(|c| c.id.as_str() == meant);
        let paper = consent.and_then(|c| c.paper.clone()).ok_or(Stop::Refused)?;
        let key = &known.record.patient_key;
        let store = &visit.portal.store;
        let found = store.reading(|tx| tx.consent_paper(key, &paper))?;
        let found = found.ok_or(Stop::Refused)?;
        Ok::<_, Stop>(Body::new(found.mime_type.into_string(), found.bytes))
    })?;
    let mut reply = Reply::new(Egress::released(Action::DocumentView, body));
    reply.framing = Framing::SameOrigin;
    reply.file_name = Some("tasuki-consent-scan".to_owned());
    Ok(reply
        .about(&super::person(visit)?)
        .with_detail("consent paper".to_owned()))
}
