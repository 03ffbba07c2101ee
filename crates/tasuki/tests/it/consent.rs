//! 同意 at the desk: taken, printed, found again by its code, changed, withdrawn in two steps; documents kept
//! out without a title; for nobody but the clerks of the facility that took it.

use super::account::send;
use super::http::{Answer, Client, Parts};
use super::world::{AT_AWAY, AT_HOME, AWAY, CLINIC, HOME, World};

/// A world where the hospital elsewhere has a clerk, and files are taken without a scanner.
pub fn world(name: &str) -> World {
    let world = World::made(name, true, |world| {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let notes = "[portal.notes]\nunscanned = true\n";
        let text = match text.contains("[portal.notes]") {
            true => text.replace("unscanned = false", "unscanned = true"),
            false => format!("{text}\n{notes}"),
        };
        std::fs::write(&path, text).unwrap();
    });
    world.user("away-clerk", "clerk", AWAY);
    world.user("third", "clerk", CLINIC);
    world
}

/// Where the consent of a patient ID is, by the desk's own search.
pub fn consent_of(clerk: &Client, id: &str) -> String {
    let found = clerk.get(&format!("/desk/consents?id={id}"));
    assert_eq!(found.status, 303, "{}", found.body);
    found.header("location").unwrap().to_owned()
}

pub fn value(page: &str, before: &str) -> String {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("{before}: {page}"));
    rest.split(['"', '<']).next().unwrap().to_owned()
}

fn labs(doctor: &Client) -> String {
    let list = doctor.get("/patients").body;
    let person = value(&list, "href=\"/patients/")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let base = format!("/patients/{person}");
    let page = doctor.get(&format!("{base}/labs?view=list")).body;
    let links = page.split("/documents/").skip(1);
    let entries = links.map(|t| t.split('"').next().unwrap().to_owned());
    entries
        .map(|e| doctor.get(&format!("{base}/documents/{e}")).body)
        .collect()
}

/// The id by which the form names a facility.
fn facility(page: &str, code: &str) -> String {
    let (before, _) = page.split_once(&format!("\"> 施設{code}</label>")).unwrap();
    before.rsplit("value=\"").next().unwrap().to_owned()
}

const TAKE: &str = "act=take&scope=network&categories=all&taken=2026-06-01&discloses=1";

fn take(clerk: &Client, path: &str, more: &str) -> Answer {
    send(clerk, path, &format!("{TAKE}&{more}"))
}

#[test]
fn a_consent_is_taken_printed_found_by_its_code_changed_and_withdrawn_in_two_steps() {
    let world = world("consent-desk");
    let (clerk, doctor) = (world.sign_in("away-clerk"), world.sign_in("doctor"));
    let path = consent_of(&clerk, "0000067890");
    let none = clerk.get(&path);
    assert!(none.body.contains("同意はまだありません"), "{}", none.body);
    assert!(!none.body.contains(AT_AWAY), "nothing clinical");
    // One facility only, no laboratory.
    let home = facility(&none.body, HOME);
    let only = format!(
        "act=take&scope=single&facility={home}&categories=some&category=note&taken=2026-06-01\
         &discloses=1&proxy=%E6%9D%B1%E4%BA%AC+%E4%B8%80%E9%83%8E&relation=%E9%95%B7%E7%94%B7&place=A1"
    );
    assert_eq!(send(&clerk, &path, &only).status, 303);
    assert!(
        !labs(&doctor).contains(AT_AWAY),
        "laboratory is not among it"
    );
    let page = clerk.get(&path).body;
    assert!(page.contains(&format!("閲覧できるのは 施設{HOME}")) && page.contains("長男"));
    // Its form, and the code on it.
    let id = value(&page, "/sheet?consent=");
    let sheet = clerk.get(&format!("{path}/sheet?consent={id}"));
    assert!(sheet.bytes.starts_with(b"%PDF"));
    let text = super::print::text_of(&sheet.bytes);
    let code = format!("{}-{}-{}", &id[..4], &id[4..8], &id[8..12]).to_uppercase();
    assert!(text.contains(&code) && text.contains("24時間"), "{text}");
    for typed in [
        code.clone(),
        code.to_lowercase(),
        format!("https://x/desk/consents?code={code}"),
    ] {
        let typed: String = typed.replace('=', "%3D").replace('?', "%3F");
        let found = clerk.get(&format!("/desk/consents?code={typed}"));
        assert_eq!(
            found.header("location"),
            Some(format!("{path}#consent-{id}").as_str())
        );
    }
    // A new one takes its place, and both are shown.
    let newer = take(&clerk, &path, "").status;
    assert_eq!(newer, 303);
    assert!(labs(&doctor).contains(AT_AWAY));
    let page = clerk.get(&path).body;
    assert!(page.contains("新しい同意に置き換え") && page.contains(&id));
    // Withdrawn in two steps; the form of the first consent withdraws nothing any more.
    let first = send(&clerk, &path, "act=ask-withdraw");
    let step = first.header("location").unwrap().to_owned();
    let page = clerk.get(&step).body;
    assert!(page.contains("同意を撤回する") && labs(&doctor).contains(AT_AWAY));
    let stale = send(&clerk, &path, &format!("act=withdraw&consent={id}"));
    assert!(stale.status == 409 && stale.body.contains("CNS-004"));
    let now = value(&page, "name=\"consent\" value=\"");
    assert_eq!(
        send(&clerk, &path, &format!("act=withdraw&consent={now}")).status,
        303
    );
    assert!(!labs(&doctor).contains(AT_AWAY) && labs(&doctor).contains(AT_HOME));
    let path = consent_of(&clerk, "0000067890");
    let open = send(&clerk, &path, "act=disclose");
    assert!(
        open.status == 409 && open.body.contains("CNS-003"),
        "only a new consent opens it"
    );
    let withdrawal = clerk.get(&format!("{path}/withdrawal?consent={now}"));
    let text = super::print::text_of(&withdrawal.bytes);
    assert!(text.contains("撤回届"), "{text}");
}

#[test]
fn the_flag_and_what_is_kept_out_hold_at_once_and_name_no_title() {
    let world = world("consent-hidden");
    let (clerk, doctor) = (world.sign_in("away-clerk"), world.sign_in("doctor"));
    // Disclosure ties and parts persons: where the page is follows.
    let path = || consent_of(&clerk, "0000067890");
    assert_eq!(take(&clerk, &path(), "").status, 303);
    let shown = |form: &str| {
        let done = send(&clerk, &path(), form);
        assert_eq!(done.status, 303, "{form}: {}", done.body);
        labs(&doctor).contains(AT_AWAY)
    };
    assert!(!shown("act=close"));
    assert!(shown("act=disclose"));
    let page = clerk.get(&path()).body;
    let (_, rest) = page.split_once("name=\"document\"").unwrap();
    let (_, rest) = rest
        .split_once("<option value=\"\"></option><option value=\"")
        .unwrap();
    let entry = rest.split('"').next().unwrap().to_owned();
    assert!(
        page.contains("2026年6月3日") && !page.contains(AT_AWAY),
        "{page}"
    );
    assert!(!shown(&format!("act=hide&document={entry}")));
    assert!(shown("act=show&number=0"));
    assert!(!shown("act=hide&department=01"));
    assert!(shown("act=show&number=0"));
    assert!(!shown("act=hide&shown-from=2026-06-04"));
    assert!(shown("act=show&number=0"));
    for wrong in ["act=hide", "act=hide&document=nothing", "act=show&number=7"] {
        let answer = send(&clerk, &path(), wrong);
        assert!(
            answer.status == 400 && answer.body.contains("CNS-002"),
            "{wrong}"
        );
    }
}

#[test]
fn a_form_that_is_not_whole_is_shown_again_and_changes_nothing() {
    let world = world("consent-form");
    let clerk = world.sign_in("away-clerk");
    let path = consent_of(&clerk, "0000067890");
    for wrong in [
        "scope=single",
        "scope=listed",
        "scope=listed&facility=nowhere",
        "scope=network&categories=some",
        "scope=network&categories=some&category=nothing",
        "scope=network&taken=2999-01-01",
        "scope=network&taken=",
        "scope=network&proxy=X",
        "scope=network&relation=X",
        "scope=network&first-day=2026-02-01&last-day=2026-01-01",
        "scope=network&until=2020-01-01",
        "scope=network&from=2026-13-01",
    ] {
        let taken = if wrong.contains("taken") {
            ""
        } else {
            "&taken=2026-06-01"
        };
        let answer = send(&clerk, &path, &format!("act=take&{wrong}{taken}"));
        assert!(
            answer.status == 400 && answer.body.contains("CNS-002"),
            "{wrong}"
        );
    }
    let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
    let answer = take(&clerk, &path, &format!("without={}", many.join(",")));
    assert!(answer.status == 400 && answer.body.contains("CNS-001"));
    assert!(clerk.get(&path).body.contains("同意はまだありません"));
}

#[test]
fn a_scan_is_looked_into_and_stays_with_the_desk() {
    let world = world("consent-scan");
    let clerk = world.sign_in("away-clerk");
    let path = consent_of(&clerk, "0000067890");
    let form = || {
        let csrf = value(&clerk.get(&path).body, "name=\"csrf\" value=\"");
        Parts::default()
            .field("csrf", &csrf)
            .field("act", "take")
            .field("scope", "network")
            .field("categories", "all")
            .field("taken", "2026-06-01")
    };
    let lies = clerk.upload(
        &path,
        &form().file("scan.png", "image/png", b"MZ no picture"),
    );
    assert!(
        (400..=415).contains(&lies.status) && lies.body.contains("NOT-004"),
        "{}",
        lies.status
    );
    assert!(clerk.get(&path).body.contains("同意はまだありません"));
    let motif = tasuki_testkit::documents::png::Motif::Chest;
    let png = tasuki_testkit::documents::png::image(motif, &mut tasuki_testkit::dice::Dice::new(1));
    let done = clerk.upload(&path, &form().file("scan.png", "image/png", &png));
    assert_eq!(done.status, 303, "{}", done.body);
    let page = clerk.get(&path).body;
    let scan = format!("{path}/scan?consent={}", value(&page, "/scan?consent="));
    let shown = clerk.get(&scan);
    assert!(shown.status == 200 && shown.bytes.starts_with(b"\x89PNG"));
    assert_eq!(shown.header("content-type"), Some("image/png"));
    for who in ["clerk", "third", "doctor", "operator", "stranger"] {
        assert_eq!(world.sign_in(who).get(&scan).status, 404, "{who}");
    }
}

#[test]
fn only_clerks_of_the_facility_see_and_change_a_consent() {
    let world = world("consent-others");
    let own = world.sign_in("away-clerk");
    let path = consent_of(&own, "0000067890");
    assert_eq!(take(&own, &path, "").status, 303);
    let id = value(&own.get(&path).body, "/sheet?consent=");
    let nobody = path.replacen(path.split('/').nth(2).unwrap(), &"0".repeat(32), 1);
    for who in ["doctor", "operator", "stranger", "third"] {
        let client = world.sign_in(who);
        let (page, unknown) = (client.get(&path), client.get(&nobody));
        let without = |a: &Answer| a.bare().replace(&path, "").replace(&nobody, "");
        assert_eq!(page.status, 404, "{who}");
        assert_eq!(without(&page), without(&unknown), "{who}");
        assert_eq!(take(&client, &path, "").status, 404, "{who}");
        assert_eq!(
            client.get(&format!("{path}/sheet?consent={id}")).status,
            404,
            "{who}"
        );
        let code = format!("/desk/consents?code={}", &id[..12]);
        assert!(!client.get(&code).body.contains("ハナコ"), "{who}");
    }
    // The clerk of the other hospital knows the person under an ID of its own: another consent.
    let clerk = world.sign_in("clerk");
    let there = clerk.get(&path);
    assert!(there.status == 404 || !there.body.contains(&id));
    let code = clerk.get(&format!("/desk/consents?code={}", &id[..12]));
    assert!(code.status == 200 && code.body.contains("この施設にありません"));
}

#[test]
fn the_clerks_list_of_patients_leads_to_the_consent_of_each() {
    let world = world("consent-list");
    let clerk = world.sign_in("clerk");
    let list = clerk.get("/patients").body;
    let (before, _) = list.split_once("/consent\"").unwrap();
    let path = format!("{}/consent", before.rsplit("href=\"").next().unwrap());
    let page = clerk.get(&path);
    assert_eq!(page.status, 200, "{path}");
    assert!(page.body.contains("花子"));
    // Whoever does not take consents is led nowhere, and finds nothing there.
    let doctor = world.sign_in("doctor");
    assert!(!doctor.get("/patients").body.contains("/consent\""));
    assert_eq!(doctor.get(&path).status, 404);
}
