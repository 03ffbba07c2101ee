//! A consent as a document: found and fetched while it is in force, replaced by the next, and taken for valid by
//! nobody once it is not.

use super::consented::consents;
use super::{FIND_DOCUMENTS, cx, query, retrieve};
use crate::nist::shared;
use crate::successes::schemas::{atna, hold};
use crate::world::{Noon, World};
use std::collections::BTreeSet;
use tasuki_core::Clock;
use tasuki_core::audit::{AuditEvent, Ending};
use tasuki_core::policy::{AssertedCodes, Restriction, Viewer};
use tasuki_core::ports::Signer;
use tasuki_ihe::atna::Reporting;
use tasuki_ihe::xds::consents::publish;
use tasuki_model::xds::{AssociationKind, DocumentEntry, RegistryObject};
use tasuki_model::{Category, CommunityId, FacilityId, PatientKey, UserId};

const APPROVED: &str = "Approved";
const DEPRECATED: &str = "Deprecated";
const NUMBER: &str = "774411";

/// A patient whom the hospital discloses, and the consents that are written for them.
struct Record {
    world: World,
    patient: PatientKey,
}

impl Record {
    fn new() -> Self {
        Self::of(World::new())
    }

    fn of(world: World) -> Self {
        world.patient(
            NUMBER,
            "&2.16.840.1.113883.3.37.4.1.1.2.411.1&ISO",
            "東京^花子",
            "19470312",
        );
        let patient = world.record("hzln", NUMBER).unwrap().patient_key;
        Self { world, patient }
    }

    fn consents(&self, terms: Vec<Restriction>) {
        let signer = Signer::Proxy {
            name: "東京 一郎".into(),
            relation: "長男".into(),
        };
        consents(&self.world, &self.patient, terms, signer);
        self.disclose(true);
    }

    fn disclose(&self, disclosed: bool) {
        self.world.disclose("hzln", NUMBER, disclosed);
    }

    fn withdraw(&self) {
        let by = UserId::new("clerk").unwrap();
        let store = &self.world.store;
        let done = store.writing(|tx| tx.withdraw_consent(&self.patient, Noon.now(), &by));
        assert!(done.unwrap());
    }

    /// One round of the node.
    fn publish(&self) -> usize {
        publish(&self.world.network, true, 100).unwrap()
    }

    /// What a query finds.
    fn found(&self, status: &str) -> Vec<DocumentEntry> {
        let patient = format!("'{}'", cx(NUMBER));
        let status = format!("('urn:oasis:names:tc:ebxml-regrep:StatusType:{status}')");
        let parameters = [
            ("$XDSDocumentEntryPatientId", patient.as_str()),
            ("$XDSDocumentEntryStatus", status.as_str()),
        ];
        let found = query(&self.world, FIND_DOCUMENTS, &parameters)
            .found
            .objects;
        let entries = found.into_iter().filter_map(|object| match object {
            RegistryObject::Entry(entry) => Some(*entry),
            _ => None,
        });
        entries.collect()
    }

    /// What is fetched.
    fn fetched(&self, entry: &DocumentEntry) -> String {
        let unique = entry.unique_id.as_deref().unwrap();
        let (_, mut parts) = retrieve(&self.world, "2.25.1.1", unique);
        String::from_utf8(parts.remove(0)).unwrap()
    }

    fn exchanges(&self, transaction: &str) -> Vec<AuditEvent> {
        let mut events = self.world.events();
        events.retain(|event| {
            event
                .exchange
                .as_ref()
                .is_some_and(|e| e.transaction == transaction)
        });
        events
    }
}

fn codes(entry: &DocumentEntry) -> Vec<&str> {
    entry.event_codes.iter().map(|code| &*code.code).collect()
}

/// The schema of CDA R2 from what is at hand of it: the root element that its driver file declares, and the one
/// type that the vocabulary has under another name.
fn cda(documents: &[String]) {
    let folder = std::env::temp_dir().join(format!("tasuki-cda-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let text = shared("data/ihe/schema/jembi-IHE/XDW/POCD_MT000040.xsd");
    let text = std::fs::read_to_string(text).unwrap();
    let core = shared("data/ihe/schema/hl7v3/schema/HL7V3/NE2008/coreschemas");
    let root = "<xs:element name='ClinicalDocument' type='POCD_MT000040.ClinicalDocument'/>";
    // One name for each file, or what is included twice counts twice.
    let _ = std::os::unix::fs::symlink(core, folder.join("coreschemas"));
    let text = text
        .replace("type=\"ActClinicalDocument\"", "type=\"ActClass\"")
        .replace("</xs:schema>", &format!("{root}</xs:schema>"));
    let schema = folder.join("POCD_MT000040.xsd");
    std::fs::write(&schema, text).unwrap();
    hold(&schema, documents);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_consent_is_found_and_fetched_and_names_nothing_that_it_keeps_out() {
    let record = Record::new();
    let until = Noon.now().plus_seconds(86_400);
    let other = CommunityId::new("2.25.1").unwrap();
    let third = FacilityId::new("psychiatry").unwrap();
    assert_eq!(record.publish(), 0, "nobody has agreed to anything");
    record.consents(vec![]);
    assert_eq!(record.publish(), 1);
    let [whole] = &record.found(APPROVED)[..] else {
        panic!("one document");
    };
    assert_eq!(codes(whole), ["network"]);
    assert_eq!(whole.service_stop, None);
    let text = record.fetched(whole);
    record.consents(vec![
        Restriction::OnlyTo(BTreeSet::from([
            Viewer::Community(other),
            Viewer::Facility(third),
        ])),
        Restriction::OnlyCategories([Category::Lab].into()),
        Restriction::NotDepartment("26".into()),
        Restriction::NoEmergency,
        Restriction::Until(until),
    ]);
    record.publish();
    let store = &record.world.store;
    // A system of ours serves people who are not known here: what names somebody is not for it.
    assert!(record.found(APPROVED).is_empty());
    let now = store
        .reading(|tx| tx.consent_document(&record.patient))
        .unwrap()
        .unwrap();
    let content = store.reading(|tx| tx.get_contents(std::slice::from_ref(&now.entry)));
    let narrow = String::from_utf8(content.unwrap().remove(0).bytes).unwrap();
    for word in ["listed", "limited", "no-emergency"] {
        assert!(
            narrow.contains(&format!("code=\"{word}\"")),
            "{word}: {narrow}"
        );
    }
    for word in [
        "psychiatry",
        "\"26\"",
        "一郎",
        "長男",
        "clerk",
        NUMBER,
        "lab",
    ] {
        assert!(!narrow.contains(word), "{word}: {narrow}");
    }
    assert!(narrow.contains("東京") && narrow.contains("<high value="));
    let replaced = whole.unique_id.as_deref().unwrap();
    assert!(narrow.contains(&format!("<parentDocument><id root=\"{replaced}\"/>")));
    cda(&[text, narrow]);
}

#[test]
fn it_is_what_the_profile_says() {
    let record = Record::new();
    let until = Noon.now().plus_seconds(86_400);
    record.consents(vec![Restriction::NoEmergency, Restriction::Until(until)]);
    record.publish();
    let entry = record.found(APPROVED).remove(0);
    for code in [&entry.class_code, &entry.type_code] {
        let code = code.as_ref().unwrap();
        assert_eq!(
            (&*code.code, &*code.system),
            ("57016-8", "2.16.840.1.113883.6.1")
        );
    }
    let format = entry.format_code.as_ref().unwrap();
    assert_eq!(&*format.code, "urn:ihe:iti:bppc:2007");
    assert_eq!(&*format.system, "1.3.6.1.4.1.19376.1.2.3");
    assert_eq!(codes(&entry), ["network", "no-emergency"]);
    assert_eq!(entry.mime_type, "text/xml");
    assert_eq!(entry.service_stop, Some(tasuki_model::xds::utc_text(until)));
    let text = record.fetched(&entry);
    let template = |oid: &str| format!("<templateId root=\"{oid}\"/>");
    for oid in [
        "1.3.6.1.4.1.19376.1.5.3.1.1.1",
        "1.3.6.1.4.1.19376.1.5.3.1.1.7",
    ] {
        assert!(text.contains(&template(oid)), "{oid}");
    }
    let event = template("1.3.6.1.4.1.19376.1.5.3.1.2.6");
    assert_eq!(text.matches(&event).count(), 2, "one for each policy");
    cda(&[text]);
}

#[test]
fn the_next_replaces_it_and_a_withdrawal_leaves_none_in_force() {
    let record = Record::new();
    record.consents(vec![]);
    record.publish();
    let first = record.found(APPROVED).remove(0);
    assert_eq!(record.publish(), 0, "nothing has changed");
    record.consents(vec![Restriction::NoEmergency]);
    record.publish();
    let [second] = &record.found(APPROVED)[..] else {
        panic!("one in force");
    };
    assert_eq!(record.found(DEPRECATED)[0].unique_id, first.unique_id);
    let id = tasuki_model::EntryUuid::from_urn(&second.header.id).unwrap();
    let mut replaced = 0;
    for found in record
        .world
        .store
        .reading(|tx| tx.find_associations(&id))
        .unwrap()
    {
        let _ = found.map(|_, object| {
            if let RegistryObject::Association(a) = object {
                replaced +=
                    usize::from(a.kind == AssociationKind::Rplc && a.target == first.header.id);
            }
        });
    }
    assert_eq!(replaced, 1);

    record.withdraw();
    assert!(
        record.found(APPROVED).is_empty(),
        "at the next message, whatever is published"
    );
    record.publish();
    record.disclose(true);
    assert_eq!(record.publish(), 1);
    assert!(
        record.found(APPROVED).is_empty(),
        "the flag alone is no consent"
    );
    record.consents(vec![]);
    record.publish();
    assert_eq!(record.found(APPROVED).len(), 1);
    assert_eq!(record.found(DEPRECATED).len(), 2);
    // Closed and opened again by its facility, under the same consent.
    record.disclose(false);
    record.publish();
    record.disclose(true);
    assert!(record.found(APPROVED).is_empty());
    record.publish();
    assert_eq!(record.found(APPROVED).len(), 1);
}

#[test]
fn off_nothing_is_published_and_what_was_is_no_longer_in_force() {
    let record = Record::new();
    let (network, store) = (&record.world.network, &record.world.store);
    record.consents(vec![]);
    assert_eq!(publish(network, false, 100).unwrap(), 1);
    assert!(record.found(APPROVED).is_empty());
    for (on, found) in [(true, 1), (false, 0), (true, 1)] {
        assert_eq!(store.writing(|tx| tx.mark_consents(on)).unwrap(), 1);
        publish(network, on, 100).unwrap();
        assert_eq!(record.found(APPROVED).len(), found);
        assert_eq!(store.writing(|tx| tx.mark_consents(on)).unwrap(), 0);
    }
}

#[test]
fn a_registry_whose_codes_refuse_it_says_so_and_leaves_none_in_force() {
    let codes = "version = 1\nprofile = \"jahis\"\n[[list]]\nattribute = \"mimeType\"\n\
                 codes = [{ code = \"application/pdf\" }]\n[[list]]\nattribute = \"classCode\"\n\
                 scheme = \"x\"\ncodes = [{ code = \"y\", en = \"other\" }]\n";
    let record = Record::of(World::of_codes(codes));
    record.consents(vec![]);
    assert_eq!(record.publish(), 1);
    assert!(record.found(APPROVED).is_empty());
    let event = record.exchanges("ITI-41").remove(0);
    assert_eq!(event.ending, Ending::Fault);
    assert!(event.code.unwrap().starts_with("XDS-"));
    assert_eq!(record.publish(), 0, "until the consent changes");
    // A class that a region does not list is no reason, nor what it is of the record.
    let record = Record::of(World::of_codes(
        &codes.replace("application/pdf", "text/xml"),
    ));
    record.consents(vec![Restriction::OnlyCategories([Category::Lab].into())]);
    record.publish();
    assert_eq!(record.found(APPROVED).len(), 1);
}

#[test]
fn the_auditor_sees_each_document_come_and_go() {
    let record = Record::new();
    record.consents(vec![]);
    record.publish();
    let entry = record.found(APPROVED).remove(0);
    record.fetched(&entry);
    record.withdraw();
    record.publish();
    let unique = entry.unique_id.unwrap();
    let provided = record.exchanges("ITI-41").remove(0);
    let told = provided.exchange.as_ref().unwrap();
    assert_eq!(told.documents[0].unique_id, unique);
    assert_eq!((told.submission_sets.len(), told.patients.len()), (1, 1));
    assert_eq!(provided.patients, std::slice::from_ref(&record.patient));
    let fetched = record.exchanges("ITI-43").remove(0);
    assert_eq!(
        fetched.exchange.as_ref().unwrap().documents[0].unique_id,
        unique
    );
    let gone = record.exchanges("ITI-57").remove(0);
    assert_eq!(gone.exchange.as_ref().unwrap().objects, [entry.header.id]);
    let reporting = Reporting {
        home: CommunityId::new("2.25.1").unwrap(),
        host: "own.example.jp".to_owned(),
        system: "own.example.jp".to_owned(),
        process: 7,
        codes: AssertedCodes::standard().unwrap(),
    };
    let all = [provided, fetched, gone];
    atna(&all.map(|event| reporting.message(&event)));
}
