//! Browsers from which a user has signed in before: what their cookie is worth, and what it is not.

use super::account::send;
use super::http::{Answer, Client};
use super::world::{PASSWORD, World};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];
const NAME: &str = "__Host-tasuki-browser";

/// The cookie of the browser that an answer sets, whole.
fn set(answer: &Answer) -> Option<String> {
    let set = answer.head.lines().filter_map(|line| line.split_once(": "));
    set.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .map(|(_, cookie)| cookie.trim().to_owned())
        .find(|cookie| cookie.starts_with(NAME))
}

/// Signs in with a cookie, or with none.
fn sign_in(world: &World, cookie: Option<&str>, name: &str, password: &str) -> Answer {
    let client = Client {
        cookie: cookie.map(str::to_owned),
        ..Client::new(&world.address)
    };
    client.post(
        "/sign-in",
        &format!("name={name}&password={password}"),
        &SAME,
    )
}

/// What a browser shows after this user has signed in from it.
fn cookie_of(world: &World, before: Option<&str>, name: &str) -> String {
    let answer = sign_in(world, before, name, PASSWORD);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = set(&answer).unwrap();
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// Guesses at a name from this address until it waits.
fn guessed(world: &World, name: &str) {
    for _ in 0..10 {
        assert_eq!(sign_in(world, None, name, "wrong").status, 401);
    }
    assert_eq!(sign_in(world, None, name, PASSWORD).status, 429);
}

#[test]
fn who_has_signed_in_from_a_browser_before_is_not_held_up_by_guesses() {
    let world = World::new("browsers-known", true);
    let first = cookie_of(&world, None, "doctor");
    let clerk = cookie_of(&world, None, "clerk");
    guessed(&world, "doctor");
    let second = cookie_of(&world, Some(&first), "doctor");
    assert_ne!(first, second, "the secret changes with every sign-in");
    let forged = format!("{NAME}={}", "0".repeat(64));
    for (cookie, why) in [
        (first.as_str(), "the secret before"),
        (forged.as_str(), "one that nobody was given"),
        (clerk.as_str(), "a browser of somebody else"),
    ] {
        let answer = sign_in(&world, Some(cookie), "doctor", PASSWORD);
        assert_eq!(answer.status, 429, "{why}");
        assert_eq!(set(&answer), None, "{why}");
    }
    // A terminal of the ward is known of both.
    let shared = cookie_of(&world, Some(&second), "clerk");
    let _ = cookie_of(&world, Some(&shared), "doctor");
    // The cookie alone opens nothing.
    let client = Client {
        cookie: Some(shared),
        ..Client::new(&world.address)
    };
    assert_eq!(client.get("/patients").status, 303);
}

#[test]
fn a_stolen_cookie_of_a_browser_is_worth_a_few_guesses_from_wherever() {
    let world = World::new("browsers-stolen", true);
    let cookie = cookie_of(&world, None, "doctor");
    guessed(&world, "doctor");
    let guess = |password: &str| sign_in(&world, Some(&cookie), "doctor", password).status;
    let answers: Vec<u16> = (0..8).map(|_| guess("wrong")).collect();
    assert_eq!(answers, [401, 401, 401, 401, 401, 429, 429, 429]);
    assert_eq!(guess(PASSWORD), 429, "it is known no longer");
}

#[test]
fn a_user_forgets_a_browser_and_a_new_password_forgets_all() {
    let world = World::new("browsers-forgotten", true);
    let one = cookie_of(&world, None, "doctor");
    let two = cookie_of(&world, None, "doctor");
    let doctor = world.sign_in("doctor");
    guessed(&world, "doctor");
    let ids = |page: &str| -> Vec<String> {
        let ids = page.split("name=\"browser\" value=\"").skip(1);
        ids.map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let known = ids(&doctor.get("/account").body);
    assert_eq!(known.len(), 3, "two, and that of the session here");
    assert!(known.iter().all(|id| !one.contains(id.as_str())));
    // Nobody forgets a browser of somebody else.
    let clerk = world.sign_in("clerk");
    for id in &known {
        assert_eq!(
            send(&clerk, "/account/devices", &format!("browser={id}")).status,
            303
        );
    }
    assert_eq!(ids(&doctor.get("/account").body).len(), 3);
    let two = cookie_of(&world, Some(&two), "doctor");
    // The one used last comes first.
    let last = ids(&doctor.get("/account").body).remove(0);
    let done = send(&doctor, "/account/devices", &format!("browser={last}"));
    assert_eq!(done.header("location"), Some("/account?done=forgotten"));
    assert_eq!(sign_in(&world, Some(&two), "doctor", PASSWORD).status, 429);
    assert_eq!(ids(&doctor.get("/account").body).len(), 2);
    let form = format!("new=kawa-to-yama-2026&again={PASSWORD}");
    assert_eq!(send(&doctor, "/account/password", &form).status, 303);
    assert!(ids(&doctor.get("/account").body).is_empty());
    let old = sign_in(&world, Some(&one), "doctor", "kawa-to-yama-2026");
    assert_eq!(old.status, 429);
}

#[test]
fn switched_off_no_browser_is_known() {
    let world = World::made("browsers-off", true, |world| {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let off = text.replace("known_browsers = true", "known_browsers = false");
        assert_ne!(text, off);
        std::fs::write(&path, off).unwrap();
    });
    let answer = sign_in(&world, None, "doctor", PASSWORD);
    assert_eq!((answer.status, set(&answer)), (303, None));
    let doctor = world.sign_in("doctor");
    assert!(!doctor.get("/account").body.contains("name=\"browser\""));
    guessed(&world, "doctor");
}
