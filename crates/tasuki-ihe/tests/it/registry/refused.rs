//! What is wrong is told with the standard's word, our code, the object, and what to change.

use super::{Document, cx, patient, provide, query, send};
use crate::nist::shared;
use crate::soap::{Sent, post};
use crate::world::World;
use std::collections::HashSet;
use tasuki_core::Code;
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_ihe::xds::XdsCode;

#[test]
fn each_word_for_an_error_is_one_of_the_standard() {
    let text =
        std::fs::read_to_string(shared("data/ihe/nist-env/TransactionDefinedErrorCodes.txt"));
    let text = text.unwrap();
    let known: HashSet<&str> = text
        .lines()
        .filter_map(|l| Some(l.split(',').nth(1)?.trim()))
        .collect();
    // Those of Metadata Update and Remove stand in supplements, and in the plans.
    let index = std::fs::read_to_string(shared("data/ihe/nist-testkit-index.json")).unwrap();
    for code in XdsCode::ALL {
        let word = code.as_str();
        assert!(known.contains(word) || index.contains(word), "{word}");
    }
}

fn submitted(document: &Document<'_>) -> Vec<(String, String)> {
    let world = World::new();
    patient(&world, "1", true);
    let answer = provide(&world, document, b"x");
    let errors = answer.errors.into_iter();
    errors.map(|e| (e.code, e.context)).collect()
}

#[test]
fn an_unknown_patient_and_an_unknown_target() {
    let unknown = submitted(&Document {
        patient: &cx("7"),
        unique: "1.2.9.1",
        confidentiality: "N",
        more: "",
    });
    let [(code, context)] = &*unknown else {
        panic!("{unknown:?}")
    };
    assert_eq!(code, "XDSUnknownPatientId");
    assert!(
        context.starts_with("XDS-002 ") && context.contains("7^^^&"),
        "{context}"
    );
    let target = submitted(&Document {
        patient: &cx("1"),
        unique: "1.2.9.1",
        confidentiality: "N",
        more: "<Association id='R' associationType='urn:ihe:iti:2007:AssociationType:RPLC' \
               sourceObject='D' targetObject='urn:uuid:00000000-0000-4000-8000-000000000000'/>",
    });
    assert_eq!(target[0].0, "XDSRegistryMetadataError");
    assert!(target[0].1.contains("targetObject"), "{}", target[0].1);
}

#[test]
fn a_code_outside_the_affinity_domain_and_a_wrong_form_are_told_together() {
    let wrong = submitted(&Document {
        patient: &cx("1"),
        unique: "not an OID",
        confidentiality: "Q",
        more: "",
    });
    let all = wrong
        .iter()
        .map(|(_, context)| context.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    assert!(all.contains("uniqueId is not a uniqueId"), "{all}");
    assert!(
        all.contains("confidentialityCode Q^2.16.840.1.113883.5.25 is not a code"),
        "{all}"
    );
    assert!(
        wrong
            .iter()
            .all(|(code, _)| code == "XDSRegistryMetadataError")
    );
}

#[test]
fn a_query_without_what_it_needs() {
    let world = World::new();
    let code = |id: &str, parameters: &[(&str, &str)]| {
        let answer = query(&world, id, parameters);
        answer.response.errors[0].code.clone()
    };
    let status = super::APPROVED;
    assert_eq!(
        code("00000000-0000-4000-8000-000000000000", &[]),
        "XDSUnknownStoredQuery"
    );
    let find = super::FIND_DOCUMENTS;
    assert_eq!(
        code(find, &[("$XDSDocumentEntryStatus", status)]),
        "XDSStoredQueryMissingParam"
    );
    let two = [
        (
            "$XDSDocumentEntryPatientId",
            "('1^^^&1.2&ISO','2^^^&1.2&ISO')",
        ),
        ("$XDSDocumentEntryStatus", status),
    ];
    assert_eq!(code(find, &two), "XDSStoredQueryParamNumber");
    let not_cx = [
        ("$XDSDocumentEntryPatientId", "'1'"),
        ("$XDSDocumentEntryStatus", status),
    ];
    assert_eq!(code(find, &not_cx), "XDSRegistryError");
}

#[test]
fn a_body_that_is_another_message_is_a_fault() {
    let world = World::new();
    let answer = send(
        &world,
        "urn:ihe:iti:2007:RegistryStoredQuery",
        "<x/>".to_owned(),
        None,
    );
    assert_eq!((answer.status, answer.code()), (400, Code::EbxmlUnexpected));
    let sent = Sent {
        certificate: Some([9; 32]),
        ..Sent::default()
    };
    let stranger = post(
        &world,
        TRANSACTIONS,
        "urn:ihe:iti:2007:RegistryStoredQuery",
        sent,
    );
    assert_eq!(stranger.code(), Code::PeerUnknown);
}

#[test]
fn a_document_that_nobody_makes_on_demand_is_said_to_those_who_may_know_of_it() {
    let world = World::new();
    patient(&world, "1", true);
    let patient = cx("1");
    let document = Document {
        patient: &patient,
        unique: "1.2.9.1",
        confidentiality: "N",
        more: "",
    };
    let time = super::slot("creationTime", "20260712150000");
    let body = super::submission(&document)
        .replace(&time, &super::slot("repositoryUniqueId", "2.25.1.1"))
        .replace(
            "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
            "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248",
        );
    let action = "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry";
    let answer = super::send(&world, action, body, None);
    let sent = tasuki_wire::ebrim::RegistryResponse::decode(&answer.envelope.body).unwrap();
    assert_eq!(
        sent.status,
        tasuki_wire::ebrim::ResponseStatus::Success,
        "{:?}",
        sent.errors
    );
    let asked = || {
        let (answer, parts) = super::retrieve(&world, "2.25.1.1", "1.2.9.1");
        assert!(parts.is_empty());
        let error = &answer.response.errors[0];
        (error.code.clone(), error.context[..7].to_owned())
    };
    assert_eq!(
        asked(),
        ("XDSDocumentUniqueIdError".into(), "XDS-020".into())
    );
    // Who may not know of it hears what is said of anything that is not there.
    world.disclose("hzln", "1", false);
    assert_eq!(
        asked(),
        ("XDSDocumentUniqueIdError".into(), "XDS-012".into())
    );
}
