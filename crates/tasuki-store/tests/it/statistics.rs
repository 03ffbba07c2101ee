//! The network's figures: what is counted, and that nobody publishes their own proposal.

use crate::place::Place;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::ports::{Publication, Store};
use tasuki_model::{FacilityId, Instant, JstDay, PersonId, Role, UserId};

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// Midnight of Japan at the beginning of a day of 2026.
fn day(month: i8, day: i8) -> Instant {
    JstDay::new(2026, month, day).unwrap().starts()
}

fn look(store: &dyn Store, at: Instant, by: &str, person: Option<&str>, action: Action) {
    let actor = Actor::User {
        user: user(by),
        role: Role::Physician,
        facility: FacilityId::new("f").unwrap(),
    };
    let event = AuditEvent {
        actor,
        person: person.map(|p| PersonId::new(p).unwrap()),
        ending: Ending::Success,
        ..AuditEvent::of_process(at, action, "portal", "labs")
    };
    store.append_audit(&[event]).unwrap();
}

pub fn views_are_counted_from_the_audit_trail(place: Place) {
    let store = place.open();
    let hour = |at: Instant, hours: i64| Instant::from_micros(at.micros() + hours * 3_600_000_000);
    for (at, by, person, action) in [
        // One person on one day by one user, however many pages: the day is that of Japan.
        (hour(day(6, 3), 0), "a", Some("p"), Action::ChartView),
        (hour(day(6, 3), 23), "a", Some("p"), Action::DocumentView),
        (hour(day(6, 4), 0), "a", Some("p"), Action::ChartView),
        (hour(day(6, 4), 1), "b", Some("p"), Action::ChartView),
        (hour(day(6, 4), 1), "b", Some("q"), Action::ChartView),
        (hour(day(7, 1), 0), "b", Some("q"), Action::ChartView),
        // Neither a refusal, which names nobody, nor anything else is a view.
        (hour(day(6, 4), 2), "c", None, Action::ChartView),
        (hour(day(6, 4), 2), "c", Some("p"), Action::Export),
    ] {
        look(&*store, at, by, person, action);
    }
    while store.index_audit(100).unwrap() > 0 {}
    let first = JstDay::new(2026, 6, 15).unwrap();
    let now = hour(day(7, 20), 5);
    let figures = store.reading(|tx| tx.figures(first, now)).unwrap();
    assert_eq!(figures.views, 5);
    let months: Vec<_> = figures
        .by_month
        .iter()
        .map(|(m, n)| (m.to_string(), *n))
        .collect();
    assert_eq!(
        months,
        [("2026-06-01".to_owned(), 4), ("2026-07-01".to_owned(), 1)]
    );
}

pub fn nobody_publishes_their_own_proposal(place: Place) {
    let store = place.open();
    let (now, first) = (day(7, 20), JstDay::new(2026, 7, 1).unwrap());
    let proposed = |by: &str, as_of: Instant| {
        let it = Publication {
            as_of,
            figures: store.reading(|tx| tx.figures(first, now)).unwrap(),
            proposed_by: user(by),
            approved: None,
        };
        store.writing(|tx| tx.propose(&it)).unwrap();
        it
    };
    let approve = |as_of, by: &str| {
        store
            .writing(|tx| tx.approve(as_of, &user(by), now))
            .unwrap()
    };
    let published = || store.reading(|tx| tx.published()).unwrap();
    let one = proposed("a", day(7, 18));
    assert!(!approve(one.as_of, "a"), "one's own");
    assert_eq!(published(), None);
    // A newer proposal takes its place.
    let two = proposed("b", day(7, 19));
    assert!(!approve(one.as_of, "c"), "gone");
    assert!(approve(two.as_of, "a"));
    assert!(!approve(two.as_of, "c"), "once");
    let it = published().unwrap();
    assert_eq!(it.figures, two.figures);
    assert_eq!(it.approved, Some((now, user("a"))));
    let three = proposed("a", day(7, 20));
    assert_eq!(
        published().unwrap().as_of,
        two.as_of,
        "what waits is not published"
    );
    assert!(approve(three.as_of, "b"));
    assert_eq!(published().unwrap().as_of, three.as_of);
    let all = store.reading(|tx| tx.publications(10)).unwrap();
    assert_eq!(all.len(), 2);
}
