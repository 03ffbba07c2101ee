//! Random sequences of files with flags 1, 2 and 0 against the simplest possible registry.

use crate::place::{Place, key, patient, put};
use crate::registry::{approved, deprecated};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use tasuki_model::AvailabilityStatus::{Approved, Deprecated};
use tasuki_model::Instant;

/// A file as it turns up: its key, its flag, and which of a few contents it has.
#[derive(Debug, Clone, Copy)]
struct Turn {
    order: u8,
    flag: u8,
    content: u8,
}

/// Per key: the versions from oldest to newest, each with its content and whether it is current.
type Model = BTreeMap<u8, Vec<(u8, bool)>>;

fn expect(model: &mut Model, turn: Turn) {
    let versions = model.entry(turn.order).or_default();
    match turn.flag {
        1 => {
            if versions.iter().any(|(c, now)| *now && *c == turn.content) {
                return;
            }
            for version in versions.iter_mut() {
                version.1 = false;
            }
            versions.push((turn.content, true));
        }
        2 => {
            if let Some(same) = versions.iter_mut().find(|(c, _)| *c == turn.content) {
                same.1 = false;
            } else if versions.iter().any(|(_, now)| *now) {
                versions.insert(0, (turn.content, false));
            } else {
                versions.push((turn.content, false));
            }
        }
        _ => versions.clear(),
    }
}

pub fn random_files_agree_with_the_model(place: Place) {
    let store = place.open();
    let turns = prop::collection::vec(
        (0u8..3, 0u8..3, 0u8..4).prop_map(|(order, flag, content)| Turn {
            order,
            flag,
            content,
        }),
        1..24,
    );
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let number = std::cell::Cell::new(0);
    runner
        .run(&turns, |turns| {
            number.set(number.get() + 1);
            let p = patient(&*store, &format!("{:04}", number.get()));
            let mut model = Model::new();
            for turn in &turns {
                expect(&mut model, *turn);
                let key = key(&turn.order.to_string());
                let bytes = [turn.content; 9];
                match turn.flag {
                    1 => drop(put(&*store, &p, &key, Approved, &bytes)),
                    2 => drop(put(&*store, &p, &key, Deprecated, &bytes)),
                    _ => drop(
                        store
                            .writing(|tx| tx.delete(&p, &key, Instant::from_micros(1)))
                            .unwrap(),
                    ),
                }
            }
            check(&*store, &p, &model)
        })
        .unwrap();
}

fn check(
    store: &dyn tasuki_core::ports::Store,
    p: &tasuki_model::PatientKey,
    model: &Model,
) -> Result<(), TestCaseError> {
    let current = approved(store, p);
    let old = deprecated(store, p);
    for (order, versions) in model {
        let order = order.to_string();
        let now: Vec<_> = current
            .iter()
            .filter(|e| *e.source_key.order == *order)
            .collect();
        let before = old.iter().filter(|e| *e.source_key.order == *order).count();
        prop_assert_eq!(now.len(), versions.iter().filter(|(_, now)| *now).count());
        prop_assert_eq!(before, versions.iter().filter(|(_, now)| !now).count());
        let Some(any) = current
            .iter()
            .chain(&old)
            .find(|e| *e.source_key.order == *order)
        else {
            continue;
        };
        // The versions in the order in which they replaced each other, read back by content.
        let others = store
            .reading(|tx| tx.find_versions(&any.entry_uuid))
            .unwrap();
        let mut ids: Vec<_> = crate::registry::seen(store, p, others);
        ids.push(any.clone());
        prop_assert_eq!(ids.len(), versions.len());
        let one_logical = ids.iter().all(|e| e.logical_id == any.logical_id);
        prop_assert!(one_logical);
        for (content, is_current) in versions {
            let hash = crate::place::sha1(&[*content; 9]);
            let found = ids
                .iter()
                .any(|e| e.hash == hash && (e.status == Approved) == *is_current);
            prop_assert!(found);
        }
    }
    Ok(())
}
