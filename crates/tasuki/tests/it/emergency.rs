//! Emergency access: found, confirmed, opened with a reason, told, judged, ended; and who may not.

use super::http::{Answer, Client};
use super::world::{AT_AWAY, AT_HOME, AWAY, HOME, PASSWORD, World};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

/// The token that forms of a page carry.
pub fn token(client: &Client, page: &str) -> String {
    let body = client.get(page).body;
    let (_, rest) = body.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = token(client, "/patients");
    let mut pairs = vec![("csrf", token.as_str())];
    pairs.extend_from_slice(fields);
    let escaped = |text: &str| -> String {
        let bytes = text.bytes();
        bytes.map(|b| format!("%{b:02X}")).collect()
    };
    let pairs = pairs.iter().map(|(n, v)| format!("{n}={}", escaped(v)));
    client.post(path, &pairs.collect::<Vec<_>>().join("&"), &SAME)
}

fn find(client: &Client, id: &str) -> Answer {
    post(client, "/emergency", &[("by", "id"), ("id", id)])
}

/// The address of who was found.
pub fn found(client: &Client, id: &str) -> String {
    let answer = find(client, id);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").unwrap().to_owned()
}

pub fn open(client: &Client, path: &str, password: &str) -> Answer {
    let fields = [
        ("act", "open"),
        ("reason", "life"),
        ("words", "意識障害で救急搬送"),
        ("team", "看護 花江"),
        ("again", password),
    ];
    post(client, path, &fields)
}

fn person_in(body: &str) -> String {
    let (_, rest) = body.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    person.to_owned()
}

#[test]
fn a_patient_is_found_by_the_hospitals_own_id_and_opened_with_a_reason() {
    let world = World::new("emergency-id", false);
    world.user("officer", "privacy-officer", AWAY);
    let stranger = world.sign_in("stranger");
    let path = found(&stranger, &format!("67890@{AWAY}"));
    let confirm = stranger.get(&path);
    assert!(confirm.body.contains("花子") && confirm.body.contains("1947-03-12"));
    assert!(!confirm.body.contains(AT_AWAY) && !confirm.body.contains("/patients/0"));
    assert!(confirm.body.contains(&format!("施設{AWAY}")), "who is told");
    let unsaid = post(&stranger, &path, &[("act", "open"), ("again", PASSWORD)]);
    assert_eq!(unsaid.status, 422);
    assert!(unsaid.body.contains("EMR-003"));
    assert_eq!(open(&stranger, &path, "wrong").status, 401);
    assert!(!stranger.get(&path).body.contains(AT_AWAY));
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    let summary = stranger.get(&path).body;
    assert!(summary.contains(AT_AWAY) && summary.contains("救急閲覧中"));
    assert!(
        !summary.contains(AT_HOME),
        "another registration, not linked"
    );
    let person = person_in(&summary);
    let labs = format!("/patients/{person}/labs");
    let page = stranger.get(&labs).body;
    assert!(page.contains(AT_AWAY) && page.contains("救急閲覧中"));
    let paper = stranger.get(&format!("/patients/{person}/print/emergency"));
    assert_eq!(paper.status, 200);
    // Nobody else, and nothing after its end.
    let doctor = world.sign_in("doctor");
    assert_eq!(doctor.get(&path).status, 404);
    assert_eq!(doctor.get(&labs).status, 404);
    assert_eq!(post(&doctor, &path, &[("act", "end")]).status, 404);
    assert!(stranger.get("/emergency/mine").body.contains("EMS-"));
    assert_eq!(post(&stranger, &path, &[("act", "end")]).status, 303);
    assert_eq!(stranger.get(&labs).status, 404);
    assert_eq!(stranger.get(&path).header("location"), Some("/emergency"));
    let again = post(&stranger, &path, &[("act", "extend"), ("why", "x")]);
    assert_eq!(again.status, 404);
    judged(&world, &stranger);
}

/// The officer of the disclosing hospital sees who, whom and why, asks back, and decides.
fn judged(world: &World, reader: &Client) {
    let officer = world.sign_in("officer");
    let queue = officer.get("/admin/reviews").body;
    assert!(queue.contains("意識障害で救急搬送") && queue.contains("花子"));
    assert!(!queue.contains(AT_AWAY));
    let (_, rest) = queue.split_once("name=\"watch\" value=\"").unwrap();
    let watch = rest.split('"').next().unwrap();
    let say = |verdict: &str, words: &str| {
        let fields = [("watch", watch), ("verdict", verdict), ("words", words)];
        post(&officer, "/admin/reviews", &fields).status
    };
    assert_eq!(say("ask", ""), 400);
    assert_eq!(say("ask", "どの患者さんの搬送ですか"), 303);
    assert!(
        reader
            .get("/emergency/mine")
            .body
            .contains("どの患者さんの搬送ですか")
    );
    let answer = [("watch", watch), ("words", "11時の搬送です")];
    let others = world.sign_in("doctor");
    assert_eq!(post(&others, "/emergency/mine", &answer).status, 404);
    assert_eq!(post(reader, "/emergency/mine", &answer).status, 303);
    assert_eq!(post(reader, "/emergency/mine", &answer).status, 404, "once");
    assert!(
        officer
            .get("/admin/reviews")
            .body
            .contains("11時の搬送です")
    );
    assert_eq!(say("justified", ""), 303);
    world.user("elsewhere", "privacy-officer", HOME);
    let elsewhere = world.sign_in("elsewhere");
    assert!(!elsewhere.get("/admin/reviews").body.contains("花子"));
    let fields = [("watch", watch), ("verdict", "justified"), ("words", "")];
    assert_eq!(post(&elsewhere, "/admin/reviews", &fields).status, 404);
}

#[test]
fn four_items_find_one_person_or_nobody() {
    let world = World::new("emergency-items", true);
    let stranger = world.sign_in("stranger");
    let look = |family: &str, given: &str, birth: &str, sex: &str| {
        let fields = [
            ("by", "items"),
            ("family", family),
            ("given", given),
            ("birth", birth),
            ("sex", sex),
        ];
        post(&stranger, "/emergency", &fields)
    };
    let all = look("とうきょう", "ハナコ", "S22.3.12", "f");
    assert_eq!(all.status, 303, "{}", all.body);
    assert_eq!(look("東京", "花子", "1947-03-12", "f").status, 303);
    for (family, given, birth, sex) in [
        ("東京", "花", "1947-03-12", "f"),
        ("東京", "花子", "1947-03-13", "f"),
        ("東京", "花子", "1947-03-12", "m"),
    ] {
        let nobody = look(family, given, birth, sex);
        assert_eq!(nobody.status, 422);
        assert!(nobody.body.contains("EMR-001") && !nobody.body.contains("ハナコ"));
    }
    assert!(look("東京", "", "1947-03-12", "f").body.contains("EMR-003"));
}

#[test]
fn whoever_tries_ids_waits_and_is_told_of() {
    let world = World::new("emergency-walk", true);
    world.user("officer", "privacy-officer", HOME);
    let stranger = world.sign_in("stranger");
    for id in 0..12 {
        let nobody = find(&stranger, &format!("99{id}@{HOME}"));
        assert_eq!(nobody.status, 422);
        assert!(nobody.body.contains("EMR-001"));
    }
    let waits = find(&stranger, &format!("0000012345@{HOME}"));
    assert_eq!(waits.status, 429);
    assert!(waits.body.contains("EMR-002") && !waits.body.contains("ハナコ"));
    let queue = world.sign_in("officer").get("/admin/reviews").body;
    assert_eq!(queue.matches("患者IDを続けて試した疑い").count(), 1);
}

#[test]
fn emergencies_are_physicians_and_reviews_officers() {
    let world = World::new("emergency-roles", true);
    world.user("nurse", "nurse", HOME);
    world.user("officer", "privacy-officer", HOME);
    for who in ["clerk", "operator", "nurse", "officer"] {
        let client = world.sign_in(who);
        for page in ["/emergency", "/emergency/mine", "/emergency/0000"] {
            assert_eq!(client.get(page).status, 404, "{who} {page}");
        }
        let found = find(&client, &format!("0000012345@{HOME}"));
        assert_eq!(found.status, 404, "{who}");
        let reviews = client.get("/admin/reviews").status;
        assert_eq!(reviews == 200, who == "officer", "{who}");
    }
    let doctor = world.sign_in("doctor");
    assert_eq!(doctor.get("/admin/reviews").status, 404);
    assert_eq!(doctor.get("/emergency/0000").status, 404);
}
