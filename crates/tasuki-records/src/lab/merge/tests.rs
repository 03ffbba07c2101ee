use super::super::Lab;
use super::super::item::ItemGroup;
use super::{LabTable, Measured, lab_table, measured};
use crate::ClinicalValue;
use crate::lab::range::{Band, judgement};
use crate::merge::Fact;
use crate::merge::tests::origin;
use crate::v2::fixtures::clean;
use crate::view::Flag;
use proptest::prelude::*;
use tasuki_wire::ssmix2::DataKind::Oml11;

/// A report of results as `code^name^system|value|unit|range|flag`, taken on a day of June 2026.
fn report(day: u32, results: &[&str]) -> Lab {
    let taken = format!("202606{day:02}0900");
    let mut lines = vec![
        format!("SPM|1|S1||023^血清^JC10|||||||||||||{taken}"),
        format!("OBR|1|920|S1|E002^生化学^99O03|||{taken}"),
    ];
    for (n, result) in results.iter().enumerate() {
        let parts: Vec<&str> = result.split('|').collect();
        let number = parts[1].parse::<f64>().is_ok();
        let kind = if number { "NM" } else { "ST" };
        let (item, rest) = (parts[0], parts[1..].join("|"));
        lines.push(format!("OBX|{}|{kind}|{item}||{rest}|||F", n + 1));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ClinicalValue::Lab(lab) = clean(Oml11, "OUL^R22", &lines) else {
        panic!()
    };
    lab
}

fn facts(facility: &str, document: &str, lab: &Lab) -> Vec<Fact<Measured>> {
    measured(lab, &[origin(facility, document)], None)
}

const CRP: &str = "5C070000002306201^ＣＲＰ^JC10";

fn three_hospitals() -> Vec<Fact<Measured>> {
    let mut all = facts(
        "a",
        "1",
        &report(
            3,
            &[
                &format!("{CRP}|0.21|mg/dL|<=0.14|H"),
                "10222^院内項目^99X|5|U/L||",
            ],
        ),
    );
    all.extend(facts(
        "b",
        "2",
        &report(1, &[&format!("{CRP}|1.8|mg/L|<=1.4|H")]),
    ));
    // Another method of the same item.
    all.extend(facts(
        "b",
        "3",
        &report(5, &["5C070000002306101^ＣＲＰ^JC10|0.10|MG/DL|0-0.3|"]),
    ));
    all.extend(facts("c", "4", &report(4, &["10222^院内項目^99X|6|U/L||"])));
    all
}

#[test]
fn one_item_is_one_row_and_units_and_methods_are_never_joined_by_a_line() {
    let table = lab_table(three_hospitals());
    let crp = &table.rows[0];
    assert_eq!((crp.group, crp.values.len()), (ItemGroup::Immunity, 3));
    assert_eq!(
        (crp.unit.as_str(), crp.main.unit.as_str()),
        ("MG/DL", "mg/dl")
    );
    let columns: Vec<usize> = crp.values.iter().map(|(column, _)| *column).collect();
    assert_eq!((columns, table.takings.len()), (vec![0, 2, 3], 4));
    let series = crp.series(None, 100);
    // mg/L is in the table only; another method breaks the line.
    assert_eq!(
        (series.other_units, series.points, series.runs.len()),
        (1, 2, 2)
    );
    assert_eq!(series.bands.len(), 2);
}

#[test]
fn a_local_item_stands_under_its_own_name_and_is_joined_with_nobody_elses() {
    let table = lab_table(three_hospitals());
    let local: Vec<_> = table
        .rows
        .iter()
        .filter(|row| row.group == ItemGroup::Local)
        .collect();
    assert_eq!(local.len(), 2);
    assert!(
        local
            .iter()
            .all(|row| row.names == ["院内項目"] && row.values.len() == 1)
    );
}

#[test]
fn items_that_only_their_own_result_code_tells_apart_are_not_one() {
    let counts = [
        "2A990000001966051^白血球数^JC10|5.4|10*3/uL||",
        "2A990000001966052^赤血球数^JC10|4.59|10*6/uL||",
    ];
    let table = lab_table(facts("a", "1", &report(3, &counts)));
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn a_document_by_two_routes_fills_one_cell_with_two_badges() {
    let lab = report(3, &[&format!("{CRP}|0.21|mg/dL|<=0.14|H")]);
    let table = lab_table(measured(&lab, &[origin("a", "1"), origin("b", "1")], None));
    assert_eq!(
        (table.takings.len(), table.takings[0].sources.len()),
        (1, 2)
    );
    assert_eq!(table.rows[0].values.len(), 1);
}

#[test]
fn words_are_no_points_and_ranges_judge_what_their_source_did_not() {
    let lab = report(
        3,
        &[
            "1A010000000190111^蛋白^JC10|(2+)||(-)|A",
            "3H015000002326101^Ｋ^JC10|5.1|mmol/L|3.6-4.8|",
        ],
    );
    let table = lab_table(facts("a", "1", &lab));
    assert_eq!(table.rows[1].series(None, 10).not_drawn, 1);
    let potassium = &table.rows[0].values[0].1.value.observation;
    assert_eq!(judgement(potassium), Some(Flag::High));
    let band = |text| Band::parse(text).map(|band| (band.low, band.high));
    assert_eq!(band("３．６〜４．８"), Some((Some(3.6), Some(4.8))));
    assert_eq!(band("-2.0-2.0"), Some((Some(-2.0), Some(2.0))));
    assert_eq!(band("60以上"), Some((Some(60.0), None)));
    assert_eq!(band("＜130"), Some((None, Some(130.0))));
    assert!(
        [band("(-)"), band("1e5-2"), band("8-3"), band("")]
            .iter()
            .all(Option::is_none)
    );
}

#[test]
fn twenty_thousand_values_keep_their_peaks_in_a_few_hundred_points() {
    let one = facts("a", "1", &report(3, &[&format!("{CRP}|1|mg/dL||")])).remove(0);
    let value = |n: u32| {
        let mut fact = one.clone();
        fact.item = n;
        let number = if n == 777 {
            "99".to_owned()
        } else {
            format!("0.{}", n % 10)
        };
        fact.value.observation.value = crate::v2::ObservedValue::Number(number.into());
        fact
    };
    let table = lab_table((0..20_000).map(value).collect());
    let series = table.rows[0].series(None, 400);
    let points: usize = series.runs.iter().map(Vec::len).sum();
    assert_eq!(series.points, 20_000);
    assert!(points <= 402 && series.runs[0].iter().any(|point| point.number > 98.0));
}

/// Facility, day of taking, and results as item, value, unit.
type Given = (u8, u32, Vec<(usize, u32, usize)>);

proptest! {
    /// No value and no source is lost, and the order in which reports come does not matter.
    #[test]
    fn merging_loses_nothing_and_knows_no_order(
        reports in proptest::collection::vec((0..3_u8, 1..28_u32, proptest::collection::vec((0..4_usize, 1..9_u32, 0..2_usize), 1..5)), 1..7),
        turn in 0..7_usize,
    ) {
        let items = [CRP, "3H015000002326101^Ｋ^JC10", "55^院内^99X", "^名のみ^"];
        let of = |(n, (facility, day, results)): (usize, &Given)| {
            let unit = ["mg/dL", "mg/L"];
            let lines: Vec<String> = results.iter().map(|(item, value, u)| format!("{}|{value}|{}||", items[*item], unit[*u])).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            facts(&format!("f{facility}"), &format!("{n}"), &report(*day, &lines))
        };
        let given: Vec<Fact<Measured>> = reports.iter().enumerate().flat_map(of).collect();
        let table: LabTable = lab_table(given.clone());
        let mut kept: Vec<_> = table.rows.iter().flat_map(|row| row.values.iter().map(|(_, fact)| fact.clone())).collect();
        let mut sorted = given.clone();
        kept.sort_by(|a, b| a.place().cmp(&b.place()));
        sorted.sort_by(|a, b| a.place().cmp(&b.place()));
        prop_assert_eq!(kept, sorted);
        let mut other = given;
        other.reverse();
        let at = turn.min(other.len());
        other.rotate_left(at);
        prop_assert_eq!(lab_table(other), table);
    }
}
