//! Consents, and the terms that they make of a registration.

use crate::place::{Place, patient};
use tasuki_core::Code;
use tasuki_core::policy::{RESTRICTIONS_MAX, Restriction, Terms};
use tasuki_core::ports::{Consent, ConsentDocument, PatientRecord, Signer, Store};
use tasuki_model::{Category, ConsentId, EntryUuid, Instant, PatientKey, UserId};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

fn clerk() -> UserId {
    UserId::new("clerk").unwrap()
}

fn only(category: Category) -> Restriction {
    Restriction::OnlyCategories([category].into())
}

fn consent(id: &str, patient: &PatientKey, taken: i64, terms: Vec<Restriction>) -> Consent {
    Consent {
        id: ConsentId::new(id).unwrap(),
        patient: patient.clone(),
        terms: Terms::new(terms),
        signer: Signer::Proxy {
            name: "東京 一郎".into(),
            relation: "長男".into(),
        },
        paper: Some(EntryUuid::new("paper").unwrap()),
        taken: at(taken),
        by: clerk(),
        place: "".into(),
        withdrawn: None,
    }
}

/// A registration that its facility discloses.
fn disclosed(store: &dyn Store) -> PatientKey {
    let key = patient(store, "1");
    store.writing(|tx| tx.set_disclosed(&key, true)).unwrap();
    key
}

fn record(store: &dyn Store, key: &PatientKey) -> PatientRecord {
    store.reading(|tx| tx.registration(key)).unwrap().unwrap()
}

fn take(store: &dyn Store, consent: &Consent) {
    store.writing(|tx| tx.put_consent(consent)).unwrap();
}

pub fn a_consent_is_the_terms_of_its_registration_until_the_next_one(place: Place) {
    let store = place.open();
    let key = disclosed(&*store);
    assert_eq!(record(&*store, &key).terms, Terms::default());
    let first = consent("c1", &key, 1, vec![only(Category::Lab)]);
    take(&*store, &first);
    assert_eq!(record(&*store, &key).terms, first.terms);
    let second = consent("c2", &key, 2, vec![only(Category::Note)]);
    take(&*store, &second);
    let now = record(&*store, &key);
    assert!(now.disclosed);
    assert_eq!(now.terms, second.terms);
    // What a system is told of the registration goes by the same terms.
    let ids = store.reading(|tx| tx.identifiers_of(&now.person)).unwrap();
    assert_eq!(ids[0].terms, second.terms);
    let all = store.reading(|tx| tx.consents_of(&key)).unwrap();
    assert_eq!(all, [second, first]);
    let other = patient(&*store, "2");
    assert!(
        store
            .reading(|tx| tx.consents_of(&other))
            .unwrap()
            .is_empty()
    );
    let many = vec![Restriction::NoEmergency; RESTRICTIONS_MAX];
    let long = consent("c3", &key, 3, many);
    let refused = store.writing(|tx| tx.put_consent(&long)).unwrap_err();
    assert_eq!(refused.code, Code::ConsentTooLong);
    assert_eq!(store.reading(|tx| tx.consents_of(&key)).unwrap().len(), 2);
}

pub fn withdrawn_it_takes_the_disclosure_back_at_once(place: Place) {
    let store = place.open();
    let key = disclosed(&*store);
    let withdraw = |seconds| {
        let done = store.writing(|tx| tx.withdraw_consent(&key, at(seconds), &clerk()));
        done.unwrap()
    };
    assert!(!withdraw(1), "there is none");
    assert!(record(&*store, &key).disclosed);
    take(&*store, &consent("c1", &key, 1, vec![only(Category::Lab)]));
    assert!(withdraw(5) && !withdraw(6));
    let now = record(&*store, &key);
    assert!(!now.disclosed);
    let newest = store.reading(|tx| tx.consents_of(&key)).unwrap().remove(0);
    assert_eq!(newest.withdrawn, Some((at(5), clerk())));
    // The facility's flag alone does not open it again; a new consent does.
    store.writing(|tx| tx.set_disclosed(&key, true)).unwrap();
    assert!(!record(&*store, &key).terms.hold_at(at(5)));
    take(&*store, &consent("c2", &key, 7, Vec::new()));
    let again = record(&*store, &key);
    assert!(again.disclosed && again.terms.hold_at(at(7)));
}

pub fn at_its_end_it_takes_the_disclosure_back(place: Place) {
    let store = place.open();
    let key = disclosed(&*store);
    let until = |seconds| vec![Restriction::Until(at(seconds)), Restriction::Until(at(90))];
    take(&*store, &consent("c1", &key, 1, until(10)));
    // A longer one in its place.
    take(&*store, &consent("c2", &key, 2, until(20)));
    let end = |seconds| {
        store
            .writing(|tx| tx.end_consents(at(seconds), 10))
            .unwrap()
    };
    assert_eq!(end(19), []);
    assert!(record(&*store, &key).terms.hold_at(at(19)));
    assert!(!record(&*store, &key).terms.hold_at(at(20)));
    assert_eq!(end(20), std::slice::from_ref(&key));
    assert!(!record(&*store, &key).disclosed);
    assert_eq!(end(200), [], "once");
}

pub fn what_the_facility_keeps_out_stays_beside_any_consent(place: Place) {
    let store = place.open();
    let key = disclosed(&*store);
    let hidden = Restriction::NotDocument(EntryUuid::new("d1").unwrap());
    let hide = |restrictions: &[Restriction]| {
        let terms = Terms::new(restrictions.to_vec());
        store.writing(|tx| tx.put_hidden(&key, &terms)).unwrap();
    };
    hide(std::slice::from_ref(&hidden));
    let alone = record(&*store, &key).terms;
    assert_eq!(alone.restrictions(), std::slice::from_ref(&hidden));
    take(&*store, &consent("c1", &key, 1, vec![only(Category::Lab)]));
    let both = [only(Category::Lab), hidden.clone()];
    assert_eq!(record(&*store, &key).terms.restrictions(), both);
    let found = store.reading(|tx| tx.hidden_of(&key)).unwrap();
    assert_eq!(found.restrictions(), [hidden]);
    hide(&[]);
    assert_eq!(
        record(&*store, &key).terms.restrictions(),
        [only(Category::Lab)]
    );
}

pub fn whatever_changes_a_consent_marks_its_document(place: Place) {
    let store = place.open();
    let key = disclosed(&*store);
    let due = || store.reading(|tx| tx.consents_due(10)).unwrap();
    let known = || store.reading(|tx| tx.consent_document(&key)).unwrap();
    let document = ConsentDocument {
        consent: ConsentId::new("c1").unwrap(),
        entry: EntryUuid::new("e1").unwrap(),
    };
    let done = |document: Option<&ConsentDocument>| {
        assert_eq!(due(), std::slice::from_ref(&key));
        store
            .writing(|tx| tx.set_consent_document(&key, document))
            .unwrap();
        assert!(due().is_empty());
        assert_eq!(known().as_ref(), document);
    };
    assert!(due().is_empty(), "disclosed, and nothing agreed to");
    take(&*store, &consent("c1", &key, 1, vec![]));
    done(Some(&document));
    for disclosed in [false, true] {
        let set = store.writing(|tx| tx.set_disclosed(&key, disclosed));
        set.unwrap();
        done(Some(&document));
    }
    take(
        &*store,
        &consent("c2", &key, 2, vec![Restriction::Until(at(9))]),
    );
    done(Some(&document));
    let ended = store.writing(|tx| tx.end_consents(at(9), 10)).unwrap();
    assert_eq!(ended, std::slice::from_ref(&key));
    done(None);
    take(&*store, &consent("c3", &key, 3, vec![]));
    done(None);
    // The setting is changed: what has none, and what has one.
    let mark = |on| store.writing(|tx| tx.mark_consents(on)).unwrap();
    assert_eq!((mark(false), mark(true)), (0, 1));
    done(Some(&document));
    assert_eq!((mark(true), mark(false)), (0, 1));
    done(Some(&document));
    let withdrawn = store.writing(|tx| tx.withdraw_consent(&key, at(20), &clerk()));
    assert!(withdrawn.unwrap());
    done(None);
    assert_eq!(mark(true), 0, "nothing in force");
}
