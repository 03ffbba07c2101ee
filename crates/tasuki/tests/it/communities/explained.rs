//! Why somebody of another community may see a patient, or not: the page that says it, and the way to it.

use super::two;
use crate::emergency::post;
use crate::http::{Answer, Client};
use crate::world::AT_HOME;

#[test]
fn why_a_user_of_another_community_may_see_a_record_is_told_as_it_would_be_decided() {
    let network = two("communities-explained", |_| ());
    let (code, id, _) = super::PLACES[0];
    let world = &network.members[0].world;
    world.user("admin", "facility-administrator", code);
    let admin = world.sign_in("admin");
    let users = admin.get("/admin/users").body;
    assert!(users.contains("href=\"/admin/policy/explain\""), "{users}");
    let page = admin.get("/admin/policy/explain").body;
    assert!(page.contains("value=\"2.25.701\"") && !page.contains("value=\"2.25.700\""));
    let ask = |client: &Client, community: &str, role: &str, purpose: &str| -> Answer {
        let fields = [
            ("patient", "0000012345"),
            ("community", community),
            ("role", role),
            ("purpose", purpose),
        ];
        post(client, "/admin/policy/explain", &fields)
    };
    let decided = |answer: &Answer| {
        let count = |word: &str| answer.body.matches(&format!("<b>{word}</b>")).count();
        (count("可") > 0, count("不可") > 0)
    };
    // Disclosed: whoever treats her is told what the other community would be given.
    let treating = ask(&admin, "2.25.701", "physician", "treatment");
    assert_eq!(treating.status, 200, "{}", treating.body);
    assert!(treating.body.contains("地域1") && treating.body.contains("花子"));
    assert!(decided(&treating).0 && !treating.body.contains(AT_HOME));
    let operator = ask(&admin, "2.25.701", "network-operator", "treatment");
    assert_eq!(decided(&operator), (false, true), "{}", operator.body);
    // Undisclosed: only an emergency opens it, to physicians, and it is told.
    world.ok(&["disclose", &format!("{code}:{id}"), "--withdraw"]);
    let treating = ask(&admin, "2.25.701", "physician", "treatment");
    assert_eq!(decided(&treating), (false, true), "{}", treating.body);
    let told = "この閲覧はすぐに施設へ知らされ";
    let urgent = ask(&admin, "2.25.701", "physician", "emergency");
    assert!(decided(&urgent).0 && urgent.body.contains(told));
    let nurse = ask(&admin, "2.25.701", "nurse", "emergency");
    assert!(!decided(&nurse).0 && !nurse.body.contains(told));
    // Nobody's community, nobody's role, and nobody who asks.
    assert_eq!(
        ask(&admin, "2.25.999", "physician", "treatment").status,
        404
    );
    assert_eq!(ask(&admin, "2.25.701", "nobody", "treatment").status, 404);
    let clerk = world.sign_in("clerk");
    assert_eq!(
        ask(&clerk, "2.25.701", "physician", "treatment").status,
        404
    );
    assert!(
        !clerk
            .get("/patients")
            .body
            .contains("/admin/policy/explain")
    );
}
