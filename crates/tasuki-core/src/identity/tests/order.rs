//! The result is a function of what there is, not of how it came about.

use super::{HANAKO, OTHERS, member, populated, together};
use crate::identity::index::{Index, Said};
use crate::identity::normalise::Raw;
use crate::identity::row::Former;
use proptest::prelude::*;

/// A family with everything that makes joining depend on order: slips, a move, twins, a surname
/// that changed, a same-named stranger, kin that moved along, former values.
fn family() -> Vec<Raw<'static>> {
    let moved = |r: Raw<'static>| Raw {
        address: "青梅市東青梅1-2-3",
        postal: "",
        phone: "",
        ..r
    };
    let husband = Raw {
        given_kanji: "一之助",
        given_kana: "イチノスケ",
        sex: "M",
        birth: "1945-01-20",
        number: "08888888",
        phone: "090-1111-2222",
        ..HANAKO
    };
    vec![
        HANAKO,
        Raw {
            birth: "1947-12-03",
            ..HANAKO
        },
        moved(HANAKO),
        Raw {
            insurer: "",
            number: "",
            ..moved(HANAKO)
        },
        Raw {
            given_kanji: "葉子",
            given_kana: "ヨウコ",
            number: "1",
            ..HANAKO
        },
        Raw {
            family_kanji: "秘密",
            family_kana: "ヒミツ",
            number: "",
            ..HANAKO
        },
        Raw { sex: "M", ..HANAKO },
        husband,
        Raw {
            phone: husband.phone,
            ..moved(husband)
        },
        Raw {
            insurer: "138123",
            symbol: "7",
            number: "55",
            birth: "2019-05-01",
            ..HANAKO
        },
        super::torn::twin("陽菜"),
        super::torn::twin("陽葵"),
        super::torn::twin(""),
    ]
}

/// How many they are.
const FAMILY: usize = 13;

/// One thing that happens to the index.
#[derive(Debug, Clone, Copy)]
enum Event {
    Put(usize, bool, bool),
    Remove(usize),
    Said(usize, usize, Option<Said>),
}

fn said() -> impl Strategy<Value = Option<Said>> {
    prop_oneof![
        Just(None),
        Just(Some(Said::Same)),
        Just(Some(Said::NotSame))
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..FAMILY, prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(who, shared, former)| Event::Put(who, shared, former)),
        2 => (0..FAMILY).prop_map(Event::Remove),
        1 => (0..FAMILY, 0..FAMILY, said()).prop_map(|(a, b, s)| Event::Said(a, b, s)),
    ]
}

/// What has come of it all: who is there, how, and what was said last.
#[derive(Debug, Default, Clone)]
struct Outcome {
    there: std::collections::BTreeMap<usize, (bool, bool)>,
    said: std::collections::BTreeMap<(usize, usize), Said>,
}

impl Outcome {
    fn of(events: &[Event]) -> Self {
        let mut outcome = Self::default();
        for event in events {
            match *event {
                Event::Put(who, shared, former) => {
                    outcome.there.insert(who, (shared, former));
                }
                Event::Remove(who) => {
                    outcome.there.remove(&who);
                }
                Event::Said(a, b, said) if a != b => {
                    outcome.said.remove(&(a.min(b), a.max(b)));
                    outcome.said.extend(said.map(|s| ((a.min(b), a.max(b)), s)));
                }
                Event::Said(..) => {}
            }
        }
        outcome
    }

    /// The events that lead to it straight.
    fn straight(&self) -> Vec<Event> {
        let said = self
            .said
            .iter()
            .map(|((a, b), s)| Event::Said(*a, *b, Some(*s)));
        let there = self
            .there
            .iter()
            .map(|(who, (s, f))| Event::Put(*who, *s, *f));
        there.chain(said).collect()
    }
}

fn happen(index: &mut Index, event: Event) -> Vec<u128> {
    match event {
        Event::Put(who, shared, former) => {
            let mut member = member(who as u128, &family()[who]);
            member.shared = shared;
            member.former = former.then(|| {
                let before = member_keys(&family()[(who + 3) % FAMILY]);
                Former::of(&before).unwrap()
            });
            index.put(&member).unwrap();
            vec![who as u128]
        }
        Event::Remove(who) => {
            index.remove(who as u128);
            vec![who as u128]
        }
        Event::Said(a, b, said) => {
            if a != b {
                index.said(a as u128, b as u128, said);
            }
            vec![a as u128, b as u128]
        }
    }
}

fn member_keys(raw: &Raw<'_>) -> crate::identity::normalise::Keys {
    member(0, raw).keys
}

/// Clusters as lists of patients, and the lines of the queue.
type Result = (Vec<(u128, u128)>, Vec<(u128, u128)>);

fn result(index: &Index) -> Result {
    let mut lines = index.lines();
    lines.sort_unstable();
    (index.clusters(), lines)
}

/// A population that was settled before anything happens: its frequencies hold throughout.
fn settled() -> Index {
    let mut index = populated();
    index.settle_all();
    index
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happened_the_result_is_that_of_what_there_is(
        events in prop::collection::vec(event(), 1..40),
        at_once in prop::bool::ANY,
        order in Just((0..60).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let mut lived = settled();
        for event in &events {
            let touched = happen(&mut lived, *event);
            if !at_once {
                lived.settle(&touched);
            }
        }
        lived.settle(&[]);
        let outcome = Outcome::of(&events);
        let mut straight = outcome.straight();
        straight.sort_by_key(|e| order[match e { Event::Put(w, ..) | Event::Remove(w) => *w, Event::Said(a, b, _) => 10 + (a * 7 + b) % 50 }]);
        let mut fresh = settled();
        for event in straight {
            happen(&mut fresh, event);
        }
        fresh.settle(&[]);
        prop_assert_eq!(result(&lived), result(&fresh));
        // With the frequencies of now as well, however the index came to be.
        lived.settle_all();
        fresh.settle_all();
        prop_assert_eq!(result(&lived), result(&fresh));
    }

    #[test]
    fn what_is_reported_is_what_changed(
        before in prop::collection::vec(event(), 1..20),
        event in event(),
    ) {
        let mut index = settled();
        for event in before {
            happen(&mut index, event);
        }
        index.settle(&[]);
        let (clusters, lines) = result(&index);
        let touched = happen(&mut index, event);
        let settlement = index.settle(&touched);
        let (clusters_now, lines_now) = result(&index);
        let reported: Vec<u128> =
            settlement.groups.iter().flat_map(|g| g.members.iter().copied()).collect();
        for (patient, first) in &clusters_now {
            let was = clusters.iter().find(|(p, _)| p == patient).map(|(_, f)| f);
            prop_assert!(was == Some(first) || reported.contains(patient), "{}", patient);
        }
        let asked: Vec<(u128, u128)> = settlement.reviews.iter().map(|(a, b, _)| (*a, *b)).collect();
        for line in lines_now.iter().filter(|l| !lines.contains(l)) {
            prop_assert!(asked.contains(line), "a line that came is reported");
        }
        for line in lines.iter().filter(|l| !lines_now.contains(l)) {
            let there = |p| clusters_now.iter().any(|(patient, _)| *patient == p);
            let seen = reported.contains(&line.0) || reported.contains(&line.1);
            prop_assert!(seen || !there(line.0) && !there(line.1), "a line that went is noticed");
        }
        for group in &settlement.groups {
            let first = group.members[0];
            for member in &group.members {
                prop_assert!(clusters_now.contains(&(*member, first)));
            }
        }
    }

    #[test]
    fn the_undisclosed_changes_nothing_for_the_disclosed(
        events in prop::collection::vec(event(), 1..30),
    ) {
        let mut with = settled();
        let mut without = settled();
        let outcome = Outcome::of(&events);
        let hidden: Vec<u128> =
            outcome.there.iter().filter(|(_, (shared, _))| !shared).map(|(w, _)| *w as u128).collect();
        for event in outcome.straight() {
            happen(&mut with, event);
            let hides = matches!(event, Event::Put(_, false, _));
            if !hides {
                happen(&mut without, event);
            }
        }
        with.settle(&[]);
        without.settle(&[]);
        let together = |index: &Index, a: u128, b: u128| {
            let clusters = index.clusters();
            let of = |p| clusters.iter().find(|(q, _)| *q == p).unwrap().1;
            of(a) == of(b)
        };
        let seen: Vec<u128> = outcome.there.keys().map(|w| *w as u128).filter(|w| !hidden.contains(w)).collect();
        for a in &seen {
            for b in &seen {
                prop_assert_eq!(together(&with, *a, *b), together(&without, *a, *b));
            }
        }
        let asked = |index: &Index| {
            let mut lines = result(index).1;
            lines.retain(|(a, b)| seen.contains(a) && seen.contains(b));
            lines
        };
        prop_assert_eq!(asked(&with), asked(&without));
        for a in &hidden {
            for b in outcome.there.keys().map(|w| *w as u128) {
                prop_assert!(a % 3 == b % 3 || !together(&with, *a, b), "{} with {}", a, b);
            }
        }
    }
}

#[test]
fn many_at_once_give_what_one_by_one_gives() {
    let (mut at_once, mut one_by_one) = (settled(), settled());
    for who in 0..10 {
        happen(&mut at_once, Event::Put(who, true, false));
        let touched = happen(&mut one_by_one, Event::Put(who, true, false));
        one_by_one.settle(&touched);
    }
    at_once.settle_all();
    one_by_one.settle_all();
    assert_eq!(result(&at_once), result(&one_by_one));
    let population: Vec<u128> = one_by_one
        .clusters()
        .iter()
        .map(|c| c.0)
        .filter(|p| *p >= OTHERS)
        .collect();
    assert_eq!(population.len(), 300);
}

/// HANAKO, her twin and somebody of another surname: two lines lead from her, and the third waits.
fn waiting() -> Index {
    let mut index = settled();
    for who in [4, 5, 0] {
        happen(&mut index, Event::Put(who, true, false));
    }
    index.settle(&[]);
    assert_eq!(result(&index).1, [(0, 4), (0, 5)]);
    index
}

/// Both lines go because whoever joins her was said to be neither of them; that touches neither.
#[test]
fn a_line_that_no_longer_waits_is_reported() {
    let mut index = waiting();
    for other in [4, 5] {
        let touched = happen(&mut index, Event::Said(6, other, Some(Said::NotSame)));
        index.settle(&touched);
    }
    let touched = happen(&mut index, Event::Put(6, true, false));
    let settlement = index.settle(&touched);
    assert!(together(&index, 0, 6));
    assert_eq!(result(&index).1, [(4, 5)]);
    let asked = settlement.reviews.iter().map(|(a, b, _)| (*a, *b));
    assert_eq!(asked.collect::<Vec<_>>(), [(4, 5)]);
}

/// A second registration of her hospital, undisclosed and of another sex, may not be compared with
/// other hospitals' ones: that settles nothing between those that may.
#[test]
fn the_undisclosed_takes_no_line_from_the_disclosed() {
    let mut index = waiting();
    let touched = happen(&mut index, Event::Put(6, false, false));
    index.settle(&touched);
    assert!(together(&index, 0, 6));
    assert_eq!(result(&index).1, [(0, 4), (0, 5)]);
}
