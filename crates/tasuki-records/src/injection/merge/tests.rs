use super::{Bottle, Given, InjectionLine, facts, injections};
use crate::ClinicalValue;
use crate::injection::Injection;
use crate::merge::Fact;
use crate::merge::tests::origin;
use crate::v2::fixtures::clean;
use tasuki_wire::ssmix2::DataKind::{Omp02, Omp12};

const SOLITA: &str = "620007329^ソリタ−Ｔ３号輸液５００ｍＬ^HOT9";
const ADONA: &str = "620002559^アドナ注（静脈用）５０ｍｇ^HOT9";

fn order(number: &str, groups: &[(&str, &str)]) -> Injection {
    let mut lines = Vec::new();
    for (group, at) in groups {
        lines.push(format!("ORC|NW|{number}||{group}|||||202606020900"));
        lines.push("RXE||00^一般^JHSI0002|510||ML^ミリリッター^MR9P".to_owned());
        lines.push(format!("TQ1|||||||{at}"));
        lines.push("RXR|IV^静脈内^HL70162".to_owned());
        lines.push(format!("RXC|B|{SOLITA}|1|HON^本^MR9P"));
        lines.push(format!("RXC|A|{ADONA}|1|AMP^アンプル^MR9P"));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ClinicalValue::Injection(injection) = clean(Omp02, "RDE^O11", &lines) else {
        panic!()
    };
    injection
}

fn given(number: &str, group: &str, at: &str, drug: &str) -> Injection {
    let lines = [
        format!("ORC|OK|{number}||{group}"),
        format!("RXA|0|1|{at}|{at}|{drug}|1|HON^本^MR9P|||NS1^看護^花子||||||||||CP"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ClinicalValue::Injection(injection) = clean(Omp12, "RAS^O17", &lines) else {
        panic!()
    };
    injection
}

fn lines(documents: &[(&str, &str, Injection)]) -> Vec<InjectionLine> {
    let (mut bottles, mut given): (Vec<Fact<Bottle>>, Vec<Fact<Given>>) = Default::default();
    for (facility, document, injection) in documents {
        let (b, g) = facts(injection, &[origin(facility, document)], None);
        bottles.extend(b);
        given.extend(g);
    }
    injections(bottles, given)
}

#[test]
fn what_was_given_stands_under_its_order() {
    let two = [("01", "202606021000"), ("02", "202606031000")];
    let documents = [
        ("a", "1", order("77", &two)),
        ("a", "2", given("77", "02", "202606031010", SOLITA)),
        ("a", "3", given("77", "", "202606021005", ADONA)),
    ];
    let found = lines(&documents);
    assert_eq!(found.len(), 2);
    let counts: Vec<usize> = found.iter().map(|line| line.given.len()).collect();
    assert_eq!(counts, [1, 1]);
    let mut turned = documents.to_vec();
    turned.reverse();
    assert_eq!(lines(&turned), found);
}

#[test]
fn an_order_number_is_one_facilitys_own() {
    let found = lines(&[
        ("a", "1", order("77", &[("01", "202606021000")])),
        ("b", "2", given("77", "01", "202606021010", SOLITA)),
        ("a", "3", given("78", "01", "202606021010", SOLITA)),
        ("a", "4", given("77", "", "202606021010", "^別の薬^")),
    ]);
    assert_eq!(found.len(), 4);
    let alone = found.iter().filter(|line| line.bottle.is_none());
    assert_eq!(alone.count(), 3);
}
