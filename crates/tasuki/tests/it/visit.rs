//! The rule of 2020-03-31: a consent taken at the visit opens where the network has agreed on it, the purposes are
//! posted, and the patient does not object; and never else.

use super::account::send;
use super::consent::{consent_of, value};
use super::requests::{FORM, hospital, made};
use super::world::{CLINIC, HOME, World};

const ASKED: &str = "/desk/requests?done=asked";
const VISITED: &str = "/desk/requests?done=visited";
const HANAKO: &str = "0000012345";

fn today() -> String {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_micros()).unwrap();
    tasuki_model::JstDay::at(tasuki_model::Instant::from_micros(now)).to_string()
}

/// A world whose hospital has not disclosed Hanako.
fn world(name: &str, configure: impl FnOnce(&World)) -> World {
    let world = made(name, configure);
    world.ok(&["disclose", &format!("{HOME}:{HANAKO}"), "--withdraw"]);
    world
}

fn enable(world: &World) {
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once("[portal.visit_consent]").unwrap();
    let rest = rest.replacen("enabled = false", "enabled = true", 1);
    std::fs::write(&path, format!("{head}[portal.visit_consent]{rest}")).unwrap();
}

/// The hospital posts its purposes.
fn post(world: &World) {
    let to = hospital(&world.sign_in("reception"));
    let kept = format!("facility={to}&kind=hospital&part=both&posted=2026-04-01");
    let operator = world.sign_in("operator");
    assert_eq!(send(&operator, "/admin/members", &kept).status, 303);
}

/// Asks for Hanako as of today; where that leads.
fn ask(world: &World, more: &str) -> String {
    let form = FORM.replace("agreed=2026-06-01", &format!("agreed={}", today()));
    let reception = world.sign_in("reception");
    let to = hospital(&reception);
    let made = send(
        &reception,
        "/desk/requests",
        &format!("{form}&to={to}&{more}"),
    );
    made.header("location").unwrap_or_default().to_owned()
}

#[test]
fn off_the_consent_of_a_visit_opens_nothing() {
    let world = world("visit-off", |_| ());
    post(&world);
    assert_eq!(ask(&world, "visit=1"), ASKED);
    let page = world.sign_in("reception").get("/desk/requests").body;
    assert!(!page.contains("name=\"visit\""));
}

#[test]
fn on_it_opens_where_all_is_there_and_nobody_objects() {
    let world = world("visit-on", enable);
    assert_eq!(ask(&world, "visit=1"), ASKED, "nothing is posted");
    post(&world);
    assert_eq!(ask(&world, ""), ASKED, "no consent of this visit");
    assert_eq!(
        ask(&world, "visit=1&their_id=0000099999"),
        ASKED,
        "another ID"
    );
    let clerk = world.sign_in("clerk");
    let path = consent_of(&clerk, HANAKO);
    assert_eq!(send(&clerk, &path, "act=hide&objects=1").status, 303);
    assert_eq!(ask(&world, "visit=1"), ASKED, "the patient objects");
    let path = consent_of(&clerk, HANAKO);
    assert_eq!(send(&clerk, &path, "act=show&number=0").status, 303);
    assert_eq!(ask(&world, "visit=1"), VISITED);
    let path = consent_of(&clerk, HANAKO);
    let page = clerk.get(&path).body;
    assert!(page.contains("令和2年3月31日") && page.contains(&format!("施設{CLINIC}")));
    // Withdrawn, it is an objection: never an opt-out.
    let id = value(&page, "/sheet?consent=");
    let withdrawn = send(&clerk, &path, &format!("act=withdraw&consent={id}"));
    assert_eq!(withdrawn.status, 303);
    assert_eq!(ask(&world, "visit=1"), ASKED);
}
