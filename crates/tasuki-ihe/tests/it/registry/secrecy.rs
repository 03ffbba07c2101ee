//! What is withheld and what is not there are told in the same words.

use super::{Document, GET_DOCUMENTS, cx, find, patient, provide, query, retrieve};
use crate::world::World;
use tasuki_core::audit::Ending;
use tasuki_wire::ebrim::ResponseStatus;

fn document<'a>(patient: &'a str, unique: &'a str, confidentiality: &'a str) -> Document<'a> {
    Document {
        patient,
        unique,
        confidentiality,
        more: "",
    }
}

#[test]
fn an_undisclosed_patient_is_as_unknown_as_one_that_is_not_there() {
    let world = World::new();
    patient(&world, "1", true);
    let sent = provide(&world, &document(&cx("1"), "1.2.9.1", "N"), b"secret");
    assert_eq!(sent.status, ResponseStatus::Success, "{:?}", sent.errors);
    assert_eq!(find(&world, &cx("1")).found.objects.len(), 1);
    world.disclose("hzln", "1", false);
    let withheld = find(&world, &cx("1"));
    assert_eq!(withheld, find(&world, &cx("2")));
    assert_eq!(withheld.response.status, ResponseStatus::Success);
    assert!(withheld.found.objects.is_empty());
    let by_id = |unique: &str| {
        let unique = format!("('{unique}')");
        query(
            &world,
            GET_DOCUMENTS,
            &[("$XDSDocumentEntryUniqueId", &unique)],
        )
    };
    assert_eq!(by_id("1.2.9.1"), by_id("1.2.9.9"));
    let (mut there, parts) = retrieve(&world, "2.25.1.1", "1.2.9.1");
    let (absent, _) = retrieve(&world, "2.25.1.1", "1.2.9.9");
    assert!(parts.is_empty());
    for error in &mut there.response.errors {
        error.context = error.context.replace("1.2.9.1", "1.2.9.9");
    }
    assert_eq!(there.response, absent.response);
    assert_eq!(absent.response.errors[0].code, "XDSDocumentUniqueIdError");
}

#[test]
fn a_restricted_document_does_not_leave_and_nothing_refers_to_it() {
    let world = World::new();
    patient(&world, "1", true);
    for (unique, level) in [("1.2.9.1", "N"), ("1.2.9.2", "R"), ("1.2.9.3", "V")] {
        let sent = provide(&world, &document(&cx("1"), unique, level), b"x");
        assert_eq!(sent.status, ResponseStatus::Success, "{:?}", sent.errors);
    }
    let found = find(&world, &cx("1")).found.objects;
    let ids: Vec<_> = found.iter().filter_map(|o| o.unique_id()).collect();
    assert_eq!(ids, ["1.2.9.1"]);
    let status = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')";
    let all = query(
        &world,
        "10b545ea-725c-446d-9b95-8aeb444eddf3",
        &[
            ("$patientId", &format!("'{}'", cx("1"))),
            ("$XDSDocumentEntryStatus", status),
            ("$XDSSubmissionSetStatus", status),
            ("$XDSFolderStatus", status),
        ],
    );
    let kinds: Vec<_> = all.found.objects.iter().map(|o| o.kind()).collect();
    let mut kinds = kinds;
    kinds.sort_unstable();
    assert_eq!(kinds, ["Association", "DocumentEntry", "SubmissionSet"]);
}

#[test]
fn the_auditor_is_told_of_each_transaction_once() {
    let world = World::new();
    patient(&world, "1", true);
    let before = world.events().len();
    provide(&world, &document(&cx("1"), "1.2.9.1", "N"), b"x");
    find(&world, &cx("1"));
    retrieve(&world, "2.25.1.1", "1.2.9.1");
    provide(&world, &document(&cx("8"), "1.2.9.2", "N"), b"x");
    let events = world.events().split_off(before);
    let told: Vec<_> = events
        .iter()
        .map(|e| {
            (
                e.subject.as_str(),
                e.ending,
                e.code.as_deref(),
                e.items,
                e.patients.len(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ITI-41", Ending::Success, None, 1, 1),
            ("ITI-18", Ending::Success, None, 1, 1),
            ("ITI-43", Ending::Success, None, 1, 1),
            ("ITI-41", Ending::Refused, Some("XDS-002"), 0, 0),
        ]
    );
    let exchange = events[1].exchange.as_ref().unwrap();
    assert_eq!(exchange.patients, [cx("1")]);
    assert!(exchange.query.as_ref().unwrap().text.contains("AdhocQuery"));
    let exchange = events[2].exchange.as_ref().unwrap();
    assert_eq!(exchange.documents[0].unique_id, "1.2.9.1");
}
