//! `/launch`: from the electronic record straight to the chart of the patient that is open there.

use crate::chart::basic_labels;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Labelled;
use tasuki_core::policy::{release_patients, role_opens_charts};
use tasuki_core::ports::PatientSearch;

/// Registrations looked at: one has the ID, others begin with it.
const HITS_MAX: u32 = 50;

/// Who is not signed in is asked to, and comes back. A link of another facility than the session's
/// and a patient who is not there are one answer.
pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let caller = visit.who()?.caller();
    let token = visit.ask.query("token");
    let token = token.ok_or_else(|| Stop::wrong("launch without a token"))?;
    let launch = visit.portal.config.launch.open(token, visit.now)?;
    if visit.who()?.facility.code.as_str() != launch.facility || !role_opens_charts(caller.role) {
        return Err(Stop::Refused);
    }
    let search = PatientSearch {
        local_id: Some(launch.patient.clone()),
        ..PatientSearch::default()
    };
    let store = &visit.portal.store;
    let (hits, _) = store.reading(|tx| tx.search_patients(&caller.facility, &search, HITS_MAX))?;
    let hits = hits.into_iter();
    let hits = hits.map(|hit| Labelled::new(basic_labels(&hit.record), hit));
    let released = release_patients(&caller, hits.collect());
    let found = released.view().iter();
    let mut found = found.filter(|hit| hit.record.local_id.as_str() == launch.patient);
    let person = found.next().ok_or(Stop::Refused)?.record.person.clone();
    Ok(Reply::redirect(format!("/patients/{person}/calendar")).about(&person))
}
