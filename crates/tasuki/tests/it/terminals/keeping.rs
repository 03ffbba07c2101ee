//! Who keeps terminals, four eyes, and forms that are wrong.

use super::super::world::{HOME, World};
use super::{address_of, bare, fact, signed_in, world};

const FOUR_EYES: &str = "terminals = \"optional\"\nfour_eyes = true";

#[test]
fn only_a_facilitys_administrators_find_its_terminals() {
    let world = world("terminals-keepers", "terminals = \"optional\"");
    let (_, admin) = signed_in(&world, "desk", HOME, "admin");
    let address = address_of(&admin, "desk");
    assert_eq!(admin.get(&address).status, 200);
    for name in ["doctor", "clerk", "operator", "stranger"] {
        let mut other = bare(&world);
        assert_eq!(other.sign_in(name).status, 303);
        assert_eq!(other.get("/admin/terminals").status, 404, "{name}");
        assert_eq!(other.get(&address).status, 404, "{name}");
        assert_eq!(other.send("/admin/terminals", "name=x").status, 404);
        assert_eq!(other.send(&address, "act=revoke").status, 404);
        assert_eq!(other.send("/terminal/renew", "").status, 404, "without one");
    }
    let mut elsewhere = bare(&world);
    elsewhere.sign_in("elsewhere");
    let without = |path: &str| elsewhere.get(path).bare().replace(path, "");
    assert_eq!(without(&address), without("/admin/terminals/nothing"));
    assert_eq!(elsewhere.send(&address, "act=revoke").status, 404);
    assert!(!elsewhere.get("/admin/terminals").body.contains(">desk<"));
    assert_eq!(admin.get(&address).status, 200);
    let csrf = admin.post(&address, "act=revoke");
    assert_eq!(csrf.status, 403, "without its token");
    let page = admin.get(&address).body;
    assert!(page.contains("使用中"), "nobody has revoked it");
}

#[test]
fn where_two_are_needed_the_second_one_gives_the_code() {
    let world = world("terminals-four-eyes", FOUR_EYES);
    let (_, admin) = signed_in(&world, "one", HOME, "admin");
    let (_, second) = signed_in(&world, "two", HOME, "second");
    let enrolled = admin.send("/admin/terminals", "name=ward");
    assert!(enrolled.status == 200 && !enrolled.body.contains("<code>"));
    let address = address_of(&admin, "ward");
    for act in ["approve", "again"] {
        let own = admin.send(&address, &format!("act={act}"));
        assert!(own.status == 422 && own.body.contains("TRM-007"), "{act}");
    }
    let approved = second.send(&address, "act=approve");
    let code = fact(&approved, 0);
    let again = admin.send(&address, "act=again");
    assert_eq!(again.status, 200, "approved once");
    let old = bare(&world).post("/terminal", &format!("code={code}"));
    assert_eq!(old.status, 422, "another code took its place");
    let taken = bare(&world).post("/terminal", &format!("code={}", fact(&again, 0)));
    assert_eq!(taken.status, 200);
    assert_eq!(second.send(&address, "act=approve").status, 422);
}

#[test]
fn forms_that_are_wrong_make_no_terminal_and_codes_are_not_guessed() {
    let world = world("terminals-wrong", "terminals = \"optional\"");
    let (_, admin) = signed_in(&world, "desk", HOME, "admin");
    let long = "x".repeat(65);
    for (form, code) in [
        ("name=".to_owned(), "TRM-009"),
        (format!("name={long}"), "TRM-009"),
        (format!("name=a&place={long}"), "TRM-009"),
        ("name=a&owner=stranger".to_owned(), "TRM-009"),
        ("name=a&owner=nobody".to_owned(), "TRM-009"),
        ("name=a&request=none".to_owned(), "TRM-005"),
    ] {
        let refused = admin.send("/admin/terminals", &form);
        assert!(
            refused.status == 422 && refused.body.contains(code),
            "{form}"
        );
    }
    let page = admin.get("/admin/terminals").body;
    assert_eq!(page.matches("/admin/terminals/").count(), 1, "{page}");
    let address = address_of(&admin, "desk");
    assert_eq!(admin.send(&address, "act=sell").status, 400);
    let enrolled = admin.send("/admin/terminals", "name=lost");
    let code = fact(&enrolled, 0);
    admin.send(&address_of(&admin, "lost"), "act=revoke");
    let taken = bare(&world).post("/terminal", &format!("code={code}"));
    assert_eq!(taken.status, 422, "revoked before it was taken");
    for _ in 0..9 {
        assert_eq!(bare(&world).post("/terminal", "code=guess").status, 422);
    }
    assert_eq!(bare(&world).post("/terminal", "code=guess").status, 429);
}

#[test]
fn a_list_comes_in_line_by_line_and_what_is_wrong_stays() {
    let world = world("terminals-list", "terminals = \"optional\"");
    let (_, admin) = signed_in(&world, "desk", HOME, "admin");
    let list = "list=one,1F%0Atwo,2F,doctor%0A%0Athree,3F,stranger%0A,4F%0Afive,a,clerk,b";
    let checked = admin.send("/admin/terminals", &format!("{list}&check=yes"));
    assert_eq!(checked.body.matches("TRM-009").count(), 3);
    assert!(
        !checked.body.contains("<code>") && !checked.body.contains(">one</a>"),
        "only checked"
    );
    let taken = admin.send("/admin/terminals", list);
    assert_eq!(
        taken.body.matches("<code>").count(),
        4,
        "a code and a passphrase each"
    );
    let (_, field) = taken.body.split_once("name=\"list\"").unwrap();
    let field = field.split("</textarea>").next().unwrap();
    assert!(field.contains("three") && !field.contains("two"), "{field}");
    assert!(taken.body.contains(">one</a>") && taken.body.contains(">two</a>"));
    let file = bare(&world).post("/terminal", &format!("code={}", fact(&taken, 0)));
    assert_eq!(file.status, 200);
    for list in ["list=".to_owned(), format!("list={}", "a%0A".repeat(301))] {
        let refused = admin.send("/admin/terminals", &list);
        assert!(
            refused.status == 422 && refused.body.contains("ACC-005"),
            "{}",
            refused.status
        );
    }
}

#[test]
fn at_the_console_terminals_are_made_listed_and_revoked() {
    let world = World::new("terminals-console", true);
    let file = world.folder.join("t.p12");
    let out = file.display().to_string();
    let add = ["terminal", "add", "desk", "--facility", HOME, "--out", &out];
    let said = world.ok(&add);
    let id = said.split(' ').next().unwrap();
    world.fails(&add);
    let list = ["terminal", "list", "--facility", HOME];
    let listed = world.ok(&list);
    assert!(listed.contains(id) && listed.contains("active"), "{listed}");
    assert_eq!(listed.lines().count(), 1, "what failed has left nothing");
    world.ok(&["terminal", "revoke", id]);
    assert!(world.ok(&list).contains("revoked"));
    world.fails(&["terminal", "revoke", "nothing"]);
    world.fails(&["terminal"]);
}
