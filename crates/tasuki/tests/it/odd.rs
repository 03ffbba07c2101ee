//! Odd people: what is unusual is shown as it is.

use super::world::{HOME, World, patient};

#[test]
fn a_name_of_200_characters_is_shown_whole() {
    let mut world = World::new("odd-name", true);
    world.stop();
    let family = "長".repeat(100);
    let given = "い".repeat(100);
    let kana = "ナ".repeat(100);
    let name = format!("{family}^{given}");
    let phonetic = format!("{kana}^{kana}");
    let root = world.folder.join("odd");
    patient(&root, "0000077777", (&name, &phonetic, "19600101"), "1.0");
    let root = root.to_string_lossy().into_owned();
    let summary = world.ok(&["import", "ss-mix2", &root, "--facility", HOME, "--json"]);
    assert!(summary.contains("\"registered\":2"), "{summary}");
    world.serve();
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients?id=0000077777").body;
    assert!(list.contains(&family) && list.contains(&given), "{list}");
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    for page in ["calendar", "labs", "notes", "screening", "sources"] {
        let page = doctor.get(&format!("/patients/{person}/{page}"));
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&family) && page.body.contains(&given));
    }
    assert!(!world.log().contains(&family));
}
