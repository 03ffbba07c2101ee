//! Views of copies as another community reports them: what stands in the trail, and what is refused or ignored.

use super::Answer;
use super::statement::{id, send, signed};
use super::xua::world;
use crate::registry::patient;
use crate::world::{Noon, World};
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::ports::{PatientRecord, Writing};
use tasuki_core::{Clock, Code};
use tasuki_ihe::statement::{Statement, Told, ViewAct, ViewTold, Viewed};
use tasuki_model::{Category, Instant, Purpose, Role, XadPid};

fn told(world: &World, views: Vec<ViewTold>, until: Option<Instant>, message: u8) -> Answer {
    let until = until.map(Instant::micros);
    let what = Told::Viewed(Viewed { views, until });
    let statement = Statement::new(&id("2.25.9"), &id("2.25.1"), what, Noon.now()).unwrap();
    send(world, [9; 32], signed(&statement), message)
}

fn view(patient: &str) -> ViewTold {
    ViewTold {
        patient: patient.into(),
        role: Role::Physician,
        facility: "東病院".into(),
        purpose: Purpose::Treatment,
        at: Noon.now().plus_seconds(-60).micros(),
        act: ViewAct::Exported,
        kinds: [Category::Lab].into(),
    }
}

/// What other communities have reported, as the trail has it.
fn reported(world: &World) -> Vec<AuditEvent> {
    let mut events = world.events();
    events.retain(|e| e.subject == "TASUKI-1" && e.action == Action::Export);
    events
}

fn until(world: &World) -> Option<Instant> {
    let all = world.store.reading(|tx| tx.views_reported()).unwrap();
    all.into_iter().map(|r| r.until).next()
}

/// A patient of ours, and the ID that other communities know.
fn disclosed() -> (World, PatientRecord, XadPid) {
    let world = world();
    patient(&world, "1", true);
    let record = world.record("hzln", "1").unwrap();
    let issue = |tx: &dyn Writing| tx.issue_xad_pid(&record.person);
    let pid = world.store.writing(issue).unwrap();
    (world, record, pid)
}

#[test]
fn a_view_stands_in_the_trail_of_the_patient_whose_document_it_was() {
    let (world, record, pid) = disclosed();
    let now = Noon.now();
    let views = vec![view(pid.as_str()), view("2.25.4711")];
    assert_eq!(told(&world, views, Some(now), 1).status, 200);
    let [event] = &reported(&world)[..] else {
        panic!("{:?}", reported(&world));
    };
    assert_eq!(event.at, now.plus_seconds(-60));
    assert!(event.patients.contains(&record.patient_key));
    assert_eq!(event.purpose, Some(Purpose::Treatment));
    let actor = Actor::Peer {
        community: id("2.25.9"),
        user: None,
        organisation: Some("東病院".into()),
        role: Some(Role::Physician),
    };
    assert_eq!(event.actor, actor);
    assert_eq!(until(&world), Some(now));
    // It never goes back.
    let before = now.plus_seconds(-100);
    assert_eq!(told(&world, Vec::new(), Some(before), 2).status, 200);
    assert_eq!(until(&world), Some(now));
}

#[test]
fn reports_that_are_too_many_too_long_or_of_another_time_are_refused_and_write_nothing() {
    let (world, _, pid) = disclosed();
    let now = Noon.now();
    let at = |seconds: i64| ViewTold {
        at: now.plus_seconds(seconds).micros(),
        ..view(pid.as_str())
    };
    let long = ViewTold {
        facility: "院".repeat(501),
        ..view(pid.as_str())
    };
    let cases = [
        (vec![view(pid.as_str()); 41], None),
        (vec![long], None),
        (vec![at(301)], None),
        (vec![at(-401 * 86_400)], None),
        (Vec::new(), Some(now.plus_seconds(301))),
    ];
    for (message, (views, until)) in (10..).zip(cases) {
        let answer = told(&world, views, until, message);
        assert_eq!(answer.code(), Code::StatementForged, "case {message}");
    }
    let what = Told::Viewed(Viewed {
        views: vec![view(pid.as_str())],
        until: None,
    });
    let of_another = Statement::new(&id("2.25.8"), &id("2.25.1"), what, now).unwrap();
    let answer = send(&world, [9; 32], signed(&of_another), 30);
    assert_eq!(answer.code(), Code::StatementForged);
    assert_eq!((reported(&world).len(), until(&world)), (0, None));
}
