//! What users keep for themselves.

use crate::place::{Place, facility};
use tasuki_core::Code;
use tasuki_core::ports::{KEPT_MAX, Store};
use tasuki_model::{LocalPatientId, PatientKey, UserId};

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn registered(store: &dyn Store, id: &str) -> PatientKey {
    let id = LocalPatientId::new(id).unwrap();
    store
        .writing(|tx| tx.ensure_registration(&facility(), &id))
        .unwrap()
}

pub fn each_user_keeps_their_own(place: Place) {
    let store = place.open();
    let (one, two) = (registered(&*store, "1"), registered(&*store, "2"));
    let keep = |by: &str, whose: &PatientKey, document: Option<&str>, keep: bool| {
        store
            .writing(|tx| tx.keep(&user(by), whose, document, keep))
            .unwrap();
    };
    keep("a", &one, None, true);
    keep("a", &two, None, true);
    keep("a", &two, None, true);
    keep("a", &one, Some("1.2.3"), true);
    keep("b", &one, Some("1.2.4"), true);
    let mine = |by: &str| store.reading(|tx| tx.kept_patients(&user(by))).unwrap();
    let marked = |by: &str, whose| store.reading(|tx| tx.bookmarks(&user(by), whose)).unwrap();
    assert_eq!(mine("a").len(), 2);
    assert!(mine("b").is_empty(), "a bookmark keeps no patient");
    assert_eq!(marked("a", &one), ["1.2.3"]);
    assert!(marked("a", &two).is_empty());
    keep("a", &one, None, false);
    assert_eq!(mine("a"), std::slice::from_ref(&two));
    assert_eq!(marked("a", &one), ["1.2.3"], "the bookmark stays");
    keep("a", &one, Some("1.2.3"), false);
    assert!(marked("a", &one).is_empty());
    let hits = |keys: &[PatientKey]| store.reading(|tx| tx.patient_hits(keys)).unwrap();
    let gone = PatientKey::new("nobody").unwrap();
    let found = hits(&[two.clone(), gone, one.clone()]);
    let keys: Vec<_> = found.into_iter().map(|h| h.record.patient_key).collect();
    assert_eq!(
        keys,
        [two, one],
        "in the order asked, without whoever is gone"
    );
}

pub fn there_is_an_end_to_keeping(place: Place) {
    let store = place.open();
    let one = registered(&*store, "1");
    let by = user("a");
    let marked = store.writing(|tx| {
        (0..KEPT_MAX).try_for_each(|n| tx.keep(&by, &one, Some(&format!("1.2.{n}")), true))
    });
    marked.unwrap();
    let more = store.writing(|tx| tx.keep(&by, &one, Some("1.3"), true));
    assert_eq!(more.unwrap_err().code, Code::KeptTooMany);
    let kept = store.reading(|tx| tx.bookmarks(&by, &one)).unwrap();
    assert_eq!(kept.len(), KEPT_MAX as usize, "nothing kept was lost");
}
