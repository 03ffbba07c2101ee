//! Registrations, search and links.

use crate::place::{Place, day, facility, key, local, patient, put};
use tasuki_core::ports::{DemographicsSource, LinkDecision, LinkEvent, PatientSearch, Store};
use tasuki_model::AvailabilityStatus::Approved;
use tasuki_model::person::{NameParts, PersonName};
use tasuki_model::{Demographics, FacilityId, Instant, JstTime, PatientKey, PersonId, Sex, UserId};

fn person(kanji: (&str, &str), kana: (&str, &str), birth: &str) -> Demographics {
    let parts = |(family, given): (&str, &str)| {
        Some(NameParts {
            family: family.to_owned(),
            given: given.to_owned(),
        })
    };
    Demographics {
        name: PersonName {
            ideographic: parts(kanji),
            phonetic: parts(kana),
            alphabetic: None,
        },
        birth: Some(day(birth)),
        birth_text: birth.replace('-', ""),
        sex: Sex::Female,
        ..Demographics::default()
    }
}

fn at(text: &str) -> JstTime {
    JstTime::parse_hl7(text).unwrap()
}

fn state(store: &dyn Store, id: &str, demographics: &Demographics) -> PatientKey {
    let key = patient(store, id);
    let taken = store
        .writing(|tx| {
            tx.put_demographics(
                &key,
                demographics,
                &at("20260713"),
                DemographicsSource::PatientRecord,
            )
        })
        .unwrap();
    assert!(taken);
    key
}

fn hanako() -> Demographics {
    person(("東京", "花子"), ("トウキョウ", "ハナコ"), "1947-03-12")
}

fn found(store: &dyn Store, search: &PatientSearch) -> Vec<String> {
    let (hits, more) = store
        .reading(|tx| tx.search_patients(&facility(), search, 50))
        .unwrap();
    assert!(!more);
    hits.into_iter()
        .map(|h| h.record.local_id.as_str().to_owned())
        .collect()
}

fn by_name(name: &str) -> PatientSearch {
    PatientSearch {
        name: Some(name.to_owned()),
        ..PatientSearch::default()
    }
}

pub fn a_registration_is_made_once(place: Place) {
    let store = place.open();
    let one = patient(&*store, "0001");
    assert_eq!(patient(&*store, "0001"), one);
    assert_ne!(
        patient(&*store, "1"),
        one,
        "zeros in front are part of an ID"
    );
    let record = store.reading(|tx| tx.registration(&one)).unwrap().unwrap();
    assert_eq!(record.local_id, local("0001"));
    assert!(!record.disclosed);
    assert_eq!(record.stated, None);
    assert_eq!(record.demographics, Demographics::default());
    let same = store
        .reading(|tx| tx.registrations_of(&record.person))
        .unwrap();
    assert_eq!(same, [record]);
}

pub fn names_are_found_however_they_are_typed(place: Place) {
    let store = place.open();
    state(&*store, "0000012345", &hanako());
    state(
        &*store,
        "0000099999",
        &person(("東山", "太郎"), ("ヒガシヤマ", "タロウ"), "1950-01-01"),
    );
    for typed in [
        "東京 花子",
        "東京　花",
        "とうきょう はなこ",
        "ﾄｳｷｮｳ",
        "トウキョウハナコ",
    ] {
        assert_eq!(found(&*store, &by_name(typed)), ["0000012345"], "{typed}");
    }
    assert_eq!(found(&*store, &by_name("東")).len(), 2);
    assert!(found(&*store, &by_name("花子")).is_empty());
    for typed in ["12345", "0000012345", "００００12345 "] {
        let search = PatientSearch {
            local_id: Some(typed.to_owned()),
            ..PatientSearch::default()
        };
        assert_eq!(found(&*store, &search), ["0000012345"], "{typed}");
    }
    let birth = PatientSearch {
        birth: Some(day("1947-03-12")),
        sex: Some(Sex::Female),
        ..PatientSearch::default()
    };
    assert_eq!(found(&*store, &birth), ["0000012345"]);
    let wrong = PatientSearch {
        birth: Some(day("1947-03-12")),
        sex: Some(Sex::Male),
        ..PatientSearch::default()
    };
    assert!(found(&*store, &wrong).is_empty());
    // Another facility's staff do not find them.
    let elsewhere = FacilityId::new("facility-b").unwrap();
    let (hits, _) = store
        .reading(|tx| tx.search_patients(&elsewhere, &by_name("東京"), 50))
        .unwrap();
    assert!(hits.is_empty());
}

pub fn a_search_needs_a_word_and_says_if_there_is_more(place: Place) {
    let store = place.open();
    for number in 0..5 {
        state(&*store, &format!("{number}"), &hanako());
    }
    assert!(found(&*store, &PatientSearch::default()).is_empty());
    assert!(found(&*store, &by_name(" 　")).is_empty());
    let only_sex = PatientSearch {
        sex: Some(Sex::Female),
        ..PatientSearch::default()
    };
    assert!(found(&*store, &only_sex).is_empty());
    let (hits, more) = store
        .reading(|tx| tx.search_patients(&facility(), &by_name("東京"), 3))
        .unwrap();
    assert_eq!((hits.len(), more), (3, true));
}

pub fn a_message_never_overrides_the_patient_record(place: Place) {
    use DemographicsSource::{Message, PatientRecord};
    let store = place.open();
    let key = patient(&*store, "0001");
    let state = |name: &str, time: &str, source| {
        let demographics = person((name, "花子"), ("ト", "ハ"), "1947-03-12");
        store
            .writing(|tx| tx.put_demographics(&key, &demographics, &at(time), source))
            .unwrap()
    };
    let family = || {
        let record = store.reading(|tx| tx.registration(&key)).unwrap().unwrap();
        record.demographics.name.ideographic.unwrap().family
    };
    assert!(state("甲", "20260701", Message));
    assert!(!state("古", "20260601", Message));
    assert!(state("乙", "20260702", Message));
    assert_eq!(family(), "乙");
    assert!(
        state("丙", "20200101", PatientRecord),
        "the record outranks"
    );
    assert!(!state("丁", "20260801", Message));
    assert!(!state("戊", "20191231", PatientRecord), "older");
    assert!(
        state("己", "20200101", PatientRecord),
        "as old: the later word holds"
    );
    assert_eq!(family(), "己");
}

fn link(
    store: &dyn Store,
    a: &PatientKey,
    b: &PatientKey,
    decision: LinkDecision,
    by: Option<&str>,
) {
    let event = LinkEvent {
        a: a.clone(),
        b: b.clone(),
        decision,
        by: by.map(|u| UserId::new(u).unwrap()),
        at: Instant::from_micros(5),
        evidence: r#"{"version":1}"#.to_owned(),
    };
    store.writing(|tx| tx.put_link(&event)).unwrap();
}

fn person_of(store: &dyn Store, key: &PatientKey) -> PersonId {
    store
        .reading(|tx| tx.registration(key))
        .unwrap()
        .unwrap()
        .person
}

pub fn links_project_persons(place: Place) {
    let store = place.open();
    let keys: Vec<_> = ["1", "2", "3"]
        .iter()
        .map(|id| patient(&*store, id))
        .collect();
    let before: Vec<_> = keys.iter().map(|k| person_of(&*store, k)).collect();
    assert!(before[0] != before[1] && before[1] != before[2]);
    link(
        &*store,
        &keys[1],
        &keys[0],
        LinkDecision::Same,
        Some("clerk"),
    );
    link(&*store, &keys[1], &keys[2], LinkDecision::Automatic, None);
    for key in &keys {
        assert_eq!(
            person_of(&*store, key),
            before[0],
            "the oldest one's person stays"
        );
    }
    let all = store.reading(|tx| tx.registrations_of(&before[0])).unwrap();
    assert_eq!(all.len(), 3);
    link(
        &*store,
        &keys[0],
        &keys[1],
        LinkDecision::Unlink,
        Some("clerk"),
    );
    let now: Vec<_> = keys.iter().map(|k| person_of(&*store, k)).collect();
    assert_eq!(now[0], before[0]);
    assert_ne!(now[1], now[0]);
    assert_eq!(now[1], now[2]);
    let events = store.reading(|tx| tx.link_events(&keys[1])).unwrap();
    let decisions: Vec<_> = events.iter().map(|e| e.decision).collect();
    assert_eq!(
        decisions,
        [
            LinkDecision::Same,
            LinkDecision::Automatic,
            LinkDecision::Unlink
        ]
    );
}

pub fn a_human_decision_outranks_automatic_links(place: Place) {
    let store = place.open();
    let keys: Vec<_> = ["1", "2", "3"]
        .iter()
        .map(|id| patient(&*store, id))
        .collect();
    let one = |i: usize| person_of(&*store, &keys[i]);
    link(
        &*store,
        &keys[0],
        &keys[1],
        LinkDecision::NotSame,
        Some("clerk"),
    );
    link(&*store, &keys[0], &keys[1], LinkDecision::Automatic, None);
    assert_ne!(one(0), one(1));
    // By no other route either: 0–2 and 2–1 would bring them together.
    link(&*store, &keys[0], &keys[2], LinkDecision::Automatic, None);
    link(&*store, &keys[2], &keys[1], LinkDecision::Automatic, None);
    assert_ne!(one(0), one(1));
    // A later human decision outranks the earlier one.
    link(
        &*store,
        &keys[0],
        &keys[1],
        LinkDecision::Same,
        Some("doctor"),
    );
    assert_eq!(one(0), one(1));
}

pub fn same_names_are_warned_of(place: Place) {
    let store = place.open();
    let one = state(&*store, "1", &hanako());
    let other = state(
        &*store,
        "2",
        &person(("東京", "華子"), ("とうきょう", "はなこ"), "1980-01-01"),
    );
    state(
        &*store,
        "3",
        &person(("大阪", "花子"), ("オオサカ", "ハナコ"), "1947-03-12"),
    );
    let record = |key| store.reading(|tx| tx.registration(key)).unwrap().unwrap();
    let warned = |key| {
        let record = record(key);
        store
            .reading(|tx| tx.same_name(&record))
            .unwrap()
            .into_iter()
            .map(|r| r.local_id.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(warned(&one), ["2"]);
    link(&*store, &one, &other, LinkDecision::Same, Some("clerk"));
    assert!(warned(&one).is_empty(), "the same person is no stranger");
    let unnamed = patient(&*store, "4");
    patient(&*store, "5");
    assert!(warned(&unnamed).is_empty(), "no name is not the same name");
}

pub fn recent_patients_come_first(place: Place) {
    let store = place.open();
    let old = patient(&*store, "1");
    let new = patient(&*store, "2");
    patient(&*store, "3");
    put(&*store, &old, &key("1"), Approved, b"one");
    let mut later = crate::place::entry(&*store, &new, &key("1"), b"two");
    later.received = later.received.plus_seconds(60);
    store
        .writing(|tx| {
            tx.put_document(&tasuki_core::ports::NewDocument {
                entry: later.clone(),
                bytes: b"two",
                file: None,
            })
        })
        .unwrap();
    let recent = store
        .reading(|tx| tx.recent_patients(&facility(), 10))
        .unwrap();
    let ids: Vec<_> = recent.iter().map(|h| h.record.local_id.as_str()).collect();
    assert_eq!(ids, ["2", "1", "3"]);
    assert_eq!(recent[0].latest, Some(later.received));
    assert_eq!(recent[2].latest, None);
    assert_eq!(
        store
            .reading(|tx| tx.recent_patients(&facility(), 1))
            .unwrap()
            .len(),
        1
    );
}

pub fn disclosure_is_set_and_withdrawn(place: Place) {
    let store = place.open();
    let key = patient(&*store, "1");
    for disclosed in [true, false, true] {
        store
            .writing(|tx| tx.set_disclosed(&key, disclosed))
            .unwrap();
        let record = store.reading(|tx| tx.registration(&key)).unwrap().unwrap();
        assert_eq!(record.disclosed, disclosed);
    }
}
