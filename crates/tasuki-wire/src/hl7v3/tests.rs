//! Messages of others read; ours valid by the schemas of HL7.

use super::*;
use crate::xml::{self, Document, Element};
use std::path::{Path, PathBuf};
use std::process::Command;
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{Demographics, Instant, PersonName, Sex};

fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ihe")
        .join(path)
}

fn sample(path: &str) -> Element {
    let folder = shared("samples/ipf/hl7v3/commons/ihe/hl7v3/src/test/resources/translation");
    let bytes = std::fs::read(folder.join(path)).unwrap();
    xml::read(&bytes, &xml::Limits::default()).unwrap()
}

fn reread(document: &Document) -> Element {
    xml::read(document.as_str().as_bytes(), &xml::Limits::default()).unwrap()
}

fn valid(document: &Document) {
    let root = reread(document).name;
    let schema =
        shared("schema/hl7v3/schema/HL7V3/NE2008/multicacheschemas").join(format!("{root}.xsd"));
    let name = format!(
        "tasuki-v3-{}-{root}-{}.xml",
        std::process::id(),
        document.as_str().len()
    );
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, document.as_str()).unwrap();
    let mut xmllint = Command::new("xmllint");
    let found = xmllint
        .arg("--noout")
        .arg("--schema")
        .arg(schema)
        .arg(&path)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(
        found.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&found.stderr),
        document.as_str()
    );
}

fn reply<'a>(ii: &'a Ii) -> Reply<'a> {
    Reply {
        id: "4a8aa794-b703-401c-8677-cca493c22d14",
        at: Instant::from_micros(1_795_305_600_000_000),
        sender: ii,
        receiver: ii,
    }
}

fn hanako() -> Demographics {
    let parts = |family: &str, given: &str| {
        Some(NameParts {
            family: family.into(),
            given: given.into(),
        })
    };
    Demographics {
        name: PersonName {
            ideographic: parts("東京", "花子"),
            phonetic: parts("トウキョウ", "ハナコ"),
            alphabetic: None,
        },
        birth: tasuki_model::JstDay::parse_basic("19470312").ok(),
        birth_text: "19470312".into(),
        sex: Sex::Female,
        addresses: vec![Address {
            postal: "1600023".into(),
            text: "東京都新宿区1-1".into(),
        }],
        phones: vec!["03-0000-0001".into()],
        insurances: Vec::new(),
    }
}

#[test]
fn a_feed_of_another_system_is_read() {
    let feed = Feed::decode(&sample("pixfeed/v3/PIX_FEED_REG_Maximal_Request.xml")).unwrap();
    assert_eq!(feed.event, Event::Added);
    assert_eq!(feed.ids.len(), 3);
    assert_eq!(
        feed.ids[0].cx(),
        "PIX10515W3^^^HIMSS2005&1.3.6.1.4.1.21367.2005.1.1&ISO"
    );
    assert_eq!(
        (&*feed.ids[2].root, &*feed.ids[2].authority),
        ("", "domain2")
    );
    assert_eq!(feed.others.len(), 2);
    let said = &feed.demographics;
    let name = said.name.alphabetic.clone().unwrap();
    assert_eq!((&*name.family, &*name.given), ("WASHINGTON", "MARY ROSE"));
    assert_eq!((said.sex, &*said.birth_text), (Sex::Female, "19771208"));
    assert_eq!(said.phones, ["012-0001", "012-0002", "012-0003"]);
    assert_eq!(said.addresses[0].text, "ILCHICAGO100 JORIE BLVD5");
    let merge = Feed::decode(&sample("pixfeed/v3/PIX_FEED_MERGE_Maximal_Request.xml")).unwrap();
    let Event::Merged(prior) = &merge.event else {
        panic!()
    };
    assert_eq!(
        (&*prior[0].extension, &*merge.ids[0].extension),
        ("120-02", "120-01")
    );
    let revised = Feed::decode(&sample("pixfeed/v3/PIX_FEED_REV_Maximal_Request.xml")).unwrap();
    assert_eq!(revised.event, Event::Revised);
}

#[test]
fn queries_of_other_systems_are_read() {
    let pix = PixQuery::decode(&sample(
        "pixquery/v3/NistPixpdq_Mesa10501-04_Example_01.xml",
    ))
    .unwrap();
    assert_eq!(
        pix.patient.cx(),
        "PIX10501^^^HIMSS2005&1.3.6.1.4.1.21367.2005.1.1&ISO"
    );
    assert_eq!(pix.sources[0].root, "1.3.6.1.4.1.21367.2005.1.2");
    let answer = QueryAnswer::decode(&sample("pixquery/v3/07_PIXQuery1Response.xml")).unwrap();
    assert_eq!((&*answer.response, answer.patients.len()), ("OK", 1));
    assert_eq!(answer.patients[0].ids[0].extension, "34827G409");
    assert_eq!(answer.patients[0].others.len(), 2);
    let pdq = PdqQuery::decode(&sample("pdq/v3/PDQ_Maximal_Query.xml")).unwrap();
    assert_eq!(pdq.birth.as_deref(), Some("19400101"));
    assert_eq!(pdq.scopes[0].root, "1.3.6.1.4.1.21367.2005.1.2");
    assert_eq!((pdq.gender.as_deref(), pdq.quantity), (Some("F"), Some(2)));
    assert!(pdq.name.is_some() && pdq.address.is_some() && pdq.unknown.is_empty());
}

#[test]
fn what_we_write_is_valid_and_read_again() {
    let us = Ii::new("1.2.1", "");
    let id = |n: &str| Ii::new("1.2.3", n);
    for event in [Event::Added, Event::Revised, Event::Merged(vec![id("2")])] {
        let feed = Feed {
            header: Header::default(),
            event,
            ids: vec![id("1")],
            others: vec![Ii::new("1.2.4", "9")],
            demographics: hanako(),
        };
        let written = feed.encode(&reply(&us), true);
        valid(&written);
        let read = Feed::decode(&reread(&written)).unwrap();
        assert_eq!(
            Feed {
                header: Header::default(),
                ..read
            },
            feed
        );
        valid(&feed.encode(&reply(&us), false));
    }
    let acknowledgement = Acknowledgement {
        code: "CE".into(),
        target: id(""),
        details: vec![Detail {
            code: "204".into(),
            text: "不明".into(),
            location: "//patient/id".into(),
        }],
    };
    let written = acknowledgement.encode(&reply(&us));
    valid(&written);
    assert_eq!(
        Acknowledgement::decode(&reread(&written)).unwrap(),
        acknowledgement
    );
}

#[test]
fn answers_repeat_their_question_and_are_valid() {
    let us = Ii::new("1.2.1", "");
    let query = PixQuery::encode(
        &reply(&us),
        &Ii::new("1.2.5", "7"),
        &Ii::new("1.2.3", "1"),
        &[Ii::new("1.2.4", "")],
    );
    valid(&query);
    let asked = PixQuery::decode(&reread(&query)).unwrap();
    assert_eq!(
        (&*asked.patient.extension, &*asked.sources[0].root),
        ("1", "1.2.4")
    );
    let mut patient = PatientAnswer {
        ids: vec![Ii::new("1.2.4", "8")],
        others: Vec::new(),
        said: None,
        degree: None,
    };
    let unknown = Detail {
        code: "204".into(),
        text: "x".into(),
        location: String::new(),
    };
    for (found, one, details) in [
        (Found::Data, Some(&patient), Vec::new()),
        (Found::Nothing, None, Vec::new()),
        (Found::Error, None, vec![unknown]),
    ] {
        let written = asked.answer(&reply(&us), found, one, details);
        valid(&written);
        let read = QueryAnswer::decode(&reread(&written)).unwrap();
        assert_eq!(read.response, found.code());
        assert_eq!(read.patients.len(), usize::from(one.is_some()));
    }
    let asked = PdqQuery::encode(
        &reply(&us),
        &Ii::new("1.2.5", "8"),
        &hanako(),
        Some(&Ii::new("1.2.3", "1")),
    );
    valid(&asked);
    let asked = PdqQuery::decode(&reread(&asked)).unwrap();
    assert_eq!(asked.name, hanako().name.ideographic);
    assert_eq!(
        (asked.birth.as_deref(), asked.gender.as_deref()),
        (Some("19470312"), Some("F"))
    );
    valid(&asked.discovered(&reply(&us), Found::Nothing, None, "1.2.1", Vec::new()));
    patient.said = Some(hanako());
    patient.degree = Some(100);
    for name in [
        "PDQ.xml",
        "PDQ_ID_Query.xml",
        "PDQ_Maximal_Query.xml",
        "PDQ_with_PID4.xml",
    ] {
        let asked = PdqQuery::decode(&sample(&format!("pdq/v3/{name}"))).unwrap();
        let written = asked.answer(
            &reply(&us),
            Found::Data,
            std::slice::from_ref(&patient),
            (3, 2),
            Vec::new(),
        );
        valid(&written);
        let read = QueryAnswer::decode(&reread(&written)).unwrap();
        assert_eq!(read.patients, [patient.clone()], "{name}");
    }
}

#[test]
fn what_is_no_such_message_is_refused_with_its_place() {
    let query = sample("pixquery/v3/NistPixpdq_Mesa10501-04_Example_01.xml");
    assert_eq!(Feed::decode(&query).unwrap_err().code(), "HV3-002");
    assert_eq!(PdqQuery::decode(&query).unwrap_err(), V3Error::Interaction);
    let other = xml::read(b"<x/>", &xml::Limits::default()).unwrap();
    assert_eq!(PixQuery::decode(&other).unwrap_err(), V3Error::Interaction);
    let text = PixQuery::encode(
        &reply(&Ii::new("1", "")),
        &Ii::default(),
        &Ii::new("1.2", "1"),
        &[],
    );
    for (from, to, code) in [
        ("<patientIdentifier>", "<x>", "HV3-002"),
        (
            "<id root=\"4a8aa794-b703-401c-8677-cca493c22d14\"/>",
            "",
            "HV3-002",
        ),
        (
            "</patientIdentifier>",
            "</patientIdentifier><patientIdentifier><value/></patientIdentifier>",
            "HV3-004",
        ),
    ] {
        let changed = text.as_str().replacen(from, to, 1).replace(
            "</patientIdentifier></parameterList>",
            if from == "<patientIdentifier>" {
                "</x></parameterList>"
            } else {
                "</patientIdentifier></parameterList>"
            },
        );
        let root = xml::read(changed.as_bytes(), &xml::Limits::default()).unwrap();
        assert_eq!(PixQuery::decode(&root).unwrap_err().code(), code, "{from}");
    }
}
