//! The accounts of a facility, in the hands of its administrators.

use super::account::{send, waiting, with_totp};
use super::http::{Answer, Client};
use super::world::{CLINIC, HOME, PASSWORD, World};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];
const NEW: &str = "kawa-to-yama-2026";

fn world(name: &str) -> World {
    let world = World::new(name, true);
    world.user("admin", "facility-administrator", HOME);
    world.user("second", "facility-administrator", HOME);
    world.user("elsewhere", "facility-administrator", CLINIC);
    world
}

/// The address of an account on the page of a keeper.
fn address_of(admin: &Client, name: &str) -> String {
    let page = admin.get("/admin/users").body;
    let (before, _) = page.split_once(&format!("\">{name}</a>")).unwrap();
    before.rsplit("href=\"").next().unwrap().to_owned()
}

fn code_of(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("<code>").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn welcome(world: &World, name: &str, code: &str) -> u16 {
    let form = format!("name={name}&code={code}&new={NEW}");
    let anyone = Client::new(&world.address);
    anyone.post("/welcome", &form, &SAME).status
}

#[test]
fn only_a_facilitys_administrators_find_its_accounts() {
    let world = world("users-roles");
    let admin = world.sign_in("admin");
    let doctor = address_of(&admin, "doctor");
    let page = admin.get("/admin/users").body;
    assert!(!page.contains(">stranger<") && !page.contains(">operator<"));
    for name in ["doctor", "clerk", "operator", "stranger"] {
        let client = world.sign_in(name);
        assert_eq!(client.get("/admin/users").status, 404, "{name}");
        assert_eq!(client.get(&doctor).status, 404, "{name}");
        assert_eq!(send(&client, "/admin/users", "list=x").status, 404);
        assert_eq!(send(&client, &doctor, "act=disable").status, 404);
    }
    let elsewhere = world.sign_in("elsewhere");
    let without = |path: &str| elsewhere.get(path).bare().replace(path, "");
    assert_eq!(without(&doctor), without("/admin/users/u-nobody"));
    for act in ["disable", "password", "recovery", "role&role=clerk"] {
        let refused = send(&elsewhere, &doctor, &format!("act={act}"));
        assert_eq!(refused.status, 404, "{act}");
    }
    let grown = send(&admin, &doctor, "act=role&role=network-operator");
    assert_eq!(grown.status, 422);
    assert_eq!(world.sign_in("doctor").get("/patients").status, 200);
}

#[test]
fn an_account_is_added_used_given_another_role_and_ended_at_once() {
    let world = world("users-life");
    let admin = world.sign_in("admin");
    let form = "name=nurse1&person=%E6%96%B0%E4%BA%BA&role=nurse&section=3F";
    let added = send(&admin, "/admin/users", form);
    let code = code_of(&added);
    assert_eq!(welcome(&world, "nurse1", "0123"), 422);
    assert_eq!(welcome(&world, "doctor", &code), 422, "another's code");
    assert_eq!(welcome(&world, "nurse1", &code), 303);
    assert_eq!(welcome(&world, "nurse1", &code), 422, "once");
    let nurse = Client::sign_in(&world.address, "nurse1", NEW);
    assert_eq!(nurse.get("/patients").status, 200);
    let account = address_of(&admin, "nurse1");
    let change = |form: &str| send(&admin, &account, form).status;
    assert_eq!(change("act=role&role=clerk"), 303);
    assert_eq!(
        send(&nurse, "/account/membership", "membership=1").status,
        303
    );
    assert!(nurse.get("/desk").body.contains("desk"));
    assert_eq!(
        send(&nurse, "/account/membership", "membership=7").status,
        404
    );
    assert_eq!(change("act=leave&role=clerk"), 303);
    assert_eq!(
        nurse.get("/patients").status,
        303,
        "that membership is gone"
    );
    let again = Client::sign_in(&world.address, "nurse1", NEW);
    assert_eq!(change("act=until&until=2020-01-01"), 303);
    assert_eq!(again.get("/patients").status, 303, "expired");
    assert_eq!(change("act=until&until="), 303);
    let again = Client::sign_in(&world.address, "nurse1", NEW);
    assert_eq!(change("act=disable"), 303);
    assert_eq!(again.get("/patients").status, 303, "a leaver's session");
    let form = format!("name=nurse1&password={NEW}");
    let anyone = Client::new(&world.address);
    assert_eq!(anyone.post("/sign-in", &form, &SAME).status, 401);
}

#[test]
fn a_list_comes_in_line_by_line_and_what_is_wrong_stays() {
    let world = world("users-list");
    let admin = world.sign_in("admin");
    let list = "list=one1,A,nurse,ICU,2030-03-31%0Adoctor,B,nurse%0A%0Ax,C,nurse%0A\
                two2,D,network-operator%0Athree3,E,clerk,,2030-13-01%0Afour4,F,clerk";
    let checked = send(&admin, "/admin/users", &format!("{list}&check=yes"));
    assert!(checked.body.contains("ACC-007") && checked.body.contains("ACC-006"));
    assert!(!checked.body.contains("<code>"), "only checked");
    assert!(!admin.get("/admin/users").body.contains(">one1</a>"));
    let taken = send(&admin, "/admin/users", list);
    assert_eq!(taken.body.matches("<code>").count(), 2);
    assert_eq!(taken.body.matches("ACC-006").count(), 3);
    let (_, field) = taken.body.split_once("<textarea").unwrap();
    let field = field.split("</textarea>").next().unwrap();
    assert!(field.contains("two2") && !field.contains("one1"), "{field}");
    assert!(taken.body.contains(">four4</a>"));
    for list in [
        "list=".to_owned(),
        format!("list={}", "a,b,nurse%0A".repeat(301)),
    ] {
        let refused = send(&admin, "/admin/users", &list);
        assert!(refused.status == 422, "{}", refused.status);
    }
}

#[test]
fn a_lost_factor_takes_two_administrators_and_its_code_works_once() {
    let world = world("users-recovery");
    with_totp(&world, "doctor");
    let (admin, second) = (world.sign_in("admin"), world.sign_in("second"));
    let doctor = address_of(&admin, "doctor");
    assert_eq!(send(&admin, &doctor, "act=recovery").status, 303);
    let twice = send(&admin, &doctor, "act=recovery");
    assert!(twice.status == 422 && twice.body.contains("ACC-008"));
    let code = code_of(&send(&second, &doctor, "act=recovery"));
    let (client, csrf) = waiting(&world, "doctor");
    let show = |code: &str| {
        let form = format!("csrf={csrf}&recovery={code}&next=/account");
        client.post("/sign-in/second", &form, &SAME)
    };
    assert_eq!(show("00000000000000000000").status, 401);
    assert_eq!(show(&code).status, 303);
    let (client, csrf) = waiting(&world, "doctor");
    let form = format!("csrf={csrf}&recovery={code}");
    assert_eq!(client.post("/sign-in/second", &form, &SAME).status, 401);
    let old = Client::sign_in(&world.address, "clerk", PASSWORD);
    assert_eq!(old.get("/patients").status, 200);
}
