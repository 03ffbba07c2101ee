//! Statements of link requests and of facilities: what is kept, and what of another community's is refused or
//! changes nothing.

use super::Answer;
use super::statement::{id, send, signed};
use super::xua::world;
use crate::registry::patient;
use crate::world::{Noon, World, facility};
use tasuki_core::linking::across::{WAITING_MAX, id_here};
use tasuki_core::ports::{Across, ForeignRequest, LinkRequest, LinkSide, RequestState, Signer};
use tasuki_core::{Clock, Code};
use tasuki_ihe::statement::{
    FacilityTold, LineTold, LinkAnswer, LinkAsked, LinkOutcome, LinkTakenBack, Statement, Told,
};
use tasuki_model::{Demographics, JstDay, Oid, RequestId, UserId};

fn told(world: &World, told: Told, message: u8) -> Answer {
    let statement = Statement::new(&id("2.25.9"), &id("2.25.1"), told, Noon.now()).unwrap();
    send(world, [9; 32], signed(&statement), message)
}

/// The code of the facility that the tests of this crate know.
fn code(world: &World) -> String {
    let all = world.store.reading(|tx| tx.facilities()).unwrap();
    let hzln = all.into_iter().find(|f| f.id == facility("hzln"));
    hzln.unwrap().code.to_string()
}

fn asked(to: &str) -> LinkAsked {
    LinkAsked {
        request: "r-1".into(),
        facility: "西診療所".into(),
        phone: "03-0000-0000".into(),
        to: to.into(),
        own_id: "W-1".into(),
        kana: ["トウキョウ".into(), "ハナコ".into()],
        kanji: [String::new(), String::new()],
        birth: "1947-03-12".into(),
        sex: "female".into(),
        address: String::new(),
        patient_phone: "03-0000-0001".into(),
        their_id: "1".into(),
        agreed: "2026-06-01".into(),
        proxy: Some(["東京".into(), "子".into()]),
        viewers: vec!["西診療所".into()],
    }
}

fn asks(told: LinkAsked) -> Told {
    Told::LinkRequest(Box::new(told))
}

#[test]
fn a_request_waits_on_the_desk_once_and_goes_when_taken_back() {
    let world = world();
    let to = code(&world);
    assert_eq!(told(&world, asks(asked(&to)), 1).status, 200);
    // Told again, for its acknowledgement was lost.
    let again = LinkAsked {
        own_id: "W-2".into(),
        ..asked(&to)
    };
    assert_eq!(told(&world, asks(again), 2).status, 200);
    let waiting = || {
        let of = facility("hzln");
        world
            .store
            .reading(|tx| tx.foreign_requests_to(&of, 9))
            .unwrap()
    };
    let [request] = &waiting()[..] else {
        panic!("{:?}", waiting());
    };
    assert_eq!((&*request.own_id, &*request.facility), ("W-1", "西診療所"));
    assert_eq!(request.community, id("2.25.9"));
    let proxy = Signer::Proxy {
        name: "東京".into(),
        relation: "子".into(),
    };
    assert_eq!(request.signer, proxy);
    let taken_back = |named: &str| {
        Told::LinkTakenBack(LinkTakenBack {
            request: named.into(),
        })
    };
    assert_eq!(told(&world, taken_back("r-2"), 3).status, 200);
    assert_eq!(waiting().len(), 1, "another one");
    assert_eq!(told(&world, taken_back("r-1"), 4).status, 200);
    assert_eq!(waiting().len(), 0);

    // A facility that is not here is answered so.
    let nowhere = asked("9999999999");
    assert_eq!(told(&world, asks(nowhere), 5).status, 200);
    let peer = id("2.25.9");
    let left = world
        .store
        .reading(|tx| tx.links_waiting(&peer, 9))
        .unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].side, LinkSide::Unknown);
}

#[test]
fn a_request_that_is_too_long_or_not_whole_is_refused() {
    let world = world();
    let to = code(&world);
    let with = |change: &dyn Fn(&mut LinkAsked)| {
        let mut one = asked(&to);
        change(&mut one);
        one
    };
    let cases = [
        with(&|r| r.facility = String::new()),
        with(&|r| r.own_id = String::new()),
        with(&|r| r.birth = "1947-02-30".into()),
        with(&|r| r.sex = "x".into()),
        with(&|r| r.to = "12".into()),
        with(&|r| r.request = String::new()),
        with(&|r| r.kana[0] = "ア".repeat(501)),
        with(&|r| r.address = "a\u{0}b".into()),
        with(&|r| r.viewers = vec!["x".into(); 21]),
    ];
    for (message, case) in (10..).zip(cases) {
        let answer = told(&world, asks(case), message);
        assert_eq!(answer.code(), Code::StatementForged, "case {message}");
    }
    let of = facility("hzln");
    let waiting = world.store.reading(|tx| tx.foreign_requests_to(&of, 9));
    assert!(waiting.unwrap().is_empty());
}

/// A request of ours to the community `to`.
fn ours(world: &World, to: &str) -> LinkRequest {
    patient(world, "1", true);
    let record = world.record("hzln", "1").unwrap();
    let request = LinkRequest {
        id: RequestId::new("own-1").unwrap(),
        from: record.facility.clone(),
        to: record.facility,
        beyond: Some("東病院".into()),
        across: Some(Across {
            community: id(to),
            facility: "1311111111".into(),
            taken: None,
        }),
        patient: record.patient_key,
        their_id: None,
        agreed: JstDay::from_epoch_days(20_000),
        signer: Signer::Patient,
        state: RequestState::Asked,
        by: UserId::new("clerk").unwrap(),
        at: Noon.now(),
        end: None,
    };
    world
        .store
        .writing(|tx| tx.put_link_request(&request))
        .unwrap();
    request
}

fn answer(outcome: LinkOutcome) -> Told {
    Told::LinkAnswer(LinkAnswer {
        request: "own-1".into(),
        outcome,
    })
}

fn approved(authority: &str) -> Told {
    answer(LinkOutcome::Approved {
        authority: Oid::new(authority).unwrap(),
        patient: "X-1".into(),
    })
}

#[test]
fn only_the_community_that_was_asked_answers_and_ties_to_its_own() {
    let world = world();
    let request = ours(&world, "2.25.9");
    let now = || {
        let found = world.store.reading(|tx| tx.link_request(&request.id));
        found.unwrap().unwrap()
    };
    let tied = || {
        let found = world
            .store
            .reading(|tx| tx.tied_elsewhere(&request.patient));
        found.unwrap()
    };
    // Not its own authority.
    let foreign = told(&world, approved("1.2.4"), 1);
    assert_eq!(foreign.code(), Code::StatementForged);
    assert_eq!((now().state, tied().len()), (RequestState::Asked, 0));
    assert_eq!(told(&world, approved("1.2.3"), 2).status, 200);
    assert_eq!((now().state, tied().len()), (RequestState::Approved, 1));
    // It has ended: what comes after changes nothing.
    let late = answer(LinkOutcome::Returned {
        reason: "LATE".into(),
    });
    assert_eq!(told(&world, late, 3).status, 200);
    assert_eq!(now().state, RequestState::Approved);
}

#[test]
fn an_answer_of_a_community_that_was_not_asked_changes_nothing() {
    let world = world();
    let request = ours(&world, "2.25.77");
    assert_eq!(
        told(&world, approved("1.2.3"), 1).status,
        200,
        "as if unknown"
    );
    let found = world.store.reading(|tx| tx.link_request(&request.id));
    assert_eq!(found.unwrap().unwrap().state, RequestState::Asked);
    let tied = world
        .store
        .reading(|tx| tx.tied_elsewhere(&request.patient));
    assert!(tied.unwrap().is_empty());
    // Nobody can choose the id of another community's request here.
    let named = RequestId::new("r-1").unwrap();
    let ids = [id("2.25.9"), id("2.25.8")].map(|c| id_here(&c, &named).unwrap());
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_facility_is_kept_as_told_and_one_that_is_not_whole_is_refused() {
    let world = world();
    let present = |name: &str, lines: usize| {
        Told::Facility(FacilityTold {
            code: "1311111111".into(),
            name: name.into(),
            phone: String::new(),
            lines: vec![
                LineTold {
                    department: "内科".into(),
                    acceptance: tasuki_core::ports::Acceptance::Open,
                    words: String::new(),
                    at: i64::MAX,
                };
                lines
            ],
        })
    };
    assert_eq!(told(&world, present("東病院", 1), 1).status, 200);
    let since = Noon.now();
    let kept = world.store.reading(|tx| tx.facilities_elsewhere(since, 9));
    let kept = kept.unwrap();
    assert_eq!((kept.len(), &*kept[0].name), (1, "東病院"));
    assert!(kept[0].lines[0].at <= Noon.now(), "not of a time to come");
    for (message, odd) in [(2, present("", 1)), (3, present("東病院", 61))] {
        assert_eq!(told(&world, odd, message).code(), Code::StatementForged);
    }
}

#[test]
fn a_request_that_nobody_there_can_take_comes_back() {
    let world = world();
    let request = ours(&world, "2.25.9");
    let nowhere = answer(LinkOutcome::Nowhere {});
    assert_eq!(told(&world, nowhere, 1).status, 200);
    let found = world.store.reading(|tx| tx.link_request(&request.id));
    let found = found.unwrap().unwrap();
    assert_eq!(found.state, RequestState::Returned);
    assert!(
        found
            .end
            .unwrap()
            .reason
            .contains(Code::RequestNowhere.id())
    );

    let to = code(&world);
    let many = |tx: &dyn tasuki_core::ports::Writing| {
        (0..WAITING_MAX).try_for_each(|n| {
            let named = RequestId::new(&format!("n-{n}")).unwrap();
            let one = ForeignRequest {
                id: id_here(&id("2.25.9"), &named)?,
                named,
                community: id("2.25.9"),
                facility: "西診療所".into(),
                phone: "".into(),
                to: facility("hzln"),
                own_id: "1".into(),
                demographics: Demographics::default(),
                their_id: None,
                agreed: JstDay::from_epoch_days(20_000),
                signer: Signer::Patient,
                viewers: Vec::new(),
                state: RequestState::Asked,
                at: Noon.now(),
                end: None,
            };
            tx.put_foreign_request(&one)
        })
    };
    world.store.writing(many).unwrap();
    let full = told(&world, asks(asked(&to)), 2);
    assert_eq!(full.code(), Code::RequestsFull);
}
