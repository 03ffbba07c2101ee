//! The patient index as other systems ask it, and what they have still to be told.

use crate::place::{Place, facility, local};
use tasuki_core::ports::{
    DemographicsQuery, DemographicsSource, LinkDecision, LinkEvent, Pattern, StatedVisit, Store,
};
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{
    Demographics, FacilityId, Instant, JstDay, JstTime, PatientKey, PersonName, Sex, UserId,
};

fn parts(family: &str, given: &str) -> Option<NameParts> {
    Some(NameParts {
        family: family.to_owned(),
        given: given.to_owned(),
    })
}

/// Registers and discloses somebody of a family name in kanji and kana.
fn somebody(store: &dyn Store, at: &FacilityId, id: &str, family: (&str, &str)) -> PatientKey {
    let birth = JstDay::parse_basic("19470312").unwrap();
    let said = Demographics {
        name: PersonName {
            ideographic: parts(family.0, "花子"),
            phonetic: parts(family.1, "ハナコ"),
            alphabetic: None,
        },
        birth: Some(birth),
        birth_text: birth.basic(),
        sex: Sex::Female,
        addresses: vec![Address {
            postal: "105-0011".to_owned(),
            text: "東京都港区芝公園4-2-8".to_owned(),
        }],
        phones: vec!["03-1234-5678".to_owned()],
        insurances: Vec::new(),
    };
    store
        .writing(|tx| {
            let key = tx.ensure_registration(at, &local(id))?;
            let stated = JstTime::from_day(birth);
            tx.put_demographics(&key, &said, &stated, DemographicsSource::PatientRecord)?;
            tx.set_disclosed(&key, true)?;
            Ok(key)
        })
        .unwrap()
}

fn decide(store: &dyn Store, a: &PatientKey, b: &PatientKey, decision: LinkDecision) {
    let event = LinkEvent {
        a: a.clone(),
        b: b.clone(),
        decision,
        by: Some(UserId::new("clerk").unwrap()),
        at: Instant::from_micros(1_783_911_600_000_000),
        evidence: "{}".to_owned(),
    };
    store.writing(|tx| tx.put_link(&event)).unwrap();
}

fn other() -> FacilityId {
    FacilityId::new("f-1319999999").unwrap()
}

pub fn identifiers_are_those_of_the_person_and_in_use(place: Place) {
    let store = place.open();
    let one = somebody(&*store, &facility(), "1", ("東京", "トウキョウ"));
    let two = somebody(&*store, &other(), "2", ("東京", "トウキョウ"));
    let gone = somebody(&*store, &facility(), "3", ("東京", "トウキョウ"));
    let ids = |at: &FacilityId, id: &str| -> Vec<String> {
        let found = store
            .reading(|tx| tx.person_identifiers(at, &local(id)))
            .unwrap();
        found.iter().map(|id| id.local_id.to_string()).collect()
    };
    assert_eq!(ids(&facility(), "1"), ["1"]);
    decide(&*store, &one, &two, LinkDecision::Same);
    assert_eq!(
        ids(&facility(), "1"),
        ["1", "2"],
        "the one that was asked for is first"
    );
    assert_eq!(ids(&other(), "2"), ["2", "1"]);
    decide(&*store, &one, &gone, LinkDecision::Merged);
    assert_eq!(ids(&facility(), "3"), Vec::<String>::new());
    assert_eq!(ids(&facility(), "1"), ["1", "2"]);
    let person = store
        .reading(|tx| tx.registration(&two))
        .unwrap()
        .unwrap()
        .person;
    assert_eq!(
        store
            .reading(|tx| tx.identifiers_of(&person))
            .unwrap()
            .len(),
        2
    );
}

/// A query of one parameter.
fn query(field: &str, value: &str) -> DemographicsQuery {
    let pattern = Pattern(value.to_owned());
    let mut query = DemographicsQuery {
        facilities: vec![facility(), other()],
        ..DemographicsQuery::default()
    };
    match field {
        "family" => query.family = Some(pattern),
        "given" => query.given = Some(pattern),
        "birth" => query.birth = Some(value.to_owned()),
        "sex" => query.sex = Some(value.to_owned()),
        "phone" => query.phone = Some(pattern),
        "postal" => query.postal = Some(pattern),
        "address" => query.address.push(pattern),
        "id" => query.ids.push((None, pattern)),
        _ => query.ids.push((Some(other()), pattern)),
    }
    query
}

pub fn demographics_are_found_by_what_was_said(place: Place) {
    let store = place.open();
    somebody(&*store, &facility(), "1", ("東京", "トウキョウ"));
    somebody(&*store, &other(), "12", ("東", "アズマ"));
    let hidden = somebody(&*store, &other(), "13", ("東京", "トウキョウ"));
    store
        .writing(|tx| tx.set_disclosed(&hidden, false))
        .unwrap();
    let find = |query: &DemographicsQuery, limit| {
        store
            .reading(|tx| tx.query_demographics(query, limit))
            .unwrap()
    };
    for (field, value, ids) in [
        ("family", "とうきょう", "1"),
        ("family", "東*", "12 1"),
        ("given", "*子", "12 1"),
        ("birth", "194703", "12 1"),
        ("birth", "1948", ""),
        ("sex", "F", "12 1"),
        ("sex", "M", ""),
        ("phone", "0312345678", "12 1"),
        ("postal", "105*", "12 1"),
        ("address", "港区", "12 1"),
        ("id", "1*", "12 1"),
        ("id elsewhere", "1", ""),
        ("id elsewhere", "*", "12"),
    ] {
        let found = find(&query(field, value), 10);
        let told: Vec<_> = found
            .records
            .iter()
            .map(|r| r.local_id.to_string())
            .collect();
        assert_eq!(
            (told.join(" ").as_str(), found.too_many),
            (ids, false),
            "{field} {value}"
        );
    }
    let everything = DemographicsQuery {
        facilities: vec![facility()],
        family: Some(Pattern("東*".to_owned())),
        birth: Some("19470312".to_owned()),
        ids: vec![(Some(facility()), Pattern("*".to_owned()))],
        ..query("sex", "F")
    };
    assert_eq!(find(&everything, 10).records.len(), 1);
    let found = find(&query("sex", "F"), 1);
    assert!(found.too_many && found.records.len() == 1);
}

pub fn what_changed_is_told_until_it_was_told(place: Place) {
    let store = place.open();
    let one = somebody(&*store, &facility(), "1", ("東京", "トウキョウ"));
    let names = |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
    store
        .writing(|tx| tx.set_consumers(&names(&["a", "b"])))
        .unwrap();
    let changed = |consumer| store.reading(|tx| tx.changed(consumer, 10)).unwrap();
    assert!(changed("a").is_empty(), "nothing has changed since");
    let two = somebody(&*store, &other(), "2", ("東京", "トウキョウ"));
    let before = changed("a");
    assert_eq!(before.len(), 1);
    decide(&*store, &one, &two, LinkDecision::Same);
    let now = changed("a");
    assert_eq!(now.len(), 2, "who stays and who comes");
    // What was told before the change does not take the change off.
    store.writing(|tx| tx.notified("a", &before)).unwrap();
    assert_eq!(changed("a").len(), 2);
    store.writing(|tx| tx.notified("a", &now)).unwrap();
    assert!(changed("a").is_empty());
    assert_eq!(changed("b").len(), 2, "each consumer has its own queue");
    assert_eq!(store.reading(|tx| tx.untold()).unwrap(), 2);
    store.writing(|tx| tx.set_disclosed(&two, false)).unwrap();
    assert_eq!(changed("a").len(), 2);
    store
        .writing(|tx| tx.set_consumers(&names(&["b"])))
        .unwrap();
    assert!(changed("a").is_empty() && changed("b").len() == 2);
}

pub fn the_visit_stated_last_is_kept(place: Place) {
    let store = place.open();
    let one = somebody(&*store, &facility(), "1", ("東京", "トウキョウ"));
    assert_eq!(store.reading(|tx| tx.stated_visit(&one)).unwrap(), None);
    for ward in ["W5", "W6"] {
        let visit = StatedVisit([(3, vec![ward.to_owned()])].into());
        store.writing(|tx| tx.put_visit(&one, &visit)).unwrap();
        assert_eq!(
            store.reading(|tx| tx.stated_visit(&one)).unwrap(),
            Some(visit)
        );
    }
}
