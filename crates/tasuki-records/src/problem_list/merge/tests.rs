use super::{ProblemLine, State, problems, stated};
use crate::ClinicalValue;
use crate::merge::tests::origin;
use crate::v2::fixtures::clean;
use proptest::prelude::*;
use tasuki_wire::ssmix2::DataKind::Ppr01;

/// A disease as `number^name`, ICD-10, fields 9 to 14 (`resolved|icd||||suspected|outcome`).
fn prb(number: &str, name: &str, icd10: &str, resolved: &str, suspected: bool) -> String {
    let suspected = if suspected { "1^疑い^JHSD0005" } else { "" };
    format!(
        "PRB|AD|20260601|{number}^{name}^MDCDX2|{name}1|||20240301||{resolved}|{icd10}^{name}^I10-2013|||{suspected}"
    )
}

fn list(
    facility: &str,
    document: &str,
    lines: &[String],
) -> Vec<crate::merge::Fact<super::Stated>> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ClinicalValue::Problems(list) = clean(Ppr01, "PPR^ZD1", &lines) else {
        panic!()
    };
    stated(&list, &[origin(facility, document)])
}

#[test]
fn the_same_disease_by_number_or_icd10_is_one_line_with_each_wording() {
    let mut all = list(
        "a",
        "1",
        &[prb("20061235", "本態性高血圧症", "I10", "", false)],
    );
    all.extend(list(
        "b",
        "2",
        &[prb("20069999", "高血圧症", "I10", "", false)],
    ));
    all.extend(list("c", "3", &[prb("20061235", "高血圧", "", "", false)]));
    let lines = problems(all);
    assert_eq!((lines.len(), lines[0].entries.len()), (1, 3));
    assert_eq!(lines[0].name, "高血圧");
    assert!(lines[0].conflict().is_empty());
}

#[test]
fn left_and_right_and_other_specified_are_not_one() {
    let mut all = list("a", "1", &[prb("", "右大腿骨頸部骨折", "S72.0", "", false)]);
    all.extend(list(
        "b",
        "2",
        &[prb("", "左大腿骨頸部骨折", "S72.0", "", false)],
    ));
    all.extend(list("a", "3", &[prb("", "胃下垂", "K31.8", "", false)]));
    all.extend(list("b", "4", &[prb("", "胃憩室", "K31.8", "", false)]));
    assert_eq!(problems(all).len(), 4);
}

#[test]
fn a_disease_active_here_and_resolved_there_is_a_conflict_that_nobody_decides() {
    let mut all = list("a", "1", &[prb("20061236", "心房細動", "I48", "", false)]);
    all.extend(list(
        "b",
        "2",
        &[prb("20061236", "心房細動", "I48", "20251201", false)],
    ));
    all.extend(list(
        "b",
        "3",
        &[prb("20065555", "骨粗鬆症", "M81", "", true)],
    ));
    let lines = problems(all);
    let states: Vec<State> = lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [State::Active, State::Suspected]);
    let said: Vec<State> = lines[0]
        .conflict()
        .into_iter()
        .map(|(_, state)| state)
        .collect();
    assert_eq!(said, [State::Active, State::Resolved]);
    // One source that lists an old and a new episode does not contradict itself.
    let mut own = list(
        "a",
        "1",
        &[prb("20061236", "肺炎", "J18", "20240101", false)],
    );
    own.extend(list("a", "2", &[prb("20061236", "肺炎", "J18", "", false)]));
    assert!(problems(own)[0].conflict().is_empty());
}

/// Facility, and diseases with whether they are over.
type Given = (u8, Vec<(usize, bool)>);

proptest! {
    /// No statement and no source is lost, and the order in which they come does not matter.
    #[test]
    fn merging_loses_nothing_and_knows_no_order(
        given in proptest::collection::vec((0..3_u8, proptest::collection::vec((0..4_usize, any::<bool>()), 1..4)), 1..6),
    ) {
        let diseases = [("1", "高血圧症", "I10"), ("2", "本態性高血圧症", "I10"), ("1", "高血圧", ""), ("9", "肺炎", "J18")];
        let of = |(n, (facility, which)): (usize, &Given)| {
            let lines: Vec<String> = which.iter().map(|(d, over)| {
                let (number, name, icd10) = diseases[*d];
                prb(number, name, icd10, if *over { "20250101" } else { "" }, false)
            }).collect();
            list(&format!("f{facility}"), &format!("{n}"), &lines)
        };
        let facts: Vec<_> = given.iter().enumerate().flat_map(of).collect();
        let lines: Vec<ProblemLine> = problems(facts.clone());
        prop_assert_eq!(lines.iter().map(|line| line.entries.len()).sum::<usize>(), facts.len());
        let mut other = facts;
        other.reverse();
        prop_assert_eq!(problems(other), lines);
    }
}
