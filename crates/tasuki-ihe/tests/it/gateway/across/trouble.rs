//! What others do not answer, or answer wrongly, stands in the answer; the rest of it is there.

use super::{Mood, Net, entries, errors, ours_and_theirs};
use tasuki_wire::ebrim::{ResponseStatus, Severity};

const THEIRS: Option<&str> = Some("urn:oid:2.25.7");

/// What a system is told of a patient while something is wrong: the code that it reads.
fn told(mood: Mood, code: &str) {
    let net = Net::new();
    net.line.set(mood);
    let found = net.find("1");
    assert_eq!(
        found.response.status,
        ResponseStatus::PartialSuccess,
        "{code}"
    );
    assert_eq!(entries(&found), ours_and_theirs()[..1], "{code}");
    let errors = errors(&found.response.errors);
    assert!(
        errors.contains(&(code, THEIRS, Severity::Error)),
        "{errors:?}"
    );
}

#[test]
fn a_community_that_is_away_is_named() {
    told(Mood::Off, "XDSUnavailableCommunity");
}

#[test]
fn a_community_that_never_answers_is_named() {
    told(Mood::Hanging, "XDSUnavailableCommunity");
}

#[test]
fn whom_nobody_could_identify_is_named() {
    told(Mood::NoIndex, "XDSUnavailableCommunity");
}

#[test]
fn objects_of_no_community_are_named_and_not_given() {
    told(Mood::Homeless, "XDSMissingHomeCommunityId");
    let net = Net::new();
    net.line.set(Mood::Homeless);
    let found = net.find("1");
    let errors = found.response.errors.iter();
    let context = errors
        .filter(|e| e.code == "XDSMissingHomeCommunityId")
        .map(|e| e.context.as_str());
    // Which gateway, and which elements (ITI TF-2 3.38.4.1.3).
    assert!(
        context
            .clone()
            .all(|c| c.contains("there") && c.contains("urn:uuid:"))
    );
    assert_eq!(context.count(), 1);
}

#[test]
fn objects_of_another_patient_are_counted_and_not_given() {
    told(Mood::Mistaken, "XDSRegistryError");
}

#[test]
fn an_error_of_a_community_is_passed_on_as_its_own() {
    let net = Net::new();
    net.line.set(Mood::Broken);
    let found = net.find("1");
    assert_eq!(entries(&found), ours_and_theirs()[..1]);
    let errors = errors(&found.response.errors);
    assert_eq!(errors, [("XDSRegistryError", THEIRS, Severity::Error)]);
}

#[test]
fn a_document_that_was_altered_is_not_given() {
    let net = Net::new();
    net.line.set(Mood::Altering);
    let (answer, contents) = net.retrieve(&[
        ("urn:oid:2.25.1", "2.25.1.1", "1.2.9.1"),
        ("urn:oid:2.25.7", "2.25.7.1", "1.2.9.7"),
    ]);
    assert_eq!(answer.response.status, ResponseStatus::PartialSuccess);
    assert_eq!(contents, [b"ours".to_vec()]);
    let said = errors(&answer.response.errors);
    assert_eq!(
        said,
        [("XDSDocumentUniqueIdError", THEIRS, Severity::Error)]
    );
}

#[test]
fn a_community_that_is_away_gives_no_documents() {
    for mood in [Mood::Off, Mood::NoIndex] {
        let net = Net::new();
        net.line.set(mood);
        let (answer, contents) = net.retrieve(&[
            ("urn:oid:2.25.1", "2.25.1.1", "1.2.9.1"),
            ("urn:oid:2.25.7", "2.25.7.1", "1.2.9.7"),
        ]);
        assert_eq!(contents, [b"ours".to_vec()]);
        let said = errors(&answer.response.errors);
        assert!(said.contains(&("XDSUnavailableCommunity", THEIRS, Severity::Error)));
    }
}
