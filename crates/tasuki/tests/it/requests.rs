//! 連携登録 from both desks: a clinic without a record asks, the hospital's clerk ties, sends back, or nobody may.

use super::account::send;
use super::http::Client;
use super::world::{AT_CLINIC, AT_HOME, CLINIC, HOME, World};

/// Hanako at the clinic, by the four items of the form.
pub const FORM: &str = "own_id=C-77&kana=%E3%83%88%E3%82%A6%E3%82%AD%E3%83%A7%E3%82%A6+%E3%83%8F%E3%83%8A%E3%82%B3\
    &birth=1947-03-12&sex=female&phone=03-0000-0001&agreed=2026-06-01";

fn world(name: &str) -> World {
    made(name, |_| ())
}

pub fn made(name: &str, configure: impl FnOnce(&World)) -> World {
    let world = World::made(name, true, configure);
    world.user("reception", "clerk", CLINIC);
    world
}

/// The id by which a form names the hospital.
pub fn hospital(client: &Client) -> String {
    let page = client.get("/desk/requests").body;
    let (before, _) = page.split_once(&format!(">施設{HOME}</option>")).unwrap();
    let id = before.rsplit("<option value=\"").next().unwrap();
    id.split('"').next().unwrap().to_owned()
}

fn first_request(client: &Client) -> String {
    let page = client.get("/desk/requests").body;
    let (_, rest) = page.split_once("/desk/requests/").unwrap();
    format!("/desk/requests/{}", rest.split('"').next().unwrap())
}

/// Asks for Hanako; the address of the request.
fn asked(reception: &Client) -> String {
    let to = hospital(reception);
    let made = send(reception, "/desk/requests", &format!("{FORM}&to={to}"));
    assert_eq!(made.status, 303, "{}", made.body);
    first_request(reception)
}

#[test]
fn a_clinic_asks_the_hospital_ties_and_the_clinic_sees() {
    let world = world("requests-approved");
    let (reception, clerk) = (world.sign_in("reception"), world.sign_in("clerk"));
    let physician = world.sign_in("stranger");
    assert!(
        !physician
            .get("/patients?id=C-77")
            .body
            .contains("/calendar")
    );
    let request = asked(&reception);
    let page = clerk.get(&request).body;
    assert!(page.contains("トウキョウ ハナコ") && page.contains("0000012345"));
    let wrong = send(&clerk, &request, "act=approve&own_id=0000099999");
    assert!(wrong.status == 422 && wrong.body.contains("LNK-003"));
    let done = send(&clerk, &request, "act=approve&own_id=0000012345");
    assert_eq!(
        done.header("location"),
        Some("/desk/requests?done=approved")
    );
    assert_eq!(
        send(&clerk, &request, "act=approve&own_id=0000012345").status,
        409
    );
    assert!(reception.get("/desk/requests").body.contains("連携済み"));
    let found = physician.get("/patients?id=C-77").body;
    let (_, rest) = found.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let labs = physician
        .get(&format!("/patients/{person}/labs?view=list"))
        .body;
    let (_, rest) = labs.split_once("/documents/").unwrap();
    let entry = rest.split('"').next().unwrap();
    let document = physician
        .get(&format!("/patients/{person}/documents/{entry}"))
        .body;
    assert!(document.contains(AT_HOME) || document.contains("AWAYRESULT"));
    assert!(!document.contains(AT_CLINIC));
}

#[test]
fn a_request_goes_back_with_a_reason_or_is_taken_back() {
    let world = world("requests-returned");
    let (reception, clerk) = (world.sign_in("reception"), world.sign_in("clerk"));
    let request = asked(&reception);
    let silent = send(&clerk, &request, "act=return&reason=");
    assert!(silent.status == 422 && silent.body.contains("LNK-004"));
    assert_eq!(
        send(&clerk, &request, "act=withdraw").status,
        404,
        "not theirs"
    );
    assert_eq!(
        send(&reception, &request, "act=return&reason=x").status,
        404
    );
    assert_eq!(send(&clerk, &request, "act=return&reason=NOID").status, 303);
    let page = reception.get("/desk/requests").body;
    assert!(page.contains("差し戻し") && page.contains("NOID"));
    let physician = world.sign_in("stranger");
    let own = physician.get("/patients?id=C-77").body;
    assert!(
        own.contains("ハナコ") && !own.contains(AT_HOME),
        "registered, and no more"
    );
    let again = asked(&reception);
    assert_eq!(send(&reception, &again, "act=withdraw").status, 303);
    assert_eq!(
        send(&clerk, &again, "act=approve&own_id=0000012345").status,
        409
    );
}

#[test]
fn only_the_two_desks_see_a_request() {
    let world = world("requests-others");
    world.user("third", "clerk", super::world::AWAY);
    let reception = world.sign_in("reception");
    let request = asked(&reception);
    for name in ["doctor", "operator", "stranger", "third"] {
        let client = world.sign_in(name);
        let page = client.get(&request);
        assert_eq!(page.status, 404, "{name}");
        let unknown = client.get("/desk/requests/00000000000000000000000000000000");
        let without = |text: String| {
            text.replace(&request, "")
                .replace("/desk/requests/00000000000000000000000000000000", "")
        };
        assert_eq!(without(page.bare()), without(unknown.bare()), "{name}");
        let act = send(&client, &request, "act=approve&own_id=0000067890");
        assert_eq!(act.status, 404, "{name}");
        let list = client.get("/desk/requests");
        assert!(!list.body.contains("ハナコ"), "{name}");
    }
}

#[test]
fn a_form_that_is_not_whole_or_names_another_patient_is_shown_again() {
    let world = world("requests-form");
    let reception = world.sign_in("reception");
    let to = hospital(&reception);
    let whole = format!("{FORM}&to={to}");
    for (part, other) in [
        ("own_id=C-77", "own_id="),
        ("birth=1947-03-12", "birth=1947-02-30"),
        ("sex=female", "sex="),
        ("phone=03-0000-0001", "phone="),
        ("agreed=2026-06-01", "agreed=2999-01-01"),
        ("kana=", "kana=ABC"),
        ("&to=", "&to=nowhere"),
        ("&sex=", "&proxy=X&sex="),
    ] {
        let form = whole.replacen(part, other, 1);
        let answer = send(&reception, "/desk/requests", &form);
        assert_eq!(answer.status, 422, "{other}");
        assert!(answer.body.contains("LNK-005"), "{other}");
    }
    let taro = whole.replacen("C-77", "0000011111", 1);
    let answer = send(&reception, "/desk/requests", &taro);
    assert!(answer.status == 422 && answer.body.contains("LNK-006"));
}

#[test]
fn a_facility_that_is_no_member_is_asked_on_paper_and_its_answer_is_written_down() {
    let world = world("requests-paper");
    let (reception, clerk) = (world.sign_in("reception"), world.sign_in("clerk"));
    let paper = |more: &str| {
        send(
            &reception,
            "/desk/requests",
            &format!("{FORM}&to=paper{more}"),
        )
    };
    let unnamed = paper("");
    assert!(unnamed.status == 422 && unnamed.body.contains("LNK-005"));
    assert_eq!(paper("&beyond=YAMA-HOSPITAL").status, 303);
    let request = first_request(&reception);
    let sheet = reception.get(&format!("{request}/print"));
    let text = super::print::text_of(&sheet.bytes);
    for word in [
        "連携登録依頼書",
        "YAMA-HOSPITAL",
        "03-0000-0001",
        "C-77",
        "貴施設の患者ID",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    for path in [request.clone(), format!("{request}/print")] {
        assert_eq!(clerk.get(&path).status, 404, "nobody else's");
    }
    assert!(!clerk.get("/desk/requests").body.contains("YAMA-HOSPITAL"));
    assert_eq!(
        send(&reception, &request, "act=approve&own_id=C-77").status,
        404,
        "not by itself"
    );
    assert_eq!(send(&reception, &request, "act=answered").status, 303);
    let list = reception.get("/desk/requests").body;
    assert!(list.contains("連携済み") && list.contains("YAMA-HOSPITAL"));
    assert_eq!(send(&reception, &request, "act=answered").status, 409);
    // One between members is not printed.
    let between = asked(&reception);
    assert_eq!(reception.get(&format!("{between}/print")).status, 404);
}
