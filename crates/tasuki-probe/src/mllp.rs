//! HL7 v2 over MLLP and mutual TLS: a patient's identity feed (ITI-8), as the plans presume one, and
//! the change of a patient's link (ITI-64).

use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::dial;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

/// Most bytes of an acknowledgement.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Sends one message and reads its acknowledgement, which has to be `AA`.
///
/// # Errors
/// Where it is not, or the connection breaks.
pub fn feed(address: &str, tls: &Arc<ClientConfig>, message: &str) -> Done<String> {
    let fault = |error: std::io::Error| Failure::io(address, &error);
    let tcp = dial(address).map_err(fault)?;
    tcp.set_read_timeout(Some(Duration::from_secs(60)))
        .map_err(fault)?;
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|error| Failure::io(address, &error))?;
    let session = ClientConnection::new(Arc::clone(tls), name);
    let session = session.map_err(|error| Failure::io(address, &error))?;
    let mut stream = StreamOwned::new(session, tcp);
    stream
        .write_all(format!("\x0b{message}\x1c\r").as_bytes())
        .map_err(fault)?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !answer.ends_with(b"\x1c\r") {
        match stream.read(&mut piece).map_err(fault)? {
            0 => fail!("{address}: the connection ended"),
            count => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
        if answer.len() > ANSWER_BYTES_MAX {
            fail!("{address}: no end of the acknowledgement");
        }
    }
    let said = String::from_utf8_lossy(&answer).into_owned();
    if !said.contains("\rMSA|AA|") {
        fail!("{address}: not taken: {said}");
    }
    Ok(said)
}

/// ADT^A04 of a patient `id`; `authority` is the OID of whoever issued it.
#[must_use]
pub fn admission(id: &str, authority: &str, number: usize) -> String {
    // A name and a birth of its own: nobody here is to be taken for somebody else.
    let family: String = [number / 676 % 26, number / 26 % 26, number % 26]
        .iter()
        .filter_map(|&at| "ABCDEFGHIJKLMNOPQRSTUVWXYZ".get(at..=at))
        .collect();
    let (year, month, day) = (1930 + number % 80, 1 + number % 12, 1 + number % 28);
    let person = [
        family + "^PLAN",
        format!("{year}{month:02}{day:02}"),
        "F".to_owned(),
    ];
    admitted(id, authority, number, &person)
}

/// ADT^A04 of somebody: name (PID-5), birth (PID-7), sex (PID-8).
#[must_use]
pub fn admitted(id: &str, authority: &str, number: usize, person: &[String; 3]) -> String {
    let [name, birth, sex] = person;
    let postal = number % 1_000;
    format!(
        "MSH|^~\\&|PROBE|PROBE|TASUKI|NODE|20260713120000||ADT^A04^ADT_A01|{number}|P|2.5||||||UNICODE UTF-8\r\
         EVN|A04|20260713120000\rPID|||{id}^^^&{authority}&ISO||{name}||{birth}|{sex}|||\
         ^^^^{postal:03}-{postal:04}^JPN^H^東京都架空区試験{number}-{number}||03-0000-{number:04}\r\
         PV1||O\r"
    )
}

/// ADT^A43: the patient from now on and the hospital's ID; the patient until now and, where one is
/// merged, the hospital's former ID (ITI TF-2 3.64.4.1.2). IDs are CX.
#[must_use]
pub fn link_change(now: [&str; 2], until_now: [Option<&str>; 2], number: usize) -> String {
    let until_now: Vec<&str> = until_now.into_iter().flatten().collect();
    format!(
        "MSH|^~\\&|PROBE|PROBE|TASUKI|NODE|20260713120000||ADT^A43^ADT_A43|M{number}|P|2.5\r\
         EVN|A43|20260713120000\rPID|||{}|| \rMRG|{}\r",
        now.join("~"),
        until_now.join("~"),
    )
}
