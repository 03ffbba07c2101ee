//! Statements between Tasuki nodes: whose copies go, and what is refused: a forged one, one of another issuer, one that came
//! before, one of another time or for somebody else.

use super::xua::{KEYS, world};
use super::{Answer, Sent, post};
use crate::registry::{self, cx, patient, provide};
use crate::world::{Noon, World, facility};
use tasuki_core::audit::Ending;
use tasuki_core::elsewhere::{CopyRow, Shelf};
use tasuki_core::ports::{Listed, MisfiledSide};
use tasuki_core::{Clock, Code};
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_ihe::statement::{MisfiledDocument, Statement, Told, Withdrawn};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{
    Category, CommunityId, CopyId, Instant, LocalPatientId, Oid, PatientKey, Registration, Role,
};
use tasuki_wire::saml::SigningKey;

const ACTION: &str = "urn:tasuki:statement";

pub fn id(text: &str) -> CommunityId {
    CommunityId::new(text).unwrap()
}

fn statement(from: &str, to: &str, authority: &str, at: Instant) -> Statement {
    let told = Told::Withdrawal(Withdrawn {
        authority: Oid::new(authority).unwrap(),
        patient: "X-1".into(),
    });
    Statement::new(&id(from), &id(to), told, at).unwrap()
}

pub fn signed(statement: &Statement) -> String {
    let key = SigningKey::from_pkcs8(&KEYS.0).unwrap();
    statement.sign(&key).unwrap().as_str().to_owned()
}

/// Sends a body as the neighbour; each message with an id of its own.
pub fn send(world: &World, certificate: [u8; 32], body: String, message: u8) -> Answer {
    let sent = Sent {
        certificate: Some(certificate),
        headers: format!(
            "<a:MessageID>urn:uuid:00000000-0000-4000-8000-0000000000{message:02}</a:MessageID>"
        ),
        body,
        ..Sent::default()
    };
    post(world, TRANSACTIONS, ACTION, sent)
}

/// A copy of one document of each of two patients of the neighbour's.
fn with_copies(world: &World) -> Shelf {
    let shelf = Shelf {
        patient: PatientKey::new("shelf").unwrap(),
        facility: facility("hzln"),
        role: Role::Physician,
    };
    let listed = |patient: &str| Listed {
        row: CopyRow {
            id: CopyId::new("none").unwrap(),
            source: id("2.25.9"),
            patient: "".into(),
            day: None,
            category: Category::Lab,
            kind: "OML-11".into(),
            confirmed: Noon.now(),
            fetched: None,
            problem: None,
            items: 0,
            unconfirmed: false,
        },
        confidentiality: Confidentiality::Normal,
        entry: DocumentEntry {
            unique_id: Some(format!("1.2.3.{}", patient.len())),
            patient_id: Some(format!("{patient}^^^&1.2.3&ISO")),
            ..DocumentEntry::default()
        },
    };
    let both = [listed("X-1"), listed("X-22")];
    let expires = Noon.now().plus_seconds(86_400);
    world
        .store
        .writing(|tx| tx.put_listed(&shelf, &id("2.25.9"), &both, true, expires))
        .unwrap();
    shelf
}

fn copies(world: &World, shelf: &Shelf) -> usize {
    let since = Some(Instant::from_micros(0));
    let found = world
        .store
        .reading(|tx| tx.copies(shelf, &id("2.25.9"), since));
    found.unwrap().len()
}

#[test]
fn copies_of_that_patient_go_at_once_and_it_is_written_down() {
    let world = world();
    let shelf = with_copies(&world);
    assert_eq!(copies(&world, &shelf), 2);
    let notice = signed(&statement("2.25.9", "2.25.1", "1.2.3", Noon.now()));
    let answer = send(&world, [9; 32], notice, 1);
    assert_eq!(answer.status, 200);
    assert_eq!(&*answer.envelope.body.name, "Taken");
    assert_eq!(copies(&world, &shelf), 1, "the other patient's stays");
    let event = world.events().pop().unwrap();
    assert_eq!(event.ending, Ending::Success);
    let told = crate::successes::valid(&event);
    assert_eq!((&*told.event.code, told.action), ("110110", 'D'));
    assert_eq!(&*told.types[0].code, "TASUKI-1");
    assert_eq!(event.patients, [shelf.patient]);
    let exchange = event.exchange.unwrap();
    assert_eq!(exchange.community, Some(id("2.25.9")));
    assert_eq!(exchange.patients, ["X-1^^^&1.2.3&ISO"]);
    let patient = Registration {
        authority: Oid::new("1.2.3").unwrap(),
        local_id: LocalPatientId::new("X-1").unwrap(),
    };
    let known = world.store.reading(|tx| tx.withdrawn_elsewhere(&patient));
    assert!(known.unwrap().is_some());
}

#[test]
fn a_document_of_another_patient_is_told_to_the_desk_of_who_gave_it() {
    let world = world();
    patient(&world, "1", true);
    let cx = cx("1");
    let document = registry::Document {
        patient: &cx,
        unique: "1.2.9.1",
        confidentiality: "N",
        more: "",
    };
    provide(&world, &document, b"of somebody else");
    let told = |document: &str, message: u8| {
        let what = Told::Misfiled(MisfiledDocument {
            document: document.to_owned(),
        });
        let statement = Statement::new(&id("2.25.9"), &id("2.25.1"), what, Noon.now()).unwrap();
        send(&world, [9; 32], signed(&statement), message)
    };
    let record = world.record("hzln", "1").unwrap();
    let reports = || {
        world
            .store
            .reading(|tx| tx.misfiled(&record.facility, 9))
            .unwrap()
    };
    let unknown = told("1.2.9.2", 1);
    assert_eq!((unknown.status, reports()), (200, Vec::new()));
    let known = told("1.2.9.1", 2);
    assert_eq!(known.status, 200, "known and unknown are answered alike");
    assert_eq!(*known.envelope.body.name, *unknown.envelope.body.name);
    told("1.2.9.1", 3);
    let [report] = &reports()[..] else {
        panic!("{:?}", reports());
    };
    assert_eq!(
        (report.side, &report.patient),
        (MisfiledSide::Given, &record.patient_key)
    );
    assert_eq!(
        (report.document.as_str(), &report.community),
        ("1.2.9.1", &id("2.25.9"))
    );
}

#[test]
fn forged_repeated_late_and_others_notices_are_refused_and_drop_nothing() {
    let world = world();
    let shelf = with_copies(&world);
    let now = Noon.now();
    let good = statement("2.25.9", "2.25.1", "1.2.3", now);
    let other = super::xua::key().0;
    let by_another = good.sign(&SigningKey::from_pkcs8(&other).unwrap()).unwrap();
    let (whole, text) = (signed(&good), "<Text>");
    let changed = whole.replacen(text, "<Text>eyJ2ZXJzaW9uIjoxfQ", 1);
    let cases = [
        (by_another.as_str().to_owned(), Code::StatementForged),
        (changed, Code::StatementForged),
        ("<x/>".to_owned(), Code::StatementForged),
        // A community withdraws what is its own.
        (
            signed(&statement("2.25.9", "2.25.1", "1.2.4", now)),
            Code::StatementForged,
        ),
        (
            signed(&statement("2.25.8", "2.25.1", "1.2.3", now)),
            Code::StatementForged,
        ),
        (
            signed(&statement("2.25.9", "2.25.7", "1.2.3", now)),
            Code::StatementStale,
        ),
        (
            signed(&statement(
                "2.25.9",
                "2.25.1",
                "1.2.3",
                now.plus_seconds(-301),
            )),
            Code::StatementStale,
        ),
        (
            signed(&statement(
                "2.25.9",
                "2.25.1",
                "1.2.3",
                now.plus_seconds(301),
            )),
            Code::StatementStale,
        ),
    ];
    for (number, (body, code)) in (10..).zip(cases) {
        let answer = send(&world, [9; 32], body, number);
        assert_eq!(answer.code(), code, "case {number}");
        let event = world.events().pop().unwrap();
        assert_eq!(
            (event.ending, event.code.as_deref()),
            (Ending::Refused, Some(code.id()))
        );
    }
    let stranger = send(&world, [7; 32], whole.clone(), 30);
    assert_eq!(stranger.code(), Code::PeerUnknown);
    assert_eq!(copies(&world, &shelf), 2);
    assert_eq!(send(&world, [9; 32], whole.clone(), 31).status, 200);
    assert_eq!(
        send(&world, [9; 32], whole, 32).code(),
        Code::StatementRepeated
    );
}
