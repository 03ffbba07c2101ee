//! Browsers from which users have signed in before.

use crate::place::Place;
use tasuki_core::ports::{BROWSER_SECONDS, BROWSER_TRIES_MAX, BROWSERS_MAX, Store};
use tasuki_model::{Instant, UserId};

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn at(seconds: i64) -> Instant {
    Instant::from_micros(seconds * 1_000_000)
}

fn tried(store: &dyn Store, browser: &str, by: &str, now: i64) -> bool {
    store
        .writing(|tx| tx.try_browser(browser, &user(by), at(now)))
        .unwrap()
}

fn known(store: &dyn Store, before: Option<&str>, browser: &str, by: &str, now: i64) {
    store
        .writing(|tx| tx.know_browser(before, browser, &user(by), at(now)))
        .unwrap();
}

pub fn a_known_browser_has_so_many_tries_and_no_more(place: Place) {
    let store = place.open();
    assert!(!tried(&*store, "b1", "a", 1), "not known");
    known(&*store, None, "b1", "a", 1);
    assert!(!tried(&*store, "b1", "b", 2), "known of another user");
    let taken = (0..20).filter(|_| tried(&*store, "b1", "a", 2)).count();
    assert_eq!(taken as i64, BROWSER_TRIES_MAX);
    known(&*store, Some("b1"), "b2", "a", 3);
    assert!(!tried(&*store, "b1", "a", 4), "the secret before");
    assert!(tried(&*store, "b2", "a", 4), "a right password begins anew");
    assert!(!tried(&*store, "b2", "a", 3 + BROWSER_SECONDS));
}

pub fn a_browser_of_several_users_is_forgotten_by_each_for_themselves(place: Place) {
    let store = place.open();
    known(&*store, None, "b1", "a", 1);
    known(&*store, Some("b1"), "b2", "b", 2);
    let forget = |browser: &str, by: &str| {
        store
            .writing(|tx| tx.forget_browser(browser, &user(by)))
            .unwrap()
    };
    assert!(!forget("b1", "a"), "it has the new secret for both");
    assert!(forget("b2", "a") && !forget("b2", "a"));
    assert!(!tried(&*store, "b2", "a", 3) && tried(&*store, "b2", "b", 3));
    for n in 0..30 {
        known(&*store, None, &format!("many{n}"), "a", 10 + n);
    }
    let all = |by: &str| store.reading(|tx| tx.known_browsers_of(&user(by))).unwrap();
    assert_eq!(all("a").len(), BROWSERS_MAX);
    assert_eq!(all("a")[0].browser_sha256, "many29");
    store
        .writing(|tx| tx.forget_browsers_of(&user("a")))
        .unwrap();
    assert!(all("a").is_empty() && all("b").len() == 1);
}
