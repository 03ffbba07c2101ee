//! What a transaction is given, and what it gives back.

use crate::network::Network;
use crate::peers::{Domains, Peer};
use crate::v2::{Header, Problem, Reply};
use std::collections::BTreeSet;
use std::sync::Arc;
use tasuki_core::audit::AuditedLink;
use tasuki_core::policy::{Subject, System};
use tasuki_core::ports::{PatientRecord, PersonIdentifier, StatedVisit};
use tasuki_core::{Code, Fault, Labelled, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, FacilityId, Instant, Labels, PatientKey};
use tasuki_wire::hl7::{Message, MessageBuilder};

/// One message of a verified peer.
pub(crate) struct Exchange<'a> {
    pub network: &'a Network,
    pub message: &'a Message<'a>,
    pub header: &'a Header,
    pub peer: &'a Peer,
    pub domains: Arc<Domains>,
    pub reply: &'a Reply<'a>,
    pub now: Instant,
}

/// Who asks the patient index, whatever it speaks.
pub(crate) struct Asking<'a> {
    pub network: &'a Network,
    pub system: &'a System,
    pub domains: &'a Domains,
}

/// Who states something of patients, whatever it speaks.
pub(crate) struct Stating<'a> {
    /// Facilities whose patient IDs it may state.
    pub feeds: &'a BTreeSet<FacilityId>,
    /// What the audit trail calls it.
    pub name: &'a str,
    /// The transaction, and the id of its message.
    pub transaction: &'a str,
    pub message: &'a str,
    pub domains: &'a Domains,
    pub now: Instant,
}

impl Exchange<'_> {
    pub fn asking(&self) -> Asking<'_> {
        Asking {
            network: self.network,
            system: &self.peer.system,
            domains: &self.domains,
        }
    }
}

/// A feed that was taken.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    /// Registrations it changed.
    pub patients: Vec<PatientKey>,
    /// What of it was left out.
    pub warnings: Vec<Problem>,
    /// What it said, for the auditor.
    pub detail: String,
    /// The IDs of a link change, for the auditor.
    pub links: Vec<AuditedLink>,
    /// Unique ids of submission sets that it made.
    pub submission_sets: Vec<String>,
}

/// An answer to a query.
pub(crate) struct Answer {
    /// The whole message, with what was released in it.
    pub reply: Released<MessageBuilder>,
    /// Why it is not what was asked for, where it is not.
    pub code: Option<Code>,
    /// What was asked, for the auditor.
    pub detail: String,
}

/// Why a transaction ends without what was asked for.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The message is wrong, or not allowed.
    Wrong(Vec<Problem>),
    /// Ours.
    Fault(Fault),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Wrong(vec![problem])
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

fn labels(patient_key: &PatientKey, facility: &FacilityId, category: Category) -> Labels {
    Labels {
        patient_key: patient_key.clone(),
        facility: facility.clone(),
        category,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    }
}

/// An identifier with its labels.
pub(crate) fn labelled(id: PersonIdentifier) -> Labelled<PersonIdentifier> {
    Labelled::new(labels(&id.patient_key, &id.facility, Category::Basic), id)
}

/// A record with its labels.
pub(crate) fn labelled_record(record: PatientRecord) -> Labelled<PatientRecord> {
    let labels = labels(&record.patient_key, &record.facility, Category::Basic);
    Labelled::new(labels, record)
}

/// A visit with its labels: it says more than who somebody is.
pub(crate) fn labelled_visit(
    record: &PatientRecord,
    visit: StatedVisit,
) -> Labelled<(PatientKey, StatedVisit)> {
    let labels = labels(&record.patient_key, &record.facility, Category::Visit);
    Labelled::new(labels, (record.patient_key.clone(), visit))
}

/// A registration as the policy sees it at a moment.
pub(crate) fn subject(id: &PersonIdentifier, now: Instant) -> Subject {
    let subject = Subject::new(id.patient_key.clone(), id.facility.clone(), id.disclosed);
    subject.under(id.terms.clone(), now)
}
