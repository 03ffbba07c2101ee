//! Second factors and one-time codes.

use crate::place::{Place, facility};
use tasuki_core::Code;
use tasuki_core::ports::{FACTORS_MAX, Factor, OneTime, OneTimeKind, Proof};
use tasuki_model::{Instant, UserId};

fn user() -> UserId {
    UserId::new("u-doctor").unwrap()
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

fn factor(id: &str) -> Factor {
    Factor {
        id: id.to_owned(),
        user: user(),
        label: "携帯".to_owned(),
        proof: Proof::Totp {
            secret: b"twenty secret bytes!".to_vec(),
        },
        confirmed: false,
        counter: 0,
        added: at(1),
        used: None,
    }
}

pub fn factors_prove_once(place: Place) {
    let store = place.open();
    let passkey = Factor {
        id: "b".to_owned(),
        proof: Proof::Passkey {
            credential: "AQID".to_owned(),
            key: vec![4; 65],
            rp: "localhost".to_owned(),
        },
        added: at(2),
        ..factor("a")
    };
    store
        .writing(|tx| tx.put_factor(&factor("a")).and(tx.put_factor(&passkey)))
        .unwrap();
    let of = || store.reading(|tx| tx.factors_of(&user())).unwrap();
    assert_eq!(of(), [factor("a"), passkey]);
    let uses = |id: &str, counter: i64| {
        store
            .writing(|tx| tx.use_factor(&user(), id, counter, at(9)))
            .unwrap()
    };
    assert!(uses("a", 7) && !uses("a", 7) && !uses("a", 6) && !uses("a", 0) && uses("a", 8));
    assert!(uses("b", 0) && uses("b", 0) && uses("b", 3) && !uses("b", 0));
    let first = of().remove(0);
    assert_eq!(
        (first.counter, first.used, first.confirmed),
        (8, Some(at(9)), true)
    );
    for n in 2..FACTORS_MAX {
        store
            .writing(|tx| tx.put_factor(&factor(&format!("n{n}"))))
            .unwrap();
    }
    let more = store.writing(|tx| tx.put_factor(&factor("more")));
    assert_eq!(more.unwrap_err().code, Code::FactorsTooMany);
    store.writing(|tx| tx.put_factor(&factor("a"))).unwrap();
    assert!(store.writing(|tx| tx.remove_factor(&user(), "a")).unwrap());
    assert!(!store.writing(|tx| tx.remove_factor(&user(), "a")).unwrap());
}

pub fn a_one_time_code_is_taken_once(place: Place) {
    let store = place.open();
    let code = |hash: &str, kind| OneTime {
        code_sha256: hash.to_owned(),
        user: user(),
        kind,
        facility: facility(),
        asked_by: UserId::new("u-one").unwrap(),
        approved_by: (kind == OneTimeKind::Recovery).then(|| UserId::new("u-two").unwrap()),
        expires: at(100),
    };
    let put = |code: OneTime| store.writing(|tx| tx.put_one_time(&code)).unwrap();
    put(code("old", OneTimeKind::Password));
    put(code("new", OneTimeKind::Password));
    put(code("r", OneTimeKind::Recovery));
    let of = store.reading(|tx| tx.one_times_of(&user())).unwrap();
    let expected = [
        code("new", OneTimeKind::Password),
        code("r", OneTimeKind::Recovery),
    ];
    assert_eq!(of, expected);
    let take = |hash: &str, now: i64| store.writing(|tx| tx.take_one_time(hash, at(now))).unwrap();
    assert_eq!(take("old", 1), None);
    assert_eq!(take("new", 99), Some(expected[0].clone()));
    assert_eq!(take("new", 99), None);
    assert_eq!(take("r", 100), None, "its time is over, and it is gone");
    assert_eq!(store.reading(|tx| tx.one_time("r")).unwrap(), None);
}
