//! A consent as a document for other systems (IHE BPPC): found by ITI-18 and ITI-38, fetched by ITI-43 and ITI-39.
//!
//! Whatever changes a consent or the disclosure marks the registration in the same transaction; [`publish`] looks
//! at what is marked. While the facility discloses the patient under a consent, there is one document in force. A
//! new consent replaces it (RPLC). Withdrawn, ended or closed, it is deprecated: a document that says *withdrawn*
//! would stand in a registration that is disclosed to nobody any more, so that nobody could read it.
//!
//! Who may find and fetch it, the policy says as of everything (`Category::Consent`): other communities and
//! systems that the consent covers, and no chart.

pub(super) mod codes;
mod document;
mod submission;

use super::publish::fault;
use super::submit::{Documents, Plan, Submitted, Submitter};
use super::validate::Submitting;
use super::{Refused, Registry};
use crate::network::Network;
use std::collections::BTreeSet;
use tasuki_core::audit::{Action, AuditEvent, AuditedDocument, Ending, Exchange, Node, Side};
use tasuki_core::policy::Restriction;
use tasuki_core::ports::{Consent, ConsentDocument, Incoming, PatientRecord, Reading, Writing};
use tasuki_core::{Code, Fault};
use tasuki_model::{AvailabilityStatus, Coding, EntryUuid, Facility, Instant, PatientKey};
use tasuki_wire::ebrim::Read;

/// What one document says.
struct Told<'a> {
    record: &'a PatientRecord,
    facility: &'a Facility,
    consent: &'a Consent,
    /// The community's ID of the person.
    pid: String,
    unique_id: String,
    policies: Vec<Coding>,
    /// When it was written.
    at: Instant,
    from: Instant,
    until: Option<Instant>,
    /// The entry whose place it takes, and its `uniqueId`.
    before: Option<EntryUuid>,
    replaces: Option<String>,
}

/// Brings the documents of marked registrations up to date, each in a transaction of its own with its audit
/// event; gives how many were marked, at most `limit`.
///
/// # Errors
/// Those of the store, and [`Code::RegistryOff`].
pub fn publish(network: &Network, publishes: bool, limit: u32) -> Result<usize, Fault> {
    let due = network.store.reading(|tx| tx.consents_due(limit))?;
    if due.is_empty() {
        return Ok(0);
    }
    let registry = Registry::of(network)?;
    for patient in &due {
        let now = registry.clock.now();
        let work = |tx: &dyn Writing| one(&registry, tx, patient, publishes, now);
        if let Some(code) = network.store.writing(work)? {
            tracing::error!(
                code = code.id(),
                "a consent document is refused by the registry"
            );
        }
    }
    Ok(due.len())
}

/// One registration. Where the registry refuses the document, which a region's file of codes may do, nothing is in
/// force, and the code is given.
fn one(
    registry: &Registry,
    tx: &dyn Writing,
    patient: &PatientKey,
    publishes: bool,
    now: Instant,
) -> Result<Option<Code>, Fault> {
    let before = in_force(tx, patient)?;
    let record = tx.registration(patient)?;
    let record = record.filter(|r| publishes && r.disclosed && r.survivor.is_none());
    let newest = tx.consents_of(patient)?.into_iter().next();
    let wanted = record.zip(newest.filter(|consent| times(consent, now).is_some()));
    let Some((record, consent)) = wanted else {
        if let Some(before) = &before {
            deprecate(registry, tx, patient, &before.entry, now)?;
        }
        tx.set_consent_document(patient, None)?;
        return Ok(None);
    };
    if before.as_ref().is_some_and(|b| b.consent == consent.id) {
        tx.set_consent_document(patient, before.as_ref())?;
        return Ok(None);
    }
    match submitted(registry, tx, (&record, &consent), before.as_ref(), now) {
        Ok(document) => tx.set_consent_document(patient, Some(&document))?,
        Err(Refused::Fault(fault)) => return Err(fault),
        Err(refused @ Refused::Problems(_)) => {
            if let Some(before) = &before {
                deprecate(registry, tx, patient, &before.entry, now)?;
            }
            tx.set_consent_document(patient, None)?;
            let fault = fault(refused);
            let mut event = event(registry, "ITI-41", patient, now);
            event.ending = Ending::Fault;
            event.code = Some(fault.code.id().to_owned());
            tx.append_audit(&event)?;
            return Ok(Some(fault.code));
        }
    }
    Ok(None)
}

/// From when to when a consent holds; nothing for one that does not, and will not.
fn times(consent: &Consent, now: Instant) -> Option<(Instant, Option<Instant>)> {
    let begins = consent.terms.restrictions().iter().filter_map(|r| match r {
        Restriction::NotBefore(at) => Some(*at),
        _ => None,
    });
    let from = begins.fold(consent.taken, Instant::max);
    let until = consent.ends();
    let holds = until.is_none_or(|until| now < until && from < until);
    (consent.withdrawn.is_none() && holds).then_some((from, until))
}

/// The document that we published last, while the registry has it in force.
fn in_force(tx: &dyn Writing, patient: &PatientKey) -> Result<Option<ConsentDocument>, Fault> {
    let Some(document) = tx.consent_document(patient)? else {
        return Ok(None);
    };
    let mut approved = false;
    if let Some(found) = tx.find_entry(&document.entry)? {
        // Only its status, which the registry itself decides by.
        let _ = found.map(|_, row| approved = row.status == AvailabilityStatus::Approved);
    }
    Ok(approved.then_some(document))
}

fn submitted(
    registry: &Registry,
    tx: &dyn Writing,
    (record, consent): (&PatientRecord, &Consent),
    before: Option<&ConsentDocument>,
    now: Instant,
) -> Result<ConsentDocument, Refused> {
    let facilities = tx.facilities()?;
    let gone = || Fault::new(Code::InternalFault, "a consent of no facility");
    let facility = facilities.iter().find(|f| f.id == record.facility);
    let (from, until) = times(consent, now).unwrap_or((consent.taken, None));
    let told = Told {
        pid: tx.issue_xad_pid(&record.person)?.as_str().to_owned(),
        unique_id: tx.new_entry_uuid()?.1.as_str().to_owned(),
        policies: codes::policies(consent),
        at: now,
        replaces: before
            .map(|b| unique_id(tx, &b.entry))
            .transpose()?
            .flatten(),
        before: before.map(|b| b.entry.clone()),
        facility: facility.ok_or_else(gone)?,
        record,
        consent,
        from,
        until,
    };
    let read = Read {
        submission: submission::of(registry, tx, &told)?,
        ..Read::default()
    };
    let bytes = document::written(registry, &told).into_bytes();
    let carried = [(submission::ENTRY.to_owned(), Incoming::Here(bytes))];
    let documents = Documents::carried(carried.into());
    let feeds = BTreeSet::from([record.facility.clone()]);
    let from = Submitter {
        feeds: &feeds,
        submitting: Submitting::Provide,
    };
    let reading: &dyn Reading = tx;
    let plan = Plan::of(registry, reading, &from, &read, &documents)?;
    let done = plan.apply(tx, &documents)?;
    let entry = plan.entry().ok_or_else(gone)?;
    tx.append_audit(&provided(registry, &told, &done))?;
    Ok(ConsentDocument {
        consent: consent.id.clone(),
        entry,
    })
}

fn unique_id(tx: &dyn Writing, entry: &EntryUuid) -> Result<Option<String>, Fault> {
    let mut unique = None;
    if let Some(found) = tx.find_entry(entry)? {
        let _ = found.map(|_, row| unique = Some(row.unique_id.as_str().to_owned()));
    }
    Ok(unique)
}

/// Nobody takes it for valid any more (ITI TF-2 3.57, without a message).
fn deprecate(
    registry: &Registry,
    tx: &dyn Writing,
    patient: &PatientKey,
    entry: &EntryUuid,
    now: Instant,
) -> Result<(), Fault> {
    tx.set_object_status(entry, AvailabilityStatus::Deprecated)?;
    let mut event = event(registry, "ITI-57", patient, now);
    if let Some(exchange) = &mut event.exchange {
        exchange.objects.push(entry.urn());
    }
    event.items = 1;
    tx.append_audit(&event)
}

/// What the auditor is told of a document that was taken in.
fn provided(registry: &Registry, told: &Told<'_>, done: &Submitted) -> AuditEvent {
    let mut event = event(registry, "ITI-41", &told.record.patient_key, told.at);
    event.person = Some(told.record.person.clone());
    event.items = done.documents;
    if let Some(exchange) = &mut event.exchange {
        let pid = (&told.pid, &registry.authority);
        exchange
            .patients
            .push(format!("{}^^^&{}&ISO", pid.0, pid.1));
        exchange.submission_sets.push(done.set.clone());
        exchange.documents.push(AuditedDocument {
            unique_id: told.unique_id.clone(),
            repository_id: registry.repository.as_str().to_owned(),
            home: None,
        });
    }
    event
}

/// The event of a transaction of this node with its own repository.
fn event(registry: &Registry, what: &str, patient: &PatientKey, now: Instant) -> AuditEvent {
    let node = |id: String| Node {
        id,
        address: String::new(),
    };
    let own = node(format!("urn:oid:{}", registry.repository.as_str()));
    let exchange = Exchange::new(what, Side::Answered, own, node(registry.home_urn()));
    AuditEvent {
        patients: vec![patient.clone()],
        exchange: Some(Box::new(exchange)),
        ..AuditEvent::of_process(now, Action::Import, "consent-documents", what)
    }
}
