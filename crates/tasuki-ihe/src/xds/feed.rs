//! A submission as a feed of the pipeline: read and checked here, written in the transaction of its
//! audit event.

use super::submit::{Ahead, Documents, Plan, Submitter};
use super::{Refused, Registry, XdsProblem};
use crate::soap::{Change, Exchange, Message, Problem, Stated, Stop};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::audit::AuditedDocument;
use tasuki_core::policy::may_submit;
use tasuki_core::ports::Writing;
use tasuki_model::FacilityId;
use tasuki_model::xds::Submission;
use tasuki_wire::ebrim::{EbrimError, Read, RegistryResponse};
use tasuki_wire::xml::Document;

pub(crate) use super::validate::Submitting;

impl From<EbrimError> for Stop {
    fn from(error: EbrimError) -> Self {
        Self::Wrong(Problem::from(&error))
    }
}

/// How something of the registry ended, as the pipeline wants it.
pub(crate) fn ended<T>(done: Result<T, Refused>) -> Result<T, Stop> {
    done.map_err(|refused| match refused {
        Refused::Fault(fault) => Stop::Fault(fault),
        Refused::Problems(problems) => Stop::Refused {
            code: problems.first().map_or(Code::XdsMetadataWrong, |p| p.code),
            body: registry_response(&problems),
        },
    })
}

/// The answer to a submission: success but for warnings, or nothing done.
pub(crate) fn registry_response(problems: &[XdsProblem]) -> Document {
    let errors = problems.iter().map(XdsProblem::encode).collect();
    if problems.iter().all(|p| p.warning) {
        RegistryResponse::success(errors).encode()
    } else {
        RegistryResponse::failure(errors).encode()
    }
}

/// A submission that was read.
struct Submitted {
    read: Read,
    documents: Documents,
    submitting: Submitting,
    ahead: Option<Ahead>,
}

/// Reads a submission of a caller that may submit.
///
/// # Errors
/// A refusal of the caller.
pub(crate) fn submit(
    exchange: &Exchange<'_>,
    message: &mut Message<'_>,
    read: Read,
    documents: Documents,
    submitting: Submitting,
) -> Result<Box<dyn Change>, Stop> {
    let registry = Registry::of(exchange.network)?;
    may_submit(exchange.caller.caller(), &registry.home)?;
    tell(message, &read.submission);
    let from = submitter(exchange, submitting);
    let ahead = Ahead::of(&registry, &from, &read, &documents)?;
    Ok(Box::new(Submitted {
        read,
        documents,
        submitting,
        ahead,
    }))
}

/// Who submits: a system of ours, for the facilities that the configuration names.
fn submitter<'e>(exchange: &'e Exchange<'_>, submitting: Submitting) -> Submitter<'e> {
    static NOBODY: BTreeSet<FacilityId> = BTreeSet::new();
    Submitter {
        feeds: exchange.caller.system().map_or(&NOBODY, |s| &s.feeds),
        submitting,
    }
}

/// What the auditor is told of a submission.
fn tell(message: &mut Message<'_>, submission: &Submission) {
    let audited = &mut *message.audited;
    for set in &submission.sets {
        audited.submission_sets.extend(set.unique_id.clone());
        audited.patients.extend(set.patient_id.clone());
    }
    for entry in &submission.entries {
        audited.documents.push(AuditedDocument {
            unique_id: entry.unique_id.clone().unwrap_or_default(),
            repository_id: entry.repository_id.clone().unwrap_or_default(),
            home: None,
        });
    }
}

impl Change for Submitted {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let registry = Registry::of(exchange.network)?;
        let from = submitter(exchange, self.submitting);
        let reading: &dyn tasuki_core::ports::Reading = tx;
        let ahead = self.ahead.as_ref();
        let ahead = ahead.map(|ahead| ahead.plan(&registry, reading, &from));
        let done = match ahead.transpose()?.flatten() {
            Some(plan) => plan.apply(tx, &self.documents)?,
            None => {
                let plan = Plan::of(&registry, reading, &from, &self.read, &self.documents);
                ended(plan)?.apply(tx, &self.documents)?
            }
        };
        Ok(Stated {
            body: registry_response(&done.warnings),
            patients: done.patients,
            items: done.documents,
            settles: false,
        })
    }
}

/// An update of metadata that was read.
struct Updated {
    read: Read,
    restricted: bool,
}

/// Reads an update of a caller that may submit.
///
/// # Errors
/// A refusal of the caller.
pub(crate) fn update(
    exchange: &Exchange<'_>,
    message: &mut Message<'_>,
    read: Read,
    restricted: bool,
) -> Result<Box<dyn Change>, Stop> {
    let registry = Registry::of(exchange.network)?;
    may_submit(exchange.caller.caller(), &registry.home)?;
    tell(message, &read.submission);
    Ok(Box::new(Updated { read, restricted }))
}

impl Change for Updated {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let registry = Registry::of(exchange.network)?;
        let from = submitter(exchange, Submitting::Update);
        let plan = super::update::Plan::of(&registry, tx, &from, &self.read, self.restricted);
        let patients = ended(plan)?.apply(tx)?;
        Ok(Stated {
            body: registry_response(&[]),
            patients,
            items: self.read.submission.entries.len() as u64,
            settles: false,
        })
    }
}
