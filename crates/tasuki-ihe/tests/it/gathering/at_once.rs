//! A community that gives one document a request: several requests are under way at once, no more than
//! its dialect has, and none after it has fallen silent.

use super::line::Meeting;
use super::two::Two;
use tasuki_core::SourceState;
use tasuki_core::gather::PartialReason;

/// Documents of the patient, each asked for by itself.
const DOCUMENTS: usize = 20;
/// What `one-by-one` says nothing of.
const AT_ONCE: usize = 8;

fn two(retrieves: Meeting) -> Two {
    let names: Vec<String> = (0..DOCUMENTS).map(|n| format!("1.2.9.{n}")).collect();
    let documents: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), name.as_bytes()))
        .collect();
    Two::speaking("one-by-one", &documents, retrieves)
}

#[test]
fn documents_given_one_by_one_are_asked_for_eight_at_once() {
    let two = two(Meeting::of(AT_ONCE, None));
    let asked = two.gather();
    assert_eq!(asked.state, SourceState::Answered);
    let met = two.line.retrieves.met();
    assert_eq!((met.most, met.all), (AT_ONCE, DOCUMENTS));
    let mut expected: Vec<Vec<u8>> = (0..DOCUMENTS)
        .map(|n| format!("1.2.9.{n}").into_bytes())
        .collect();
    expected.sort();
    let contents: Vec<_> = two.contents().into_iter().map(Option::unwrap).collect();
    assert_eq!(contents, expected);
    let events = two.asking.events();
    let retrieves = events.iter().filter(|e| e.subject == "ITI-39");
    assert_eq!(retrieves.count(), DOCUMENTS, "one event each");
}

#[test]
fn a_community_that_falls_silent_is_asked_for_nothing_more_and_what_came_stays() {
    let answers = 3;
    let two = two(Meeting::of(AT_ONCE, Some(answers)));
    let asked = two.gather();
    assert_eq!(asked.state, SourceState::Partial(PartialReason::Incomplete));
    let met = two.line.retrieves.met();
    assert!(met.all <= AT_ONCE + answers, "{} requests", met.all);
    let here = two.contents().into_iter().flatten().count();
    assert_eq!(here, answers);
}
