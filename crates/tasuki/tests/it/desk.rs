//! The identity desk: who sees which line, and what decisions, second persons and undoing do.

use super::http::{Answer, Client};
use super::world::World;
use std::path::Path;

const NOBODY: &str = "00000000000000000000000000000000";
const FAMILY: [&str; 5] = ["佐々木", "鈴木", "山本", "伊藤", "小林"];

fn world(name: &str) -> World {
    let planted = |out: &Path| {
        let order = tasuki_testkit::generate::Order {
            seed: 1,
            persons: 11,
            years: 5,
            until: tasuki_testkit::generate::UNTIL,
            heavy: 0,
        };
        tasuki_testkit::generate::generate(order, out).unwrap();
    };
    World::community(name, planted).0
}

/// The lines that a page leads to, in its order, each once.
fn lines(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in page.split("href=\"/desk/links/").skip(1) {
        let id = part.split('"').next().unwrap().to_owned();
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The line whose row names somebody.
fn line_of(client: &Client, name: &str) -> String {
    let page = client.get("/desk").body;
    let row = page.split("<tr>").find(|row| row.contains(name)).unwrap();
    lines(row).remove(0)
}

fn press(client: &Client, line: &str, answer: &str) -> Answer {
    let page = client.get("/help").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    let form = format!("csrf={token}&answer={answer}");
    let same = [("Sec-Fetch-Site", "same-origin")];
    client.post(&format!("/desk/links/{line}"), &form, &same)
}

fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").unwrap()
}

#[test]
fn a_line_is_seen_by_clerks_of_its_facilities_and_nobody_else() {
    let world = world("desk-who");
    let clerk = world.sign_in("clerk");
    let desk = clerk.get("/desk").body;
    let all = lines(&desk);
    // Of twins and namesakes the line may stand between their cards at the clinic.
    assert!((2..=5).contains(&all.len()), "{desk}");
    assert!(desk.contains("山本") && desk.contains("伊藤"));
    for line in &all {
        let page = clerk.get(&format!("/desk/links/{line}"));
        assert_eq!(page.status, 200);
        assert!(FAMILY.iter().any(|name| page.body.contains(name)));
        assert!(!page.body.contains("/patients/"), "leads to no chart");
    }
    for who in ["doctor", "operator", "elsewhere"] {
        let client = world.sign_in(who);
        let desk = client.get("/desk");
        assert_eq!(desk.status, 200);
        let theirs = lines(&desk.body);
        if who != "elsewhere" {
            assert!(theirs.is_empty() && !FAMILY.iter().any(|name| desk.body.contains(name)));
        }
        for line in all.iter().filter(|line| !theirs.contains(line)) {
            let refused = client.get(&format!("/desk/links/{line}"));
            let unknown = client.get(&format!("/desk/links/{NOBODY}"));
            assert_eq!((refused.status, unknown.status), (404, 404), "{who}");
            let without = |a: &Answer| a.bare().replace(line, "").replace(NOBODY, "");
            assert_eq!(without(&refused), without(&unknown), "{who}");
            assert_eq!(press(&client, line, "same").status, 404, "{who}");
        }
    }
    let elsewhere = lines(&world.sign_in("elsewhere").get("/desk").body);
    assert!(elsewhere.len() < all.len());
    let operator = world.sign_in("operator").get("/desk").body;
    let stats = world.ok(&["identity", "stats"]);
    let waiting = stats
        .split("queue ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let waiting = format!("<dd>{}</dd>", waiting.unwrap());
    assert!(operator.contains(&waiting), "{waiting}: {operator}");
    // What the other hospital no longer discloses is no longer compared.
    let yuko = line_of(&clerk, "山本");
    let page = clerk.get(&format!("/desk/links/{yuko}")).body;
    let other = page.split("<td").find_map(|cell| {
        let text = cell.split_once('>')?.1.split('<').next()?;
        (text.len() == 8 && text.starts_with("2044")).then(|| text.to_owned())
    });
    let withdrawn = format!("1312345678:{}", other.unwrap());
    world.ok(&["disclose", &withdrawn, "--withdraw"]);
    assert_eq!(clerk.get(&format!("/desk/links/{yuko}")).status, 404);
    assert!(!clerk.get("/desk").body.contains("山本"));
}

#[test]
fn a_decision_waits_for_a_second_person_and_can_be_undone() {
    let world = world("desk-decide");
    let (clerk, colleague) = (world.sign_in("clerk"), world.sign_in("colleague"));
    let line = line_of(&clerk, "山本");
    let page = format!("/desk/links/{line}");
    assert!(led_to(&press(&clerk, &line, "same")).contains("done=proposed"));
    let again = press(&clerk, &line, "same");
    assert_eq!(again.status, 403);
    assert!(again.body.contains("IDN-005"));
    assert!(!clerk.get(&page).body.contains("value=\"same\""));
    assert!(colleague.get(&page).body.contains("value=\"same\""));
    assert!(led_to(&press(&colleague, &line, "same")).contains("done=same"));
    let late = press(&clerk, &line, "not-same");
    assert_eq!(late.status, 409);
    assert!(late.body.contains("IDN-006"));
    assert!(clerk.get(&page).body.contains("value=\"undo\""));
    assert_eq!(
        led_to(&press(&clerk, &line, "undo")).split('?').next(),
        Some("/desk")
    );
    assert!(lines(&clerk.get("/desk").body).contains(&line));

    let sachiko = line_of(&clerk, "伊藤");
    let next = led_to(&press(&clerk, &sachiko, "ask")).to_owned();
    assert!(next.contains("done=asked") && !next.contains(&format!("links/{sachiko}")));
    assert!(
        clerk
            .get(&format!("/desk/links/{sachiko}"))
            .body
            .contains("value=\"undo\"")
    );
    assert_eq!(press(&clerk, &sachiko, "maybe").status, 400);
    assert_eq!(
        clerk
            .post(&format!("/desk/links/{sachiko}"), "answer=same", &[])
            .status,
        403
    );
}
