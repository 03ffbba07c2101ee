use super::super::{class::Class, overlap::overlaps};
use super::{Medicine, Supply, medicines, supplies};
use crate::ClinicalValue;
use crate::merge::Fact;
use crate::merge::tests::origin;
use crate::v2::fixtures::clean;
use proptest::prelude::*;
use tasuki_model::JstDay;
use tasuki_wire::ssmix2::DataKind::Omp01;

/// A prescription of drugs, each for so many days from a day of June 2026 on.
fn orders(
    facility: &str,
    document: &str,
    day: u32,
    days: u32,
    drugs: &[&str],
) -> Vec<Fact<Supply>> {
    let mut lines = Vec::new();
    for (n, drug) in drugs.iter().enumerate() {
        lines.push(format!("ORC|NW|1||1_01_{n:03}|||||202606{day:02}0900"));
        lines.push(format!("RXE||{drug}|1||TAB^錠^MR9P"));
        lines.push(format!(
            "TQ1|||1011000400000000&１日１回朝食後&JAMISDP01|||{days}^D&日分&MR9P|202606{day:02}"
        ));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ClinicalValue::Prescription(prescription) = clean(Omp01, "RDE^O11", &lines) else {
        panic!()
    };
    supplies(&prescription, &[origin(facility, document)], None)
}

fn today() -> JstDay {
    JstDay::new(2026, 6, 20).unwrap()
}

const AMLODIPINE: &str = "118301602^アムロジピン錠２．５ｍｇ「ＴＣＫ」^HOT9";

#[test]
fn the_same_medicine_by_code_or_by_name_is_one_line_with_two_badges() {
    let mut all = orders("a", "1", 1, 28, &[AMLODIPINE]);
    // The same HOT7 of another company, and the name alone in another writing.
    all.extend(orders(
        "b",
        "2",
        10,
        28,
        &["118301699^アムロジピン錠2.5mg「アメル」^HOT9"],
    ));
    all.extend(orders("c", "3", 2, 7, &["A12^アムロジピン錠 2.5mg^99X"]));
    let lines = medicines(all);
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!((line.supplies.len(), line.sources(today()).len()), (3, 2));
    assert_eq!(line.since().unwrap().to_string(), "2026-06-01");
    assert_eq!(line.until().unwrap().to_string(), "2026-07-07");
    assert_eq!(line.class, Some(Class::BloodPressure));
    assert!(line.is_current(today()));
}

#[test]
fn brands_of_one_yj_code_are_one_and_local_codes_join_nothing() {
    let mut all = orders("a", "1", 1, 7, &["2171022F1029^ノルバスク錠２．５ｍｇ^YJ"]);
    all.extend(orders(
        "b",
        "2",
        1,
        7,
        &["2171022F1010^アムロジピン錠2.5mg^YJ"],
    ));
    all.extend(orders("a", "3", 1, 7, &["00108^フロセミド錠２０ｍｇ^99X"]));
    all.extend(orders(
        "b",
        "4",
        1,
        7,
        &["00108^酸化マグネシウム錠３３０ｍｇ^99X"],
    ));
    let lines = medicines(all);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0].class, Some(Class::BloodPressure));
    assert_eq!(lines[0].other_names().len(), 1);
}

#[test]
fn a_drug_without_code_or_name_is_a_line_of_its_own() {
    let mut all = orders("a", "1", 1, 7, &["^名のみの薬^"]);
    all.extend(orders("a", "2", 1, 7, &["00999^^99X"]));
    all.extend(orders("b", "3", 1, 7, &["00999^^99X"]));
    let lines = medicines(all);
    assert_eq!(lines.len(), 3);
    assert!(
        lines
            .iter()
            .any(|line| line.name == "00999" && line.key.is_none())
    );
}

#[test]
fn overlaps_are_named_between_sources_only_and_only_beyond_a_few_days() {
    let mut all = orders("a", "1", 1, 28, &[AMLODIPINE]);
    all.extend(orders("a", "2", 10, 28, &[AMLODIPINE]));
    assert!(overlaps(&medicines(all.clone())).is_empty());
    all.extend(orders("b", "3", 12, 28, &["^アムロジピンＯＤ錠５ｍｇ^"]));
    let lines = medicines(all);
    let found = overlaps(&lines);
    assert_eq!((lines.len(), found.len()), (2, 1));
    assert_eq!(found[0].days.0.to_string(), "2026-06-12");
    assert_eq!(found[0].days.1.to_string(), "2026-07-07");
    // Two days are what people have left at home.
    let mut short = orders("a", "1", 1, 10, &[AMLODIPINE]);
    short.extend(orders("b", "4", 9, 28, &[AMLODIPINE]));
    assert!(overlaps(&medicines(short)).is_empty());
}

#[test]
fn what_is_taken_back_is_kept_and_is_not_current() {
    let mut all = orders("a", "1", 18, 28, &[AMLODIPINE]);
    all[0].value.cancelled = true;
    let lines = medicines(all);
    assert!(!lines[0].is_current(today()) && lines[0].supplies.len() == 1);
}

proptest! {
    /// No order and no source is lost, and the order in which they come does not matter.
    #[test]
    fn merging_loses_nothing_and_knows_no_order(
        given in proptest::collection::vec((0..3_u8, 1..28_u32, proptest::collection::vec(0..6_usize, 1..4)), 1..8),
        turn in 0..8_usize,
    ) {
        let drugs = [AMLODIPINE, "^アムロジピン錠2.5mg^", "2171022F1010^アムロジピン錠2.5mg^YJ", "7^^99X", "^ 乙錠^", "^乙錠^"];
        let of = |(n, (facility, day, which)): (usize, &(u8, u32, Vec<usize>))| {
            let which: Vec<&str> = which.iter().map(|n| drugs[*n]).collect();
            orders(&format!("f{facility}"), &format!("{n}"), *day, 14, &which)
        };
        let facts: Vec<Fact<Supply>> = given.iter().enumerate().flat_map(of).collect();
        let lines: Vec<Medicine> = medicines(facts.clone());
        let mut kept: Vec<_> = lines.iter().flat_map(|line| line.supplies.clone()).collect();
        let mut sorted = facts.clone();
        kept.sort_by(|a, b| a.place().cmp(&b.place()));
        sorted.sort_by(|a, b| a.place().cmp(&b.place()));
        prop_assert_eq!(kept, sorted);
        let mut other = facts;
        other.reverse();
        let at = turn.min(other.len());
        other.rotate_left(at);
        prop_assert_eq!(medicines(other), lines);
    }
}
