//! The six states of a section, kind by kind: one person at six facilities, of which each stands
//! otherwise.

use super::world::World;
use jiff::civil::date;
use tasuki_testkit::community::facility;
use tasuki_testkit::story::{STATES, states};

/// The drawing of each state, for every kind but the one in which somebody can state that there is none.
const MARKS: [(&str, &str); 6] = [
    ("data", "s-data"),
    ("none", "s-unknown"),
    ("unknown", "s-unknown"),
    ("withheld", "s-kept"),
    ("away", "s-gap"),
    ("off", "s-off"),
];

fn world(name: &str) -> (World, String) {
    let mut world = World::quiet(name);
    let loopback = "127.0.0.1:0";
    world.ok(&["init", "--portal", loopback, "--health", loopback]);
    let storages = world.folder.join("storages");
    let cards = states(&storages, date(2026, 11, 20)).unwrap();
    let mut ids = Vec::new();
    for (card, state) in cards.iter().zip(STATES) {
        let code = facility(card.facility).code;
        let offers = if state == "off" { "visit" } else { "" };
        world.ok(&["facility", "add", code, "--name", state, "--offers", offers]);
        for storage in ["STD", "EXT"] {
            let root = storages.join(format!("{code}_{storage}"));
            if state == "away" && root.exists() {
                spoil(&root);
            }
            if root.exists() {
                let root = root.to_string_lossy();
                world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
            }
        }
        ids.push(format!("{code}:{}", card.local_id));
    }
    for pair in ids.windows(2) {
        world.ok(&["link", &pair[0], &pair[1]]);
    }
    for (id, state) in ids.iter().zip(STATES) {
        world.ok(&["disclose", id]);
        if state == "withheld" {
            world.ok(&["consent", id, "--by", "u-clerk", "--only", "visit"]);
        }
    }
    let home = ids[2].split(':').next().unwrap();
    world.user("doctor", "physician", home);
    world.serve();
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap().to_owned();
    (world, person)
}

/// Makes every message but who the patient is unreadable.
fn spoil(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            spoil(&path);
        } else if !path.to_string_lossy().contains("ADT-00") {
            std::fs::write(&path, b"MSH|cut").unwrap();
        }
    }
}

/// The marks of a row of the matrix.
fn row(page: &str, name: &str) -> Vec<String> {
    let (_, matrix) = page.split_once("table--marks").unwrap();
    let row = matrix
        .split("<tr>")
        .find(|row| row.contains(&format!("</svg>{name}</span>")))
        .unwrap_or_else(|| panic!("{name}"));
    let cells = row.split("<td>").skip(1);
    let mark = |cell: &str| {
        cell.split("href=\"#")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    cells.map(mark).collect()
}

#[test]
fn every_kind_stands_in_each_of_the_six_states() {
    let (world, person) = world("six-states");
    let doctor = world.sign_in("doctor");
    let page = doctor.get(&format!("/patients/{person}/sources")).body;
    for (state, mark) in MARKS {
        let marks = row(&page, state);
        assert_eq!(marks.len(), 11, "{state}");
        for (place, found) in marks.iter().enumerate() {
            // Allergies are the ninth kind: only there somebody can state that there is none.
            let wanted = if state == "none" && place == 8 {
                "s-none"
            } else {
                mark
            };
            assert_eq!(found, wanted, "{state}, kind {place}");
        }
    }
    // What is not covered, not offered, or did not come ends each list; unknown is not told apart from
    // undisclosed, and says nothing.
    for section in [
        "medications",
        "injections",
        "labs",
        "problems",
        "documents",
        "images",
        "notes",
        "stays",
        "summary",
        "calendar",
    ] {
        let page = doctor.get(&format!("/patients/{person}/{section}")).body;
        let line = |class: &str, name: &str| {
            page.split("<p ").any(|p| {
                p.starts_with(&format!("class=\"{class}\""))
                    && p.contains(&format!("<b>{name}</b>"))
            })
        };
        assert!(line("limit-line", "withheld"), "{section}");
        assert!(line("limit-line", "off"), "{section}");
        assert!(line("gap-line", "away"), "{section}");
        for whole in ["data", "none", "unknown"] {
            assert!(
                !line("limit-line", whole) && !line("gap-line", whole),
                "{section} {whole}"
            );
        }
    }
    let allergies = doctor.get(&format!("/patients/{person}/problems")).body;
    for (state, mark) in MARKS {
        let mark = if state == "none" { "s-none" } else { mark };
        let place = allergies
            .split("<li")
            .find(|li| li.contains(&format!("</svg>{state}</p>")))
            .unwrap();
        assert!(place.contains(&format!("#{mark}\"")), "{state}: {place}");
    }
}

#[test]
fn what_a_consent_keeps_back_is_not_told_to_whom_it_does_not_cover() {
    let (mut world, person) = world("six-states-elsewhere");
    world.stop();
    // Now the consent names other viewers only: for this reader the place is unknown like any other.
    let code = facility(3).code;
    let list = std::fs::read_dir(world.folder.join("storages"))
        .unwrap()
        .count();
    assert!(list >= 6);
    let id = format!(
        "{code}:{:0digits$}",
        9_004,
        digits = facility(3).habits.id_digits
    );
    let elsewhere = facility(5).code;
    world.ok(&[
        "consent",
        &id,
        "--by",
        "u-clerk",
        "--only",
        "visit",
        "--only-to",
        elsewhere,
    ]);
    world.serve();
    let doctor = world.sign_in("doctor");
    for section in ["sources", "labs", "calendar"] {
        let page = doctor.get(&format!("/patients/{person}/{section}"));
        assert_eq!(page.status, 200);
        assert!(
            !page.body.contains("同意の範囲に含まれていません"),
            "{section}"
        );
    }
}
