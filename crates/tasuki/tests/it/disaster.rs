//! Disaster mode, the board of who takes patients in, and why somebody may see a record.

use super::emergency::{found, open, post};
use super::http::{Answer, Client};
use super::world::{AWAY, CLINIC, HOME, PASSWORD, World, patient};
use tasuki_core::ports::{Disaster, Done};

fn set(world: &World, from: &str, to: &str) {
    let file = world.data().join("tasuki.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let changed = config.replace(from, to);
    assert_ne!(changed, config);
    std::fs::write(&file, changed).unwrap();
}

fn facility(code: &str) -> String {
    format!("f-{code}")
}

fn act(client: &Client, what: &str, id: &str) -> Answer {
    let area = facility(CLINIC);
    let fields = [
        ("act", what),
        ("disaster", id),
        ("area", area.as_str()),
        ("words", "震度6強の地震"),
        ("hours", "24"),
        ("again", PASSWORD),
    ];
    post(client, "/admin/disaster", &fields)
}

/// The id in the form of the first declaration of the page.
fn first(client: &Client) -> String {
    let page = client.get("/admin/disaster").body;
    let (_, rest) = page.split_once("name=\"disaster\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Doctors have to be let in by telephone; two operators.
fn world(name: &str, refusal: &str) -> World {
    let mut world = World::made(name, false, |world| {
        set(world, "by_patient_id = true", "by_patient_id = false");
        let rule = format!("disaster_despite_refusal = {refusal}");
        if refusal == "true" {
            set(world, "disaster_despite_refusal = false", &rule);
        }
    });
    world.stop();
    world.user("second", "network-operator", HOME);
    world.user("officer", "privacy-officer", AWAY);
    world.serve();
    world
}

#[test]
fn two_operators_switch_it_on_for_an_area_and_one_ends_it() {
    let world = world("disaster", "false");
    let id = format!("0000067890@{AWAY}");
    let look = [("by", "id"), ("id", id.as_str())];
    let stranger = world.sign_in("stranger");
    assert_eq!(post(&stranger, "/emergency", &look).status, 422, "off");
    let (one, two) = (world.sign_in("operator"), world.sign_in("second"));
    let wrong = [("act", "declare"), ("again", "wrong")];
    assert_eq!(post(&one, "/admin/disaster", &wrong).status, 422);
    assert_eq!(act(&one, "declare", "").status, 303);
    let declared = first(&one);
    assert_eq!(act(&one, "confirm", &declared).status, 404, "somebody else");
    assert_eq!(post(&stranger, "/emergency", &look).status, 422, "waits");
    assert_eq!(act(&two, "confirm", &declared).status, 303);
    assert_eq!(act(&two, "confirm", &declared).status, 404, "once");
    // Every page says it, wherever one works.
    for who in [&stranger, &one] {
        for page in ["/patients", "/board", "/account"] {
            assert!(who.get(page).body.contains("震度6強の地震"), "{page}");
        }
    }
    // In its area only.
    let doctor = world.sign_in("doctor");
    assert_eq!(post(&doctor, "/emergency", &look).status, 422);
    let path = found(&stranger, &id);
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    let queue = world.sign_in("officer").get("/admin/reviews").body;
    assert!(
        queue.contains("災害時の閲覧") && !queue.contains("name=\"watch\""),
        "{queue}"
    );
    assert_eq!(act(&one, "end", &declared).status, 303);
    assert!(!stranger.get("/patients").body.contains("震度6強の地震"));
    assert_eq!(
        post(&stranger, "/emergency", &look).status,
        422,
        "off again"
    );
    for who in [&doctor, &stranger] {
        assert_eq!(who.get("/admin/disaster").status, 404);
        assert_eq!(act(who, "end", &declared).status, 404);
    }
}

/// The store of a node that does not run.
fn store_of(world: &World) -> std::sync::Arc<dyn tasuki_core::ports::Store> {
    let args = tasuki::args::Args {
        data: Some(world.data()),
        ..Default::default()
    };
    let config = tasuki::config::Config::read(&tasuki::node::config_path(&args)).unwrap();
    let store = tasuki::node::store_config(&args, &config).unwrap();
    tasuki_store::open(&store).unwrap()
}

/// What the trail of a node that does not run says of the ends of disasters.
fn ends(world: &World) -> Vec<String> {
    let store = store_of(world);
    let rows = store.reading(|tx| tx.audit_after("test", 10_000)).unwrap();
    store.close().unwrap();
    let events = rows.into_iter().filter_map(|row| row.event);
    let ended = events.filter(|event| event.subject == "ended");
    let details = ended.filter_map(|event| event.detail);
    details.filter(|d| d.starts_with("disaster mode")).collect()
}

/// As if the node had been started so many seconds later: everything that was done lies further back.
fn later(world: &World, seconds: i64) {
    let store = store_of(world);
    let back = |done: Done| Done {
        at: done.at.plus_seconds(-seconds),
        ..done
    };
    store
        .writing(|tx| {
            let found = tx.disasters(10)?;
            for disaster in found {
                let moved = Disaster {
                    declared: back(disaster.declared.clone()),
                    confirmed: disaster.confirmed.clone().map(back),
                    ..disaster
                };
                tx.put_disaster(&moved)?;
            }
            Ok(())
        })
        .unwrap();
    store.close().unwrap();
}

#[test]
fn it_ends_by_itself_at_its_hour_and_the_trail_says_so() {
    let mut world = world("disaster-ends", "false");
    let id = format!("0000067890@{AWAY}");
    let look = [("by", "id"), ("id", id.as_str())];
    let (one, two) = (world.sign_in("operator"), world.sign_in("second"));
    assert_eq!(act(&one, "declare", "").status, 303);
    assert_eq!(act(&two, "confirm", &first(&one)).status, 303);
    assert_eq!(act(&two, "declare", "").status, 303, "nobody confirms it");
    let said = |client: &Client| client.get("/patients").body.contains("震度6強の地震");
    // A minute before its end it holds, and a minute after it nothing does, whoever is there.
    for (seconds, holds) in [(86_400 - 60, true), (120, false)] {
        world.stop();
        later(&world, seconds);
        world.serve();
        let stranger = world.sign_in("stranger");
        assert_eq!(said(&stranger), holds);
        let found = post(&stranger, "/emergency", &look).status;
        assert_eq!(found == 303, holds, "{found}");
    }
    let told = |ends: &[String], what: &str| ends.iter().filter(|e| e.ends_with(what)).count();
    world.stop();
    let ends = ends(&world);
    assert_eq!(told(&ends, "has ended by itself"), 1, "{ends:?}");
    assert_eq!(told(&ends, "was not confirmed"), 1, "{ends:?}");
}

#[test]
fn whether_a_refusal_holds_in_a_disaster_is_the_networks_rule() {
    for (rule, found) in [("false", false), ("true", true)] {
        let mut world = world(&format!("disaster-refused-{rule}"), rule);
        world.stop();
        let patient = format!("{AWAY}:0000067890");
        world.ok(&["consent", &patient, "--by", "officer", "--no-emergency"]);
        world.serve();
        let (one, two) = (world.sign_in("operator"), world.sign_in("second"));
        assert_eq!(act(&one, "declare", "").status, 303);
        assert_eq!(act(&two, "confirm", &first(&one)).status, 303);
        let stranger = world.sign_in("stranger");
        let id = format!("0000067890@{AWAY}");
        let look = post(&stranger, "/emergency", &[("by", "id"), ("id", &id)]);
        assert_eq!(look.status == 303, found, "{rule} {}", look.body);
    }
}

#[test]
fn a_clerk_writes_what_the_own_hospital_takes_in_and_everybody_reads_it() {
    let world = World::new("board", true);
    world.user("desk", "clerk", AWAY);
    let (clerk, desk) = (world.sign_in("clerk"), world.sign_in("desk"));
    let says = |client: &Client, department: &str, state: &str, words: &str| {
        let fields = [
            ("department", department),
            ("acceptance", state),
            ("words", words),
        ];
        post(client, "/board", &fields).status
    };
    assert_eq!(says(&clerk, "救急科", "open", "ICU 2床"), 303);
    assert_eq!(says(&desk, "小児科", "closed", ""), 303);
    assert_eq!(says(&clerk, "", "open", ""), 400);
    assert_eq!(says(&clerk, "内科", "perhaps", ""), 400);
    let doctor = world.sign_in("doctor");
    assert_eq!(says(&doctor, "内科", "open", ""), 404, "clerks only");
    let board = doctor.get("/board").body;
    assert!(board.contains("ICU 2床") && board.contains("小児科") && board.contains("0分前"));
    assert!(doctor.get("/emergency").body.contains("href=\"/board\""));
    // Others' lines are not theirs to take away.
    assert_eq!(says(&desk, "救急科", "none", ""), 303);
    assert!(doctor.get("/board").body.contains("ICU 2床"));
    assert_eq!(says(&clerk, "救急科", "none", ""), 303);
    assert!(!doctor.get("/board").body.contains("ICU 2床"));
}

#[test]
fn why_somebody_may_see_a_record_is_told_to_those_who_answer_for_it() {
    let world = World::new("explain", false);
    world.user("officer", "privacy-officer", AWAY);
    world.user("admin", "facility-administrator", AWAY);
    world.user("elsewhere", "privacy-officer", HOME);
    let ask = |client: &Client, patient: &str, user: &str, purpose: &str| {
        let fields = [("patient", patient), ("user", user), ("purpose", purpose)];
        post(client, "/admin/policy/explain", &fields)
    };
    for who in ["officer", "admin"] {
        let officer = world.sign_in(who);
        assert_eq!(officer.get("/admin/policy/explain").status, 200);
        let told = ask(&officer, "0000067890", "doctor", "treatment").body;
        assert!(
            told.contains("この患者の登録がありません") && !told.contains("AWAYRESULT"),
            "{told}"
        );
        let urgent = ask(&officer, "0000067890", "doctor", "emergency").body;
        assert!(urgent.contains("救急の閲覧許可がないか"), "{urgent}");
        let clerk = ask(&officer, "0000067890", "clerk", "treatment").body;
        assert!(
            clerk.contains("この職種ではこの区分を閲覧できません"),
            "{clerk}"
        );
        assert_eq!(
            ask(&officer, "0000067890", "nobody", "treatment").status,
            404
        );
        assert_eq!(
            ask(&officer, "0000012345", "doctor", "treatment").status,
            404
        );
    }
    let elsewhere = world.sign_in("elsewhere");
    let own = ask(&elsewhere, "0000012345", "doctor", "treatment").body;
    assert!(own.contains("自施設の記録です"), "{own}");
    for who in ["doctor", "clerk", "operator"] {
        let client = world.sign_in(who);
        assert_eq!(client.get("/admin/policy/explain").status, 404, "{who}");
        assert_eq!(
            ask(&client, "0000012345", "doctor", "treatment").status,
            404
        );
    }
}

/// From so many charts of one day on, reading is unusual, where the configuration says nothing else.
const MANY: usize = 30;

/// A hospital with so many people, and the page that a doctor opens of each.
fn many(world: &World, count: usize) {
    let root = world.folder.join("many");
    for number in 0..count {
        let name = format!("多数^{number}号");
        patient(
            &root,
            &format!("00007{number:05}"),
            (&name, "タスウ^ヒト", "19500101"),
            "1",
        );
    }
    let root = root.to_string_lossy().into_owned();
    world.ok(&["import", "ss-mix2", &root, "--facility", HOME]);
}

#[test]
fn many_charts_in_a_day_are_told_to_the_officer_once() {
    for least in [MANY, 7] {
        let world = World::made(&format!("unusual-volume-{least}"), true, |world| {
            let said = format!("unusual_charts = {MANY}");
            if least != MANY {
                set(world, &said, &format!("unusual_charts = {least}"));
            }
        });
        world.user("officer", "privacy-officer", HOME);
        many(&world, least);
        let doctor = world.sign_in("doctor");
        let read = |numbers: std::ops::Range<usize>| {
            for number in numbers {
                let found = doctor.get(&format!("/patients?id=00007{number:05}")).body;
                let (_, rest) = found.split_once("href=\"/patients/").unwrap();
                let person = rest.split('/').next().unwrap();
                let chart = doctor.get(&format!("/patients/{person}/calendar"));
                assert_eq!(chart.status, 200, "{number}");
                assert!(chart.body.contains(&format!("{number}号")), "{number}");
            }
        };
        let queue = || world.sign_in("officer").get("/admin/reviews").body;
        let hints = |page: &str| page.matches("ふだんより多い閲覧").count();
        read(0..least - 1);
        read(0..2);
        assert_eq!(hints(&queue()), 0, "{least}");
        read(least - 1..least);
        assert_eq!(hints(&queue()), 1, "{least}");
        read(0..5);
        let page = queue();
        assert_eq!(hints(&page), 1, "{page}");
        assert!(!page.contains("号"), "a count names nobody");
    }
}

#[test]
fn unusual_reading_is_told_to_the_officer_unless_it_is_switched_off() {
    for on in [true, false] {
        let world = World::made(&format!("unusual-{on}"), true, |world| {
            if !on {
                set(world, "unusual_reading = true", "unusual_reading = false");
            }
        });
        world.user_named("tokyo", "physician", HOME, "東京 太郎");
        world.user("officer", "privacy-officer", HOME);
        let tokyo = world.sign_in("tokyo");
        let page = tokyo.get("/patients").body;
        let (_, rest) = page.split_once("/patients/").unwrap();
        let chart = format!("/patients/{}/labs", rest.split('/').next().unwrap());
        assert_eq!(tokyo.get(&chart).status, 200);
        assert_eq!(tokyo.get(&chart).status, 200);
        let queue = world.sign_in("officer").get("/admin/reviews").body;
        let lines = queue.matches("同じ姓の患者の閲覧").count();
        assert_eq!(lines, usize::from(on), "{queue}");
        assert_eq!(queue.contains("花子"), on);
        // Somebody of that name works here, too.
        world.user_named("hanako", "nurse", HOME, "東京花子");
        let doctor = world.sign_in("doctor");
        assert_eq!(doctor.get(&chart).status, 200);
        let queue = world.sign_in("officer").get("/admin/reviews").body;
        assert_eq!(
            queue.matches("職員の記録の閲覧").count(),
            usize::from(on),
            "{queue}"
        );
    }
}
