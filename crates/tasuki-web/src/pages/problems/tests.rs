use super::allergies::{Six, six};
use super::{body, read};
use crate::chart::Facts;
use crate::chart::merged::View;
use crate::chart::papers::{Paper, Papers};
use crate::chart::standing::Standing;
use crate::marks::Mark;
use crate::words::{Lang, Words};
use tasuki_core::gather::{PartialReason, Source};
use tasuki_core::{SourceReport, SourceState};
use tasuki_model::{Coded, Coding, FacilityId, Instant, JstDay};
use tasuki_records::ClinicalValue;
use tasuki_records::allergy::{Allergy, AllergyList};
use tasuki_records::merge::{Origin, Routed};

pub(crate) fn source(name: &str) -> Source {
    Source::Facility(FacilityId::new(name).unwrap())
}

fn mark(name: &str) -> Mark {
    Mark {
        source: source(name),
        shape: "disc",
        badge: name.to_owned(),
        short: name.to_owned(),
        name: format!("<{name}>"),
        phone: String::new(),
        offers: tasuki_model::facility::Offers::default(),
    }
}

/// A list of allergies as one facility sent it.
pub(crate) fn list(facility: &str, allergens: &[&str]) -> Routed<Paper> {
    let allergy = |name: &&str| Allergy {
        allergen: Coded {
            codings: vec![Coding {
                text: (*name).into(),
                ..Coding::default()
            }],
            original_text: None,
        },
        ..Allergy::default()
    };
    let entries = allergens.iter().map(allergy).collect();
    let value = ClinicalValue::Allergies(AllergyList {
        entries,
        ..AllergyList::default()
    });
    Routed {
        origins: vec![Origin {
            source: source(facility),
            document: format!("1.{facility}").into(),
        }],
        differs: false,
        value: Paper {
            category: tasuki_model::Category::Problem,
            title: String::new(),
            later: false,
            href: String::new(),
            service: None,
            old: None,
            expected: true,
            unconfirmed: false,
            stated: None,
            class: "ADT-61".into(),
            value: Some(value),
        },
    }
}

/// Draws from lists and states of the facilities `a`, `b`, `c` …
pub(crate) fn with<T>(
    lang: Lang,
    documents: Vec<Routed<Paper>>,
    states: Vec<SourceState>,
    draw: impl Fn(&View<'_>) -> T,
) -> T {
    let names: Vec<String> = (b'a'..)
        .take(states.len())
        .map(|c| char::from(c).to_string())
        .collect();
    let marks: Vec<Mark> = names.iter().map(|name| mark(name)).collect();
    let report = |(name, state): (&String, SourceState)| SourceReport {
        source: source(name),
        state,
        items: 0,
        data_as_of: None,
    };
    let facts = Facts {
        kept: crate::chart::Kept::default(),
        kept_back: Vec::new(),
        marked: None,
        records: Vec::new(),
        cells: Vec::new(),
        undated: Vec::new(),
        reports: names.iter().zip(states).map(report).collect(),
        remarks: Vec::new(),
        arrival: None,
        namesakes: 0,
        twins: 0,
    };
    let papers = Papers {
        documents,
        more: false,
    };
    draw(&View {
        w: Words { lang },
        today: JstDay::new(2026, 7, 15).unwrap(),
        marks: &marks,
        facts: &facts,
        addresses: papers.addresses(),
        old: papers.old_sources(),
        papers: &papers,
    })
}

pub(crate) fn away() -> SourceState {
    SourceState::Unavailable {
        since: Instant::from_micros(0),
    }
}

#[test]
fn every_source_stands_in_its_own_state() {
    let documents = vec![list("a", &["ペニシリン"]), list("b", &[])];
    let states = vec![
        SourceState::Answered,
        SourceState::Answered,
        SourceState::Answered,
        away(),
        SourceState::Partial(PartialReason::Quarantine(1)),
    ];
    let found: Vec<Standing> = with(Lang::Ja, documents, states, |view| {
        six(view, &read(view).0)
            .iter()
            .map(|s: &Six| s.state)
            .collect()
    });
    assert_eq!(
        found,
        [
            Standing::Data,
            Standing::None,
            Standing::Unknown,
            Standing::Away,
            Standing::Away
        ]
    );
}

#[test]
fn none_is_said_only_where_somebody_has_stated_it() {
    let said = |documents: Vec<Routed<Paper>>, states| {
        with(Lang::Ja, documents, states, |view| body(view).sentence)
    };
    let unknown = said(Vec::new(), vec![SourceState::Answered]);
    assert!(
        unknown.contains("開示されていません") && !unknown.contains("は「なし」"),
        "{unknown}"
    );
    let none = said(vec![list("a", &[])], vec![SourceState::Answered]);
    assert!(none.contains("<a>は「なし」"), "{none}");
    let gone = said(Vec::new(), vec![away()]);
    assert!(gone.contains("<a>の記録は分かりません"), "{gone}");
    // One that states none, one that names an allergy, one that is silent: all three are said.
    let documents = vec![list("a", &["ソバ"]), list("b", &[])];
    let all = said(
        documents,
        vec![SourceState::Answered, SourceState::Answered, away()],
    );
    assert!(
        all.contains("1件") && all.contains("<b>は「なし」") && all.contains("<c>の記録は"),
        "{all}"
    );
}

#[test]
fn a_contradiction_is_named_in_both_languages_and_names_are_escaped() {
    use askama::Template;
    for (lang, word) in [(Lang::Ja, "食い違い"), (Lang::En, "Conflict")] {
        let documents = vec![list("a", &["<b>ソバ"]), list("b", &[])];
        let states = vec![SourceState::Answered, SourceState::Answered];
        let page = with(lang, documents, states, |view| body(view).render().unwrap());
        assert!(page.contains(word), "{page}");
        assert!(
            page.contains("&#60;b&#62;ソバ") && !page.contains("<b>ソバ"),
            "{page}"
        );
    }
}
