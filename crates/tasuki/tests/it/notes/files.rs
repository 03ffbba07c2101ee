//! Files of notes: made by poppler and exiftool, scanned by clamd, read back by exiftool.

use super::scanner::{Clamd, eicar};
use super::{Notes, code, configure, program};
use crate::http::Answer;
use crate::world::World;
use std::path::Path;

/// A photo with a place and a device in it, lying on its side; the same as PNG.
fn photos(folder: &Path) -> (Vec<u8>, Vec<u8>) {
    let letter = tasuki_testkit::documents::pdf::letter("test", &["body".to_owned()]);
    std::fs::write(folder.join("page.pdf"), letter).unwrap();
    for kind in ["-jpeg", "-png"] {
        program(
            "pdftoppm",
            &[kind, "-r", "20", "-singlefile", "page.pdf", "page"],
            folder,
        );
    }
    let told = [
        "-GPSLatitude=35.68",
        "-GPSLatitudeRef=N",
        "-GPSLongitude=139.76",
        "-GPSLongitudeRef=E",
        "-Make=Kaden",
        "-Artist=Hanako",
        "-XMP:Creator=Hanako",
        "-Orientation#=6",
    ];
    for file in ["page.jpg", "page.png"] {
        program(
            "exiftool",
            &[&["-q", "-overwrite_original"][..], &told, &[file]].concat(),
            folder,
        );
    }
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    (read("page.jpg"), read("page.png"))
}

/// What exiftool finds in a file.
fn told(folder: &Path, name: &str, bytes: &[u8]) -> String {
    std::fs::write(folder.join(name), bytes).unwrap();
    program("exiftool", &["-G", "-n", name], folder)
}

fn refused(notes: &Notes, name: &str, declared: &str, bytes: &[u8]) -> String {
    let form = notes
        .form()
        .field("text", "写真")
        .file(name, declared, bytes);
    code(&notes.send(&form))
}

fn original(notes: &Notes, page: &str, number: usize) -> Answer {
    let picture = page.split("<img src=\"").nth(number + 1).unwrap();
    notes.client.get(picture.split('"').next().unwrap())
}

#[test]
fn a_photo_comes_in_scanned_without_its_place_and_the_right_way_up() {
    let mut world = World::new("notes-files", true);
    world.stop();
    let clamd = Clamd::start(&world.folder);
    configure(&world, &format!("clamd = \"{}\"", clamd.socket.display()));
    world.serve();
    let notes = Notes::of(&world, "doctor");
    let (jpeg, png) = photos(&world.folder);
    assert!(told(&world.folder, "before.jpg", &jpeg).contains("GPS"));
    let form = notes.form().field("text", "お薬カレンダー");
    let form = form
        .file("../../秘.jpg", "image/jpeg", &jpeg)
        .file("b.png", "image/png", &png);
    let sent = notes.send(&form);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = notes.page("?show=pictures");
    assert!(page.contains(">秘.jpg<") && !page.contains("../"), "{page}");
    for (number, name) in ["a.jpg", "b.png"].into_iter().enumerate() {
        let answer = original(&notes, &page, number);
        let kept = told(&world.folder, name, &answer.bytes);
        for word in ["GPS", "Kaden", "Hanako", "XMP"] {
            assert!(!kept.contains(word), "{name}: {kept}");
        }
        assert!(!kept.contains("Warning"), "{kept}");
        assert_eq!(kept.contains("Orientation"), name == "a.jpg", "{kept}");
    }
    // A virus in a picture, and a scanner that goes away.
    let infected = [
        &png[..png.len() - 12],
        &chunk(&eicar()),
        &png[png.len() - 12..],
    ]
    .concat();
    assert_eq!(refused(&notes, "c.png", "image/png", &infected), "NOT-008");
    drop(clamd);
    assert_eq!(refused(&notes, "d.png", "image/png", &png), "NOT-009");
    let text = notes.send(&notes.form().field("text", "本文だけ"));
    assert_eq!(text.status, 303, "the text alone can be sent");
    assert_eq!(notes.page("").matches("class=\"note\"").count(), 2);
}

/// A text chunk of PNG; nobody checks its sum.
fn chunk(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], b"tEXt", body, &[0; 4]].concat()
}

#[test]
fn a_file_that_should_not_come_in_does_not() {
    let mut world = World::new("notes-bad-files", true);
    let closed = Notes::of(&world, "doctor");
    assert!(
        !closed.page("").contains("type=\"file\""),
        "no scanner, no files"
    );
    let (jpeg, png) = photos(&world.folder);
    assert_eq!(refused(&closed, "a.png", "image/png", &png), "NOT-010");
    world.stop();
    configure(&world, "file_megabytes = 1");
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("unscanned = false", "unscanned = true");
    std::fs::write(&path, text.replace("file_megabytes = 10\n", "")).unwrap();
    world.serve();
    let notes = Notes::of(&world, "doctor");
    let pdf = tasuki_testkit::documents::pdf::letter("test", &["body".to_owned()]);
    let end = pdf.windows(7).position(|w| w == b"trailer").unwrap();
    let script = b"9 0 obj <</S /JavaScript /JS (app.alert(1))>> endobj\n";
    let scripted = [&pdf[..end], script, &pdf[end..]].concat();
    let large = vec![0xFF; 1_200_000];
    for (name, declared, bytes, code) in [
        ("a.pdf", "application/pdf", &scripted, "NOT-006"),
        ("a.png", "image/png", &jpeg, "NOT-004"),
        ("a.svg", "image/svg+xml", &b"<svg/>".to_vec(), "NOT-003"),
        (
            "a.jpg",
            "image/jpeg",
            &jpeg[..jpeg.len() / 2].to_vec(),
            "NOT-007",
        ),
        ("a.jpg", "image/jpeg", &large, "NOT-005"),
    ] {
        assert_eq!(
            refused(&notes, name, declared, bytes),
            code,
            "{name} {declared}"
        );
    }
    let mut many = notes.form().field("text", "写真");
    for _ in 0..5 {
        many = many.file("a.png", "image/png", &png);
    }
    assert_eq!(code(&notes.send(&many)), "NOT-005");
    assert!(
        !notes.page("").contains("class=\"note\""),
        "nothing was kept"
    );
    let sent = notes.send(
        &notes
            .form()
            .field("text", "紙")
            .file("a.pdf", "application/pdf", &pdf),
    );
    assert_eq!(sent.status, 303, "{}", sent.body);
}
