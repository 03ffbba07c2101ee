//! Load on a running node, as a system of its community sends it: mutual TLS, an assertion verified
//! and an audit event durable for each message, connections kept alive. The client runs on the same
//! cores. Beside each figure, in the same run, the floor: the same client and an empty handler that
//! answers with the same bytes.

mod crowd;
mod floor;
mod gateway;
mod metadata;
mod registry;
mod retrieve;

use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::node::{Node, token_services};
use crate::soap::{self, Answer, Request};
use crate::tls;
use crate::token::{TokenService, Variant};
use rustls::ClientConfig;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What the codes of the node under load are: any, and every document an ordinary one.
const CODES: &str = "version = 1\nprofile = \"ihe\"\n[[list]]\nattribute = \"confidentialityCode\"\n\
    scheme = \"2.16.840.1.113883.5.25\"\n\
    codes = [{ code = \"N\", en = \"normal\", confidentiality = \"N\" }]\n";
const ADDRESS: &str = "https://node.example.jp/soap";

/// What a run was asked for.
#[derive(Debug, Clone)]
struct Order {
    program: PathBuf,
    folder: PathBuf,
    /// Document entries in the registry: measured at each of these.
    entries: Vec<usize>,
    /// Connections at once.
    connections: usize,
    /// Seconds of each measurement.
    seconds: u64,
    /// MiB of the large document.
    mebibytes: usize,
    /// Round trips of the network between communities, one run each.
    latencies: Vec<Duration>,
    /// A file with the address of a PostgreSQL, instead of SQLite.
    postgres: Option<PathBuf>,
    /// Goes on with the registry that a run before has left half full.
    resume: bool,
}

/// `tasuki-probe load registry|retrieve|gateway --program FILE --folder FOLDER [--entries N,…]
/// [--connections N] [--seconds N] [--mebibytes N] [--latency MS] [--postgres FILE] [--resume]`.
///
/// # Errors
/// Where the node cannot be started, or answers anything but what was asked for.
pub fn run(arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, Value, ValueExt};
    let mut order = Order {
        program: PathBuf::new(),
        folder: PathBuf::new(),
        entries: vec![1_000_000],
        connections: 16,
        seconds: 10,
        mebibytes: 1024,
        latencies: vec![Duration::from_millis(20), Duration::from_millis(100)],
        postgres: None,
        resume: false,
    };
    let mut what = String::new();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => what = value.string()?,
            Long("program") => order.program = parser.value()?.into(),
            Long("folder") => order.folder = parser.value()?.into(),
            Long("entries") => {
                let list = parser.value()?.string()?;
                let sizes = list.split(',').map(str::parse).collect::<Result<_, _>>();
                order.entries = sizes.map_err(|e| Failure::io("--entries", &e))?;
            }
            Long("connections") => order.connections = parser.value()?.parse()?,
            Long("seconds") => order.seconds = parser.value()?.parse()?,
            Long("mebibytes") => order.mebibytes = parser.value()?.parse()?,
            Long("latency") => {
                order.latencies = vec![Duration::from_millis(parser.value()?.parse()?)];
            }
            Long("postgres") => order.postgres = Some(parser.value()?.into()),
            Long("resume") => order.resume = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    match what.as_str() {
        "registry" => registry::run(&order),
        "retrieve" => retrieve::run(&order),
        "gateway" => gateway::run(&order),
        other => fail!("load {other}: registry, retrieve or gateway"),
    }
}

/// Whoever sends: a certificate and an assertion that is used again, as a fan-out does.
#[derive(Clone)]
struct Sender {
    address: String,
    tls: Arc<ClientConfig>,
    assertion: String,
}

impl Sender {
    /// A system of the node's own community.
    fn system(node: &Node) -> Done<Self> {
        let [own, _] = token_services(node.folder());
        Self::of(node, "system", &own)
    }

    /// Another community.
    fn community(node: &Node) -> Done<Self> {
        let [_, other] = token_services(node.folder());
        Self::of(node, "community", &other)
    }

    fn of(node: &Node, name: &str, tokens: &TokenService) -> Done<Self> {
        Ok(Self {
            address: node.soap.clone(),
            tls: tls::client(node.folder(), name)?,
            assertion: tokens.header(Variant::Valid)?,
        })
    }

    fn connect(&self) -> Done<Connection> {
        Connection::open(&self.address, &self.tls)
    }

    /// One message; its whole answer.
    fn ask(&self, connection: &mut Connection, request: Request) -> Done<Answer> {
        let request = Request {
            headers: self.assertion.clone(),
            ..request
        };
        soap::ask(connection, "/soap", ADDRESS, &request)
    }

    /// One message; its answer as bytes, which have to hold `expected`. How many there were.
    fn count(&self, connection: &mut Connection, request: Request, expected: &str) -> Done<usize> {
        let message = self.message(request);
        Self::sent(connection, &message, expected)
    }

    /// A message as it goes out: its media type and its bytes.
    fn message(&self, request: Request) -> (String, Vec<u8>) {
        let request = Request {
            headers: self.assertion.clone(),
            ..request
        };
        request.message(ADDRESS, &soap::message_id())
    }

    /// A message that was made before; as [`Sender::count`].
    fn sent(
        connection: &mut Connection,
        (content_type, bytes): &(String, Vec<u8>),
        expected: &str,
    ) -> Done<usize> {
        let response = connection.post("/soap", content_type, bytes)?;
        if memchr::memmem::find(&response.body, expected.as_bytes()).is_none() {
            fail!("{}", String::from_utf8_lossy(&response.body));
        }
        Ok(response.body.len())
    }
}

impl Sender {
    /// One message, whose answer is thrown away while it comes; how many bytes it had.
    fn swallow(&self, connection: &mut Connection, request: &Request) -> Done<u64> {
        let request = Request {
            headers: self.assertion.clone(),
            ..request.clone()
        };
        let (content_type, bytes) = request.message(ADDRESS, &soap::message_id());
        connection.swallow("/soap", &content_type, &bytes)
    }
}

/// A node for load, with so many patients; each is disclosed.
fn node(order: &Order, patients: usize) -> Done<Node> {
    if order.resume {
        return Node::again(&order.program, &order.folder);
    }
    let patients: Vec<String> = (0..patients).map(metadata::local).collect();
    Node::start(
        &order.program,
        &order.folder,
        CODES,
        &patients,
        order.postgres.as_deref(),
    )
}
