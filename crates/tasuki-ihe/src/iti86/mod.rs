//! ITI-86 Remove Documents (ITI TF-2, 3.86): documents of our repository, not their metadata. What
//! is removed leaves a sealed tombstone for the auditor.

use crate::soap::{Change, Exchange, Handler, Message, Stated, Stop, Transaction};
use crate::xds::{Refused, Registry, XdsCode, XdsProblem, registry_response};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::audit::{Action, AuditedDocument};
use tasuki_core::policy::may_submit;
use tasuki_core::ports::{Reading, Writing};
use tasuki_model::{EntryUuid, FacilityId, PatientKey};
use tasuki_wire::ebrim::{DocumentRequest, RemoveDocuments};

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-86",
    title: "Remove Documents",
    actions: &[(
        "urn:ihe:iti:2017:RemoveDocuments",
        "urn:ihe:iti:2017:RemoveDocumentsResponse",
    )],
    bytes_max: 1024 * 1024,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

struct Removal(RemoveDocuments);

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let asked = RemoveDocuments::decode(message.body)?;
    let documents = asked.documents.iter().map(|asked| AuditedDocument {
        unique_id: asked.unique_id.clone(),
        repository_id: asked.repository_id.clone(),
        home: None,
    });
    message.audited.documents = documents.collect();
    let registry = Registry::of(exchange.network)?;
    may_submit(exchange.caller.caller(), &registry.home)?;
    Ok(Box::new(Removal(asked)))
}

impl Change for Removal {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let registry = Registry::of(exchange.network)?;
        let reading: &dyn Reading = tx;
        let feeds = exchange.caller.system().map(|system| &system.feeds);
        let mut going = Vec::new();
        for asked in &self.0.documents {
            going.extend(crate::xds::ended(find(&registry, reading, feeds, asked))?);
        }
        let mut patients = Vec::new();
        for (id, patient) in &going {
            tx.remove_content(id, exchange.now)?;
            if !patients.contains(patient) {
                patients.push(patient.clone());
            }
        }
        Ok(Stated {
            body: registry_response(&[]),
            patients,
            items: going.len() as u64,
            settles: false,
        })
    }
}

/// The contents of a uniqueId, each with its registration.
fn find(
    registry: &Registry,
    tx: &dyn Reading,
    feeds: Option<&BTreeSet<FacilityId>>,
    asked: &DocumentRequest,
) -> Result<Vec<(EntryUuid, PatientKey)>, Refused> {
    let problem = |xds, what: &str| {
        XdsProblem::new(
            xds,
            Code::XdsNotThere,
            format!("{} {what}", asked.unique_id),
        )
    };
    if asked.repository_id != registry.repository.as_str() {
        let what = "is of a repository that is not here";
        return Err(problem(XdsCode::UnknownRepository, what).into());
    }
    let mut found = Vec::new();
    for object in tx.find_objects_named(&asked.unique_id)? {
        let labels = object.labels();
        let own = feeds.is_some_and(|feeds| feeds.contains(&labels.facility));
        if let Some(id) = labels.document.clone().filter(|_| own)
            && tx.locate(&id)?.is_some()
        {
            found.push((id, labels.patient_key.clone()));
        }
    }
    if found.is_empty() {
        let what = "is not here, or not yours to remove";
        return Err(problem(XdsCode::DocumentUniqueId, what).into());
    }
    Ok(found)
}
