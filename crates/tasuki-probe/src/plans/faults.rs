//! Whether the runner sees what is wrong: a sample of the plans against the node, which passes, and
//! against the same node with each [`Defect`], which must not.

use super::suite::{Table, index};
use super::{Order, order, replay};
use crate::fail;
use crate::failure::Done;
use crate::faulty::{DEFECTS, Defect};
use std::ffi::OsString;

/// `tasuki-probe faults --program FILE --kit FOLDER --folder FOLDER`.
///
/// # Errors
/// Where a defect is not found, or one is found in the node itself.
pub fn run(arguments: &[OsString]) -> Done {
    let order = order(arguments)?;
    let found = wrong(&order, None)?;
    if let Some(first) = found.first() {
        fail!("the sample does not pass without a defect: {first}");
    }
    let mut missed = Vec::new();
    for defect in DEFECTS {
        let found = wrong(&order, Some(defect))?;
        println!("{defect:?}: {} complaints", found.len());
        match found.first() {
            Some(first) => println!("  {}", first.chars().take(160).collect::<String>()),
            None => missed.push(defect),
        }
    }
    if !missed.is_empty() {
        fail!("not found: {missed:?}");
    }
    println!("{} of {} defects found", DEFECTS.len(), DEFECTS.len());
    Ok(())
}

/// What is wrong with the sample.
fn wrong(order: &Order, defect: Option<Defect>) -> Done<Vec<String>> {
    let table = Table::read()?;
    let sessions = table.sessions(&table.sample, 99, &index(&order.kit)?)?;
    let name = defect.map_or("none".to_owned(), |defect| format!("{defect:?}"));
    let order = Order {
        program: order.program.clone(),
        kit: order.kit.clone(),
        folder: order.folder.join(name),
        ..Order::default()
    };
    let report = replay(&order, &[("sample".to_owned(), sessions)], defect)?;
    let mut wrong = report.against;
    for finding in report.groups.iter().flat_map(|(_, findings)| findings) {
        let at = format!("{}/{}", finding.test, finding.section);
        wrong.extend(finding.wrong.iter().map(|why| format!("{at}: {why}")));
    }
    Ok(wrong)
}
