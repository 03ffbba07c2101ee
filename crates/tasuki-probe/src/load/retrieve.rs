//! ITI-41 and ITI-43: documents of 50 KB from many at once, and one large one in and out.

use super::crowd::{Seen, hammer};
use super::{ADDRESS, Order, Sender, floor, metadata, node};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::node::Node;
use crate::soap::{Request, message_id};
use crate::tree::{all, escape, first, parse, text};
use std::process::Command;
use std::time::Instant;

const XDS: &str = "urn:ihe:iti:xds-b:2007";
/// Bytes of an ordinary document.
const DOCUMENT: usize = 50 * 1024;
/// Patients to whom they belong.
const PATIENTS: usize = 1_000;
/// Clients that provide at once.
const CLIENTS: usize = 8;

pub(super) fn run(order: &Order) -> Done {
    let node = node(order, PATIENTS)?;
    let sender = Sender::system(&node)?;
    let before = node.cpu_seconds();
    let seen = hammer(
        CLIENTS,
        order.seconds,
        || sender.connect(),
        |connection, n| {
            let request = provide(n % PATIENTS, DOCUMENT);
            sender.count(connection, request, ":Success\"")
        },
    )?;
    println!(
        "ITI-41  {seen}, {} KB each, {CLIENTS} clients",
        DOCUMENT / 1024
    );
    processor(order, &node, (before, seen));
    let request = provide(0, DOCUMENT);
    beside(order, &node, &sender, (CLIENTS, &request, seen))?;
    let mut connection = sender.connect()?;
    let found = sender.ask(&mut connection, metadata::find(0, false))?;
    let request = retrieve(&found.body, false)?;
    let before = node.cpu_seconds();
    let seen = hammer(
        order.connections,
        order.seconds,
        || sender.connect(),
        |connection, _| sender.count(connection, request.clone(), ":Success\""),
    )?;
    println!("ITI-43  {seen}");
    processor(order, &node, (before, seen));
    beside(order, &node, &sender, (order.connections, &request, seen))?;
    large(order, &sender)?;
    println!("memory  {} MiB at most", node.peak_kibibytes() / 1024);
    drop(node);
    std::fs::remove_dir_all(&order.folder).map_err(|e| Failure::io(order.folder.display(), &e))
}

/// What the node's processor did for each message of a measurement.
fn processor(order: &Order, node: &Node, (before, seen): (f64, Seen)) {
    let messages = seen.rate * order.seconds as f64;
    let each = (node.cpu_seconds() - before) * 1000.0 / messages;
    println!("        {each:.3} ms of the node's processor a message");
}

/// The floor of a measurement: an empty handler that takes and gives as many bytes.
fn beside(
    order: &Order,
    node: &Node,
    sender: &Sender,
    (connections, request, seen): (usize, &Request, Seen),
) -> Done {
    let request = Request {
        headers: sender.assertion.clone(),
        ..request.clone()
    };
    let (kind, bytes) = request.message(ADDRESS, &message_id());
    let message = (kind.as_str(), bytes.as_slice());
    let floor = floor::measure(
        node,
        sender,
        connections,
        order.seconds,
        message,
        seen.bytes,
    )?;
    println!("floor   {floor}, an empty handler");
    println!("        {:.2} of the floor", seen.rate / floor.rate);
    Ok(())
}

/// A large document in and out, and `dd` with as many bytes on both sides of it: how fast that is depends on
/// whether the memory that it writes through was used before.
fn large(order: &Order, sender: &Sender) -> Done {
    let bytes = order.mebibytes * 1024 * 1024;
    // Made before the clock starts, as `dd` has its bytes for nothing.
    let message = sender.message(provide(PATIENTS - 1, bytes));
    let before = dd(order)?;
    let mut connection = sender.connect()?;
    let start = Instant::now();
    Sender::sent(&mut connection, &message, ":Success\"")?;
    let rate = |took: f64| order.mebibytes as f64 / took;
    let into = rate(start.elapsed().as_secs_f64());
    let after = dd(order)?;
    drop(message);
    for (dd, when) in [(before, "before"), (after, "after")] {
        println!(
            "in      {into:.0} MiB/s, {:.2} of dd at {dd:.0} MiB/s {when} it",
            into / dd
        );
    }
    // The node does not wait for as long as `dd` may take.
    let mut connection = sender.connect()?;
    let found = sender.ask(&mut connection, metadata::find(PATIENTS - 1, false))?;
    let mut request = retrieve(&found.body, false)?;
    // A message with attachments is answered by one, so that nothing is written in base64.
    request.parts = Some(Vec::new());
    for round in ["cold", "warm"] {
        let start = Instant::now();
        let count = sender.swallow(&mut connection, &request)?;
        let out = rate(start.elapsed().as_secs_f64());
        println!("out     {out:.0} MiB/s, {count} bytes, {round}");
    }
    Ok(())
}

/// MiB a second that `dd` writes and makes durable.
fn dd(order: &Order) -> Done<f64> {
    let file = order.folder.join("dd");
    let start = Instant::now();
    let done = Command::new("dd")
        .args(["if=/dev/zero", "bs=1M", "conv=fdatasync", "status=none"])
        .arg(format!("count={}", order.mebibytes))
        .arg(format!("of={}", file.display()))
        .status()
        .map_err(|error| Failure::io("dd", &error))?;
    let took = start.elapsed().as_secs_f64();
    if !done.success() {
        fail!("dd ended with {done}");
    }
    std::fs::remove_file(&file).map_err(|e| Failure::io(file.display(), &e))?;
    Ok(order.mebibytes as f64 / took)
}

/// ITI-41 of one document of so many bytes.
pub fn provide(number: usize, bytes: usize) -> Request {
    let metadata = metadata::submission(number, 1, None);
    let xop = "http://www.w3.org/2004/08/xop/include";
    let body = format!(
        "<x:ProvideAndRegisterDocumentSetRequest xmlns:x=\"{XDS}\">{metadata}<x:Document id=\"d0\">\
         <xop:Include xmlns:xop=\"{xop}\" href=\"cid:d0@probe\"/></x:Document>\
         </x:ProvideAndRegisterDocumentSetRequest>"
    );
    // Bytes that do not compress, and that no two documents share.
    let seed = uuid::Uuid::new_v4().into_bytes();
    let content = seed.repeat(bytes.div_ceil(seed.len()));
    Request {
        action: "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b".to_owned(),
        body,
        parts: Some(vec![("d0@probe".to_owned(), content)]),
        ..Request::default()
    }
}

/// ITI-43 of every document that a query found; ITI-39 where it is `across`.
///
/// # Errors
/// Where the answer of the query cannot be read.
pub fn retrieve(found: &str, across: bool) -> Done<Request> {
    let document = parse(found)?;
    let list = first(document.root_element(), "RegistryObjectList");
    let mut asked = String::new();
    for entry in list.iter().flat_map(|list| all(*list, "ExtrinsicObject")) {
        let repository =
            all(entry, "Slot").find(|s| s.attribute("name") == Some("repositoryUniqueId"));
        let unique = all(entry, "ExternalIdentifier").find(|id| {
            id.attribute("identificationScheme")
                == Some("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab")
        });
        let home = entry
            .attribute("home")
            .map(|home| format!("<x:HomeCommunityId>{}</x:HomeCommunityId>", escape(home)));
        asked.push_str(&format!(
            "<x:DocumentRequest>{}<x:RepositoryUniqueId>{}</x:RepositoryUniqueId>\
             <x:DocumentUniqueId>{}</x:DocumentUniqueId></x:DocumentRequest>",
            home.unwrap_or_default(),
            repository.map(text).unwrap_or_default(),
            unique
                .and_then(|id| id.attribute("value"))
                .unwrap_or_default(),
        ));
    }
    let name = if across {
        "CrossGatewayRetrieve"
    } else {
        "RetrieveDocumentSet"
    };
    Ok(Request {
        action: format!("urn:ihe:iti:2007:{name}"),
        body: format!(
            "<x:RetrieveDocumentSetRequest xmlns:x=\"{XDS}\">{asked}</x:RetrieveDocumentSetRequest>"
        ),
        ..Request::default()
    })
}
