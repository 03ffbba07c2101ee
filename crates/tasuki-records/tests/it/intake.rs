//! Files that must not be registered, each for its own reason.

use tasuki_records::examine;
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{MessageBuilder, comps, reps};

const ALLERGY: &str =
    "000/001/0000012345/-/ADT-61/0000012345_-_ADT-61_999999999999999_20260601104000000_-_1";
const LETTER: &str = "000/001/0000012345/20260601/L1^紹介状^99Z^57133-1^紹介状^LN/0000012345_20260601_L1_1_20260601104000000_01_1";

fn message(patient: &str, event: [&str; 3]) -> Vec<u8> {
    let mut builder = MessageBuilder::new();
    builder
        .header()
        .set(7, "20260601104000")
        .set(9, comps(event));
    builder.segment("EVN").set(2, "20260601104000");
    builder
        .segment("PID")
        .set(3, comps([patient, "", "", "", "PI"]))
        .set(5, reps([comps(["東京", "花子"])]))
        .set(7, "19470312")
        .set(8, "F");
    builder
        .segment("IAM")
        .set(1, "1")
        .set(3, comps(["Z1", "ソバ", "99Z"]));
    builder.encode(Charset::Iso2022).unwrap().bytes
}

const A60: [&str; 3] = ["ADT", "A60", "ADT_A60"];

fn codes(path: &str, bytes: &[u8]) -> Vec<&'static str> {
    let examined = examine(path, bytes);
    assert_eq!(examined.decoded.is_some(), examined.reasons.is_empty());
    examined
        .reasons
        .iter()
        .map(|reason| reason.code())
        .collect()
}

fn with(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .position(|window| window == from)
        .unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn a_good_file_has_no_reason_and_a_patient() {
    let examined = examine(ALLERGY, &message("0000012345", A60));
    assert_eq!(examined.reasons, []);
    let patient = examined.patient.unwrap();
    assert_eq!(patient.local_id.as_str(), "0000012345");
    assert_eq!(patient.demographics.name.display(), "東京 花子");
    let decoded = examined.decoded.unwrap();
    assert_eq!((decoded.problems.len(), decoded.value.items()), (0, 1));
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn every_wrong_file_has_its_code() {
    let good = message("0000012345", A60);
    for (what, path, bytes, expected) in [
        (
            "another patient",
            ALLERGY,
            message("0000012346", A60),
            vec!["REC-004"],
        ),
        (
            "a patient without leading zeros",
            ALLERGY,
            message("12345", A60),
            vec!["REC-004"],
        ),
        ("no patient", ALLERGY, message("", A60), vec!["REC-003"]),
        (
            "two patients",
            ALLERGY,
            with(&good, b"IAM", b"PID|2||0000099999\rIAM"),
            vec!["REC-005"],
        ),
        (
            "unknown event",
            ALLERGY,
            message("0000012345", ["ADT", "A99", ""]),
            vec!["REC-001"],
        ),
        (
            "event of another kind",
            ALLERGY,
            message("0000012345", ["ADT", "A01", ""]),
            vec!["REC-001"],
        ),
        (
            "CP932 in a JIS file",
            ALLERGY,
            with(&good, b"99Z", b"\xfb\xfc"),
            vec!["JIS-001"],
        ),
        (
            "cut inside a kanji run",
            ALLERGY,
            good[..good.len() - 12].to_vec(),
            vec!["JIS-005"],
        ),
        (
            "cut before its matter",
            ALLERGY,
            with(&good, b"EVN||20260601104000\r", b""),
            vec!["REC-002"],
        ),
        (
            "unknown charset",
            ALLERGY,
            with(&good, b"ISO IR87", b"ISO IR58"),
            vec!["HL7-006"],
        ),
        ("no message", ALLERGY, b"hello".to_vec(), vec!["HL7-001"]),
        ("nothing", ALLERGY, Vec::new(), vec!["HL7-001"]),
        (
            "delimiters",
            ALLERGY,
            b"MSH|^^^^|".to_vec(),
            vec!["HL7-002"],
        ),
        (
            "wrong folder",
            &ALLERGY.replace("/ADT-61/", "/ADT-00/"),
            good.clone(),
            vec!["SSM-005"],
        ),
        (
            "wrong name",
            &ALLERGY.replace("_1", ""),
            good.clone(),
            vec!["SSM-002"],
        ),
        (
            "climbing path",
            "../../../../../etc/passwd",
            good.clone(),
            vec!["SSM-007"],
        ),
        (
            "wrong name and bytes",
            "a/b/c/d/e/f",
            b"\xfb\xfc".to_vec(),
            vec!["JIS-001", "SSM-003"],
        ),
        (
            "a PDF in a message's place",
            ALLERGY,
            b"%PDF-1.7 \xE2\xE3".to_vec(),
            vec!["HL7-001"],
        ),
        (
            "a PDF in no place",
            "a/b/c/d/e/f",
            b"%PDF-1.7 \xE2\xE3".to_vec(),
            vec!["SSM-003"],
        ),
        (
            "both patient and kind",
            ALLERGY,
            message("1", ["ADT", "A01", ""]),
            vec!["REC-004", "REC-001"],
        ),
    ] {
        assert_eq!(codes(path, &bytes), expected, "{what}");
    }
}

#[test]
fn a_document_is_compared_with_its_path_too() {
    let cda = |targets: &str| {
        format!("<ClinicalDocument xmlns='urn:hl7-org:v3'>{targets}<component><structuredBody/></component></ClinicalDocument>")
            .into_bytes()
    };
    let target = |id: &str| {
        format!(
            "<recordTarget><patientRole><id root='1.2' extension='{id}'/></patientRole></recordTarget>"
        )
    };
    let path = format!("{LETTER}/main_document.xml");
    for (what, targets, expected) in [
        ("the same", target("0000012345"), vec![]),
        ("another", target("12345"), vec!["REC-004"]),
        ("none", String::new(), vec!["REC-003"]),
        ("two", target("0000012345") + &target("7"), vec!["REC-005"]),
    ] {
        assert_eq!(codes(&path, &cda(&targets)), expected, "{what}");
    }
    assert_eq!(codes(&path, b"%PDF-1.7"), [""; 0]);
    assert_eq!(
        codes(
            &path,
            b"<?xml version='1.0'?><!DOCTYPE a><ClinicalDocument/>"
        ),
        ["XML-004"]
    );
    let report = with(
        &message("7", ["ORU", "R30", ""]),
        b"IAM|1",
        b"OBR|1|||1^a^L\rIAM|1",
    );
    assert_eq!(codes(&path, &report), ["REC-004"]);
}

#[test]
fn a_patient_with_two_ids_is_known_by_either() {
    let bytes = with(
        &message("0000012345", A60),
        b"0000012345^",
        b"OLD-7^^^^PI~0000012345^",
    );
    assert_eq!(codes(ALLERGY, &bytes), [""; 0]);
}
