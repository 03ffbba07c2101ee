//! SOAP over the wire: the real binary, clients that others wrote (PyPI `zeep`, `openssl`), and our
//! own client to peers.

use super::mllp::{certificates, openssl, peer};
use super::world::{HOME, World};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tasuki::config::{Config, Soap};
use tasuki::peer::PeerClient;
use tasuki_core::directory::Endpoint;
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::{Code, Egress};
use tasuki_ihe::soap::{Asking, Recipient};
use tasuki_wire::soap::Outgoing;
use tasuki_wire::xml::{Namespace, document};

const ACTION: &str = "urn:test:Unknown";

struct Node {
    world: World,
    address: String,
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

impl Node {
    /// A node that believes `his`; `other` is certified and nobody.
    fn new(name: &str, config: &str) -> Self {
        let mut world = World::quiet(name);
        certificates(&world.folder);
        world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
        world.ok(&["facility", "add", HOME, "--name", "施設"]);
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let file = |name: &str| world.folder.join(name).display().to_string();
        let print = fingerprint(&world, "his");
        let soap = format!(
            "{text}\n[soap]\nlisten = \"127.0.0.1:0\"\naddress = \"https://127.0.0.1:1/soap\"\n\
             certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n{config}\n\
             [[soap.peer]]\nname = \"his\"\ncertificate_sha256 = \"{print}\"\nqueries = true\n\
             feeds = [\"{HOME}\"]\n",
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

    fn file(&self, name: &str) -> String {
        self.world.folder.join(name).display().to_string()
    }

    /// Runs the script of third-party clients as one of the certified systems.
    fn script(&self, command: &str, who: &str, arguments: &[&str], input: &[u8]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/soap.py");
        let mut child = peer("python")
            .arg(script)
            .args([command, &self.address, &self.file("ca.pem")])
            .args([
                self.file(&format!("{who}.pem")),
                self.file(&format!("{who}.key")),
            ])
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

fn envelope(action: &str, rest: &str) -> String {
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

#[test]
fn our_client_speaks_only_to_a_pinned_certificate() {
    let node = Node::new("soap-peer", "");
    let data = node.world.data();
    let config = Config::read(&data.join("tasuki.toml")).unwrap();
    let settings = Soap {
        certificate_file: Some(node.file("his.pem").into()),
        private_key_file: Some(node.file("his.key").into()),
        ..config.soap
    };
    let home = config.community.home_community_id;
    let repository = tasuki_model::RepositoryId::new("2.25.1.1").unwrap();
    let store = tasuki_store::StoreConfig::new(node.world.folder.join("own"), home, repository);
    let store = tasuki_store::open(&store).unwrap();
    let client = PeerClient::new(&settings, Arc::clone(&store)).unwrap();
    let endpoint = Endpoint::new(&format!("https://{}/soap", node.address)).unwrap();
    let pin = |name: &str| tasuki::config::fingerprint(&fingerprint(&node.world, name)).unwrap();
    let recipient = |certificates| Recipient {
        endpoint: endpoint.clone(),
        certificates,
        tls12: false,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ask = |to: &Recipient| {
        runtime.block_on(client.ask(to, request(&to.endpoint), Duration::from_secs(60)))
    };
    let right = recipient(vec![pin("other"), pin("node")]);
    // The second goes over the connection of the first.
    for _ in 0..2 {
        let received = ask(&right).unwrap();
        let fault = received.envelope.fault().unwrap();
        assert_eq!(fault.problem.unwrap().code, Code::ActionNotSupported.id());
        assert_eq!(received.envelope.addressing.relates_to, ["urn:uuid:2"]);
    }
    let wrong = ask(&recipient(vec![pin("other")])).unwrap_err();
    assert_eq!(wrong.code, Code::PeerCertificate);
    let gone = Recipient {
        endpoint: Endpoint::new("https://127.0.0.1:9/soap").unwrap(),
        ..right.clone()
    };
    assert_eq!(ask(&gone).unwrap_err().code, Code::PeerUnreachable);
    let listening = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("https://{}/x", listening.local_addr().unwrap());
    let silent = Recipient {
        endpoint: Endpoint::new(&silent).unwrap(),
        ..right
    };
    let late = client.ask(
        &silent,
        request(&silent.endpoint),
        Duration::from_millis(200),
    );
    assert_eq!(runtime.block_on(late).unwrap_err().code, Code::PeerLate);
    store.close().unwrap();
}
