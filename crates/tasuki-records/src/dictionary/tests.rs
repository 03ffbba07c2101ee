use super::*;
use crate::clinical;
use crate::lab::merge::{lab_table, measured};
use crate::merge::Origin;
use tasuki_core::gather::Source;
use tasuki_core::ports::SeenItem;
use tasuki_model::{Instant, UserId};

fn facility(name: &str) -> FacilityId {
    FacilityId::new(name).unwrap()
}

fn report(item: &str) -> ClinicalValue {
    let text = format!(
        "MSH|^~\\&|E|1|G|T|20260601103015||OUL^R22^OUL_R22|1|P|2.5||||||UNICODE UTF-8\r\
         PID|0001||77^^^^PI||試験^花子^^^^^L^I||19470312|F\r\
         SPM|1|1||023^血清^JC10|||||||||||||202606030915\r\
         OBR|1|1|1|E002^生化学的検査^99O03|||202606030915\rORC|SC|1|1||CM||||20260603130500\r\
         OBX|1|ST|{item}||7.1|g/dL^g/dL^ISO+|||||F\r"
    );
    clinical("OML-11", text.as_bytes()).unwrap().value
}

const CODED: &str = "3A010000002327101^総蛋白^JC10";
const LOCAL: &str = "TP01^総タンパク^99LAB";

fn mapping(of: &str) -> CodeMapping {
    CodeMapping {
        facility: facility(of),
        item: LocalItem {
            kind: CodedKind::Lab,
            code: "TP01".into(),
            name: "総タンパク".into(),
        },
        standard: standard_code(CodedKind::Lab, "3a010000002327101", "総蛋白").unwrap(),
        by: UserId::new("u").unwrap(),
        at: Instant::from_micros(1),
    }
}

/// The rows of a table of two facilities' reports, by their names.
fn rows(dictionary: &Dictionary) -> Vec<Vec<String>> {
    let of = |name: &str, item: &str| {
        let mut value = report(item);
        dictionary.apply(&facility(name), &mut value);
        let origin = Origin {
            source: Source::Facility(facility(name)),
            document: name.into(),
        };
        let ClinicalValue::Lab(lab) = value else {
            panic!("a laboratory report")
        };
        measured(&lab, &[origin], None)
    };
    let table = lab_table([of("a", CODED), of("b", LOCAL)].concat());
    table.rows.into_iter().map(|row| row.names).collect()
}

#[test]
fn a_mapped_item_stands_on_the_line_of_its_code_with_both_names() {
    assert_eq!(
        rows(&Dictionary::default()).len(),
        2,
        "unmapped, it stands by itself"
    );
    let other = Dictionary::new(vec![mapping("a")]);
    assert_eq!(rows(&other).len(), 2, "a facility's word is its own");
    let mapped = rows(&Dictionary::new(vec![mapping("b")]));
    assert_eq!(mapped.len(), 1);
    assert!(
        mapped[0].contains(&"総蛋白".to_owned()) && mapped[0].contains(&"総タンパク".to_owned())
    );
}

#[test]
fn items_are_counted_with_and_without_a_standard_code() {
    let seen_in = |item: &str| seen(&report(item)).remove(0);
    let (item, system, times) = seen_in(CODED);
    assert_eq!(
        (system.as_str(), item.code.as_str(), times),
        ("JC10", "3A010000002327101", 1)
    );
    let (item, system, _) = seen_in(LOCAL);
    assert_eq!((system.as_str(), item.name.as_str()), ("", "総タンパク"));
    let (long, ..) = seen_in(&format!("X^{}^99LAB", "長".repeat(500)));
    assert_eq!(long.name.chars().count(), 120);
}

#[test]
fn suggestions_are_what_is_in_use_by_likeness() {
    let item = |code: &str, name: &str, times| SeenItem {
        facility: facility("a"),
        item: LocalItem {
            kind: CodedKind::Lab,
            code: code.into(),
            name: name.into(),
        },
        system: "JC10".into(),
        times,
    };
    let known = [
        item("3A010", "総蛋白", 5),
        item("5C070", "CRP", 9),
        item("5C071", "ＣＲＰ定量", 2),
        item("3B035", "AST(GOT)", 4),
        item("5C070", "CRP", 1),
        item("103835401", "アムロジピン錠２．５ｍｇ「サワイ」", 9),
        item("103835501", "アムロジピンＯＤ錠５ｍｇ「トーワ」", 3),
    ];
    let found = |name: &str| -> Vec<String> {
        suggestions(name, &known)
            .iter()
            .map(|c| c.code.to_string())
            .collect()
    };
    assert_eq!(found("crp"), ["5C070", "5C071"]);
    assert_eq!(found("AST（GOT）"), ["3B035"]);
    assert_eq!(
        found("アムロジピンOD錠5mg"),
        ["103835501"],
        "another strength is another medicine"
    );
    assert!(found("便潜血").is_empty());
    assert!(found("").is_empty());
}

#[test]
fn a_code_that_is_none_is_not_taken() {
    let system = |kind, code| standard_code(kind, code, "").map(|c| c.system);
    assert_eq!(
        system(CodedKind::Drug, " 103835401 ").as_deref(),
        Some("HOT9")
    );
    assert_eq!(
        system(CodedKind::Drug, "2171022F1029").as_deref(),
        Some("YJ")
    );
    for wrong in ["", "3A01", "3A010-00002327101", "あいうえおかきくけこさし"] {
        assert_eq!(system(CodedKind::Lab, wrong), None, "{wrong}");
    }
    assert_eq!(system(CodedKind::Drug, "ABCDEFGHI"), None);
}
