//! The written form against the encoder and the reader, and against bytes that are none.

use super::*;
use crate::ebrim::{Found, QueryResponse, RegistryResponse};
use crate::xml::{Limits, read};
use tasuki_model::Coding;
use tasuki_model::xds::{Author, Header, Text};

fn coding(code: &str) -> Coding {
    Coding {
        system: "2.25.51.7".into(),
        code: code.into(),
        text: "架空の名".into(),
        version: None,
    }
}

/// An entry whose texts imitate what the answer is put into.
fn entry(hostile: &str) -> DocumentEntry {
    let cx = "L00000001^^^&2.25.51.5&ISO";
    DocumentEntry {
        header: Header {
            id: "urn:uuid:019aa000-0000-7000-8000-000000000001".into(),
            logical_id: Some("urn:uuid:019aa000-0000-7000-8000-000000000001".into()),
            version: Some("1".into()),
            status: Some(AvailabilityStatus::Approved),
            ..Header::default()
        },
        unique_id: Some("2.25.1234".into()),
        patient_id: Some(cx.into()),
        mime_type: "text/plain".into(),
        title: vec![Text {
            language: Some("ja-JP".into()),
            value: hostile.into(),
        }],
        comments: Text::of(hostile),
        authors: vec![Author {
            person: Some("2001^架空^医師^^^^^^&2.25.51.7&ISO".into()),
            institutions: vec!["架空総合病院^^^^^^^^^1.2.392.100495.20.3.21.1311234567".into()],
            roles: vec!["主治医".into()],
            specialties: vec!["内科".into()],
            ..Author::default()
        }],
        class_code: Some(coding("REPORT")),
        type_code: Some(coding("11502-2")),
        format_code: Some(coding("urn:probe:text")),
        facility_type: Some(coding("HOSP")),
        practice_setting: Some(coding("01")),
        confidentiality: vec![coding("N")],
        creation_time: Some("20260713093000".into()),
        service_start: Some("20260713093000".into()),
        service_stop: Some("20260713093000".into()),
        language: Some("ja-JP".into()),
        size: Some("0".into()),
        hash: Some("da39a3ee5e6b4b0d3255bfef95601890afd80709".into()),
        repository_id: Some("2.25.51.6".into()),
        source_patient_id: Some(cx.into()),
        source_patient_info: vec![hostile.into(), "PID-8|F".into()],
        ..DocumentEntry::default()
    }
}

const TEXTS: [&str; 3] = [
    "検査報告書",
    " status=\"x\" home=\"y\" > & < \" 'z' \u{1}",
    "identificationScheme=\"urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427\" value=\"1\"",
];

fn answer(found: Found) -> String {
    let response = RegistryResponse::success(Vec::new());
    let answer = QueryResponse { response, found };
    answer.encode().into_string()
}

/// What the encoder writes of the same entry with the same status, home and patient id.
#[test]
fn what_is_told_is_what_the_encoder_would_write_now() {
    for text in TEXTS {
        let entry = entry(text);
        for (status, home, patient) in [
            (AvailabilityStatus::Approved, None, "1^^^&2.25.1&ISO"),
            (
                AvailabilityStatus::Deprecated,
                Some("urn:oid:1.2"),
                "a\"<&>^^^&2.25.1&ISO",
            ),
        ] {
            let packed = Written::of(&entry).unwrap().pack();
            let told = Told {
                written: Written::unpack(&packed).unwrap(),
                status,
                home: home.map(str::to_owned),
                patient: patient.to_owned(),
            };
            let told = answer(Found {
                told: vec![told],
                ..Found::default()
            });
            let mut same = entry.clone();
            same.header.status = Some(status);
            same.header.home = home.map(str::to_owned);
            same.patient_id = Some(patient.to_owned());
            let encoded = answer(Found {
                objects: vec![RegistryObject::Entry(Box::new(same.clone()))],
                ..Found::default()
            });
            assert_eq!(told, encoded);
            let body = read(told.as_bytes(), &Limits::default()).unwrap();
            let (response, problems) = QueryResponse::decode(&body).unwrap();
            assert_eq!(problems, []);
            let [RegistryObject::Entry(read)] = response.found.objects.as_slice() else {
                panic!("{:?}", response.found.objects)
            };
            assert_eq!(read.patient_id.as_deref(), Some(patient));
            assert_eq!(read.header.status, Some(status));
            assert_eq!(read.header.home.as_deref(), home);
        }
    }
}

#[test]
fn it_is_packed_small() {
    let packed = Written::of(&entry("検査報告書")).unwrap().pack();
    assert!(packed.len() < 1_000, "{}", packed.len());
}

#[test]
fn an_entry_without_a_place_for_what_the_answer_knows_has_no_such_form() {
    let mut without = entry("a");
    without.patient_id = None;
    assert_eq!(Written::of(&without), None);
    let mut without = entry("a");
    without.header.status = None;
    assert_eq!(Written::of(&without), None);
    let mut large = entry("a");
    large.comments = Text::of(&"b".repeat(BYTES_MAX));
    assert_eq!(Written::of(&large), None);
}

#[test]
fn bytes_that_are_no_packed_form_are_refused() {
    let packed = Written::of(&entry("a")).unwrap().pack();
    for cut in 0..packed.len() {
        assert_eq!(Written::unpack(&packed[..cut]), None, "cut at {cut}");
    }
    let mut other = packed.clone();
    other[0] = VERSION + 1;
    assert_eq!(Written::unpack(&other), None);
    let mut huge = packed;
    huge[1..5].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Written::unpack(&huge), None);
    assert_eq!(Written::unpack(&[VERSION, 0, 0, 0, 0, 0]), None);
}
