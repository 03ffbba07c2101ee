//! Every page in the pseudo-locale: what a reader sees is in brackets, or it is data.

use super::world::{HOME, World};
use std::path::Path;
use tasuki_web::pages::PAGES;

/// One person's storages over a year, decoded: everything on a page that no catalogue holds.
fn storages(out: &Path) -> String {
    let order = tasuki_testkit::generate::Order {
        seed: 3,
        persons: 1,
        years: 1,
        until: tasuki_testkit::generate::UNTIL,
        heavy: 0,
    };
    tasuki_testkit::generate::generate(order, out).unwrap();
    let mut said = String::new();
    collect(out, &mut said);
    said
}

fn collect(folder: &Path, said: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        said.push_str(&path.file_name().unwrap().to_string_lossy());
        said.push('\n');
        if path.is_dir() {
            collect(&path, said);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let text = tasuki_records::original_text("", &bytes);
            said.push_str(&text.unwrap_or_default());
            said.push('\n');
        }
    }
}

/// The words of a page outside of tags, and in the attributes that are read out.
fn words(page: &str) -> Vec<String> {
    let body = page.split_once("<title>").unwrap().1;
    let mut seen = String::new();
    for piece in body.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        for attribute in ["aria-label=\"", "title=\"", "alt=\"", "placeholder=\""] {
            if let Some((_, rest)) = tag.split_once(attribute) {
                seen.push_str(rest.split('"').next().unwrap());
                seen.push('\n');
            }
        }
        seen.push_str(text);
        seen.push('\n');
    }
    let seen = [
        "&amp;", "&#38;", "&lt;", "&#60;", "&gt;", "&#62;", "&quot;", "&#34;", "&#39;",
    ]
    .iter()
    .fold(seen, |seen, escape| seen.replace(escape, " "));
    unbracketed(&seen)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_owned)
        .collect()
}

/// What stands outside of every bracket of the pseudo-locale.
fn unbracketed(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: char| {
        match c {
            '［' => depth += 1,
            '］' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return c,
            _ => {}
        }
        ' '
    };
    text.chars().map(outside).collect()
}

/// What is printed or taken as a file is no page of HTML; the rest is of somebody else.
const OF_OTHERS: &[&str] = &[
    // Without a sign-in under way it says so in the words of the codes.
    "/sign-in/back",
    "{entry}",
    "{line}",
    "{gathering}",
    "{copy}",
    "{preset}",
    "{format}",
];

#[test]
fn every_word_comes_from_the_catalogue_or_from_the_data() {
    let (world, said) = World::community("pseudo", storages);
    // RP is what a prescription's group is called in every language; a failure's words come from
    // the codes.
    let failures = [
        tasuki_core::Code::PageMissing,
        tasuki_core::Code::RequestWrong,
        tasuki_core::Code::NotFoundOrWithheld,
    ];
    let told = failures.map(|code| [code.id(), code.outside_en(), code.advice_en()].join(" "));
    let told = told.join(" ");
    let data = format!("{said} {told} {HOME} doctor RP Tasuki");
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients?lang=en-XA").body;
    let person = between(&list, "/patients/", "/");
    let base = format!("/patients/{person}");
    let mut pages: Vec<String> = vec!["/nothing".to_owned()];
    for page in PAGES
        .iter()
        .filter(|p| !p.post && !OF_OTHERS.iter().any(|part| p.path.contains(part)))
    {
        pages.push(
            page.path
                .replace("{person}", &person)
                .replace("/{section}", "/labs"),
        );
    }
    let sections = [
        "medications",
        "injections",
        "problems",
        "documents",
        "images",
        "notes",
        "stays",
    ];
    for section in sections {
        let page = doctor
            .get(&format!("{base}/{section}?view=list&lang=en-XA"))
            .body;
        assert!(page.contains("/documents/"), "{section} is empty");
        let entry = between(&page, "/documents/", "\"");
        pages.push(format!("{base}/{section}"));
        pages.push(format!("{base}/{section}?view=list"));
        pages.push(format!("{base}/documents/{entry}"));
    }
    pages.push(format!("{base}/calendar?view=list"));
    pages.push(format!("{base}/calendar?from=2026-01-01&to=2026-12-31"));
    let mut strange = Vec::new();
    for path in pages
        .iter()
        .filter(|p| !p.contains("{hash}") && !p.ends_with(".svg") && !p.ends_with(".json"))
    {
        let with = if path.contains('?') { '&' } else { '?' };
        let answer = doctor.get(&format!("{path}{with}lang=en-XA"));
        if !answer.body.contains("<title>") {
            assert_eq!(answer.status, 303, "{path}");
            continue;
        }
        let body = answer
            .body
            .replace(answer.header("x-request-id").unwrap(), "");
        let words = words(&body).into_iter();
        strange.extend(
            words
                .filter(|w| !data.contains(w))
                .map(|w| format!("{path}: {w}")),
        );
    }
    strange.sort();
    strange.dedup();
    assert!(strange.is_empty(), "{strange:#?}");
}

fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split(after).next().unwrap().to_owned()
}
