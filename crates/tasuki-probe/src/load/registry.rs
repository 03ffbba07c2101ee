//! ITI-18 on a registry of so many entries: twenty full ones an answer.

use super::crowd::{Seen, each, hammer};
use super::{ADDRESS, Order, Sender, floor, metadata, node};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::node::Node;
use crate::soap::{Request, message_id};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Entries of each patient, and of one answer.
const EACH: usize = 20;
/// Bytes of disk that an entry takes, with its share of sets, associations and audit (5.5 KiB seen).
const ENTRY_BYTES: u64 = 6 * 1024;
/// Connections that fill the registry.
const FILLING: usize = 32;

pub(super) fn run(order: &Order) -> Done {
    let patients = (order.entries / EACH).max(1);
    let needed = order.entries as u64 * ENTRY_BYTES;
    let free = free(order)?;
    if free < needed {
        fail!(
            "{} entries need up to {} GiB of disk; there are {}",
            order.entries,
            needed >> 30,
            free >> 30
        );
    }
    let node = node(order, patients)?;
    let sender = Sender::system(&node)?;
    fill(&node, &sender, patients)?;
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
    println!(
        "ITI-18  {seen}, {} entries, {EACH} an answer",
        order.entries
    );
    let messages = seen.rate * order.seconds as f64;
    let each = (node.cpu_seconds() - before) * 1000.0 / messages;
    println!("        {each:.3} ms of the node's processor a message");
    let request = Request {
        headers: sender.assertion.clone(),
        ..metadata::find(0, false)
    };
    let (kind, bytes) = request.message(ADDRESS, &message_id());
    let floor = floor::measure(
        &node,
        &sender,
        order.connections,
        order.seconds,
        (&kind, &bytes),
        seen.bytes,
    )?;
    println!("floor   {floor}, an empty handler");
    println!("        {:.2} of the floor", seen.rate / floor.rate);
    iti45(order, &sender, patients)?;
    drop(node);
    clean(order)
}

/// ITI-42 until the registry has them all.
fn fill(node: &Node, sender: &Sender, patients: usize) -> Done {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    each(FILLING, |_| {
        let mut connection = sender.connect()?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= patients {
                return Ok(());
            }
            let request = metadata::register(number, EACH);
            sender.count(&mut connection, request, ":Success\"")?;
        }
    })?;
    let took = start.elapsed().as_secs_f64();
    println!(
        "ITI-42  {:.0} submissions/s, {:.0} entries/s, {took:.0} s; data folder {} MiB",
        patients as f64 / took,
        (patients * EACH) as f64 / took,
        node.data_bytes() >> 20
    );
    Ok(())
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
