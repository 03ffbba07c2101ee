//! Another community asks: ITI-38 and ITI-39 of twenty documents from three nodes at once, as one page
//! needs them, and the same with one of the three silent.
//!
//! What asks here is the runner, so that this is what the responding side costs; what a chart of the
//! portal takes is measured by `bench portal`.

use super::crowd::{each, seen};
use super::{Order, Sender, metadata, node, retrieve};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::node::FACILITY_AUTHORITY;
use crate::soap::Request;
use crate::tree::{all, first, parse, text};
use std::net::TcpListener;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Documents of the patient at each node.
const DOCUMENTS: usize = 20;
/// Nodes that are asked.
const NODES: usize = 3;
/// Pages that are made.
const PAGES: usize = 50;

pub(super) fn run(order: &Order) -> Done {
    let mut nodes = Vec::new();
    for number in 0..NODES {
        let mut own = order.clone();
        own.folder = order.folder.join(format!("node{number}"));
        let node = node(&own, 1)?;
        let system = Sender::system(&node)?;
        let mut connection = system.connect()?;
        for _ in 0..DOCUMENTS {
            let request = retrieve::provide(0, 50 * 1024);
            system.count(&mut connection, request, ":Success\"")?;
        }
        nodes.push(node);
    }
    let senders = nodes
        .iter()
        .map(Sender::community)
        .collect::<Done<Vec<_>>>()?;
    pages("three answer", &senders)?;
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
    pages("one is silent, the others answer", &answering)?;
    drop(nodes);
    std::fs::remove_dir_all(&order.folder).map_err(|e| Failure::io(order.folder.display(), &e))
}

fn pages(what: &str, senders: &[Sender]) -> Done {
    let mut times = Vec::new();
    let start = Instant::now();
    let bytes = Mutex::new(0);
    for _ in 0..PAGES {
        let asked = Instant::now();
        each(senders.len(), |n| {
            let Some(sender) = senders.get(n) else {
                return Ok(());
            };
            let count = chart(sender)?;
            if let Ok(mut bytes) = bytes.lock() {
                *bytes += count;
            }
            Ok(())
        })?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(10));
    }
    let bytes = bytes.into_inner().unwrap_or_default();
    let seen = seen(times, start.elapsed().as_secs_f64(), bytes);
    println!(
        "page    p50 {:.1} ms, p95 {:.1} ms, {} bytes; {what}",
        seen.p50, seen.p95, seen.bytes
    );
    Ok(())
}

/// Everything of the patient from one node; how many bytes of documents.
fn chart(sender: &Sender) -> Done<usize> {
    let mut connection = sender.connect()?;
    let found = sender.ask(&mut connection, metadata::find(0, true))?;
    let request = retrieve::retrieve(&found.body, true)?;
    let got = sender.ask(&mut connection, request)?;
    let document = parse(&got.body)?;
    let documents: Vec<_> = all(document.root_element(), "DocumentResponse").collect();
    if documents.len() != DOCUMENTS {
        fail!("{} documents of {DOCUMENTS}", documents.len());
    }
    let inline = documents.iter().filter_map(|d| first(*d, "Document"));
    Ok(inline.map(|d| text(d).len()).sum())
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
