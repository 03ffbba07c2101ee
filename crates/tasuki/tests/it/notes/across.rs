//! A note with a photo is written in one community and read in another, by the standard's queries and
//! retrieves over mutual TLS.

use super::{Notes, configure};
use crate::communities::two;
use crate::world::World;

/// A picture of third parties would prove no more here: it is passed on byte by byte.
fn png() -> Vec<u8> {
    let motif = tasuki_testkit::documents::png::Motif::Chest;
    tasuki_testkit::documents::png::image(motif, &mut tasuki_testkit::dice::Dice::new(1))
}

#[test]
fn a_note_with_a_photo_is_read_in_another_community() {
    let network = two("notes-across", |world: &World| {
        configure(world, "");
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("unscanned = false", "unscanned = true")).unwrap();
    });
    let there = Notes::of(&network.members[1].world, "doctor");
    let note = there
        .form()
        .field("text", "利尿薬を増やしました。")
        .field("points-to-watch", "塩分6g");
    let sent = there.send(&note.file("photo.png", "image/png", &png()));
    assert_eq!(sent.status, 303, "{}", sent.body);
    let here = Notes::of(&network.members[0].world, "doctor");
    let mut page = here.page("");
    for _ in 0..2_000 {
        if !page.contains("data-arrival") {
            break;
        }
        page = here.page("");
    }
    for word in [
        "利尿薬を増やしました。",
        "塩分6g",
        "医師",
        "病院1",
        "photo.png",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert_eq!(
        page.matches("class=\"note\"").count(),
        1,
        "the photo hangs on it"
    );
    let (_, rest) = page.split_once("<img src=\"").unwrap();
    let picture = here.client.get(rest.split('"').next().unwrap());
    assert_eq!(picture.bytes, there_original(&there));
    assert!(!page.contains("?add="), "only its own facility adds to it");
    assert!(
        here.page("?show=new").contains("利尿薬"),
        "new to whoever has not opened it"
    );
}

/// What the author's own community keeps of the picture.
fn there_original(there: &Notes) -> Vec<u8> {
    let page = there.page("");
    let (_, rest) = page.split_once("<img src=\"").unwrap();
    there.client.get(rest.split('"').next().unwrap()).bytes
}
