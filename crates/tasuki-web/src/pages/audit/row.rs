//! One event as a line, and whose it is: of the facility whose user did it, or whose record it was.

use crate::chart::basic_labels;
use crate::pages::words_of;
use crate::shell::facility_name;
use crate::visit::{SignedIn, Visit};
use std::collections::BTreeMap;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::ports::{AuditLine, Reading};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Facility, FacilityId, Labels, PatientKey, Purpose};

/// Registrations of one event that are named.
const PATIENTS_MAX: usize = 5;

/// One line.
pub(super) struct Row {
    pub at: String,
    pub who: String,
    pub what: String,
    /// Patient IDs of the reader's own facility.
    pub patients: String,
    pub why: String,
    pub ending: String,
    pub page: String,
}

/// Facilities by id.
pub(super) struct Known(BTreeMap<FacilityId, Facility>);

/// The words of an action.
pub(super) fn action_words(visit: &Visit<'_>, action: Action) -> String {
    let w = visit.w;
    match action {
        Action::SignIn | Action::SignOut => w.audit_sign_in(),
        Action::PatientSearch => w.access_searched(),
        Action::ChartView | Action::DocumentView => w.access_read(),
        Action::Export => w.access_printed(),
        Action::Emergency => w.access_emergency(),
        Action::Identity => w.access_linked(),
        Action::AuditView => w.audit_read(),
        Action::Import | Action::Quarantine => w.audit_import(),
        Action::Administration | Action::Node => w.audit_administration(),
    }
    .into_owned()
}

impl Known {
    pub fn of(tx: &dyn Reading) -> Result<Self, Fault> {
        let all = tx.facilities()?.into_iter();
        Ok(Self(all.map(|f| (f.id.clone(), f)).collect()))
    }

    /// An event as a line, labelled by the facility that answers for it.
    pub fn labelled(
        &self,
        visit: &Visit<'_>,
        tx: &dyn Reading,
        who: &SignedIn,
        line: &AuditLine,
    ) -> Result<Labelled<Row>, Fault> {
        let event = &line.event;
        let mut labels = None;
        let mut patients = Vec::new();
        for key in event.patients.iter().take(PATIENTS_MAX) {
            let record = tx.registration(key)?;
            let own = record.filter(|record| record.facility == who.facility.id);
            if let Some(record) = own {
                patients.push(record.local_id.to_string());
                labels = Some(basic_labels(&record));
            }
        }
        let labels = match labels {
            Some(labels) => labels,
            None => of_actor(line)?,
        };
        let row = Row {
            at: event.at.in_jst().to_string(),
            who: self.who(visit, tx, event)?,
            what: action_words(visit, event.action),
            patients: patients.join(" "),
            why: match event.purpose {
                Some(Purpose::Treatment) => visit.w.access_for_treatment().into_owned(),
                Some(Purpose::Emergency) => visit.w.access_for_emergency().into_owned(),
                _ => String::new(),
            },
            ending: match event.ending {
                Ending::Success => visit.w.audit_success(),
                Ending::Refused => visit.w.audit_refused(),
                Ending::Fault => visit.w.audit_fault(),
            }
            .into_owned(),
            page: event.subject.clone(),
        };
        Ok(Labelled::new(labels, row))
    }

    fn who(
        &self,
        visit: &Visit<'_>,
        tx: &dyn Reading,
        event: &AuditEvent,
    ) -> Result<String, Fault> {
        Ok(match &event.actor {
            Actor::User {
                user,
                role,
                facility,
            } => {
                let place = self.0.get(facility).map(|f| facility_name(visit, f));
                let name = tx.account(user)?.map(|account| account.name);
                let role = words_of::role(visit.w, *role);
                let name = name.unwrap_or_default();
                format!("{}　{role}　{name}", place.unwrap_or_default())
            }
            Actor::Peer {
                community,
                user,
                organisation,
                ..
            } => {
                let parts = [
                    Some(community.to_string()),
                    organisation.clone(),
                    user.clone(),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join("　")
            }
            Actor::System { name } | Actor::Process { name } => name.clone(),
            Actor::Anyone { .. } => String::new(),
        })
    }
}

/// The labels of an event without a patient of the reader's facility.
fn of_actor(line: &AuditLine) -> Result<Labels, Fault> {
    let wrong = |e: String| Fault::new(Code::InternalFault, e);
    let facility = match &line.event.actor {
        Actor::User { facility, .. } => facility.clone(),
        // Nobody's in particular: no facility has this id.
        _ => FacilityId::new("-").map_err(|e| wrong(e.to_string()))?,
    };
    let key = format!("{}-{}", line.stream, line.seq);
    Ok(Labels {
        patient_key: PatientKey::new(&key).map_err(|e| wrong(e.to_string()))?,
        facility,
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    })
}
