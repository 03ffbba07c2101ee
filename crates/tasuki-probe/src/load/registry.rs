//! ITI-18 on a registry of so many entries: twenty full ones an answer.

use super::crowd::{Seen, each, hammer};
use super::{ADDRESS, Order, Sender, floor, metadata, node};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::node::Node;
use crate::soap::{Request, message_id};
use std::ops::Range;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Entries of each patient, and of one answer.
const EACH: usize = 20;
/// Bytes of disk that an entry takes, with its share of sets, associations and audit.
const ENTRY_BYTES: u64 = 4 * 1024;
/// An answer with entries has more bytes than this, one without has fewer.
const EMPTY: usize = 10_000;
/// Connections that fill the registry.
const FILLING: usize = 32;
/// Patients that one assertion fills in: it holds for an hour.
const PORTION: usize = 25_000;

/// What a step of a growing registry costs, beside the first one.
struct Cost {
    rate: f64,
    bytes: usize,
    /// Of the node's processor, for a message.
    milliseconds: f64,
}

pub(super) fn run(order: &Order) -> Done {
    let sizes = fitting(order)?;
    let Some(most) = sizes.last() else {
        fail!("no size fits the disk");
    };
    let node = node(order, (most / EACH).max(1))?;
    let mut filled = match order.resume {
        true => found(&node, most / EACH)?,
        false => 0,
    };
    let mut costs: Vec<Cost> = Vec::new();
    for entries in &sizes {
        let patients = (entries / EACH).max(1);
        if patients < filled {
            continue;
        }
        fill(&node, filled..patients, order.resume)?;
        filled = patients;
        let cost = iti18(&node, &Sender::system(&node)?, order, *entries)?;
        if let Some(first) = costs.first() {
            let times = cost.milliseconds / first.milliseconds;
            println!("        {times:.2} of what it cost at first");
        }
        costs.push(cost);
    }
    let sender = Sender::system(&node)?;
    if let Some(last) = costs.last() {
        let request = Request {
            headers: sender.assertion.clone(),
            ..metadata::find(0, false)
        };
        let (kind, bytes) = request.message(ADDRESS, &message_id());
        let (connections, seconds) = (order.connections, order.seconds);
        let sent = (kind.as_str(), bytes.as_slice());
        let floor = floor::measure(&node, &sender, connections, seconds, sent, last.bytes)?;
        println!("floor   {floor}, an empty handler");
        println!("        {:.2} of the floor", last.rate / floor.rate);
    }
    iti45(order, &sender, filled)?;
    drop(node);
    clean(order)
}

/// The sizes that the disk has room for, ascending; what is left out is said.
fn fitting(order: &Order) -> Done<Vec<usize>> {
    let free = free(order)? + left(order);
    let mut sizes = order.entries.clone();
    sizes.sort_unstable();
    sizes.retain(|entries| {
        let needed = *entries as u64 * ENTRY_BYTES;
        if free < needed {
            let (needed, free) = (needed >> 30, free >> 30);
            println!(
                "{entries} entries left out: {needed} GiB of disk are needed, {free} are free"
            );
        }
        free >= needed
    });
    Ok(sizes)
}

fn iti18(node: &Node, sender: &Sender, order: &Order, entries: usize) -> Done<Cost> {
    let patients = (entries / EACH).max(1);
    let before = node.cpu_seconds();
    let seen = hammer(
        order.connections,
        order.seconds,
        || sender.connect(),
        |connection, n| {
            // Neighbours in time are none in the registry.
            let number = n.wrapping_mul(104_729) % patients;
            let request = metadata::find(number, false);
            sender.count(connection, request, ":Success\"")
        },
    );
    let seen = seen?;
    println!("ITI-18  {seen}, {entries} entries, {EACH} an answer");
    let messages = seen.rate * order.seconds as f64;
    let milliseconds = (node.cpu_seconds() - before) * 1000.0 / messages;
    println!("        {milliseconds:.3} ms of the node's processor a message");
    Ok(Cost {
        rate: seen.rate,
        bytes: seen.bytes,
        milliseconds,
    })
}

/// ITI-42 until the registry has them all.
fn fill(node: &Node, numbers: Range<usize>, resume: bool) -> Done {
    let (patients, end) = (numbers.len(), numbers.end);
    // Of those that were under way when a run broke off, some are there and some are not.
    let unsure = numbers.start + if resume { 2 * FILLING } else { 0 };
    let start = Instant::now();
    for first in numbers.clone().step_by(PORTION) {
        let sender = Sender::system(node)?;
        let (next, last) = (AtomicUsize::new(first), end.min(first + PORTION));
        each(FILLING, |_| {
            let mut connection = sender.connect()?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= last {
                    return Ok(());
                }
                if number < unsure && has(&sender, &mut connection, number)? {
                    continue;
                }
                let request = metadata::register(number, EACH);
                sender.count(&mut connection, request, ":Success\"")?;
            }
        })?;
    }
    let took = start.elapsed().as_secs_f64();
    println!(
        "ITI-42  {:.0} submissions/s, {:.0} entries/s, {took:.0} s; data folder {} MiB, {:.2} KiB an entry",
        patients as f64 / took,
        (patients * EACH) as f64 / took,
        node.data_bytes() >> 20,
        node.data_bytes() as f64 / 1024.0 / (end * EACH) as f64
    );
    Ok(())
}

/// Whether a patient has entries.
fn has(sender: &Sender, connection: &mut Connection, number: usize) -> Done<bool> {
    let answer = sender.count(connection, metadata::find(number, false), ":Success\"")?;
    Ok(answer > EMPTY)
}

/// The first patient who may have no entries: they were given to patients in turn.
fn found(node: &Node, most: usize) -> Done<usize> {
    let sender = Sender::system(node)?;
    let mut connection = sender.connect()?;
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low.midpoint(high);
        match has(&sender, &mut connection, middle)? {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let from = low.saturating_sub(FILLING);
    println!("resumed at {} entries", from * EACH);
    Ok(from)
}

/// ITI-45: the identifiers of a patient.
fn iti45(order: &Order, sender: &Sender, patients: usize) -> Done {
    let seen: Seen = hammer(
        order.connections,
        order.seconds,
        || sender.connect(),
        |connection, n| {
            let number = n.wrapping_mul(104_729) % patients;
            let request = super::gateway::identifiers(&metadata::local(number));
            sender.count(connection, request, "PRPA_IN201310UV02>")
        },
    )?;
    println!("ITI-45  {seen}");
    Ok(())
}

/// Bytes of what a run before has left.
fn left(order: &Order) -> u64 {
    let database = order.folder.join("data/tasuki.db");
    let size = order.resume.then(|| database.metadata());
    size.and_then(Result::ok).map_or(0, |m| m.len())
}

/// Bytes that are free where the data goes.
fn free(order: &Order) -> Done<u64> {
    std::fs::create_dir_all(&order.folder)
        .map_err(|error| Failure::io(order.folder.display(), &error))?;
    let output = Command::new("df")
        .args(["--output=avail", "-B1"])
        .arg(&order.folder)
        .output()
        .map_err(|error| Failure::io("df", &error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().last().unwrap_or_default().trim();
    last.parse().map_err(|error| Failure::io("df", &error))
}

fn clean(order: &Order) -> Done {
    std::fs::remove_dir_all(&order.folder)
        .map_err(|error| Failure::io(order.folder.display(), &error))
}
