//! Emergencies, who is let in, and the privacy officers' queue.

use crate::place::{Place, patient};
use tasuki_core::ports::{
    Emergency, EmergencyDoor, EmergencyReason, Invitation, Judgement, Opening, Store, Verdict,
    Watch, WatchKind,
};
use tasuki_model::{EmergencyId, FacilityId, Instant, PersonId, Role, UserId, WatchId};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn person() -> PersonId {
    PersonId::new("person").unwrap()
}

fn found(id: &str) -> Emergency {
    Emergency {
        id: EmergencyId::new(id).unwrap(),
        user: user("doctor"),
        facility: FacilityId::new("home").unwrap(),
        role: Role::Physician,
        person: person(),
        door: EmergencyDoor::PatientId,
        elsewhere: None,
        found: at(0),
        opening: None,
        until: at(0),
    }
}

fn opened(id: &str, until: i64) -> Emergency {
    let opening = Opening {
        at: at(1),
        reason: EmergencyReason::Life,
        words: "意識障害".into(),
        team: "看護 花江".into(),
        extended: Vec::new(),
    };
    Emergency {
        opening: Some(opening),
        until: at(until),
        ..found(id)
    }
}

fn open_at(store: &dyn Store, who: &str, seconds: i64) -> Option<Emergency> {
    let (user, person) = (user(who), person());
    store
        .reading(|tx| tx.open_emergency(&user, &person, at(seconds)))
        .unwrap()
}

pub fn an_emergency_is_open_to_one_user_until_its_end(place: Place) {
    let store = place.open();
    let put = |emergency: &Emergency| store.writing(|tx| tx.put_emergency(emergency)).unwrap();
    put(&found("e1"));
    assert_eq!(open_at(&*store, "doctor", 0), None, "found is not opened");
    put(&opened("e1", 100));
    assert_eq!(open_at(&*store, "doctor", 99), Some(opened("e1", 100)));
    assert_eq!(open_at(&*store, "doctor", 100), None);
    assert_eq!(open_at(&*store, "other", 50), None);
    // Ended early.
    put(&opened("e1", 60));
    assert_eq!(open_at(&*store, "doctor", 61), None);
    let mine = store.reading(|tx| tx.emergencies_of(&user("doctor"), 10));
    assert_eq!(mine.unwrap(), [opened("e1", 60)]);
    let one = store.reading(|tx| tx.emergency(&EmergencyId::new("e1").unwrap()));
    assert_eq!(one.unwrap(), Some(opened("e1", 60)));
}

pub fn a_doctor_is_let_in_by_name_and_for_a_time(place: Place) {
    let store = place.open();
    let key = patient(&*store, "1");
    let invitation = Invitation {
        patient: key.clone(),
        doctor: "suzuki".into(),
        until: at(100),
        by: user("clerk"),
    };
    store.writing(|tx| tx.put_invitation(&invitation)).unwrap();
    let holds = |doctor: &str, seconds| {
        store
            .reading(|tx| tx.invitation(&key, doctor, at(seconds)))
            .unwrap()
    };
    assert_eq!(holds("suzuki", 99), Some(at(100)));
    assert_eq!((holds("suzuki", 100), holds("sato", 1)), (None, None));
    let listed = |seconds| store.reading(|tx| tx.invitations(at(seconds), 10)).unwrap();
    assert_eq!(listed(1), [invitation]);
    assert_eq!(listed(100), []);
}

pub fn a_line_waits_until_it_is_judged(place: Place) {
    let store = place.open();
    let home = FacilityId::new("home").unwrap();
    let mut watch = Watch {
        id: WatchId::new("w1").unwrap(),
        facility: home.clone(),
        kind: WatchKind::Emergency,
        peer: None,
        user: user("doctor"),
        from: FacilityId::new("away").unwrap(),
        patient: None,
        emergency: Some(EmergencyId::new("e1").unwrap()),
        at: at(1),
        judged: Vec::new(),
    };
    let put = |watch: &Watch| store.writing(|tx| tx.put_watch(watch)).unwrap();
    put(&watch);
    let asked = || {
        store
            .reading(|tx| tx.asked_back(&user("doctor"), 5))
            .unwrap()
    };
    assert_eq!(asked(), []);
    let mut say = |verdict, by: &str| {
        watch.judged.push(Judgement {
            verdict,
            words: "?".into(),
            by: user(by),
            at: at(2),
        });
        put(&watch);
        watch.clone()
    };
    let waiting = say(Some(Verdict::Asked), "officer");
    assert!(waiting.is_open());
    assert_eq!(asked(), [waiting]);
    assert!(say(None, "doctor").is_open());
    assert_eq!(asked(), []);
    let done = say(Some(Verdict::Justified), "officer");
    assert!(!done.is_open());
    let listed = store.reading(|tx| tx.watched(&home, 5)).unwrap();
    assert_eq!(listed, std::slice::from_ref(&done));
    let one = store.reading(|tx| tx.watch(&done.id)).unwrap();
    assert_eq!(one, Some(done));
}
