//! What a consent leaves: by query and by retrieve, what it takes away is as if it were not there.

use super::{Document, cx, find, patient, provide, retrieve};
use crate::world::{Noon, World};
use tasuki_core::Clock;
use tasuki_core::policy::{Restriction, Terms};
use tasuki_core::ports::{Consent, Signer};
use tasuki_model::{Category, ConsentId, EntryUuid, PatientKey, UserId};

const UNIQUE: &str = "1.2.9.1";

/// Writes a consent, the newest of the patient's.
pub fn consents(world: &World, patient: &PatientKey, terms: Vec<Restriction>, signer: Signer) {
    let before = world.store.reading(|tx| tx.consents_of(patient)).unwrap();
    let before = before.len();
    let consent = Consent {
        id: ConsentId::new(&format!("c{before}")).unwrap(),
        patient: patient.clone(),
        terms: Terms::new(terms),
        signer,
        paper: None,
        taken: Noon.now().plus_seconds(before as i64),
        by: UserId::new("clerk").unwrap(),
        place: "".into(),
        withdrawn: None,
    };
    let put = world.store.writing(|tx| tx.put_consent(&consent));
    put.unwrap();
}

/// A patient with a document; what is found and what is fetched.
struct Record {
    world: World,
    patient: PatientKey,
}

impl Record {
    fn new() -> Self {
        let world = World::new();
        patient(&world, "1", true);
        let document = Document {
            patient: &cx("1"),
            unique: UNIQUE,
            confidentiality: "N",
            more: "",
        };
        let sent = provide(&world, &document, b"text");
        assert!(sent.errors.is_empty(), "{:?}", sent.errors);
        let patient = world.record("hzln", "1").unwrap().patient_key;
        Self { world, patient }
    }

    fn consents(&self, terms: Vec<Restriction>) {
        consents(&self.world, &self.patient, terms, Signer::Patient);
    }

    /// Whether the document is found, and whether it is given.
    fn seen(&self) -> (bool, bool) {
        let found = find(&self.world, &cx("1")).found.objects.len() == 1;
        let (answer, parts) = retrieve(&self.world, "2.25.1.1", UNIQUE);
        if parts.is_empty() {
            let error = &answer.response.errors[0];
            assert_eq!(error.code, "XDSDocumentUniqueIdError");
            assert!(error.context.starts_with("XDS-012"), "{}", error.context);
        }
        (found, !parts.is_empty())
    }
}

#[test]
fn what_a_consent_takes_away_is_neither_found_nor_given() {
    let record = Record::new();
    let later = Noon.now().plus_seconds(60);
    for (terms, open) in [
        (vec![], true),
        (vec![Restriction::OnlyTo([].into())], false),
        (
            vec![Restriction::OnlyCategories([Category::Meal].into())],
            false,
        ),
        (vec![Restriction::NotBefore(later)], false),
        (vec![Restriction::Until(later)], true),
        (vec![Restriction::Until(Noon.now())], false),
    ] {
        let said = format!("{terms:?}");
        record.consents(terms);
        assert_eq!(record.seen(), (open, open), "{said}");
    }
}

#[test]
fn withdrawn_it_is_as_unknown_at_the_next_message() {
    let record = Record::new();
    record.consents(Vec::new());
    assert_eq!(record.seen(), (true, true));
    let store = &record.world.store;
    let clerk = UserId::new("clerk").unwrap();
    let done = store.writing(|tx| tx.withdraw_consent(&record.patient, Noon.now(), &clerk));
    assert!(done.unwrap());
    assert_eq!(record.seen(), (false, false));
}

#[test]
fn a_document_that_its_facility_keeps_out_is_not_given() {
    let record = Record::new();
    let hides = |id: &str| {
        let document = EntryUuid::from_urn(id).unwrap();
        let hidden = Terms::new(vec![Restriction::NotDocument(document)]);
        let store = &record.world.store;
        store
            .writing(|tx| tx.put_hidden(&record.patient, &hidden))
            .unwrap();
    };
    hides("urn:uuid:00000000-0000-4000-8000-000000000404");
    assert_eq!(record.seen(), (true, true));
    let found = find(&record.world, &cx("1")).found.objects;
    hides(&found[0].header().id);
    assert_eq!(record.seen(), (false, false));
}
