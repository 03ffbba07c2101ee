//! Who may see what. Deny by default: an item is withheld unless one rule lets it out and no rule
//! takes it back.
//!
//! The rules: a user works at one facility in one role; the role says which categories; the person must
//! be registered at the user's own facility; own records are open to it; records of another facility
//! only while that facility has set the patient to disclosed, and as far as the terms of consent and what
//! the facility hides leave them ([`Terms`]: each can only take away); restricted documents stay with
//! the facility that made them. An emergency grant stands in for registration and consent, not for what
//! is kept out by name. All of it is one pure function, [`judge()`], item by item; [`decide`],
//! [`decide_peer`] and [`decide_system`] make grants that release by it.

mod asserted;
mod categories;
#[cfg(test)]
mod consent_document_tests;
mod consents;
mod desk;
mod emergency;
#[cfg(test)]
mod emergency_tests;
mod explain;
mod judge;
mod peer;
#[cfg(test)]
mod peer_tests;
mod reason;
mod requests;
mod system;
mod terminals;
mod terms;
#[cfg(test)]
mod terms_tests;
#[cfg(test)]
mod tests;
mod users;

pub use asserted::{AssertedCode, AssertedCodes};
pub use categories::{
    role_keeps_dictionary, role_lists_patients, role_may_see, role_opens_charts, role_writes_notes,
};
pub use consents::{
    Outline, release_consents, release_outlines, release_to_patient, release_withdrawal,
    role_takes_consents,
};
pub use desk::{
    Line, release_lines, release_misfiled, release_misfiled_notice, role_decides_identity,
};
pub use emergency::{
    release_access, release_events, release_found, release_sought, release_watched,
    role_declares_disasters, role_judges_access, role_opens_emergencies, role_reads_audit,
    role_tells_access, role_writes_board,
};
pub use explain::{explain, release_explained, role_explains};
pub use judge::{Asker, Decision, judge};
pub use peer::{
    AssertedUser, PeerCaller, PeerEmergencies, PeerGrant, PeerSubject, decide_peer, may_submit,
};
pub use reason::{Obligation, Reason};
pub use requests::{
    ForeignLine, RequestLine, release_facility, release_foreign_requests, release_link_answer,
    release_link_request, release_requests, release_views,
};
pub use system::{Scope, System, SystemGrant, decide_system};
pub use terminals::{
    Standing, keeps_terminal, role_keeps_terminals, session_stays, standing, terminal_serves,
};
pub use terms::{Extent, RESTRICTIONS_MAX, Restriction, Terms, Viewer};
pub use users::{Keeps, keeps, role_is_given, role_keeps_users};

use crate::release::{Labelled, Receipt, Released};
use std::collections::BTreeMap;
use tasuki_model::{
    Category, FacilityId, Instant, Labels, PatientKey, PersonId, Purpose, Role, UserId,
};

/// Who asks: a signed-in user at one facility in one role, for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Account.
    pub user: UserId,
    /// The facility of the membership in force.
    pub facility: FacilityId,
    /// The role of the membership in force.
    pub role: Role,
    /// What for.
    pub purpose: Purpose,
}

/// Lets out who somebody is, and what stands beside it at the desks, of the caller's own facility: to nobody where
/// the role may not.
fn own_basics<T>(caller: &Caller, may: bool, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    Released::covered(items, |labels| {
        may && labels.category == Category::Basic && labels.facility == caller.facility
    })
}

/// A registration as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its key.
    pub patient_key: PatientKey,
    /// Its facility.
    pub facility: FacilityId,
    /// Whether that facility has set the patient to disclosed.
    pub disclosed: bool,
    /// What is taken away from that.
    pub terms: Terms,
    /// Whether an emergency grant of whoever asks stands in for it.
    pub opened: bool,
}

impl Subject {
    /// A registration from which nothing is taken away.
    #[must_use]
    pub fn new(patient_key: PatientKey, facility: FacilityId, disclosed: bool) -> Self {
        Self {
            patient_key,
            facility,
            disclosed,
            terms: Terms::default(),
            opened: false,
        }
    }

    /// The same under the terms of its consent as they stand at a moment: it is disclosed only while
    /// they hold.
    #[must_use]
    pub fn under(self, terms: Terms, now: Instant) -> Self {
        Self {
            disclosed: self.disclosed && terms.hold_at(now),
            terms,
            ..self
        }
    }

    /// The same for somebody who has an emergency grant for the person until then.
    #[must_use]
    pub fn opened(self, until: Instant, now: Instant) -> Self {
        Self {
            opened: now < until,
            ..self
        }
    }

    /// The same where the network's rule says that a refusal in advance does not hold in an emergency.
    #[must_use]
    pub fn despite_refusal(self) -> Self {
        Self {
            terms: self.terms.without_refusal(),
            ..self
        }
    }

    /// The same for a user of another community who asks in an emergency, by our own rule for them.
    #[must_use]
    pub fn opened_to(self, caller: &PeerCaller, rule: PeerEmergencies) -> Self {
        let opened = rule.answered && caller.in_emergency().is_some();
        let subject = Self { opened, ..self };
        match opened && rule.despite_refusal {
            true => subject.despite_refusal(),
            false => subject,
        }
    }

    /// Whether an emergency stands in for disclosure.
    fn opens_in_emergency(&self) -> bool {
        self.opened && self.terms.let_emergency()
    }

    /// Whether anything of it could be let out to somebody of a facility.
    fn opens_to(&self, facility: &FacilityId) -> bool {
        self.facility == *facility || self.disclosed || self.opened
    }
}

/// A refusal: says nothing of whether the person exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role sees no patients at all.
    #[error("the role sees no patients")]
    Role,
    /// The person is not registered at the caller's facility, or does not exist.
    #[error("no such patient at this facility")]
    NoPatient,
    /// A caller from outside is not who the directory knows.
    #[error("credentials that the directory does not know")]
    Credentials,
    /// The purpose is none that opens records.
    #[error("the purpose opens no records")]
    Purpose,
}

/// What a caller may see of one person. Made by [`decide`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    caller: Caller,
    person: PersonId,
    /// Registrations of which something may be open.
    open: BTreeMap<PatientKey, Subject>,
    /// The caller's own registration, where its facility discloses the patient.
    shared: Option<PatientKey>,
}

/// Decides what a caller may see of a person with these registrations.
pub fn decide(
    caller: &Caller,
    person: &PersonId,
    registrations: &[Subject],
) -> Result<Grant, Refusal> {
    // Without a grant there is nothing that an emergency opens.
    let emergency = caller.purpose == Purpose::Emergency && registrations.iter().any(|r| r.opened);
    if caller.purpose != Purpose::Treatment && !emergency {
        return Err(Refusal::Role);
    }
    if !categories::role_opens_charts(caller.role) {
        return Err(Refusal::Role);
    }
    let at_home = |r: &&Subject| r.facility == caller.facility;
    if !emergency && !registrations.iter().any(|r| at_home(&r)) {
        return Err(Refusal::NoPatient);
    }
    let open = registrations
        .iter()
        .filter(|r| r.opens_to(&caller.facility))
        .map(|r| (r.patient_key.clone(), r.clone()))
        .collect();
    let mut own = registrations
        .iter()
        .filter(|r| at_home(r) && r.disclosed && r.terms.let_outside());
    Ok(Grant {
        caller: caller.clone(),
        person: person.clone(),
        open,
        shared: own.next().map(|r| r.patient_key.clone()),
    })
}

impl Grant {
    /// Who was granted it.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whose record it opens.
    #[must_use]
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// The registrations that may be asked for. Asking for others finds nothing that could be
    /// released, so a query should not even name them.
    #[must_use]
    pub fn registrations(&self) -> Vec<PatientKey> {
        self.open.keys().cloned().collect()
    }

    /// Lets out what names the person to other communities, so that they can be asked: only where
    /// the caller's own facility has set the patient to disclosed, for until then nobody outside
    /// is told that it knows the patient at all.
    pub fn name<T>(&self, by: T) -> Option<Released<T>> {
        let key = self.shared.clone()?;
        let receipt = Receipt {
            patients: vec![key],
            items: 1,
            ..Receipt::default()
        };
        Some(Released::new(by, receipt))
    }

    /// Whether an item with these labels may leave.
    fn covers(&self, labels: &Labels) -> bool {
        self.judge(labels)
            .is_some_and(|decision| decision.permits())
    }

    /// What is decided about an item, and why; nothing for a registration that is not open at all. For
    /// whoever has to answer for it, and never for whoever was refused.
    #[must_use]
    pub fn judge(&self, labels: &Labels) -> Option<Decision> {
        let subject = self.open.get(&labels.patient_key)?;
        let asker = Asker::User {
            caller: &self.caller,
            registered: self
                .open
                .values()
                .any(|s| s.facility == self.caller.facility),
        };
        Some(judge(&asker, subject, labels))
    }

    /// What the consents that cover the caller keep back of a category, by facility: 同意の範囲外. Of
    /// facilities that disclose nothing to the caller it says nothing, as for patients who are unknown
    /// there; and it is the same whether there is such a document or not.
    #[must_use]
    pub fn kept_back(&self, category: Category) -> Vec<(FacilityId, Extent)> {
        let here = &self.caller.facility;
        let covered = |s: &&Subject| s.facility != *here && s.disclosed && s.terms.name(here);
        let subjects = self.open.values().filter(covered);
        subjects
            .filter_map(|s| Some((s.facility.clone(), s.terms.keep_back(category)?)))
            .collect()
    }

    /// Lets out what the grant covers and takes the rest away.
    pub fn release<T>(&self, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
        Released::covered(items, |labels| self.covers(labels))
    }

    /// Lets one item out, or nothing: withheld and unknown look the same.
    pub fn release_one<T>(&self, item: Option<Labelled<T>>) -> Option<Released<T>> {
        let item = item.filter(|i| self.covers(i.labels()))?;
        let (labels, value) = item.into_parts();
        Some(Released::new(
            value,
            Receipt::over(std::iter::once(&labels), 0),
        ))
    }
}

/// Releases lines of a patient list: registrations at the caller's own facility, for a role that
/// may see who its patients are. Others are taken away.
pub fn release_patients<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    let may = categories::role_lists_patients(caller.role);
    Released::covered(items, |labels| may && labels.facility == caller.facility)
}
