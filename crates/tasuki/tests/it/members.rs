//! 参加機関: what the operator keeps of an institution, and what that means for its people.

use super::account::send;
use super::consent::value;
use super::world::{AT_AWAY, AT_HOME, HOME, World};

/// The id by which the form of a facility names it.
fn facility(page: &str, code: &str) -> String {
    let (_, rest) = page.split_once(&format!("<small>{code}</small>")).unwrap();
    value(rest, "name=\"facility\" value=\"")
}

#[test]
fn an_institution_that_only_discloses_sees_its_own_and_the_operator_keeps_it() {
    let world = World::new("members", true);
    let (operator, doctor) = (world.sign_in("operator"), world.sign_in("doctor"));
    let page = operator.get("/admin/members").body;
    let home = facility(&page, HOME);
    let labs = || {
        let list = doctor.get("/patients").body;
        let person = value(&list, "href=\"/patients/")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let page = doctor
            .get(&format!("/patients/{person}/labs?view=list"))
            .body;
        let entries = page
            .split("/documents/")
            .skip(1)
            .map(|t| t.split('"').next().unwrap().to_owned());
        let read = |e: String| {
            doctor
                .get(&format!("/patients/{person}/documents/{e}"))
                .body
        };
        entries.map(read).collect::<String>()
    };
    assert!(labs().contains(AT_AWAY));
    let keep = |form: &str| {
        send(
            &operator,
            "/admin/members",
            &format!("facility={home}&{form}"),
        )
    };
    let only =
        keep("kind=clinic&part=disclosing&posted=2026-04-01&phone=03&offers=lab&offers=note");
    assert_eq!(only.status, 303, "{}", only.body);
    assert!(labs().contains(AT_HOME) && !labs().contains(AT_AWAY));
    let page = operator.get("/admin/members").body;
    assert!(page.contains("value=\"2026-04-01\"") && page.contains("value=\"clinic\" selected"));
    assert_eq!(keep("kind=hospital&part=both").status, 303);
    assert!(labs().contains(AT_AWAY));
    for wrong in [
        "kind=palace&part=both",
        "kind=clinic&part=none",
        "kind=clinic&part=both&posted=2999-01-01",
        "kind=clinic&part=both&offers=nothing",
    ] {
        let answer = keep(wrong);
        assert!(
            answer.status == 400 && answer.body.contains("MBR-001"),
            "{wrong}"
        );
    }
    let nowhere = send(
        &operator,
        "/admin/members",
        "facility=nowhere&kind=clinic&part=both",
    );
    assert_eq!(nowhere.status, 400);
    for who in ["doctor", "clerk", "stranger"] {
        let client = world.sign_in(who);
        assert_eq!(client.get("/admin/members").status, 404, "{who}");
        let form = format!("facility={home}&kind=clinic&part=both");
        assert_eq!(send(&client, "/admin/members", &form).status, 404, "{who}");
    }
}
