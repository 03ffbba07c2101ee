//! The one decision: who asks, for what, whose record, what of it. Every grant of this module is made of
//! it, item by item; nothing else says yes.

use super::categories::{in_charts, role_may_see};
use super::reason::{Obligation, Reason};
use super::terms::{Restriction, Viewer};
use super::{Caller, PeerCaller, PeerSubject, Scope, Subject, System};
use std::collections::BTreeSet;
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Labels, Purpose};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Asker<'a> {
    /// A user of ours.
    User {
        /// Who, where, in which role, what for.
        caller: &'a Caller,
        /// Whether the person is registered at the user's facility.
        registered: bool,
    },
    /// Another community, or a system of ours that speaks IHE.
    Peer(&'a PeerCaller),
    /// A system that is told identity.
    System(&'a System),
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The rule that decided.
    pub reason: Reason,
    /// What has to be done for it.
    pub obligations: &'static [Obligation],
}

impl Decision {
    /// Whether the item may leave.
    #[must_use]
    pub const fn permits(&self) -> bool {
        self.reason.permits()
    }
}

impl From<Reason> for Decision {
    fn from(reason: Reason) -> Self {
        let obligations = match reason {
            Reason::Emergency => Obligation::OF_EMERGENCY,
            _ => &[],
        };
        Self {
            reason,
            obligations,
        }
    }
}

/// Decides about one item of one registration. A pure function: what it depends on stands in its
/// arguments, time included (a [`Subject`] is as it stands at a moment).
#[must_use]
pub fn judge(asker: &Asker<'_>, subject: &Subject, labels: &Labels) -> Decision {
    if labels.patient_key != subject.patient_key || labels.facility != subject.facility {
        return Reason::AnotherRegistration.into();
    }
    if let Some(no) = refused(asker, labels.category) {
        return no.into();
    }
    if own(asker, subject) {
        return Reason::Own.into();
    }
    let open = match standing(asker, subject, labels.category) {
        Ok(open) => open,
        Err(no) => return no.into(),
    };
    if labels.confidentiality != Confidentiality::Normal {
        return Reason::Confidential.into();
    }
    let against = match open {
        Reason::Emergency => subject.terms.against_emergency(labels),
        _ => subject
            .terms
            .against(|viewers| sees(asker, viewers), labels),
    };
    against.map_or(open, reason_of).into()
}

/// What is refused whoever the patient is: purpose, role and category.
fn refused(asker: &Asker<'_>, category: Category) -> Option<Reason> {
    let (purpose, sees) = match asker {
        Asker::User { caller, .. } => (
            matches!(caller.purpose, Purpose::Treatment | Purpose::Emergency),
            role_may_see(caller.role, category) && in_charts(category),
        ),
        Asker::Peer(peer) => (
            matches!(peer.purpose(), Purpose::Treatment | Purpose::Emergency),
            peer.may_see(category),
        ),
        Asker::System(system) => (system.queries, system.may_see(category)),
    };
    match (purpose, sees) {
        (false, _) => Some(Reason::Purpose),
        (true, false) => Some(Reason::Role),
        (true, true) => None,
    }
}

/// A facility's own record is open to its own people. Systems and other communities have none.
fn own(asker: &Asker<'_>, subject: &Subject) -> bool {
    matches!(asker, Asker::User { caller, .. } if caller.facility == subject.facility)
}

/// Why a registration is open at all, or why it is not.
fn standing(asker: &Asker<'_>, subject: &Subject, category: Category) -> Result<Reason, Reason> {
    match asker {
        Asker::User { caller, registered } => {
            let emergency = caller.purpose == Purpose::Emergency;
            if emergency && subject.opens_in_emergency() {
                return Ok(Reason::Emergency);
            }
            match (*registered, emergency) {
                (true, false) => disclosed(subject),
                (false, false) => Err(Reason::NotRegistered),
                (_, true) => Err(Reason::NoGrant),
            }
        }
        // An emergency needs what is in the record. That nothing was agreed to, or no longer, is for nobody.
        Asker::Peer(_) if category == Category::Consent => disclosed(subject),
        Asker::Peer(peer) if peer.in_emergency().is_some() && subject.opens_in_emergency() => {
            Ok(Reason::Emergency)
        }
        Asker::Peer(_) => disclosed(subject),
        Asker::System(system) if !system.scope.holds(&subject.facility) => Err(Reason::OutOfScope),
        Asker::System(_) => disclosed(subject),
    }
}

fn disclosed(subject: &Subject) -> Result<Reason, Reason> {
    match (subject.disclosed, subject.terms.at_visit()) {
        (true, false) => Ok(Reason::Disclosed),
        (true, true) => Ok(Reason::AtVisit),
        (false, _) => Err(Reason::NotDisclosed),
    }
}

/// Whether whoever asks is one of these viewers.
fn sees(asker: &Asker<'_>, viewers: &BTreeSet<Viewer>) -> bool {
    match asker {
        Asker::User { caller, .. } => viewers.contains(&Viewer::Facility(caller.facility.clone())),
        // A system of ours serves people who are not known here.
        Asker::Peer(peer) => match peer.subject() {
            PeerSubject::System(_) => false,
            _ => viewers.contains(&Viewer::Community(peer.community().clone())),
        },
        // Identity, for people who are not known here: as far as somebody whom it serves may see.
        Asker::System(system) => match &system.scope {
            Scope::Community => !viewers.is_empty(),
            Scope::Facilities(served) => served
                .iter()
                .any(|facility| viewers.contains(&Viewer::Facility(facility.clone()))),
        },
    }
}

const fn reason_of(restriction: &Restriction) -> Reason {
    match restriction {
        Restriction::OnlyTo(_) => Reason::NotToThisViewer,
        Restriction::OnlyCategories(_) => Reason::NotThisCategory,
        Restriction::OnlyDays { .. } => Reason::NotThisPeriod,
        Restriction::NotDepartment(_) => Reason::NotThisDepartment,
        Restriction::NotDocument(_) => Reason::NotThisDocument,
        Restriction::NotBefore(_)
        | Restriction::Until(_)
        | Restriction::NoEmergency
        | Restriction::AtVisit
        | Restriction::Objects => Reason::NotDisclosed,
    }
}
