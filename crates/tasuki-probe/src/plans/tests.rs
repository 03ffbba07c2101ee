//! The table of plans is whole.

use super::suite::{Table, index};
use std::path::Path;

#[test]
fn every_test_of_the_table_is_one_of_the_toolkit() {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ihe");
    let index = index(&kit).unwrap();
    let table = Table::read().unwrap();
    let mut sessions = 0;
    for (number, group) in table.group.iter().enumerate() {
        for session in table.sessions(group, number, &index).unwrap() {
            assert!(!session.patients(&kit).unwrap().is_empty());
            sessions += 1;
        }
    }
    assert!(sessions > 50, "{sessions}");
}

#[test]
fn every_test_of_the_toolkit_is_run_or_has_a_reason() {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ihe");
    let table = Table::read().unwrap();
    let groups = table.group.iter();
    let run: Vec<&String> = groups
        .flat_map(|g| g.before.iter().chain(&g.tests))
        .collect();
    for (test, (_, sections)) in index(&kit).unwrap() {
        for section in sections {
            let told = run.contains(&&test) || table.not_run(&test, &section).is_some();
            assert!(told, "{test}/{section}");
        }
    }
}
