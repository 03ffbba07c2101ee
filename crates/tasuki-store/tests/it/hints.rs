//! Hints of unusual reading, found in the audit trail: far more records in a day than on other days.

use crate::place::{Place, facility};
use std::sync::Arc;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::hints::{Unusual, look};
use tasuki_core::ports::{Account, Membership, Store, WatchKind};
use tasuki_model::{Instant, PersonId, Purpose, Role, UserId};

const DAY: i64 = 86_400;
/// From so many records in a day on, reading may be unusual.
const RULE: Unusual = Unusual { charts: 30 };

/// Noon of a day in Japan.
fn noon() -> Instant {
    Instant::from_micros(1_783_911_600_000_000)
}

fn reader(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn opened(place: &Place) -> Arc<dyn Store> {
    let store = place.open();
    for name in ["dr-1", "dr-2"] {
        let account = Account {
            id: reader(name),
            sign_in_name: name.to_owned(),
            name: "水沢 一郎".to_owned(),
            password_hash: String::new(),
            memberships: vec![Membership {
                facility: facility(),
                role: Role::Physician,
                section: String::new(),
            }],
            disabled: false,
            expires: None,
        };
        store.writing(|tx| tx.put_account(&account)).unwrap();
    }
    store
}

/// A reader opens the charts of so many people at a moment.
fn read(store: &dyn Store, who: &str, people: std::ops::Range<usize>, at: Instant) {
    let events: Vec<AuditEvent> = people
        .map(|number| AuditEvent {
            actor: Actor::User {
                user: reader(who),
                role: Role::Physician,
                facility: facility(),
            },
            person: Some(PersonId::new(&format!("person-{number}")).unwrap()),
            purpose: Some(Purpose::Treatment),
            ending: Ending::Success,
            ..AuditEvent::of_process(at, Action::ChartView, "portal", "calendar")
        })
        .collect();
    store.append_audit(&events).unwrap();
}

/// Looks through everything that is new; the readers of whom there is a hint then.
fn told(store: &dyn Store, now: Instant) -> Vec<String> {
    while store.index_audit(500).unwrap() > 0 {}
    while look(store, RULE, now).unwrap() > 0 {}
    let lines = store.reading(|tx| tx.watched(&facility(), 100)).unwrap();
    assert!(lines.iter().all(|line| line.kind == WatchKind::Volume));
    assert!(lines.iter().all(|line| line.patient.is_none()));
    lines.iter().map(|line| line.user.to_string()).collect()
}

pub fn many_more_records_than_on_other_days_are_one_hint_a_day(place: Place) {
    let store = opened(&place);
    let store = &*store;
    // Twelve a day are usual to one reader; nothing is, to the other.
    for day in 1..=5 {
        read(store, "dr-1", 0..12, noon().plus_seconds(-day * DAY));
    }
    assert!(told(store, noon()).is_empty());
    // The same person again is one person.
    read(store, "dr-2", 0..29, noon());
    read(store, "dr-2", 0..29, noon());
    assert!(
        told(store, noon()).is_empty(),
        "fewer than are ever unusual"
    );
    read(store, "dr-2", 29..30, noon());
    assert_eq!(told(store, noon()), ["dr-2"]);
    read(store, "dr-1", 0..36, noon());
    assert_eq!(told(store, noon()), ["dr-2"], "three times what is usual");
    read(store, "dr-1", 36..37, noon());
    let mut both = told(store, noon());
    both.sort();
    assert_eq!(both, ["dr-1", "dr-2"]);
    read(store, "dr-1", 37..60, noon());
    assert_eq!(told(store, noon()).len(), 2, "once a day");
    let tomorrow = noon().plus_seconds(DAY);
    read(store, "dr-2", 0..91, tomorrow);
    assert_eq!(told(store, tomorrow).len(), 3, "and the next day again");
}
