//! A facility's own codes are matched with standard ones by whoever keeps its dictionary, and the charts
//! that are opened next show it; taken back, they show what was before.

use super::http::{Answer, Client};
use super::world::{HOME, World};

/// The token of a page.
fn csrf(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The laboratory table with somebody's codes beside its items.
fn with_codes(doctor: &Client, codes: &str) -> String {
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let page = doctor.get(&format!("/patients/{person}/labs?codes={codes}"));
    assert_eq!(page.status, 200);
    let (_, table) = page.body.split_once("<tbody").unwrap();
    table.split("</table>").next().unwrap().to_owned()
}

#[test]
fn the_codes_of_one_source_or_the_standard_ones_stand_beside_the_items() {
    let world = world("dictionary-codes");
    let doctor = world.sign_in("doctor");
    let own = with_codes(&doctor, &format!("f-{HOME}"));
    assert!(own.contains("TP01 総蛋白（院内）"), "{own}");
    assert!(!own.contains("3A010000002327101"), "{own}");
    let standard = with_codes(&doctor, "jlac10");
    assert!(standard.contains("3A010000002327101"), "{standard}");
    assert!(!standard.contains("TP01"), "{standard}");
    for none in ["", "f-nobody"] {
        let plain = with_codes(&doctor, none);
        assert!(!plain.contains("TP01") && !plain.contains("3A0100"));
    }
}

fn answer(client: &Client, fields: &str) -> Answer {
    let page = client.get("/patients").body;
    let form = format!("csrf={}&facility=f-{HOME}&kind=lab&{fields}", csrf(&page));
    let same = [("Sec-Fetch-Site", "same-origin")];
    client.post("/admin/dictionary", &form, &same)
}

/// A second taking at home, by a code of the hospital's own.
fn world(name: &str) -> World {
    let mut world = World::new(name, true);
    world.stop();
    let root = world.folder.join(HOME);
    let mut from = root.join("000/001/0000012345/20260603/OML-11");
    let file = std::fs::read_dir(&from).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    let local = text.replace("3A010000002327101^総蛋白^JC10", "TP01^総蛋白（院内）^99LAB");
    assert_ne!(local, text);
    from = root.join("000/001/0000012345/20260610/OML-11");
    std::fs::create_dir_all(&from).unwrap();
    let name = "0000012345_20260610_OML-11_000000001100355_20260610103015000_01_1";
    std::fs::write(from.join(name), local.replace("20260603", "20260610")).unwrap();
    let root = root.to_string_lossy().into_owned();
    let summary = world.ok(&["import", "ss-mix2", &root, "--facility", HOME, "--json"]);
    assert!(summary.contains("\"registered\":1"), "{summary}");
    world.user("keeper", "facility-administrator", HOME);
    world.serve();
    world
}

/// How many lines the laboratory table has.
fn lines(doctor: &Client) -> (usize, String) {
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let page = doctor.get(&format!("/patients/{person}/labs")).body;
    let (_, table) = page.split_once("<tbody").unwrap();
    let (table, _) = table.split_once("</table>").unwrap();
    let rows = table.matches("scope=\"row\"").count();
    (rows, table.to_owned())
}

#[test]
fn an_item_that_is_matched_joins_its_line_and_keeps_its_name() {
    let world = world("dictionary");
    let (doctor, keeper) = (world.sign_in("doctor"), world.sign_in("keeper"));
    let (apart, table) = lines(&doctor);
    assert!(
        table.contains("総蛋白（院内）"),
        "unmapped, it stands under its own name"
    );
    let page = keeper.get("/admin/dictionary").body;
    for word in ["総蛋白（院内）", "TP01", "3A010000002327101"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("花子") && !page.contains("0000012345"));
    let item = "code=TP01&name=総蛋白（院内）";
    let wrong = answer(&keeper, &format!("{item}&answer=map&standard=12"));
    assert!(wrong.body.contains("NOT-011"), "{}", wrong.body);
    let unknown = answer(
        &keeper,
        "code=XX&name=XX&answer=map&standard=3A010000002327101",
    );
    assert_eq!(unknown.status, 404, "only what the facility has sent");
    let mapped = format!("{item}&answer=map&standard=3A010000002327101&standard-name=総蛋白");
    assert_eq!(answer(&keeper, &mapped).status, 303);
    let (joined, table) = lines(&doctor);
    assert_eq!(joined, apart - 1, "{table}");
    assert!(
        table.contains("総蛋白（院内）"),
        "its own name stays: {table}"
    );
    assert!(
        keeper
            .get("/admin/dictionary")
            .body
            .contains("対応づけた項目")
    );
    assert_eq!(answer(&keeper, &format!("{item}&answer=undo")).status, 303);
    assert_eq!(lines(&doctor).0, apart);
    assert_eq!(answer(&keeper, &format!("{item}&answer=undo")).status, 404);
}

#[test]
fn only_who_keeps_a_dictionary_comes_to_it() {
    let world = world("dictionary-roles");
    for who in ["doctor", "clerk", "stranger"] {
        let client = world.sign_in(who);
        assert_eq!(client.get("/admin/dictionary").status, 404, "{who}");
        assert_eq!(
            answer(&client, "code=TP01&name=x&answer=undo").status,
            404,
            "{who}"
        );
    }
    let operator = world.sign_in("operator");
    let page = operator
        .get(&format!("/admin/dictionary?facility=f-{HOME}"))
        .body;
    assert!(
        page.contains("TP01"),
        "the operator keeps every one: {page}"
    );
    let keeper = world.sign_in("keeper");
    let elsewhere = keeper.get("/admin/dictionary?facility=f-1312345678");
    assert_eq!(elsewhere.status, 404, "another facility's is not theirs");
}
