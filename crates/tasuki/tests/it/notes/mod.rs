//! Notes are written by those who care for a patient, read by the others, added to and never changed;
//! files come in stripped and scanned, or not at all.

mod across;
mod files;
mod scanner;

use crate::http::{Answer, Client, Parts};
use crate::world::{HOME, World};
use std::path::Path;

/// A patient's notes in the hands of one user.
pub struct Notes {
    pub client: Client,
    pub base: String,
    csrf: String,
}

impl Notes {
    pub fn of(world: &World, user: &str) -> Self {
        let client = world.sign_in(user);
        let list = client.get("/patients").body;
        let (_, rest) = list.split_once("/patients/").unwrap();
        let base = format!("/patients/{}", rest.split('/').next().unwrap());
        let (_, rest) = list.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = rest.split('"').next().unwrap().to_owned();
        Self { client, base, csrf }
    }

    pub fn page(&self, tail: &str) -> String {
        self.client.get(&format!("{}/notes{tail}", self.base)).body
    }

    pub fn form(&self) -> Parts {
        Parts::default().field("csrf", &self.csrf)
    }

    pub fn send(&self, parts: &Parts) -> Answer {
        self.client.upload(&format!("{}/notes", self.base), parts)
    }
}

/// Changes `[portal.notes]` of a world that does not serve.
pub fn configure(world: &World, lines: &str) {
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("[portal.notes]\n", &format!("[portal.notes]\n{lines}\n"));
    assert!(text.contains(lines), "{text}");
    std::fs::write(&path, text).unwrap();
}

/// A program of others that tests are made with.
pub fn program(name: &str, arguments: &[&str], folder: &Path) -> String {
    let mut command = std::process::Command::new(name);
    let output = command.args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|e| panic!("{name}: {e}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn code(answer: &Answer) -> String {
    let found = answer.body.split_once("NOT-0");
    found.map_or_else(String::new, |(_, rest)| format!("NOT-0{}", &rest[..2]))
}

#[test]
fn what_is_refused_stays_typed_and_what_is_sent_twice_stands_once() {
    let world = World::new("notes-typed", true);
    let doctor = Notes::of(&world, "doctor");
    let page = doctor.page("");
    let (_, rest) = page.split_once("name=\"once\" value=\"").unwrap();
    let once = rest.split('"').next().unwrap();
    let form = || {
        let form = doctor.form().field("once", once);
        form.field("text", "<b>ふらつき</b>あり。")
            .field("wishes", "自宅で")
    };
    let refused = doctor.send(&form().file("a.svg", "image/svg+xml", b"<svg/>"));
    assert_eq!(refused.status, 415, "{}", refused.body);
    assert_eq!(code(&refused), "NOT-003");
    let kept = [
        "&#60;b&#62;ふらつき&#60;/b&#62;あり。</textarea>",
        "自宅で</textarea>",
    ];
    for typed in kept {
        assert!(refused.body.contains(typed), "{}", refused.body);
    }
    assert!(!doctor.page("").contains("class=\"note\""));
    for _ in 0..2 {
        assert_eq!(doctor.send(&form()).status, 303);
    }
    let page = doctor.page("?done=sent");
    assert_eq!(page.matches("class=\"note\"").count(), 1, "{page}");
    assert!(!page.contains("ふらつき</b>あり。</textarea>"));
}

#[test]
fn a_note_is_read_receipted_and_added_to_but_never_changed() {
    let world = World::new("notes", true);
    world.user("nurse", "nurse", HOME);
    let doctor = Notes::of(&world, "doctor");
    let note = doctor
        .form()
        .field("text", "むくみは軽い。<b>太字</b>")
        .field("next-visit", "2026-12-01");
    let sent = doctor.send(&note.field("wishes", "自宅で過ごしたい。"));
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(
        sent.header("location")
            .unwrap()
            .ends_with("/notes?done=sent")
    );
    let page = doctor.page("");
    for word in [
        "むくみは軽い。",
        "&#60;b&#62;",
        "2026-12-01",
        "自宅で過ごしたい。",
        "doctor",
        "医",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(page.contains("まだ誰も開いていません"));

    let nurse = Notes::of(&world, "nurse");
    assert!(nurse.page("?show=new").contains("むくみは軽い。"));
    let page = doctor.page("");
    assert!(
        page.contains("nurse（看護師") && !page.contains("まだ誰も"),
        "{page}"
    );

    let (_, rest) = page.split_once("?add=").unwrap();
    let id = &rest[..32];
    let added = nurse.send(
        &nurse
            .form()
            .field("adds", id)
            .field("text", "靴下の跡は深い。"),
    );
    assert_eq!(added.status, 303, "{}", added.body);
    let page = doctor.page("");
    assert!(page.contains("訂正・追記</b>") && page.contains("靴下の跡は深い。"));
    assert!(page.contains("むくみは軽い。"), "what was written stays");
    assert_eq!(page.matches("class=\"note\"").count(), 1);
    let old = doctor
        .client
        .get(&format!("{}/documents/{id}", doctor.base));
    assert!(old.body.contains("むくみは軽い。"));
    let log = world.log();
    assert!(!log.contains("むくみ") && !log.contains("靴下"));
}

#[test]
fn who_does_not_care_for_the_patient_writes_nothing() {
    let world = World::new("notes-roles", true);
    let doctor = Notes::of(&world, "doctor");
    for user in ["clerk", "operator", "stranger"] {
        let client = world.sign_in(user);
        let page = client.get("/patients").body;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = rest.split('"').next().unwrap().to_owned();
        let base = doctor.base.clone();
        let notes = Notes { client, base, csrf };
        let sent = notes.send(&notes.form().field("text", "x"));
        assert_eq!(sent.status, 404, "{user}");
    }
    let without = doctor.send(&Parts::default().field("text", "x"));
    assert_eq!(without.status, 403, "no token");
    let anyone = Client::new(&world.address);
    let to = format!("{}/notes", doctor.base);
    let asked = anyone.upload(&to, &doctor.form().field("text", "x"));
    assert!(asked.header("location").unwrap().starts_with("/sign-in"));
    let elsewhere = doctor.client.upload("/sign-out", &doctor.form());
    assert_eq!(elsewhere.status, 400, "files are taken at one address only");
    for text in ["", " \n ", &"あ".repeat(4_001)] {
        assert_eq!(
            code(&doctor.send(&doctor.form().field("text", text))),
            "NOT-001"
        );
    }
    let other = "0".repeat(32);
    let to_nothing = doctor.form().field("adds", &other).field("text", "x");
    assert_eq!(doctor.send(&to_nothing).status, 404);
    let list = doctor
        .client
        .get(&format!("{}/labs?view=list", doctor.base))
        .body;
    let (_, rest) = list.split_once("/documents/").unwrap();
    let to_lab = doctor.form().field("adds", &rest[..32]).field("text", "x");
    assert_eq!(code(&doctor.send(&to_lab)), "NOT-002");
    assert!(
        doctor.page("").contains("この期間の記録はありません")
            || !doctor.page("").contains("class=\"note\"")
    );
}
