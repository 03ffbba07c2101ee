//! A doctor let in by telephone, who looked at a record, and the audit trail of a facility.

use super::emergency::{found, open, post};
use super::http::Client;
use super::world::{AT_AWAY, AWAY, CLINIC, HOME, PASSWORD, World};

fn person(client: &Client) -> String {
    let page = client.get("/patients").body;
    let (_, rest) = page.split_once("/patients/").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

/// A page that says something: the search of the trail knows what was answered before.
fn once(client: &Client, page: &str, words: &str) -> String {
    let body = client.get(page).body;
    assert!(body.contains(words), "{page} lacks {words}: {body}");
    body
}

#[test]
fn a_doctor_is_let_in_by_telephone_and_nobody_else() {
    let mut world = World::new("oversight-invite", false);
    world.stop();
    let file = world.data().join("tasuki.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let closed = config.replace("by_patient_id = true", "by_patient_id = false");
    assert_ne!(closed, config);
    std::fs::write(&file, closed).unwrap();
    world.user("desk", "clerk", AWAY);
    world.serve();
    let stranger = world.sign_in("stranger");
    let id = format!("0000067890@{AWAY}");
    let look = [("by", "id"), ("id", id.as_str())];
    assert_eq!(post(&stranger, "/emergency", &look).status, 422);
    let desk = world.sign_in("desk");
    let invite = |patient: &str, doctor: &str, hours: &str| {
        let fields = [("patient", patient), ("doctor", doctor), ("hours", hours)];
        post(&desk, "/desk/emergency", &fields).status
    };
    assert_eq!(invite("0000067890", "nobody", "24"), 404);
    assert_eq!(invite("0000012345", "stranger", "24"), 404, "not theirs");
    assert_eq!(invite("0000067890", "stranger", "1000"), 400);
    assert_eq!(invite("0000067890", "stranger", "24"), 303);
    let listed = desk.get("/desk/emergency").body;
    assert!(listed.contains("stranger") && listed.contains("0000067890"));
    let path = found(&stranger, &id);
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    assert!(stranger.get(&path).body.contains(AT_AWAY));
    // Another doctor was not let in; another facility's clerk lets nobody in here and sees nothing.
    let doctor = world.sign_in("doctor");
    assert_eq!(post(&doctor, "/emergency", &look).status, 422);
    let clerk = world.sign_in("clerk");
    assert!(!clerk.get("/desk/emergency").body.contains("0000067890"));
    assert_eq!(doctor.get("/desk/emergency").status, 404);
}

#[test]
fn a_patient_is_told_who_looked_and_the_officer_finds_it() {
    let world = World::new("oversight-access", true);
    world.user("officer", "privacy-officer", HOME);
    world.user("elsewhere", "auditor", CLINIC);
    let stranger = world.sign_in("stranger");
    let path = found(&stranger, &format!("0000012345@{HOME}"));
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    assert_eq!(stranger.get(&path).status, 200);
    let hanako = person(&world.sign_in("doctor"));
    let clerk = world.sign_in("clerk");
    let access = format!("/patients/{hanako}/access");
    let told = once(&clerk, &access, &format!("施設{CLINIC}"));
    assert!(told.contains("救急で探した・開いた") && told.contains("記録を見た"));
    assert!(!told.contains("RESULT"));
    let paper = clerk.get(&format!("{access}/print"));
    assert_eq!(paper.header("content-type"), Some("application/pdf"));
    for who in ["doctor", "operator", "stranger"] {
        let client = world.sign_in(who);
        assert_eq!(client.get(&access).status, 404, "{who}");
        assert_eq!(client.get("/admin/audit").status, 404, "{who}");
        assert_eq!(client.get("/admin/audit/file").status, 404, "{who}");
    }
    let officer = world.sign_in("officer");
    let search = "/admin/audit?patient=0000012345&action=emergency";
    assert!(once(&officer, search, "0000012345").contains(&format!("施設{CLINIC}")));
    assert!(
        officer
            .get("/admin/audit?patient=0000011111")
            .body
            .contains("当てはまる記録はありません")
    );
    assert_eq!(officer.get("/admin/audit?from=yesterday").status, 400);
    let checked = officer.get("/admin/audit?check=yes").body;
    assert!(checked.contains("改ざん、欠落は見つかりませんでした"));
    let file = officer.get("/admin/audit/file?patient=0000012345");
    assert!(file.header("content-type").unwrap().starts_with("text/csv"));
    // Another facility's auditor sees what its own people did, without the patient's number here.
    let elsewhere = world.sign_in("elsewhere");
    assert!(!elsewhere.get("/admin/audit").body.contains("0000012345"));
}
