//! Communities that speak otherwise, as their raw messages in `dialect/<name>/` do: a stand-in that
//! answers with them, and takes nothing else.

use super::{Asker, HOME, Other, PATIENT, community, named, visit};
use std::path::Path;
use tasuki_core::Code;
use tasuki_core::directory::{Community, PeerAssertions};
use tasuki_ihe::dialect::DIALECTS;
use tasuki_ihe::gateway::{NoAnswer, Visit};
use tasuki_ihe::iti38::{Documents, RemoteEntry};
use tasuki_ihe::iti39::Fetched;
use tasuki_ihe::{iti38, iti39};
use tasuki_model::CommunityId;
use tasuki_model::xds::DocumentEntry;
use tasuki_wire::xml;

fn raw(dialect: &str, file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialect");
    std::fs::read_to_string(folder.join(dialect).join(file)).unwrap()
}

fn speaking(dialect: &str) -> Community {
    Community {
        dialect: dialect.into(),
        ..community()
    }
}

/// What is found where the raw answer of one dialect is read as that of another.
fn found(file_of: &str, dialect: &str) -> (Asker, Documents) {
    let answer = raw(file_of, "response.xml");
    let asker = Asker::new(Other::new(move |_| Ok((answer.clone(), Vec::new()))));
    let patient = named(PATIENT.to_owned());
    let documents = iti38::ask(&asker.gateway, &speaking(dialect), &patient, &visit());
    (asker, documents.unwrap())
}

fn wanted(n: usize) -> RemoteEntry {
    RemoteEntry {
        asked: CommunityId::new(HOME).unwrap(),
        home: CommunityId::new(HOME).unwrap(),
        entry: DocumentEntry {
            unique_id: Some(format!("1.2.3.99.8.{n}")),
            repository_id: Some("1.2.3.99.7".to_owned()),
            hash: Some("a9993e364706816aba3e25717850c26c9cd0d89d".to_owned()),
            ..DocumentEntry::default()
        },
    }
}

fn fetched(
    other: Other,
    dialect: &str,
    wanted: Vec<RemoteEntry>,
) -> (Asker, Result<Vec<Fetched>, NoAnswer>) {
    let asker = Asker::new(other);
    let fetched = iti39::ask(&asker.gateway, &speaking(dialect), named(wanted), &visit());
    (asker, fetched)
}

fn codes(fetched: Result<Vec<Fetched>, NoAnswer>) -> Vec<Option<Code>> {
    let fetched = fetched.unwrap().into_iter();
    fetched
        .map(|one| one.content.err().map(|no| no.code))
        .collect()
}

#[test]
fn every_dialect_that_differs_has_raw_messages() {
    for (name, _) in DIALECTS.iter().filter(|(name, _)| *name != "standard") {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("dialect")
            .join(name);
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let raw = files.filter(|f| f.path().extension().is_some_and(|e| e == "xml"));
        assert!(raw.count() > 0, "{name}");
    }
}

#[test]
fn times_of_japan_are_understood_as_such() {
    let (_, documents) = found("jst-as-utc", "jst-as-utc");
    let entry = &documents.entries[0].entry;
    assert_eq!(entry.creation_time.as_deref(), Some("20260602233000"));
    assert_eq!(entry.service_start.as_deref(), Some("20260603"));
    let (_, documents) = found("jst-as-utc", "standard");
    let entry = &documents.entries[0].entry;
    assert_eq!(entry.creation_time.as_deref(), Some("20260603083000"));
}

#[test]
fn a_home_without_its_prefix_is_asked_and_understood() {
    let (asker, documents) = found("bare-home", "bare-home");
    assert_eq!(documents.entries.len(), 1);
    let asked = asker.other.asked.lock().unwrap().join("");
    assert!(asked.contains("home=\"1.2.3.99\""), "{asked}");
    let answer = raw("bare-home", "retrieved.xml");
    let other = Other::new(move |_| Ok((answer.clone(), Vec::new())));
    let (asker, fetched) = fetched(other, "bare-home", vec![wanted(1)]);
    assert_eq!(codes(fetched), [None]);
    let asked = asker.other.asked.lock().unwrap().join("");
    assert!(asked.contains(">1.2.3.99</"), "{asked}");
}

#[test]
fn whoever_gives_one_document_is_asked_for_one() {
    let one = || {
        let (given, refused) = (
            raw("one-by-one", "retrieved.xml"),
            raw("one-by-one", "refused.xml"),
        );
        Other::new(move |request| {
            let ids: Vec<String> = request
                .body
                .all("DocumentRequest")
                .filter_map(|d| d.first("DocumentUniqueId").map(|id| id.text()))
                .collect();
            Ok(match &ids[..] {
                [id] => (given.replace("1.2.3.99.8.1", id), Vec::new()),
                _ => (refused.clone(), Vec::new()),
            })
        })
    };
    let three = || vec![wanted(1), wanted(2), wanted(3)];
    let (asker, fetched) = fetched(one(), "one-by-one", three());
    assert_eq!(codes(fetched), [None, None, None]);
    assert_eq!(asker.events().len(), 3);
    let (_, refused) = self::fetched(one(), "standard", three());
    assert_eq!(refused.unwrap_err().code, Code::PeerFaults);
}

#[test]
fn without_mtom_contents_come_inside_the_envelope() {
    let answer = raw("plain-soap", "retrieved.xml");
    let other = Other::new(move |_| Ok((answer.clone(), Vec::new())));
    let (asker, fetched) = fetched(other, "plain-soap", vec![wanted(1), wanted(2)]);
    assert_eq!(codes(fetched), [None, None]);
    let types = asker.other.media_types.lock().unwrap();
    assert!(types[0].starts_with("application/soap+xml"), "{types:?}");
}

#[test]
fn a_stable_entry_without_a_hash_is_taken_only_where_that_is_agreed() {
    let bare = || {
        let (_, documents) = found("loose-hash", "loose-hash");
        documents.entries
    };
    let other = || {
        let answer = raw("loose-hash", "retrieved.xml");
        Other::new(move |_| Ok((answer.clone(), Vec::new())))
    };
    assert_eq!(codes(fetched(other(), "loose-hash", bare()).1), [None]);
    let refused = codes(fetched(other(), "standard", bare()).1);
    assert_eq!(refused, [Some(Code::DocumentUnverifiable)]);
}

#[test]
fn its_own_codes_are_translated() {
    let class = |dialect| {
        let (_, documents) = found("own-codes", dialect);
        documents.entries[0].entry.class_code.clone().unwrap().code
    };
    assert_eq!(class("own-codes"), "26436-6");
    assert_eq!(class("standard"), "KENSA");
}

#[test]
fn header_blocks_stand_in_the_order_that_it_wants() {
    let names = |text: &str| -> Vec<String> {
        let tree = xml::read(text.as_bytes(), &xml::Limits::default()).unwrap();
        let header = match &*tree.name {
            "Header" => tree,
            _ => tree.first("Header").unwrap().clone(),
        };
        header.elements().map(|e| e.name.to_string()).collect()
    };
    let expected = names(&raw("security-first", "header.xml"));
    let asker = Asker::new(Other::new(|_| Err(Code::PeerBroke)));
    let to = Community {
        assertions: Some(PeerAssertions {
            emergency: false,
            issuer: "urn:other".into(),
            certificates: Vec::new(),
        }),
        ..speaking("security-first")
    };
    let visit = Visit {
        assertion: Some(tasuki_wire::saml::security_header(&xml::document(
            xml::Namespace::NONE,
            "x",
            |x| drop(x),
        ))),
        ..visit()
    };
    let patient = named(PATIENT.to_owned());
    iti38::ask(&asker.gateway, &to, &patient, &visit).unwrap_err();
    let asked = asker.other.asked.lock().unwrap();
    assert_eq!(names(&asked[0]), expected);
}
