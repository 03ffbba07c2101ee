//! The test plans of the NIST XDS toolkit against a running node: which (`suite`, `plans.toml`), what
//! a plan says (`plan`), what is filled in (`values`, `fill`), sent (`send`, `link`), judged
//! (`verdict`, `contents`, `documents`, `schemas`) and written down (`report`).

mod company;
mod contents;
mod documents;
mod faults;
mod fill;
mod link;
mod plan;
mod report;
mod schemas;
mod send;
mod session;
mod suite;
#[cfg(test)]
mod tests;
mod transactions;
mod values;
mod verdict;

pub use faults::run as faults;
pub use report::Report;

use crate::fail;
use crate::failure::{Done, Failure};
use crate::faulty::Defect;
use crate::node::{Beside, Company, Node, codes_of_the_toolkit};
use crate::proxy;
use link::Link;
use schemas::Bodies;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use suite::{Session, Table, index};

/// What a run was asked for.
#[derive(Debug, Default)]
struct Order {
    program: PathBuf,
    kit: PathBuf,
    folder: PathBuf,
    report: Option<PathBuf>,
    /// Only groups with this in their title, or this test.
    only: Option<String>,
    check: bool,
}

/// `tasuki-probe plans --program FILE --kit FOLDER --folder FOLDER [--report FILE] [--only WORD]
/// [--check]`. With `--check` the report is not written: what it says passes has to pass.
///
/// # Errors
/// Where the node cannot be started, or something that passed does not.
pub fn run(arguments: &[OsString]) -> Done {
    let order = order(arguments)?;
    let table = Table::read()?;
    let index = index(&order.kit)?;
    let groups = sessions(&order, &table, &index)?;
    let report = replay(&order, &groups, None)?;
    for finding in report.groups.iter().flat_map(|(_, findings)| findings) {
        for wrong in &finding.wrong {
            println!("{}/{}: {wrong}", finding.test, finding.section);
        }
    }
    for against in &report.against {
        println!("schema: {against}");
    }
    let (passed, all) = report.count();
    println!("{passed} of {all} sections pass");
    finish(&order, &report, &table, &index)
}

fn finish(order: &Order, report: &Report, table: &Table, index: &suite::Index) -> Done {
    if !report.against.is_empty() {
        fail!("{} answers are not valid", report.against.len());
    }
    let Some(path) = &order.report else {
        return Ok(());
    };
    let fault = |error: std::io::Error| Failure::io(path.display(), &error);
    if order.check {
        let before = std::fs::read_to_string(path).map_err(fault)?;
        let lost = report.lost(&before);
        if !lost.is_empty() {
            fail!("passed before and do not now: {}", lost.join(", "));
        }
        return Ok(());
    }
    if order.only.is_some() {
        fail!("the report is of the whole: without --only");
    }
    std::fs::write(path, report.markdown(table, index)).map_err(fault)
}

/// Every session that is wanted, by heading.
fn sessions(
    order: &Order,
    table: &Table,
    index: &suite::Index,
) -> Done<Vec<(String, Vec<Session>)>> {
    let mut groups = Vec::new();
    for (number, group) in table.group.iter().enumerate() {
        let mut sessions = table.sessions(group, number, index)?;
        if let Some(only) = &order.only
            && !group.title.contains(only.as_str())
        {
            sessions.retain(|s| s.sections.iter().any(|(test, _)| test == only));
        }
        groups.push((group.title.clone(), sessions));
    }
    groups.retain(|(_, sessions)| !sessions.is_empty());
    Ok(groups)
}

/// Sends everything to nodes, one for each group, and judges it.
fn replay(
    order: &Order,
    groups: &[(String, Vec<Session>)],
    defect: Option<Defect>,
) -> Done<Report> {
    let mut bodies = Bodies::new(&order.folder.join("answers"))?;
    let mut report = Report::default();
    for (number, (title, sessions)) in groups.iter().enumerate() {
        let (node, beside) = nodes(order, number, sessions)?;
        let spoiled = defect.map(|defect| proxy::start(node.folder(), &node.soap, defect));
        let mut link = Link::new(&node, spoiled.transpose()?.as_deref(), beside.as_ref())?;
        let mut findings = Vec::new();
        let mut unread = Vec::new();
        for session in sessions {
            let mut take = |name: &str, body: &str| {
                unread.extend(bodies.take(name, body).err());
            };
            if let Some(person) = &session.person {
                link.admit(&values::local(&session.name, "15817"), person)?;
            }
            findings.extend(session::run(&order.kit, session, &mut link, &mut take));
        }
        report
            .against
            .extend(unread.into_iter().map(|Failure(why)| why));
        report.groups.push((title.clone(), merged(findings)));
    }
    let (valid, against) = bodies.judge(&order.kit.join("schema"))?;
    report.valid = valid;
    report.against.extend(against);
    Ok(report)
}

/// The node of a group, with the patients of its sessions, and the communities beside it.
fn nodes(order: &Order, number: usize, sessions: &[Session]) -> Done<(Node, Option<Beside>)> {
    let mut patients = BTreeSet::new();
    for session in sessions {
        patients.extend(session.patients(&order.kit)?);
    }
    let patients: Vec<String> = patients.into_iter().collect();
    let folder = order.folder.join(format!("node{number}"));
    let codes = codes_of_the_toolkit(&order.kit.join("nist-env"))?;
    if sessions.iter().any(|session| session.second.is_some()) {
        let company = Company::start(&order.program, &folder, &codes, &patients)?;
        return Ok((company.node, Some(company.beside)));
    }
    let node = Node::start(&order.program, &folder, &codes, &patients, None)?;
    Ok((node, None))
}

/// A section that several sessions began with is told once: as wrong where it ever was.
fn merged(findings: Vec<session::Finding>) -> Vec<session::Finding> {
    let mut merged: Vec<session::Finding> = Vec::new();
    for finding in findings {
        let same =
            |m: &&mut session::Finding| m.test == finding.test && m.section == finding.section;
        match merged.iter_mut().find(same) {
            Some(known) if known.wrong.is_empty() => known.wrong = finding.wrong,
            Some(_) => {}
            None => merged.push(finding),
        }
    }
    merged
}

fn order(arguments: &[OsString]) -> Done<Order> {
    use lexopt::prelude::{Long, ValueExt};
    let mut order = Order::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("program") => order.program = parser.value()?.into(),
            Long("kit") => order.kit = parser.value()?.into(),
            Long("folder") => order.folder = parser.value()?.into(),
            Long("report") => order.report = Some(parser.value()?.into()),
            Long("only") => order.only = Some(parser.value()?.string()?),
            Long("check") => order.check = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    Ok(order)
}
