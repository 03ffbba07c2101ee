//! Accounts and sessions.

use crate::place::{Place, facility};
use tasuki_core::ports::{
    Account, CodeMapping, CodedKind, LocalItem, Membership, NoteReceipt, SeenItem, Session, Stage,
};
use tasuki_model::{Coding, FacilityId, Instant, PatientKey, Role, TerminalId, UserId};

fn account(id: &str) -> Account {
    let membership = |role, section: &str| Membership {
        facility: facility(),
        role,
        section: section.to_owned(),
    };
    Account {
        id: UserId::new(id).unwrap(),
        sign_in_name: format!("{id}@hospital"),
        name: "医師 一郎".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
        memberships: vec![
            membership(Role::Physician, "内科"),
            membership(Role::PrivacyOfficer, ""),
        ],
        disabled: false,
        expires: None,
    }
}

fn session(user: &str) -> Session {
    Session {
        secret_sha256: format!("hash of {user}"),
        user: UserId::new(user).unwrap(),
        membership: account(user).memberships.remove(0),
        started: Instant::from_micros(1),
        used: Instant::from_micros(2),
        csrf: "token".to_owned(),
        stage: Stage::Open,
        challenge: String::new(),
        terminal: None,
    }
}

pub fn sessions_of_a_user(place: Place) {
    let store = place.open();
    let named = |name: &str, used: i64| Session {
        secret_sha256: name.to_owned(),
        used: Instant::from_micros(used),
        ..session("a")
    };
    let user = account("a").id;
    store
        .writing(|tx| {
            tx.put_account(&account("a"))?;
            tx.put_account(&account("b"))?;
            tx.put_session(&session("b"))?;
            tx.put_session(&named("one", 5))?;
            tx.put_session(&named("two", 9))?;
            tx.put_session(&named("three", 7))
        })
        .unwrap();
    let names = || -> Vec<String> {
        let of = store.reading(|tx| tx.sessions_of(&user)).unwrap();
        of.into_iter().map(|s| s.secret_sha256).collect()
    };
    assert_eq!(names(), ["two", "three", "one"]);
    let ended = store.writing(|tx| tx.end_sessions_of(&user, Some("three")));
    assert_eq!(ended.unwrap(), 2);
    assert_eq!(names(), ["three"]);
    assert_eq!(
        store.writing(|tx| tx.end_sessions_of(&user, None)).unwrap(),
        1
    );
    assert_eq!(names(), [""; 0]);
    let other = account("b").id;
    assert_eq!(store.reading(|tx| tx.sessions_of(&other)).unwrap().len(), 1);
}

pub fn accounts_and_memberships(place: Place) {
    let store = place.open();
    let mut one = account("b");
    store
        .writing(|tx| {
            tx.put_account(&one)?;
            tx.put_account(&account("a"))
        })
        .unwrap();
    let all = store.reading(|tx| tx.accounts(10)).unwrap();
    assert_eq!(all, [account("a"), one.clone()]);
    assert_eq!(store.reading(|tx| tx.accounts(1)).unwrap().len(), 1);
    let here = store.reading(|tx| tx.accounts_at(&facility(), 10)).unwrap();
    assert_eq!(here, all);
    let nowhere = FacilityId::new("nowhere").unwrap();
    let none = store.reading(|tx| tx.accounts_at(&nowhere, 10)).unwrap();
    assert_eq!(none, []);
    one.memberships.remove(0);
    one.name = "医師 二郎".to_owned();
    store.writing(|tx| tx.put_account(&one)).unwrap();
    let found = store.reading(|tx| tx.account(&one.id)).unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    let by_name = |name: &str| store.reading(|tx| tx.account_by_name(name)).unwrap();
    assert_eq!(by_name("b@hospital"), found);
    assert_eq!(by_name("B@hospital"), None);
    // A sign-in name belongs to one account.
    let mut thief = account("c");
    thief.sign_in_name = "a@hospital".to_owned();
    assert!(store.writing(|tx| tx.put_account(&thief)).is_err());
}

pub fn sessions_end(place: Place) {
    let store = place.open();
    store.writing(|tx| tx.put_account(&account("a"))).unwrap();
    let mut open = Session {
        terminal: Some(TerminalId::new("t1").unwrap()),
        ..session("a")
    };
    store.writing(|tx| tx.put_session(&open)).unwrap();
    open.used = Instant::from_micros(9);
    open.membership = account("a").memberships.remove(1);
    store.writing(|tx| tx.put_session(&open)).unwrap();
    let find = || store.reading(|tx| tx.session("hash of a")).unwrap();
    assert_eq!(find(), Some(open.clone()));
    assert!(store.writing(|tx| tx.end_session("hash of a")).unwrap());
    assert!(!store.writing(|tx| tx.end_session("hash of a")).unwrap());
    assert_eq!(find(), None);
    // Suspending an account ends its sessions.
    store.writing(|tx| tx.put_session(&open)).unwrap();
    let mut suspended = account("a");
    suspended.disabled = true;
    store.writing(|tx| tx.put_account(&suspended)).unwrap();
    assert_eq!(find(), None);
}

pub fn a_receipt_is_of_the_first_time_and_of_one_reader(place: Place) {
    let store = place.open();
    let key = |text: &str| PatientKey::new(text).unwrap();
    let receipt = |patient: &str, note: &str, user: &str, at: i64| NoteReceipt {
        patient_key: key(patient),
        note: note.into(),
        user: UserId::new(user).unwrap(),
        role: Role::Nurse,
        facility: facility(),
        at: Instant::from_micros(at),
    };
    let given = [
        receipt("p1", "2.25.1", "b", 20),
        receipt("p1", "2.25.1", "a", 10),
        receipt("p1", "2.25.1", "a", 30),
        receipt("p1", "2.25.2", "a", 40),
        receipt("p2", "2.25.1", "a", 5),
    ];
    let write = |tx: &dyn tasuki_core::ports::Writing| {
        given.iter().try_for_each(|r| tx.put_note_receipt(r))
    };
    store.writing(write).unwrap();
    let read = |patients: &[PatientKey]| store.reading(|tx| tx.note_receipts(patients)).unwrap();
    let [b, a, _, second, elsewhere] = given.clone();
    assert_eq!(read(&[key("p1")]), [a.clone(), b.clone(), second.clone()]);
    assert_eq!(read(&[key("p2"), key("p1")]), [elsewhere, a, b, second]);
    assert!(read(&[]).is_empty());
}

pub fn items_are_counted_and_mapped_by_facility(place: Place) {
    let store = place.open();
    let item = |name: &str| LocalItem {
        kind: CodedKind::Lab,
        code: "TP".into(),
        name: name.into(),
    };
    let seen = |name: &str, system: &str, times| SeenItem {
        facility: facility(),
        item: item(name),
        system: system.into(),
        times,
    };
    let hospital = crate::feeds::hospital("病院");
    store.writing(|tx| tx.put_facility(&hospital)).unwrap();
    let all = [seen("a", "", 2), seen("b", "", 3), seen("a", "JC10", 7)];
    store.writing(|tx| tx.count_items(&all)).unwrap();
    store
        .writing(|tx| tx.count_items(&[seen("a", "", 4)]))
        .unwrap();
    let local = |limit| {
        store
            .reading(|tx| tx.local_items(&facility(), limit))
            .unwrap()
    };
    assert_eq!(local(9), [seen("a", "", 6), seen("b", "", 3)]);
    assert_eq!(local(1).len(), 1);
    let standard = |kind| store.reading(|tx| tx.standard_items(kind, 9)).unwrap();
    assert_eq!(standard(CodedKind::Lab), [seen("a", "JC10", 7)]);
    assert!(standard(CodedKind::Drug).is_empty());
    let mapping = |code: &str| CodeMapping {
        facility: facility(),
        item: item("a"),
        standard: Coding {
            system: "JC10".into(),
            version: None,
            code: code.into(),
            text: "総蛋白".into(),
        },
        by: UserId::new("u").unwrap(),
        at: Instant::from_micros(9),
    };
    for code in ["x", "y"] {
        store
            .writing(|tx| tx.put_code_mapping(&mapping(code)))
            .unwrap();
    }
    let mappings = || store.reading(|tx| tx.code_mappings(&[facility()])).unwrap();
    assert_eq!(mappings(), [mapping("y")], "the last word counts");
    let drop = || {
        store
            .writing(|tx| tx.drop_code_mapping(&facility(), &item("a")))
            .unwrap()
    };
    assert!(drop() && !drop() && mappings().is_empty());
}
