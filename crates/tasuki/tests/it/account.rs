//! What belongs to a user: open sessions, password.

use super::http::{Answer, Client};
use super::world::{PASSWORD, World};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

/// The token of the forms that this client is shown.
pub fn token(client: &Client) -> String {
    let page = client.get("/account").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Sends a form with its token.
pub fn send(client: &Client, path: &str, form: &str) -> Answer {
    client.post(path, &format!("csrf={}&{form}", token(client)), &SAME)
}

#[test]
fn a_password_is_changed_by_who_knows_it_and_other_sessions_end() {
    let world = World::new("account-password", true);
    let (here, there) = (world.sign_in("doctor"), world.sign_in("doctor"));
    let change = |form: &str| send(&here, "/account/password", form);
    let new = "kawa-to-yama-2026";
    for (form, code) in [
        (format!("new={new}&again=wrong"), "WEB-001"),
        (format!("new=short&again={PASSWORD}"), "ACC-002"),
        (format!("new=doctor-{new}&again={PASSWORD}"), "ACC-002"),
        (format!("new=aaaaaaaaaaaaaa&again={PASSWORD}"), "ACC-002"),
    ] {
        let answer = change(&form);
        assert_eq!(answer.status, 422, "{form}");
        assert!(answer.body.contains(code), "{form}");
    }
    assert_eq!(there.get("/patients").status, 200);
    assert_eq!(change(&format!("new={new}&again={PASSWORD}")).status, 303);
    assert_eq!(there.get("/patients").status, 303);
    assert_eq!(here.get("/patients").status, 200);
    let anyone = Client::new(&world.address);
    let old = format!("name=doctor&password={PASSWORD}");
    assert_eq!(anyone.post("/sign-in", &old, &SAME).status, 401);
    let _ = Client::sign_in(&world.address, "doctor", new);
}

#[test]
fn a_user_ends_their_own_sessions_and_nobody_elses() {
    let world = World::new("account-devices", true);
    let (here, there) = (world.sign_in("doctor"), world.sign_in("doctor"));
    let other = world.sign_in("clerk");
    let page = here.get("/account").body;
    let named: Vec<&str> = page
        .split("name=\"device\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(named.len(), 2, "the other one, and all others");
    let device = format!("device={}", named[0]);
    assert_eq!(send(&other, "/account/devices", &device).status, 303);
    assert_eq!(there.get("/patients").status, 200);
    assert_eq!(send(&here, "/account/devices", &device).status, 303);
    assert_eq!(there.get("/patients").status, 303);
    let third = world.sign_in("doctor");
    assert_eq!(send(&here, "/account/devices", "device=others").status, 303);
    assert_eq!(third.get("/patients").status, 303);
    assert_eq!(other.get("/patients").status, 200);
    assert_eq!(here.get("/patients").status, 200);
}

#[test]
fn wrong_passwords_asked_for_again_count_as_guesses() {
    let world = World::new("account-guesses", true);
    let doctor = world.sign_in("doctor");
    let guess = |n: u32| {
        let form = format!("new=kawa-to-yama-2026&again=wrong{n}");
        send(&doctor, "/account/password", &form).body
    };
    assert!((0..10).all(|n| guess(n).contains("WEB-001")));
    assert!(guess(10).contains("WEB-002"));
}
