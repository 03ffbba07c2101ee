//! Another community asks: ITI-38 and ITI-39 of twenty documents from three nodes at once, as one page
//! needs them; the same with a network between that takes its time, and with one of the three silent.
//!
//! What asks here is the runner, as a gateway does: connections are kept, contents come as attachments.
//! So this is what the responding side costs; what a chart of the portal takes is measured by
//! `bench chart`.

use super::crowd::{each, seen};
use super::{Order, Sender, metadata, node, retrieve};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::node::FACILITY_AUTHORITY;
use crate::relay::Relay;
use crate::soap::Request;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Documents of the patient at each node.
const DOCUMENTS: usize = 20;
/// Bytes of each.
const DOCUMENT: usize = 50 * 1024;
/// Nodes that are asked.
const NODES: usize = 3;
/// Pages that are made.
const PAGES: usize = 100;
/// Round trips of a page on connections that are open: a query and a retrieve.
const TRIPS: u32 = 2;
/// What a page may take beside them.
const ALLOWED: f64 = 60.0;

pub(super) fn run(order: &Order) -> Done {
    let mut nodes = Vec::new();
    for number in 0..NODES {
        let mut own = order.clone();
        own.folder = order.folder.join(format!("node{number}"));
        let node = node(&own, 1)?;
        let system = Sender::system(&node)?;
        let mut connection = system.connect()?;
        for _ in 0..DOCUMENTS {
            let request = retrieve::provide(0, DOCUMENT);
            system.count(&mut connection, request, ":Success\"")?;
        }
        nodes.push(node);
    }
    let senders = nodes
        .iter()
        .map(Sender::community)
        .collect::<Done<Vec<_>>>()?;
    let cpu = || nodes.iter().map(|node| node.cpu_seconds()).sum::<f64>();
    let before = cpu();
    pages("three answer", &senders, Duration::ZERO)?;
    let each = (cpu() - before) * 1000.0 / PAGES as f64;
    println!("        {each:.1} ms of the three nodes' processor a page");
    for latency in &order.latencies {
        let mut far = senders.clone();
        for sender in &mut far {
            sender.address = Relay::start(sender.address.clone(), *latency)?.address;
        }
        pages("three answer", &far, *latency)?;
    }
    let silent = TcpListener::bind("127.0.0.1:0").map_err(|e| Failure::io("silent", &e))?;
    let address = silent.local_addr().map_err(|e| Failure::io("silent", &e))?;
    let mut one_silent = senders;
    if let Some(last) = one_silent.last_mut() {
        last.address = address.to_string();
    }
    let answering: Vec<Sender> = one_silent.iter().take(NODES - 1).cloned().collect();
    // Whoever is silent is asked too, and nobody waits for it.
    if let Some(last) = one_silent.pop() {
        std::thread::spawn(move || {
            last.connect()
                .and_then(|mut c| last.ask(&mut c, metadata::find(0, true)))
        });
    }
    let what = "one is silent, the others answer";
    pages(what, &answering, Duration::ZERO)?;
    drop(nodes);
    std::fs::remove_dir_all(&order.folder).map_err(|e| Failure::io(order.folder.display(), &e))
}

fn pages(what: &str, senders: &[Sender], latency: Duration) -> Done {
    let mut lines = Vec::new();
    for sender in senders {
        let mut connection = sender.connect()?;
        // The first answer on a connection ends its handshake.
        chart(sender, &mut connection)?;
        lines.push((sender, Mutex::new(connection)));
    }
    let mut times = Vec::new();
    let start = Instant::now();
    let bytes = AtomicUsize::new(0);
    for _ in 0..PAGES {
        let asked = Instant::now();
        each(lines.len(), |n| {
            let Some((sender, connection)) = lines.get(n) else {
                return Ok(());
            };
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let count = chart(sender, &mut connection)?;
            bytes.fetch_add(count, Ordering::Relaxed);
            Ok(())
        })?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(10));
    }
    let seen = seen(times, start.elapsed().as_secs_f64(), bytes.into_inner());
    let trips = (latency * TRIPS).as_secs_f64() * 1000.0;
    println!(
        "page    p50 {:.1} ms, p95 {:.1} ms, {} bytes; {TRIPS} round trips of {} ms, so {:.1} ms beside \
         them (goal {ALLOWED} ms); {what}",
        seen.p50,
        seen.p95,
        seen.bytes,
        latency.as_millis(),
        seen.p95 - trips,
    );
    Ok(())
}

/// Everything of the patient from one node; how many bytes of documents.
fn chart(sender: &Sender, connection: &mut Connection) -> Done<usize> {
    let found = sender.ask(connection, metadata::find(0, true))?;
    let request = Request {
        parts: Some(Vec::new()),
        ..retrieve::retrieve(&found.body, true)?
    };
    let got = sender.ask(connection, request)?;
    let bytes: usize = got.parts.iter().map(|(_, bytes)| bytes.len()).sum();
    if got.parts.len() != DOCUMENTS || bytes != DOCUMENTS * DOCUMENT {
        fail!(
            "{} documents of {DOCUMENTS}, {bytes} bytes",
            got.parts.len()
        );
    }
    Ok(bytes)
}

/// ITI-45 of a patient of the facility.
pub fn identifiers(local: &str) -> Request {
    let action = "urn:hl7-org:v3:PRPA_IN201309UV02".to_owned();
    let device = |name: &str, id: &str| {
        let code = if name == "receiver" { "RCV" } else { "SND" };
        format!(
            "<{name} typeCode=\"{code}\"><device classCode=\"DEV\" determinerCode=\"INSTANCE\">\
             <id root=\"{id}\"/></device></{name}>"
        )
    };
    let body = format!(
        "<PRPA_IN201309UV02 xmlns=\"urn:hl7-org:v3\" ITSVersion=\"XML_1.0\">\
         <id root=\"{}\"/><creationTime value=\"20260713120000\"/>\
         <interactionId root=\"2.16.840.1.113883.1.6\" extension=\"PRPA_IN201309UV02\"/>\
         <processingCode code=\"P\"/><processingModeCode code=\"T\"/><acceptAckCode code=\"AL\"/>{}{}\
         <controlActProcess classCode=\"CACT\" moodCode=\"EVN\">\
         <code code=\"PRPA_TE201309UV02\" codeSystem=\"2.16.840.1.113883.1.6\"/><queryByParameter>\
         <queryId root=\"2.25.51.4\" extension=\"1\"/><statusCode code=\"new\"/>\
         <responsePriorityCode code=\"I\"/><parameterList><patientIdentifier>\
         <value root=\"{FACILITY_AUTHORITY}\" extension=\"{local}\"/>\
         <semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList>\
         </queryByParameter></controlActProcess></PRPA_IN201309UV02>",
        uuid::Uuid::new_v4(),
        device("receiver", "2.25.51.2"),
        device("sender", "2.25.51.3"),
    );
    Request {
        action,
        body,
        ..Request::default()
    }
}
