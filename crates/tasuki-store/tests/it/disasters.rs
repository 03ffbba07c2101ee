//! Disaster mode as it is kept, and the board of what hospitals take in.

use crate::place::Place;
use tasuki_core::ports::{Acceptance, BoardLine, Disaster, Done};
use tasuki_model::{DisasterId, FacilityId, Instant, UserId};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

fn facility(name: &str) -> FacilityId {
    FacilityId::new(name).unwrap()
}

fn declared(id: &str, seconds: i64) -> Disaster {
    Disaster {
        id: DisasterId::new(id).unwrap(),
        area: [facility("home"), facility("away")].into(),
        words: "地震".into(),
        hours: 12,
        declared: Done {
            by: UserId::new("one").unwrap(),
            at: at(seconds),
        },
        confirmed: None,
        ended: None,
        closed: false,
    }
}

pub fn a_declaration_is_open_until_its_end_is_in_the_trail(place: Place) {
    let store = place.open();
    let put = |d: &Disaster| store.writing(|tx| tx.put_disaster(d)).unwrap();
    let open = |limit| store.reading(|tx| tx.open_disasters(limit)).unwrap();
    let (first, second) = (declared("d1", 1), declared("d2", 2));
    put(&first);
    put(&second);
    assert_eq!(open(100), [second.clone(), first.clone()]);
    assert_eq!(open(1), std::slice::from_ref(&second));
    let confirmed = first
        .confirmed_by(&UserId::new("two").unwrap(), at(5))
        .unwrap();
    put(&confirmed);
    let found = store.reading(|tx| tx.disaster(&confirmed.id)).unwrap();
    assert_eq!(found.as_ref(), Some(&confirmed));
    let closed = Disaster {
        closed: true,
        ..confirmed
    };
    put(&closed);
    assert_eq!(open(100), std::slice::from_ref(&second));
    let all = store.reading(|tx| tx.disasters(100)).unwrap();
    assert_eq!(all, [second, closed]);
}

pub fn the_board_has_one_line_for_a_department(place: Place) {
    let store = place.open();
    let line = |facility_id: &str, department: &str, acceptance, seconds| BoardLine {
        facility: facility(facility_id),
        department: department.into(),
        acceptance,
        words: "".into(),
        by: UserId::new("clerk").unwrap(),
        at: at(seconds),
    };
    let put = |l: &BoardLine| store.writing(|tx| tx.put_board_line(l)).unwrap();
    let board = || store.reading(|tx| tx.board(100)).unwrap();
    let away = line("away", "内科", Acceptance::Ask, 1);
    let home = line("home", "内科", Acceptance::Open, 2);
    put(&home);
    put(&away);
    assert_eq!(board(), [away.clone(), home]);
    let later = line("home", "内科", Acceptance::Closed, 3);
    put(&later);
    assert_eq!(board(), [away.clone(), later]);
    let remove = |facility_id: &str, department: &str| {
        let of = facility(facility_id);
        store
            .writing(|tx| tx.remove_board_line(&of, department))
            .unwrap()
    };
    assert!(!remove("away", "外科") && remove("home", "内科") && !remove("home", "内科"));
    assert_eq!(board(), [away]);
}
