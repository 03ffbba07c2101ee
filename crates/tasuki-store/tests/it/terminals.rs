//! Terminals as they are kept: certificates by fingerprint, codes that are taken once, one authority.

use crate::place::Place;
use tasuki_core::Code;
use tasuki_core::ports::{
    Done, Terminal, TerminalAuthority, TerminalCertificate, TerminalDownload,
};
use tasuki_model::{FacilityId, Instant, TerminalId, UserId};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

fn done(seconds: i64) -> Done {
    Done {
        by: UserId::new("admin").unwrap(),
        at: at(seconds),
    }
}

fn terminal(id: &str, facility: &str) -> Terminal {
    Terminal {
        id: TerminalId::new(id).unwrap(),
        facility: FacilityId::new(facility).unwrap(),
        name: format!("受付 {id}").into(),
        place: "1階".into(),
        owner: None,
        enrolled: done(0),
        approved: None,
        revoked: None,
        request: None,
    }
}

fn certificate(fingerprint: &str, terminal: &str, from: i64) -> TerminalCertificate {
    TerminalCertificate {
        fingerprint: fingerprint.to_owned(),
        terminal: TerminalId::new(terminal).unwrap(),
        from: at(from),
        until: at(from + 1_000),
        used: None,
        ended: None,
        der: vec![1, 2, 3],
    }
}

pub fn a_terminal_is_listed_at_its_facility_and_its_newer_certificate_ends_the_older(place: Place) {
    let store = place.open();
    let put = |t: &Terminal| store.writing(|tx| tx.put_terminal(t)).unwrap();
    let at_home = || {
        let home = FacilityId::new("home").unwrap();
        store.reading(|tx| tx.terminals_at(&home, 10)).unwrap()
    };
    let (one, two) = (terminal("t1", "home"), terminal("t2", "home"));
    put(&two);
    put(&one);
    put(&terminal("t3", "away"));
    assert_eq!(at_home(), [one.clone(), two.clone()]);
    let revoked = Terminal {
        revoked: Some(done(5)),
        ..one
    };
    put(&revoked);
    assert_eq!(at_home(), [two, revoked.clone()], "those in use first");
    let found = store.reading(|tx| tx.terminal(&revoked.id)).unwrap();
    assert_eq!(found.as_ref(), Some(&revoked));
    for (fingerprint, of, from) in [("aa", "t2", 1), ("bb", "t2", 2), ("cc", "t3", 1)] {
        let made = certificate(fingerprint, of, from);
        store
            .writing(|tx| tx.add_terminal_certificate(&made))
            .unwrap();
    }
    let of = |fingerprint: &str| store.reading(|tx| tx.terminal_certificate(fingerprint));
    let uses =
        |fingerprint: &str| store.writing(|tx| tx.use_terminal_certificate(fingerprint, at(9)));
    uses("aa").unwrap();
    assert_eq!(
        of("bb").unwrap(),
        Some(certificate("bb", "t2", 2)),
        "the newer one stays"
    );
    uses("bb").unwrap();
    uses("unknown").unwrap();
    let old = of("aa").unwrap().unwrap();
    assert_eq!((old.used, old.ended), (Some(at(9)), Some(at(9))));
    assert_eq!(of("bb").unwrap().unwrap().ended, None);
    assert_eq!(of("cc").unwrap(), Some(certificate("cc", "t3", 1)));
    assert_eq!(of("dd").unwrap(), None);
    let all = |id: &str| {
        let id = TerminalId::new(id).unwrap();
        store
            .reading(|tx| tx.terminal_certificates_of(&id))
            .unwrap()
    };
    let prints: Vec<_> = all("t2").into_iter().map(|c| c.fingerprint).collect();
    assert_eq!(prints, ["bb", "aa"]);
}

pub fn a_certificate_is_taken_once_and_in_its_time(place: Place) {
    let store = place.open();
    let waiting = |code: &str, of: &str, until: i64| TerminalDownload {
        code_sha256: code.to_owned(),
        terminal: TerminalId::new(of).unwrap(),
        passphrase: "OPEN-SESAME".to_owned(),
        expires: at(until),
    };
    let put = |d: &TerminalDownload, now| {
        store
            .writing(|tx| tx.put_terminal_download(d, at(now)))
            .unwrap();
    };
    let take = |code: &str, now| {
        store
            .writing(|tx| tx.take_terminal_download(code, at(now)))
            .unwrap()
    };
    put(&waiting("old", "t1", 10), 1);
    put(&waiting("new", "t1", 10), 1);
    put(&waiting("late", "t2", 20), 1);
    assert_eq!(take("old", 2), None, "another one took its place");
    let id = TerminalId::new("t1").unwrap();
    let waits = || store.reading(|tx| tx.terminal_waits(&id)).unwrap();
    assert_eq!(waits(), Some(at(10)));
    assert_eq!(take("new", 9), Some(waiting("new", "t1", 10)));
    assert_eq!((take("new", 9), waits()), (None, None), "once");
    assert_eq!(take("late", 20), None, "its time is over");
    put(&waiting("gone", "t3", 30), 1);
    put(&waiting("next", "t4", 90), 30);
    let gone = store.reading(|tx| tx.terminal_download("gone")).unwrap();
    assert_eq!(gone, None, "what is out of its time goes");
    let id = TerminalId::new("t4").unwrap();
    store.writing(|tx| tx.drop_terminal_download(&id)).unwrap();
    assert_eq!(take("next", 31), None);
}

pub fn the_first_authority_stays_and_its_key_lies_sealed(place: Place) {
    let store = place.open();
    let authority = |n: u8| TerminalAuthority {
        der: vec![n; 40],
        key: b"a private key in the clear".to_vec(),
    };
    let of = || store.reading(|tx| tx.terminal_authority()).unwrap();
    assert_eq!(of(), None);
    let put = |a: &TerminalAuthority| store.writing(|tx| tx.put_terminal_authority(a)).unwrap();
    assert_eq!(put(&authority(1)), authority(1));
    assert_eq!(put(&authority(2)), authority(1));
    assert_eq!(of(), Some(authority(1)));
    place.tamper(
        "terminal_authority",
        "sealed",
        "sealed IS NOT NULL",
        |bytes| {
            let clear = b"private key";
            assert!(!bytes.windows(clear.len()).any(|w| w == clear) && bytes.len() > 40);
        },
    );
    place.tamper(
        "terminal_authority",
        "sealed",
        "sealed IS NOT NULL",
        |bytes| bytes[20] ^= 1,
    );
    let forged = store.reading(|tx| tx.terminal_authority());
    assert_eq!(forged.unwrap_err().code, Code::ContentForged);
}
