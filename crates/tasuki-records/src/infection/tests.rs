use super::*;
use crate::lab::merge::measured;
use crate::merge::Origin;
use crate::{ClinicalValue, clinical};
use proptest::prelude::*;
use tasuki_core::gather::Source;
use tasuki_model::FacilityId;

fn report(items: &[(&str, &str, &str)], day: &str) -> String {
    let head = format!(
        "MSH|^~\\&|E|1|G|T|{day}103015||OUL^R22^OUL_R22|1|P|2.5||||||UNICODE UTF-8\r\
         PID|0001||77^^^^PI||試験^花子^^^^^L^I||19470312|F\r\
         SPM|1|1||023^血清^JC10|||||||||||||{day}0915\r\
         OBR|1|1|1|E002^感染症^99O03|||{day}0915\rORC|SC|1|1||CM||||{day}130500\r"
    );
    let result = |(n, (code, name, value)): (usize, &(&str, &str, &str))| {
        format!("OBX|{}|ST|{code}^{name}^JC10||{value}||||||F\r", n + 1)
    };
    head + &items.iter().enumerate().map(result).collect::<String>()
}

fn facts(source: &str, items: &[(&str, &str, &str)], day: &str) -> Vec<Fact<Measured>> {
    let read = clinical("OML-11", report(items, day).as_bytes()).unwrap();
    let ClinicalValue::Lab(lab) = read.value else {
        panic!("a laboratory report")
    };
    let origin = Origin {
        source: Source::Facility(FacilityId::new(source).unwrap()),
        document: format!("{source}-{day}").into(),
    };
    measured(&lab, &[origin], None)
}

#[test]
fn results_of_several_sources_stand_together_newest_first_in_their_own_words() {
    let old = facts("a", &[("5F016141002399811", "HBs抗原", "(-)")], "20240101");
    let new = facts(
        "b",
        &[
            ("5F016141002305101", "HBs抗原定量", "< 0.05"),
            ("5E075000002311711", "TP抗体", "(+)"),
            ("3A010000002327101", "総蛋白", "7.1"),
            ("5F360143002305211", "HCV抗体", ""),
        ],
        "20260101",
    );
    let found = infections([old, new].concat());
    let agents: Vec<Agent> = found.iter().map(|i| i.agent).collect();
    assert_eq!(
        agents,
        [Agent::Syphilis, Agent::HepatitisB],
        "what was only asked for is no result"
    );
    let words: Vec<String> = found[1]
        .results
        .iter()
        .map(|r| r.value.observation.value.display())
        .collect();
    assert_eq!(words, ["< 0.05", "(-)"]);
}

#[test]
fn neighbours_in_the_code_table_are_not_taken_for_one() {
    for (code, agent) in [
        ("5E071", Some(Agent::Syphilis)),
        ("5E070", None),
        ("5F016", Some(Agent::HepatitisB)),
        ("5F360", Some(Agent::HepatitisC)),
        ("5F361", None),
        ("5f550", Some(Agent::Hiv)),
        ("5F561", None),
        ("3A010", None),
        ("5F011", None),
        ("5F017", None),
        ("5E072", None),
        ("5E", None),
    ] {
        assert_eq!(Agent::of(code), agent, "{code}");
    }
}

proptest! {
    #[test]
    fn picking_loses_nothing_and_knows_no_order(order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle()) {
        let all = |order: &[usize]| {
            let codes = ["5E071", "5F016", "5F360", "5F500", "5F560", "2A990"];
            order.iter().flat_map(|n| {
                let code = format!("{}000002399801", codes[*n]);
                facts("a", &[(&code, "検査", "(-)")], &format!("2026010{}", n + 1))
            }).collect::<Vec<_>>()
        };
        let found = infections(all(&order));
        prop_assert_eq!(&found, &infections(all(&[0, 1, 2, 3, 4, 5])));
        prop_assert_eq!(found.iter().map(|i| i.results.len()).sum::<usize>(), 5);
    }
}
