//! ITI-38: every document, and nobody else's.

use super::{Asker, HOME, Other, PATIENT, community, named, visit};
use tasuki_core::gather::PartialReason;
use tasuki_ihe::iti38::{Documents, ask};
use tasuki_wire::soap::Envelope;

const RIM: &str = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";
const STATUS: &str = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType";
pub const STABLE: &str = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1";
const ON_DEMAND: &str = "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248";

pub fn entry(n: usize, kind: &str, patient: &str, home: &str) -> String {
    let patient = patient.replace('&', "&amp;");
    format!(
        "<ExtrinsicObject xmlns='{RIM}' id='urn:uuid:00000000-0000-4000-8000-{n:012}' \
         home='{home}' objectType='{kind}' mimeType='text/plain' \
         status='urn:oasis:names:tc:ebxml-regrep:StatusType:Approved'>\
         <Slot name='repositoryUniqueId'><ValueList><Value>1.2.3.99.7</Value></ValueList></Slot>\
         <ExternalIdentifier id='urn:uuid:1' registryObject='urn:uuid:2' \
         identificationScheme='urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427' value='{patient}'>\
         <Name><LocalizedString value='XDSDocumentEntry.patientId'/></Name></ExternalIdentifier>\
         <ExternalIdentifier id='urn:uuid:3' registryObject='urn:uuid:2' \
         identificationScheme='urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab' value='1.2.3.99.8.{n}'>\
         <Name><LocalizedString value='XDSDocumentEntry.uniqueId'/></Name></ExternalIdentifier>\
         </ExtrinsicObject>"
    )
}

pub fn response(status: &str, errors: &[&str], entries: &str) -> String {
    let errors: String = errors
        .iter()
        .map(|code| {
            format!(
                "<r:RegistryError errorCode='{code}' codeContext='as told' \
                     severity='urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error'/>"
            )
        })
        .collect();
    let errors = match errors.is_empty() {
        true => String::new(),
        false => format!("<r:RegistryErrorList>{errors}</r:RegistryErrorList>"),
    };
    format!(
        "<q:AdhocQueryResponse xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
         xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0' status='{status}'>{errors}\
         <RegistryObjectList xmlns='{RIM}'>{entries}</RegistryObjectList></q:AdhocQueryResponse>"
    )
}

fn success() -> String {
    format!("{STATUS}:Success")
}

fn failure(code: &'static str) -> String {
    response(&format!("{STATUS}:Failure"), &[code], "")
}

/// The value of a parameter of the query, as it was sent.
fn parameter(request: &Envelope, name: &str) -> Option<String> {
    let query = request.body.elements().find(|e| *e.name == *"AdhocQuery")?;
    let mut slots = query.elements();
    let slot = slots.find(|slot| slot.attribute("name") == Some(name))?;
    Some(slot.text())
}

fn found(other: Other) -> (Asker, Documents) {
    let asker = Asker::new(other);
    let patient = named(PATIENT.to_owned());
    let documents = ask(&asker.gateway, &community(), &patient, &visit()).unwrap();
    (asker, documents)
}

#[test]
fn it_is_asked_for_its_own_patient_and_everything_it_has() {
    let home = format!("urn:oid:{HOME}");
    let (asker, documents) = found(Other::new(move |request| {
        let patient = parameter(request, "$XDSDocumentEntryPatientId").unwrap();
        assert_eq!(patient, format!("'{PATIENT}'"));
        let kinds = parameter(request, "$XDSDocumentEntryType").unwrap();
        assert!(
            kinds.contains(STABLE) && kinds.contains(ON_DEMAND),
            "{kinds}"
        );
        let entries = entry(1, STABLE, PATIENT, &home) + &entry(2, ON_DEMAND, PATIENT, &home);
        Ok((response(&success(), &[], &entries), Vec::new()))
    }));
    assert_eq!(documents.entries.len(), 2);
    assert_eq!(documents.partial, None);
    let [event] = &asker.events()[..] else {
        panic!("one event");
    };
    let exchange = event.exchange.as_ref().unwrap();
    assert_eq!(exchange.patients, [PATIENT]);
    assert_eq!(event.patients.len(), 1, "our own registration");
    let asked = asker.other.asked.lock().unwrap();
    assert!(asked[0].contains(&exchange.message_id));
}

#[test]
fn documents_of_another_patient_or_community_are_not_taken() {
    let home = format!("urn:oid:{HOME}");
    let (_, documents) = found(Other::new(move |_| {
        let entries = [
            entry(1, STABLE, PATIENT, &home),
            entry(2, STABLE, "8^^^&1.2.3.99.1&ISO", &home),
            entry(3, STABLE, "7^^^&1.2.3.98.1&ISO", &home),
            entry(4, STABLE, PATIENT, "urn:oid:1.2.3.98"),
            entry(5, STABLE, PATIENT, HOME),
        ];
        Ok((response(&success(), &[], &entries.concat()), Vec::new()))
    }));
    let taken: Vec<_> = documents
        .entries
        .iter()
        .map(|e| e.entry.unique_id.clone().unwrap())
        .collect();
    // The last one writes its home without `urn:oid:`, as real gateways do.
    assert_eq!(taken, ["1.2.3.99.8.1", "1.2.3.99.8.5"]);
    assert_eq!(documents.partial, Some(PartialReason::Foreign(3)));
}

/// A registry of documents by the second they were made, which gives ten at most.
fn stingy(made: Vec<String>) -> Other {
    let home = format!("urn:oid:{HOME}");
    Other::new(move |request| {
        let from = parameter(request, "$XDSDocumentEntryCreationTimeFrom").unwrap_or_default();
        let to = parameter(request, "$XDSDocumentEntryCreationTimeTo");
        let kinds = parameter(request, "$XDSDocumentEntryType").unwrap();
        let mut entries = Vec::new();
        if kinds.contains(STABLE) {
            let within = |m: &String| *m >= from && to.as_ref().is_none_or(|to| m < to);
            let hit = made.iter().enumerate().filter(|(_, m)| within(m));
            entries.extend(hit.map(|(n, _)| entry(n, STABLE, PATIENT, &home)));
        }
        if kinds.contains(ON_DEMAND) {
            entries.push(entry(9_999, ON_DEMAND, PATIENT, &home));
        }
        Ok((
            match entries.len() {
                0..=10 => response(&success(), &[], &entries.concat()),
                _ => failure("XDSTooManyResults"),
            },
            Vec::new(),
        ))
    })
}

#[test]
fn too_many_at_once_are_fetched_in_parts_and_none_is_missed() {
    let days = (0..80).map(|n| format!("2026{:02}{:02}0{}0000", 1 + n / 28, 1 + n % 28, n % 9));
    let (asker, documents) = found(stingy(days.collect()));
    assert_eq!(documents.entries.len(), 81, "those made on demand too");
    assert_eq!(documents.partial, None);
    let asked = asker.other.asked.lock().unwrap().len();
    assert!(asked <= 64, "{asked}");
    assert_eq!(asker.events().len(), asked);
}

#[test]
fn what_is_still_refused_is_said_to_be_missing() {
    let (_, documents) = found(stingy(vec!["20260701120000".to_owned(); 11]));
    assert_eq!(documents.entries.len(), 1);
    assert_eq!(documents.partial, Some(PartialReason::TooMany));
}

#[test]
fn an_unknown_patient_is_no_documents_and_a_partial_success_is_partial() {
    let (_, documents) = found(Other::new(|_| {
        Ok((failure("XDSUnknownPatientId"), Vec::new()))
    }));
    assert_eq!(documents, Documents::default());
    let home = format!("urn:oid:{HOME}");
    let (_, documents) = found(Other::new(move |_| {
        let status = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess";
        let said = response(
            status,
            &["XDSRegistryError"],
            &entry(1, STABLE, PATIENT, &home),
        );
        Ok((said, Vec::new()))
    }));
    assert_eq!(documents.entries.len(), 1);
    assert_eq!(documents.partial, Some(PartialReason::Incomplete));
}
