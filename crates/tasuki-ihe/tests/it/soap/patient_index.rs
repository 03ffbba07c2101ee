//! ITI-44, ITI-45 and ITI-47: messages of others with our hospitals in them, answers valid by the
//! schemas of HL7, and nothing told that is not disclosed.

use super::{Answer, Sent, post};
use crate::world::{FACILITIES, HZLN, KHKN, PKLN, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use tasuki_core::Code;
use tasuki_core::audit::Ending;
use tasuki_core::directory::{Community, Directory};
use tasuki_core::policy::AssertedCodes;
use tasuki_ihe::iti45::{PixAnswer, decode};
use tasuki_ihe::iti55::{self, Discovered};
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_model::{CommunityId, Instant, Oid};
use tasuki_wire::hl7v3::{Acknowledgement, QueryAnswer};
use tasuki_wire::xml::Document;

fn shared(path: &str) -> PathBuf {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ihe");
    shared.join(path)
}

/// A message of the IPF collection without its XML declaration and comments.
fn sample(path: &str) -> String {
    let folder = shared("samples/ipf/hl7v3/commons/ihe/hl7v3/src/test/resources/translation");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    text[text.find("<PRPA").unwrap()..].to_owned()
}

pub fn oid(place: &str) -> &'static str {
    FACILITIES.iter().find(|f| f.0 == place).unwrap().2
}

/// Sends a message of the patient index; the answer is valid by its schema.
fn send(world: &World, body: &str) -> Answer {
    send_as(world, super::SYSTEM, body)
}

fn send_as(world: &World, certificate: [u8; 32], body: &str) -> Answer {
    let interaction = &body[1..body.find([' ', '>']).unwrap()];
    send_for(
        world,
        certificate,
        &format!("urn:hl7-org:v3:{interaction}"),
        body,
    )
}

fn send_for(world: &World, certificate: [u8; 32], action: &str, body: &str) -> Answer {
    let sent = Sent {
        body: body.to_owned(),
        certificate: Some(certificate),
        ..Sent::default()
    };
    let answer = post(world, TRANSACTIONS, action, sent);
    if answer.envelope.fault().is_none() {
        valid(&answer);
    }
    answer
}

pub fn valid(answer: &Answer) {
    let body = &answer.envelope.body;
    let schemas = shared("schema/hl7v3/schema/HL7V3/NE2008/multicacheschemas");
    let path = std::env::temp_dir().join(format!(
        "tasuki-v3-{}-{:?}.xml",
        std::process::id(),
        std::thread::current().id()
    ));
    // Attributes of types are by prefix; the tree keeps none, so they are named anew.
    let text = Document::of(body)
        .as_str()
        .replace("a:type=\"", "a:type=\"n:");
    std::fs::write(&path, text).unwrap();
    let mut xmllint = Command::new("xmllint");
    xmllint
        .arg("--noout")
        .arg("--schema")
        .arg(schemas.join(format!("{}.xsd", body.name)));
    let found = xmllint.arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(
        found.status.success(),
        "{}",
        String::from_utf8_lossy(&found.stderr)
    );
}

/// The feed of the collection for one ID of ours.
pub fn feed(id: &str, authority: &str) -> String {
    let text = sample("pixfeed/v3/PIX_FEED_REG_Maximal_Request.xml");
    let from = text.find("<id extension=\"PIX10515W3\"").unwrap();
    let to = text
        .find("<statusCode code=\"active\"/>\n                        <veryImportant")
        .unwrap();
    format!(
        "{}<id root=\"{authority}\" extension=\"{id}\"/>{}",
        &text[..from],
        &text[to..]
    )
}

pub fn merge(prior: &str, stays: &str) -> String {
    let hzln = oid("hzln");
    sample("pixfeed/v3/PIX_FEED_MERGE_Maximal_Request.xml")
        .replace(
            "<id extension=\"120-01\" root=\"1.2.3.4.5.1000\"/>",
            &format!("<id extension=\"{stays}\" root=\"{hzln}\"/>"),
        )
        .replace(
            "<id root=\"1.2.3.4.666\" extension=\"120-02\" assigningAuthorityName=\"domain1\"/>",
            &format!("<id extension=\"{prior}\" root=\"{hzln}\"/>"),
        )
}

fn acknowledged(answer: &Answer) -> (String, String) {
    let said = Acknowledgement::decode(&answer.envelope.body).unwrap();
    let text = said
        .details
        .first()
        .map(|d| d.text.clone())
        .unwrap_or_default();
    (
        said.code,
        text.split(' ').next().unwrap_or_default().to_owned(),
    )
}

/// The query of the collection for one ID of ours.
pub fn pix(id: &str, authority: &str, wanted: &str) -> String {
    let text = sample("pixquery/v3/NistPixpdq_Mesa10501-04_Example_01.xml")
        .replace("PIX10501", id)
        .replace(
            "assigningAuthorityName=\"HIMSS2005\" root=\"1.3.6.1.4.1.21367.2005.1.1\"",
            &format!("root=\"{authority}\""),
        );
    match wanted {
        "" => {
            let (from, to) = (
                text.find("<dataSource>").unwrap(),
                text.find("<patientIdentifier>").unwrap(),
            );
            format!("{}{}", &text[..from], &text[to..])
        }
        wanted => text.replace("1.3.6.1.4.1.21367.2005.1.2", wanted),
    }
}

/// One person at three hospitals, the third not disclosed; one alone.
pub fn world() -> World {
    let world = World::new();
    world.patient("1", HZLN, "東京^花子", "19470312");
    world.patient("2", PKLN, "東京^花子", "19470312");
    world.patient("3", KHKN, "東京^花子", "19470312");
    world.patient("4", HZLN, "秘密^太郎", "19550302");
    world.link(("hzln", "1"), ("pkln", "2"));
    world.link(("pkln", "2"), ("khkn", "3"));
    world.disclose("khkn", "3", false);
    world
}

#[test]
fn a_feed_is_taken_as_one_over_version_2() {
    let world = World::new();
    let answer = send(&world, &feed("81", oid("hzln")));
    assert_eq!(acknowledged(&answer), ("CA".into(), String::new()));
    let record = world.record("hzln", "81").unwrap();
    assert_eq!(record.demographics.name.display(), "WASHINGTON MARY ROSE");
    assert_eq!(record.demographics.birth_text, "19771208");
    assert!(!record.disclosed);
    let event = world.events().pop().unwrap();
    assert_eq!(
        (&*event.subject, event.ending, event.items),
        ("ITI-44", Ending::Success, 1)
    );
    assert_eq!(event.patients, [record.patient_key]);
    let exchange = event.exchange.unwrap();
    assert_eq!(exchange.patients, [format!("81^^^&{}&ISO", oid("hzln"))]);
    assert_eq!(
        acknowledged(&send(&world, &feed("82", oid("hzln")))).0,
        "CA"
    );
    assert_eq!(acknowledged(&send(&world, &merge("81", "82"))).0, "CA");
    assert!(world.record("hzln", "81").unwrap().survivor.is_some());
}

#[test]
fn what_a_feed_may_not_say_is_refused_and_changes_nothing() {
    let world = World::new();
    world.feed(
        "A04",
        &format!("PID|||90^^^{HZLN}||YAMADA^TARO||19470312|M\r"),
    );
    for (body, code) in [
        (feed("81", "1.2.9"), "PIX-006"),
        (feed("90", oid("hzln")), "IDN-003"),
        (feed("", oid("hzln")), "PIX-004"),
        (merge("77", "90"), "PIX-009"),
        (merge("90", "90"), "PIX-011"),
    ] {
        let answer = send(&world, &body);
        let (said, ours) = acknowledged(&answer);
        assert_eq!(said, "CE", "{code}");
        let event = world.events().pop().unwrap();
        assert_eq!(
            (event.ending, event.code.clone()),
            (Ending::Refused, Some(ours.clone()))
        );
        assert_eq!(ours, code, "{body}");
        assert!(world.record("hzln", "81").is_none() && world.record("khkn", "81").is_none());
    }
    let answer = send(&world, "<PRPA_IN201301UV02 xmlns='urn:hl7-org:v3'/>");
    assert_eq!(answer.code(), Code::V3Missing);
}

/// Another community that asserts nobody, with the certificate `[9; 32]`.
pub fn neighbourhood(discovery: bool) -> Directory {
    let own = CommunityId::new("2.25.9").unwrap();
    Directory {
        serial: 1,
        issued: Instant::from_micros(0),
        pix_manager: None,
        pix_standbys: Vec::new(),
        communities: vec![Community {
            home_community_id: own,
            name: "隣の地域".into(),
            patient_authority: Oid::new("1.2.3").unwrap(),
            authorities: vec![Oid::new("1.2.3").unwrap()],
            endpoints: BTreeMap::new(),
            replies: Vec::new(),
            asynchronous: false,
            certificates: vec![[9; 32]],
            tls12: false,
            dialect: "standard".into(),
            assertions: None,
            discovery,
            offers: tasuki_model::facility::Offers::default(),
            contacts: Vec::new(),
        }],
    }
}

pub fn neighbour(world: &World, discovery: bool) {
    let codes = AssertedCodes::standard().unwrap();
    let members = world.network.members();
    members
        .set_directory(neighbourhood(discovery), codes)
        .unwrap();
}

/// Asks for the other IDs of one of ours, whoever sends it.
pub fn ask_as(world: &World, sent: Sent) -> Answer {
    let body = pix("1", oid("hzln"), "");
    let action = "urn:hl7-org:v3:PRPA_IN201309UV02";
    post(world, TRANSACTIONS, action, Sent { body, ..sent })
}

#[test]
fn another_community_asks_and_states_nothing() {
    let world = world();
    neighbour(&world, false);
    let answer = send_as(&world, [9; 32], &pix("1", oid("hzln"), ""));
    let read = QueryAnswer::decode(&answer.envelope.body).unwrap();
    assert_eq!(
        (&*read.response, &*read.patients[0].ids[0].extension),
        ("OK", "2")
    );
    let event = world.events().pop().unwrap();
    assert_eq!(
        event.exchange.unwrap().community.unwrap().as_str(),
        "2.25.9"
    );
    let answer = send_as(&world, [9; 32], &feed("81", oid("hzln")));
    assert_eq!(acknowledged(&answer), ("CE".into(), "PIX-007".into()));
    assert!(world.record("hzln", "81").is_none());
}

#[test]
fn the_answers_of_a_query_for_identifiers() {
    let world = world();
    let (hzln, pkln, khkn) = (oid("hzln"), oid("pkln"), oid("khkn"));
    let two = Some(format!("2@{pkln}"));
    for (body, response, id, ours) in [
        (pix("1", hzln, ""), "OK", two.clone(), ""),
        (pix("1", hzln, pkln), "OK", two, ""),
        (pix("4", hzln, ""), "NF", None, ""),
        // Not disclosed, and not there: one answer.
        (pix("1", hzln, khkn), "NF", None, ""),
        (pix("3", khkn, ""), "AE", None, "PIX-009"),
        (pix("77", hzln, ""), "AE", None, "PIX-009"),
        (pix("1", "1.2.9", ""), "AE", None, "PIX-006"),
        (pix("1", hzln, "1.2.9"), "AE", None, "PIX-006"),
    ] {
        let answer = send(&world, &body);
        let read = QueryAnswer::decode(&answer.envelope.body).unwrap();
        let ids = read
            .patients
            .first()
            .map(|p| format!("{}@{}", p.ids[0].extension, p.ids[0].root));
        assert_eq!((read.response.as_str(), ids), (response, id), "{body}");
        let text = read.acknowledgement.details.first().map(|d| d.text.clone());
        assert!(text.unwrap_or_default().starts_with(ours), "{ours}");
        let event = world.events().pop().unwrap();
        let code = (!ours.is_empty()).then(|| ours.to_owned());
        assert_eq!((&*event.subject, event.code), ("ITI-45", code));
        assert!(
            event
                .exchange
                .unwrap()
                .query
                .unwrap()
                .text
                .contains("patientIdentifier")
        );
    }
}

#[test]
fn what_an_answer_means_to_whoever_asked() {
    let world = world();
    let (hzln, pkln) = (oid("hzln"), oid("pkln"));
    let wanted = [Oid::new(pkln).unwrap()];
    let meant = |body: &str| decode(&send(&world, body).envelope.body, &wanted).unwrap();
    let PixAnswer::Known(ids) = meant(&pix("1", hzln, pkln)) else {
        panic!()
    };
    assert_eq!((ids.len(), ids[0].local_id.as_str()), (1, "2"));
    assert_eq!(meant(&pix("4", hzln, pkln)), PixAnswer::Unknown);
    assert_eq!(meant(&pix("77", hzln, pkln)), PixAnswer::Unknown);
    let PixAnswer::Failed(words) = meant(&pix("1", hzln, "1.2.9")) else {
        panic!()
    };
    assert!(words.starts_with("204 PIX-006"), "{words}");
    // The answer of another product, with IDs nobody asked for among them.
    let text = sample("pixquery/v3/07_PIXQuery1Response.xml");
    let body = tasuki_wire::xml::read(text.as_bytes(), &Default::default()).unwrap();
    let wanted = [Oid::new("1.2.840.114350.1.13.99998.8734").unwrap()];
    let PixAnswer::Known(ids) = decode(&body, &wanted).unwrap() else {
        panic!()
    };
    assert_eq!((ids.len(), ids[0].local_id.as_str()), (1, "34827G409"));
}

pub fn pdq(parameters: &str) -> String {
    let text = sample("pdq/v3/PDQ.xml");
    let from = text.find("<parameterList>").unwrap() + "<parameterList>".len();
    let to = text.find("</parameterList>").unwrap();
    format!("{}{parameters}{}", &text[..from], &text[to..])
}

#[test]
fn people_are_found_by_what_is_said_of_them_and_told_as_disclosed() {
    let world = world();
    let name = |family: &str| {
        format!(
            "<livingSubjectName><value><family>{family}</family></value><semanticsText>LivingSubject.name</semanticsText></livingSubjectName>"
        )
    };
    let birth = "<livingSubjectBirthTime><value value=\"19470312\"/><semanticsText>LivingSubject.birthTime</semanticsText></livingSubjectBirthTime>";
    let id = |id: &str, place: &str| {
        format!(
            "<livingSubjectId><value root=\"{}\" extension=\"{id}\"/><semanticsText>LivingSubject.id</semanticsText></livingSubjectId>",
            oid(place)
        )
    };
    for (parameters, response, ids) in [
        (name("東京"), "OK", vec!["1", "2"]),
        (format!("{birth}{}", name("東京")), "OK", vec!["1", "2"]),
        (id("2", "pkln"), "OK", vec!["1", "2"]),
        // The hospital does not disclose her: as unknown as nobody.
        (id("3", "khkn"), "NF", vec![]),
        (name("誰"), "NF", vec![]),
    ] {
        let answer = send(&world, &pdq(&parameters));
        let read = QueryAnswer::decode(&answer.envelope.body).unwrap();
        let found = read
            .patients
            .iter()
            .flat_map(|p| p.ids.iter().map(|id| id.extension.as_str()));
        assert_eq!(
            (read.response.as_str(), found.collect::<Vec<_>>()),
            (response, ids),
            "{parameters}"
        );
        if let Some(patient) = read.patients.first() {
            let said = patient.said.as_ref().unwrap();
            assert_eq!(
                (said.name.display(), said.birth_text.as_str()),
                ("東京 花子".into(), "19470312")
            );
        }
        assert_eq!(world.events().pop().unwrap().subject, "ITI-47");
    }
    for (parameters, code) in [
        (String::new(), "PIX-004"),
        ("<mothersMaidenName><value><family>x</family></value><semanticsText>x</semanticsText></mothersMaidenName>".to_owned(), "PIX-015"),
    ] {
        let answer = send(&world, &pdq(&parameters));
        let read = QueryAnswer::decode(&answer.envelope.body).unwrap();
        assert_eq!(read.response, "AE");
        assert!(read.acknowledgement.details[0].text.starts_with(code), "{:?}", read.acknowledgement);
    }
}

/// The request of the collection about somebody of ours.
pub fn discovery(family: &str, given: &str, birth: &str, gender: &str) -> String {
    let folder = "samples/ipf/hl7v3/platform-camel/ihe/hl7v3/src/test/resources/iti55";
    let text = std::fs::read_to_string(shared(folder).join("iti55-sample-request.xml")).unwrap();
    text[text.find("<PRPA").unwrap()..]
        .replace("Jimmy", given)
        .replace("Jones", family)
        .replace("19630805", birth)
        .replace("code=\"M\"", &format!("code=\"{gender}\""))
}

#[test]
fn another_community_discovers_one_person_or_nobody() {
    const ACTION: &str = "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery";
    let world = world();
    let hanako = discovery("東京", "花子", "19470312", "F");
    neighbour(&world, false);
    let refused = send_for(&world, [9; 32], ACTION, &hanako);
    assert_eq!(refused.code(), Code::DiscoveryNotAgreed);
    neighbour(&world, true);
    let ask = |body: &str| {
        let answer = send_for(&world, [9; 32], ACTION, body);
        QueryAnswer::decode(&answer.envelope.body).unwrap()
    };
    let found = ask(&hanako);
    assert_eq!((&*found.response, found.patients.len()), ("OK", 1));
    let id = &found.patients[0].ids[0];
    assert_eq!((&*id.root, found.patients[0].ids.len()), ("2.25.1.9", 1));
    let again = ask(&hanako);
    assert_eq!(again.patients[0].ids, found.patients[0].ids);
    let event = world.events().pop().unwrap();
    assert_eq!((&*event.subject, event.items > 0), ("ITI-55", true));
    // Somebody else of the same name and birth: two are nobody.
    world.patient("5", PKLN, "東京^花子", "19470312");
    assert_eq!(ask(&hanako).response, "NF");
    assert_eq!(
        ask(&discovery("秘密", "太郎", "19550302", "F")).response,
        "OK"
    );
    world.disclose("hzln", "4", false);
    assert_eq!(
        ask(&discovery("秘密", "太郎", "19550302", "F")).response,
        "NF"
    );
    for (family, given, birth) in [
        ("東*", "花子", "19470312"),
        ("東京", "", "19470312"),
        ("東京", "花子", "1947"),
    ] {
        let answer = ask(&discovery(family, given, birth, "F"));
        assert_eq!((&*answer.response, answer.patients.len()), ("AE", 0));
        assert!(
            answer.acknowledgement.details[0]
                .text
                .starts_with("HV3-002")
        );
    }
}

#[test]
fn what_we_ask_another_community_and_what_its_answer_means() {
    const ACTION: &str = "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery";
    let world = world();
    neighbour(&world, true);
    let said = world.record("hzln", "4").unwrap().demographics;
    let us = tasuki_wire::hl7v3::Ii::new("2.25.9", "");
    let reply = tasuki_wire::hl7v3::Reply {
        id: "4a8aa794-b703-401c-8677-cca493c22d14",
        at: Instant::from_micros(0),
        sender: &us,
        receiver: &us,
    };
    let own = tasuki_model::Registration {
        authority: Oid::new("1.2.3").unwrap(),
        local_id: tasuki_model::LocalPatientId::new("77").unwrap(),
    };
    let asked = iti55::question(&reply, "1.2.3.4", &said, &own);
    let answer = send_for(&world, [9; 32], ACTION, asked.as_str());
    let meant = |home: &str, authority: &str| {
        let (home, authority) = (
            CommunityId::new(home).unwrap(),
            Oid::new(authority).unwrap(),
        );
        iti55::decode(&answer.envelope.body, &home, &authority).unwrap()
    };
    assert!(matches!(meant("2.25.1", "2.25.1.9"), Discovered::One(_)));
    assert_eq!(meant("2.25.2", "2.25.1.9"), Discovered::Strange);
    assert_eq!(meant("2.25.1", "2.25.1.8"), Discovered::Strange);
    // Another product's answer, of its own community.
    let folder = "samples/ipf/hl7v3/platform-camel/ihe/hl7v3/src/test/resources/iti55";
    let bytes = std::fs::read(shared(folder).join("iti55-sample-response.xml")).unwrap();
    let body = tasuki_wire::xml::read(&bytes, &Default::default()).unwrap();
    let read = QueryAnswer::decode(&body).unwrap();
    let (home, id) = (&read.custodians[0], &read.patients[0].ids[0]);
    let home = CommunityId::new(home).unwrap();
    let meant = iti55::decode(&body, &home, &Oid::new(&id.root).unwrap()).unwrap();
    let expected = match read.patients.len() {
        1 => matches!(meant, Discovered::One(_)),
        _ => meant == Discovered::Nobody,
    };
    assert!(expected, "{meant:?}");
}
