//! SOAP over the wire: the real binary, clients that others wrote (PyPI `zeep`, `openssl`), and our
//! own client to peers.

use super::mllp::{certificates, openssl, peer};
use super::world::{HOME, World};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tasuki::config::{Config, Soap};
use tasuki::peer::PeerClient;
use tasuki_core::directory::Endpoint;
use tasuki_core::ports::Store;
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::{Code, Egress};
use tasuki_ihe::soap::{Asking, Received, Recipient, Unanswered};
use tasuki_wire::soap::Outgoing;
use tasuki_wire::xml::{Namespace, document};

const ACTION: &str = "urn:test:Unknown";

pub struct Node {
    pub world: World,
    pub address: String,
}

fn fingerprint(world: &World, name: &str) -> String {
    let certificate = format!("{name}.pem");
    let told = openssl(
        &world.folder,
        &[
            "x509",
            "-in",
            &certificate,
            "-noout",
            "-fingerprint",
            "-sha256",
        ],
    );
    told.trim().rsplit('=').next().unwrap().to_owned()
}

/// Runs the script of third-party clients against an address, with the certificates of a folder.
pub fn script(
    (folder, address): (&Path, &str),
    command: &str,
    who: &str,
    arguments: &[&str],
    input: &[u8],
) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/soap.py");
    let file = |name: &str| folder.join(name).display().to_string();
    let mut child = peer("python")
        .arg(script)
        .args([command, address, &file("ca.pem")])
        .args([file(&format!("{who}.pem")), file(&format!("{who}.key"))])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let done = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}");
    String::from_utf8(done.stdout).unwrap()
}

impl Node {
    /// A node that believes `his`; `other` is certified and nobody.
    pub fn new(name: &str, config: &str) -> Self {
        let world = World::quiet(name);
        certificates(&world.folder);
        Self::prepared(world, config, "")
    }

    /// The same with more lines about `his`.
    fn prepared(world: World, config: &str, his: &str) -> Self {
        world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
        world.ok(&["facility", "add", HOME, "--name", "施設"]);
        Self::serving(world, config, &format!("feeds = [\"{HOME}\"]\n{his}"))
    }

    /// A community of this id with a facility of this code, which issues patient IDs under this OID
    /// and discloses this patient; `his` feeds it, and there are more lines about `his`.
    pub fn of_facility(
        world: World,
        home: &str,
        config: &str,
        his: &str,
        [code, oid, patient]: [&str; 3],
    ) -> Self {
        let init = ["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"];
        world.ok(&[&init[..], &["--home-community-id", home]].concat());
        world.ok(&[
            "facility",
            "add",
            code,
            "--name",
            "施設",
            "--authority",
            oid,
        ]);
        world.ok(&["disclose", &format!("{code}:{patient}")]);
        Self::serving(world, config, &format!("feeds = [\"{code}\"]\n{his}"))
    }

    fn serving(mut world: World, config: &str, his: &str) -> Self {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let file = |name: &str| world.folder.join(name).display().to_string();
        let print = fingerprint(&world, "his");
        let soap = format!(
            "{text}\n[soap]\nlisten = \"127.0.0.1:0\"\naddress = \"https://127.0.0.1:1/soap\"\n\
             certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n{config}\n\
             [[soap.peer]]\nname = \"his\"\ncertificate_sha256 = \"{print}\"\nqueries = true\n\
             {his}\n",
            file("node.pem"),
            file("node.key"),
            file("ca.pem"),
        );
        std::fs::write(&path, soap).unwrap();
        world.serve();
        let log = world.log();
        let line = log.lines().find(|l| l.contains("\"serving\"")).unwrap();
        let (_, rest) = line.split_once("\"soap\":\"").unwrap();
        let address = rest.split('"').next().unwrap().to_owned();
        Self { world, address }
    }

    pub fn file(&self, name: &str) -> String {
        self.world.folder.join(name).display().to_string()
    }

    /// Runs the script of third-party clients as one of the certified systems.
    pub fn script(&self, command: &str, who: &str, arguments: &[&str], input: &[u8]) -> String {
        let at = (self.world.folder.as_path(), self.address.as_str());
        script(at, command, who, arguments, input)
    }

    fn post(&self, who: &str, content_type: &str, body: &str) -> String {
        self.script("post", who, &[content_type], body.as_bytes())
    }

    /// What `openssl s_client` gets back to one request.
    fn s_client(&self, arguments: &[&str]) -> String {
        let mut child = Command::new("openssl")
            .args(["s_client", "-quiet", "-connect", &self.address, "-CAfile"])
            .arg(self.file("ca.pem"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        // Where the handshake fails there is nobody to write to.
        let _ = child.stdin.take().unwrap().write_all(request);
        let done = child.wait_with_output().unwrap();
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

/// A system of somebody else that answers one request; where it listens.
fn other_system(world: &World, who: &str, how: &str) -> (Child, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/soap.py");
    let file = |name: String| world.folder.join(name);
    let mut child = peer("python")
        .arg(script)
        .arg("peer")
        .args([file(format!("{who}.pem")), file(format!("{who}.key"))])
        .arg(how)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut port).unwrap();
    child.stdout = Some(lines.into_inner());
    (child, format!("https://127.0.0.1:{}/x", port.trim()))
}

pub fn envelope(action: &str, rest: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
         xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header><a:Action>{action}</a:Action>\
         <a:MessageID>urn:uuid:1</a:MessageID></s:Header><s:Body>{rest}</s:Body></s:Envelope>"
    )
}

#[test]
fn a_connection_is_mutual_tls_of_version_1_3() {
    let node = Node::new("soap-tls", "");
    let (certificate, key) = (node.file("his.pem"), node.file("his.key"));
    let his = ["-cert", &certificate, "-key", &key];
    let answer = node.s_client(&[&his[..], &["-tls1_3"]].concat());
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert_eq!(node.s_client(&[&his[..], &["-tls1_2"]].concat()), "");
    assert_eq!(node.s_client(&["-tls1_3"]), "");
    let own = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ];
    let made = [
        "-keyout", "self.key", "-out", "self.pem", "-subj", "/CN=his",
    ];
    openssl(
        &node.world.folder,
        &[&["req", "-x509"][..], &own, &made].concat(),
    );
    let (certificate, key) = (node.file("self.pem"), node.file("self.key"));
    assert_eq!(node.s_client(&["-cert", &certificate, "-key", &key]), "");
}

/// What lets a browser into a portal opens nothing between systems.
#[test]
fn a_terminals_certificate_is_no_systems() {
    let node = Node::new("soap-terminal", "");
    let (folder, file) = (&node.world.folder, node.file("desk.p12"));
    let add = [
        "terminal",
        "add",
        "desk",
        "--facility",
        HOME,
        "--out",
        &file,
    ];
    let said = node.world.ok(&add);
    let pass = format!("pass:{}", said.trim().rsplit(' ').next().unwrap());
    let read = [
        "pkcs12", "-in", "desk.p12", "-nodes", "-out", "desk.pem", "-passin", &pass,
    ];
    openssl(folder, &read);
    let desk = node.file("desk.pem");
    assert_eq!(node.s_client(&["-cert", &desk, "-key", &desk]), "");
}

#[test]
fn what_is_no_message_is_refused_with_its_code() {
    let node = Node::new("soap-bad", "");
    let soap = "application/soap+xml; charset=UTF-8";
    let mtom = "multipart/related; boundary=\"b b\"; type=\"application/xop+xml\"";
    let whole = envelope(ACTION, "<x/>");
    let part = |body: &str| format!("--b b\r\nContent-ID: <a>\r\n\r\n{body}\r\n--b b");
    for (content_type, body, status, code) in [
        (soap, whole.as_str(), 400, "SOP-102"),
        (soap, "<x/>", 400, "SOP-001"),
        (soap, "", 400, "XML-003"),
        ("text/xml", whole.as_str(), 400, "SOP-105"),
        (mtom, &format!("{}--", part(&whole)), 400, "SOP-102"),
        (mtom, &part(&whole), 400, "MTM-003"),
        (mtom, &whole, 400, "MTM-002"),
        (mtom, "--b b--", 400, "MTM-007"),
        (
            "multipart/related; type=\"application/xop+xml\"",
            &whole,
            400,
            "MTM-001",
        ),
    ] {
        let answer = node.post("his", content_type, body);
        let told = format!("{status} ");
        assert!(answer.starts_with(&told), "{content_type}: {answer}");
        assert!(answer.contains(&format!("code=\"{code}\"")), "{answer}");
    }
    let stranger = node.post("other", soap, &whole);
    assert!(stranger.contains("code=\"SAM-015\""), "{stranger}");
    // As large as no envelope is, and told while it comes.
    let huge = "x".repeat(17 * 1024 * 1024);
    let answer = node.post("his", soap, &huge);
    assert!(answer.contains("code=\"SOP-109\""), "{answer:.200}");
}

#[test]
fn zeep_asks_and_is_answered() {
    let node = Node::new("soap-zeep", "");
    let wsdl = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ihe/schema/xds-ipf/iti18.wsdl");
    let find = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d";
    let patient = format!("none^^^&1.2.392.100495.20.3.51.1{HOME}&ISO");
    let arguments = [&*wsdl.to_string_lossy(), find, &patient];
    let answer = node.script("query", "his", &arguments, b"");
    assert_eq!(answer.trim().rsplit(':').next(), Some("Success"));
}

fn request(to: &Endpoint) -> Egress {
    let body = document(Namespace::NONE, "x", |x| drop(x));
    let envelope = Outgoing::request(ACTION, "urn:uuid:2", to.as_str(), &body).encode();
    let body = Body::new("application/soap+xml", envelope.into_bytes());
    Egress::non_clinical(NonClinical::Notice(body))
}

/// Our client with the certificate of `his`.
struct Client {
    client: PeerClient,
    runtime: tokio::runtime::Runtime,
    store: Arc<dyn Store>,
}

impl Client {
    fn new(node: &Node) -> Self {
        let config = Config::read(&node.world.data().join("tasuki.toml")).unwrap();
        let settings = Soap {
            certificate_file: Some(node.file("his.pem").into()),
            private_key_file: Some(node.file("his.key").into()),
            ..config.soap
        };
        let home = config.community.home_community_id;
        let repository = tasuki_model::RepositoryId::new("2.25.1.1").unwrap();
        let own = node.world.folder.join("own");
        let store = tasuki_store::StoreConfig::new(own, home, repository);
        let store = tasuki_store::open(&store).unwrap();
        Self {
            client: PeerClient::new(&settings, Arc::clone(&store)).unwrap(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            store,
        }
    }

    fn ask(&self, to: &Recipient, within: u64) -> Result<Received, Unanswered> {
        let time = Duration::from_millis(within);
        let asked = self.client.ask(to, request(&to.endpoint), time);
        self.runtime.block_on(asked)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.store.close().unwrap();
    }
}

fn recipient(world: &World, address: &str, pinned: &[&str]) -> Recipient {
    let pin = |name: &&str| tasuki::config::fingerprint(&fingerprint(world, name)).unwrap();
    Recipient {
        endpoint: Endpoint::new(address).unwrap(),
        certificates: pinned.iter().map(pin).collect(),
        tls12: false,
    }
}

#[test]
fn our_client_speaks_only_to_a_pinned_certificate() {
    let node = Node::new("soap-peer", "");
    let client = Client::new(&node);
    let at = |address: &str, pinned: &[&str]| recipient(&node.world, address, pinned);
    let own = format!("https://{}/soap", node.address);
    // The second goes over the connection of the first.
    for _ in 0..2 {
        let received = client.ask(&at(&own, &["other", "node"]), 60_000).unwrap();
        let fault = received.envelope.fault().unwrap();
        assert_eq!(fault.problem.unwrap().code, Code::ActionNotSupported.id());
        assert_eq!(received.envelope.addressing.relates_to, ["urn:uuid:2"]);
    }
    let code = |address: &str, pinned: &[&str], within| {
        let asked = client.ask(&at(address, pinned), within);
        asked.unwrap_err().code
    };
    assert_eq!(code(&own, &["other"], 60_000), Code::PeerCertificate);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("https://{}/soap", closed.local_addr().unwrap());
    drop(closed);
    assert_eq!(code(&gone, &["node"], 60_000), Code::PeerUnreachable);
    let listening = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("https://{}/x", listening.local_addr().unwrap());
    assert_eq!(code(&silent, &["node"], 200), Code::PeerLate);
}

#[test]
fn a_peer_that_answers_wrongly_is_told_apart() {
    let node = Node::new("soap-wrong", "");
    let client = Client::new(&node);
    for (how, code) in [("garbage", Code::PeerGarbage), ("drop", Code::PeerBroke)] {
        let (mut other, address) = other_system(&node.world, "other", how);
        let to = recipient(&node.world, &address, &["other"]);
        assert_eq!(client.ask(&to, 60_000).unwrap_err().code, code, "{how}");
        assert!(other.wait().unwrap().success());
    }
}

#[test]
fn an_asynchronous_reply_goes_to_the_endpoint_of_the_configuration() {
    let world = World::quiet("soap-async");
    certificates(&world.folder);
    let (mut other, address) = other_system(&world, "his", "record");
    let node = Node::prepared(world, "", &format!("replies = [\"{address}\"]"));
    let query = "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0'/>";
    let asked = envelope("urn:ihe:iti:2007:RegistryStoredQuery", query);
    let to = |address: &str| {
        let reply = format!("<a:ReplyTo><a:Address>{address}</a:Address></a:ReplyTo></s:Header>");
        asked.replace("</s:Header>", &reply)
    };
    let soap = "application/soap+xml";
    let stranger = node.post("his", soap, &to("https://127.0.0.1:9/x"));
    assert!(stranger.contains("code=\"SOP-104\""), "{stranger}");
    let taken = node.post("his", soap, &to(&address));
    assert!(taken.starts_with("202 "), "{taken}");
    let mut got = String::new();
    let mut out = other.stdout.take().unwrap();
    out.read_to_string(&mut got).unwrap();
    assert!(got.starts_with("POST /x HTTP/1.1"), "{got}");
    assert!(
        got.contains("<wsa:RelatesTo>urn:uuid:1</wsa:RelatesTo>"),
        "{got}"
    );
    assert!(other.wait().unwrap().success());
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    let node = Node::new("soap-stall", "message_seconds = 1");
    for header in ["Content-Length: 4000", "Transfer-Encoding: chunked"] {
        let answer = node.script("stall", "his", &[header], b"");
        assert!(answer.contains("code=\"SOP-112\""), "{header}: {answer}");
    }
}
