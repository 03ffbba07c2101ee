//! The six states of each block: data, none stated, nothing recorded (which is also what withheld
//! looks like), away, in part, and not asked.

use super::blocks::blocks;
use crate::chart::papers::Paper;
use crate::pages::problems::tests::{away, list, source, with};
use crate::words::Lang;
use askama::Template;
use tasuki_core::SourceState;
use tasuki_core::gather::PartialReason;
use tasuki_records::merge::{Origin, Routed};
use tasuki_records::{ClinicalValue, clinical};

fn paper(facility: &str, class: &str, value: ClinicalValue) -> Routed<Paper> {
    let plain = list(facility, &[]);
    Routed {
        origins: vec![Origin {
            source: source(facility),
            document: format!("2.{facility}.{}", class.len()).into(),
        }],
        value: Paper {
            class: class.into(),
            value: Some(value),
            ..plain.value
        },
        differs: false,
    }
}

const LAB: &str = "MSH|^~\\&|E|1|G|T|20260601103015||OUL^R22^OUL_R22|1|P|2.5||||||UNICODE UTF-8\r\
    PID|0001||77^^^^PI||試験^花子^^^^^L^I||19470312|F\rSPM|1|1||023^血清^JC10|||||||||||||202606030915\r\
    OBR|1|1|1|E002^感染症^99O03|||202606030915\rORC|SC|1|1||CM||||20260603130500\r\
    OBX|1|ST|5F360143002305211^HCV抗体^JC10||(-)||||||F\r";

const ALLERGY: &str = "MSH|^~\\&|E|1|G|T|20260601103015||ADT^A60^ADT_A60|1|P|2.5||||||UNICODE UTF-8\r\
    EVN||202606011030\rPID|0001||77^^^^PI||試験^花子^^^^^L^I||19470312|F\r\
    IAM|1|MC^禁忌^HL70127|622222200^造影剤^HOT9|SV||A|1\r";

fn full(facility: &str) -> Vec<Routed<Paper>> {
    let read = |class: &str, bytes: &str| clinical(class, bytes.as_bytes()).unwrap().value;
    let check = "53576-5^検診・健診報告書^LN^H1^特定健診^99Z";
    vec![
        paper(facility, "OML-11", read("OML-11", LAB)),
        paper(facility, "ADT-61", read("ADT-61", ALLERGY)),
        paper(facility, check, read(check, "特定健診の結果")),
    ]
}

/// The sentences of the three blocks.
fn sentences(documents: Vec<Routed<Paper>>, states: Vec<SourceState>) -> [String; 3] {
    with(Lang::Ja, documents, states, |view| {
        let blocks = blocks(view);
        [
            blocks.infection_sentence,
            blocks.contraindication_sentence,
            blocks.check_sentence,
        ]
    })
}

#[test]
fn each_block_has_words_of_its_own_for_every_state() {
    let answered = || vec![SourceState::Answered];
    for said in sentences(full("a"), answered()) {
        assert!(
            said.contains("1件") && !said.contains("分かりません"),
            "data: {said}"
        );
    }
    let none = sentences(vec![list("a", &[])], answered());
    assert!(none[1].contains("<a>は「なし」"), "stated none: {none:?}");
    for said in [&none[0], &none[2]] {
        assert!(
            said.contains("開示されていません"),
            "nobody states that there is none: {said}"
        );
    }
    for said in sentences(Vec::new(), answered()) {
        assert!(
            said.contains("開示されていません") && !said.contains("「なし」"),
            "{said}"
        );
    }
    let gaps = [
        away(),
        SourceState::Partial(PartialReason::Quarantine(1)),
        SourceState::NotAsked,
        SourceState::Refused,
        SourceState::Awaited,
    ];
    for gap in gaps {
        for said in sentences(full("a"), vec![SourceState::Answered, gap.clone()]) {
            assert!(said.contains("1件"), "{said}");
            assert!(said.contains("<b>の記録は分かりません"), "{gap:?}: {said}");
        }
    }
}

#[test]
fn the_page_shows_results_medicines_and_reports_with_their_sources() {
    let page = with(Lang::Ja, full("a"), vec![SourceState::Answered], |view| {
        blocks(view).render().unwrap()
    });
    for word in [
        "C型肝炎",
        "HCV抗体",
        "(-)",
        "造影剤",
        "禁忌</b>",
        "健診報告書",
        "title=\"&#60;a&#62;\"",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
}
