//! HL7 v2 over the wire: the real binary, and clients that others wrote (PyPI `hl7` and `hl7apy`).

use super::world::{AWAY, HOME, World};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const HANAKO: &str = "東京^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P~TOKYO^HANAKO^^^^^L^A";

fn authority(code: &str) -> String {
    format!("&1.2.392.100495.20.3.51.1{code}&ISO")
}

fn message(kind: &str, id: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|HIS|HOSPITAL|TASUKI|NET|20260713120000||{kind}|{id}|P|2.5||||||UNICODE UTF-8\r{rest}"
    )
}

fn adt(event: &str, id: &str, code: &str, name: &str) -> String {
    let at = authority(code);
    let rest = format!(
        "EVN|{event}|20260713120000\r\
         PID|||{id}^^^{at}^PI||{name}||19470312|F|||^^^^1050011^JPN^H^東京都港区芝公園4-2-8\rPV1||I|W5^501\r"
    );
    message(&format!("ADT^{event}^ADT_A01"), id, &rest)
}

fn pix(id: &str, code: &str) -> String {
    let at = authority(code);
    message(
        "QBP^Q23^QBP_Q21",
        "Q23",
        &format!("QPD|IHE PIX Query|T1|{id}^^^{at}^PI\rRCP|I\r"),
    )
}

fn pdq(kind: &str, parameters: &str) -> String {
    message(
        kind,
        "Q22",
        &format!("QPD|IHE PDQ Query|T2|{parameters}\rRCP|I\r"),
    )
}

/// A program of the Python environment that the workshop makes (`cargo xtask setup`).
pub fn peer(program: &str) -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let path = target.join("peers/bin").join(program);
    assert!(path.exists(), "{}: run cargo xtask setup", path.display());
    Command::new(path)
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/mllp.py")
}

fn python(arguments: &[&str]) -> Output {
    peer("python")
        .arg(script())
        .args(arguments)
        .output()
        .unwrap()
}

struct Node {
    world: World,
    plain: String,
    tls: String,
}

impl Node {
    /// Two hospitals, one system that feeds and asks for both.
    fn new(name: &str, config: &str) -> Self {
        Self::prepared(World::quiet(name), config)
    }

    fn prepared(mut world: World, config: &str) -> Self {
        world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
        for code in [HOME, AWAY] {
            world.ok(&["facility", "add", code, "--name", "施設"]);
        }
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let peer = format!(
            "name = \"his\"\napplication = \"HIS\"\nfacility = \"HOSPITAL\"\n\
             feeds = [\"{HOME}\", \"{AWAY}\"]\nqueries = true\nvisits = true\n"
        );
        std::fs::write(
            &path,
            format!("{text}\n[mllp]\nlisten = \"127.0.0.1:0\"\n{config}\n[[mllp.peer]]\n{peer}"),
        )
        .unwrap();
        world.serve();
        let log = world.log();
        let line = log.lines().find(|l| l.contains("\"serving\"")).unwrap();
        let of = |key: &str| {
            let (_, rest) = line.split_once(&format!("\"{key}\":\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let node = Self {
            plain: of("mllp"),
            tls: of("mllp_tls"),
            world,
        };
        node.wait_until_ready();
        node
    }

    /// The index of identities is loaded in the background; until then everybody is told so.
    fn wait_until_ready(&self) {
        let mut stream = self.connect();
        while exchange(&mut stream, &pix("none", HOME)).contains("IDN-002") {}
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.plain).unwrap()
    }

    fn port(&self) -> &str {
        self.plain.rsplit(':').next().unwrap()
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.world.folder.join(name);
        std::fs::write(&path, text.replace('\r', "\n")).unwrap();
        path
    }

    /// Sends with `mllp_send`; what it prints must be valid version 2.5 where `valid` says so.
    fn send(&self, name: &str, text: &str, valid: bool) -> String {
        let file = self.file(name, text);
        let sent = peer("mllp_send")
            .args(["-p", self.port(), "--loose", "-f"])
            .arg(file)
            .arg("127.0.0.1")
            .output()
            .unwrap();
        assert!(
            sent.status.success(),
            "{}",
            String::from_utf8_lossy(&sent.stderr)
        );
        let answer = self.world.folder.join(format!("{name}.answer"));
        std::fs::write(&answer, &sent.stdout).unwrap();
        if valid {
            let checked = python(&["validate", &answer.to_string_lossy()]);
            let said = String::from_utf8_lossy(&checked.stderr);
            assert!(checked.status.success(), "{name}: {said}");
        }
        String::from_utf8(sent.stdout).unwrap()
    }
}

fn exchange(stream: &mut TcpStream, text: &str) -> String {
    stream
        .write_all(format!("\x0b{text}\x1c\r").as_bytes())
        .unwrap();
    answer(stream)
}

/// One framed answer, or what came before the end.
fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|n| n > 0) {
        bytes.push(byte[0]);
        if bytes.ends_with(b"\x1c\r") {
            break;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn third_parties_feed_merge_and_ask() {
    let mut node = Node::new("mllp-third-parties", "");
    for (code, id) in [(HOME, "001"), (AWAY, "002"), (HOME, "003")] {
        let said = node.send(&format!("a04-{id}"), &adt("A04", id, code, HANAKO), true);
        assert!(said.contains("MSA|AA|"), "{said}");
        node.world.ok(&["disclose", &format!("{code}:{id}")]);
    }
    let (a, b) = (format!("{HOME}:001"), format!("{AWAY}:002"));
    node.world.ok(&["link", &a, &b]);
    let at = authority(HOME);
    let merge = adt("A40", "001", HOME, HANAKO)
        .replace("ADT^A40^ADT_A01", "ADT^A40^ADT_A39")
        .replace("PV1||I|W5^501\r", &format!("MRG|003^^^{at}^PI\r"));
    assert!(node.send("a40", &merge, true).contains("MSA|AA|"));
    let found = node.send("q23", &pix("001", HOME), true);
    assert!(found.contains("QAK|T1|OK") && found.contains(&format!("002^^^{}", authority(AWAY))));
    let gone = node.send("q23-gone", &pix("003", HOME), true);
    assert!(gone.contains("ERR||QPD^1^3^1^1|204^"), "{gone}");
    // `hl7apy` takes one repetition of QPD-3 only, whatever the profile says.
    let q22 = pdq("QBP^Q22^QBP_Q21", "@PID.5.1^東*");
    let persons = node.send("q22", &q22, true);
    assert!(
        persons.contains("QAK|T2|OK") && persons.contains(HANAKO),
        "{persons}"
    );
    let zv1 = pdq("QBP^ZV1^QBP_Q21", "@PV1.3.1^W5");
    let visits = node.send("zv1", &zv1, false);
    assert!(
        visits.contains("RSP^ZV2^RSP_ZV2") && visits.contains("W5^501"),
        "{visits}"
    );
    let refused = node.send(
        "unknown",
        &pix("001", HOME).replace("|HIS|", "|EVIL|"),
        true,
    );
    assert!(refused.contains("MSA|AR|") && refused.contains("PIX-001"));
    let log = node.world.log();
    for secret in ["東京", "ハナコ", "TOKYO", "19470312"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    node.world.stop();
    let verified = node.world.ok(&["audit", "verify"]);
    assert!(!verified.contains("AUD-"), "{verified}");
}

#[test]
fn a_message_in_jis_is_answered_in_jis() {
    let node = Node::new("mllp-jis", "");
    let mut stream = node.connect();
    let mut bytes =
        b"\x0bMSH|^~\\&|HIS|HOSPITAL|||20260713||ADT^A04|1|P|2.5||||||~ISO IR87\r".to_vec();
    bytes.extend(format!("PID|||9^^^{}||", authority("9999999999")).bytes());
    bytes.extend(b"\x1b$BElEs\x1b(B^\x1b$B2V;R\x1b(B\r\x1c\r");
    stream.write_all(&bytes).unwrap();
    let said = answer(&mut stream);
    assert!(said.is_ascii() && said.contains("~ISO IR87") && said.contains("PIX-006"));
    assert!(said.contains("\x1b$B"), "what happened is said in Japanese");
}

pub fn openssl(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// An authority, and certificates of a node and two systems below it.
pub fn certificates(folder: &Path) {
    certify(folder, &["node", "his", "other"]);
}

/// SHA-256 of a certificate of a folder.
pub fn fingerprint_of(folder: &Path, name: &str) -> String {
    let certificate = format!("{name}.pem");
    let ask = ["x509", "-in", &certificate, "-noout", "-fingerprint"];
    let told = openssl(folder, &[&ask[..], &["-sha256"]].concat());
    told.trim().rsplit('=').next().unwrap().to_owned()
}

/// An authority, and a certificate of it for each of these.
pub fn certify(folder: &Path, names: &[&str]) {
    let key = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ];
    let mut own = vec!["req", "-x509"];
    own.extend(key);
    own.extend([
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "2",
        "-subj",
        "/CN=authority",
    ]);
    openssl(folder, &own);
    std::fs::write(
        folder.join("ext"),
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
    )
    .unwrap();
    for name in names {
        let (private, request, certificate) = (
            format!("{name}.key"),
            format!("{name}.csr"),
            format!("{name}.pem"),
        );
        let subject = format!("/CN={name}");
        let mut ask = vec!["req"];
        ask.extend(key);
        ask.extend(["-keyout", &private, "-out", &request, "-subj", &subject]);
        openssl(folder, &ask);
        openssl(
            folder,
            &[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                "ext",
                "-out",
                &certificate,
            ],
        );
    }
}

#[test]
fn over_tls_a_peer_is_told_by_its_certificate() {
    let world = World::quiet("mllp-tls");
    let folder = world.folder.clone();
    certificates(&folder);
    let print = openssl(
        &folder,
        &[
            "x509",
            "-in",
            "his.pem",
            "-noout",
            "-fingerprint",
            "-sha256",
        ],
    );
    let print = print.trim().rsplit('=').next().unwrap().to_owned();
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let config = format!(
        "listen_tls = \"127.0.0.1:0\"\ncertificate_file = \"{}\"\nprivate_key_file = \"{}\"\n\
         client_ca_file = \"{}\"\n[[mllp.peer]]\nname = \"tls\"\napplication = \"SAFE\"\n\
         facility = \"HOSPITAL\"\ncertificate_sha256 = \"{print}\"\nfeeds = [\"{HOME}\"]\n",
        path("node.pem"),
        path("node.key"),
        path("ca.pem"),
    );
    let node = Node::prepared(world, &config);
    let text = adt("A04", "001", HOME, "TOKYO^HANAKO").replace("|HIS|", "|SAFE|");
    let file = node.file("tls", &text).to_string_lossy().into_owned();
    let port = node.tls.rsplit(':').next().unwrap();
    let (authority, right, wrong) = (path("ca.pem"), "his", "other");
    let with = |name: &str| {
        let (certificate, key) = (path(&format!("{name}.pem")), path(&format!("{name}.key")));
        python(&["tls", port, &authority, &file, &certificate, &key])
    };
    let taken = String::from_utf8(with(right).stdout).unwrap();
    assert!(taken.contains("MSA|AA|001"), "{taken}");
    let other = String::from_utf8(with(wrong).stdout).unwrap();
    assert!(
        other.contains("MSA|AR|") && other.contains("PIX-001"),
        "{other}"
    );
    let none = python(&["tls", port, &authority, &file]);
    assert!(!none.status.success(), "a handshake without a certificate");
    let mut plain = node.connect();
    assert!(
        exchange(&mut plain, &text).contains("PIX-001"),
        "nor without TLS"
    );
}

#[test]
fn a_consumer_that_was_away_is_told_when_it_comes() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let config = format!(
        "[[mllp.consumer]]\nname = \"city\"\naddress = \"127.0.0.1:{port}\"\napplication = \"CITY\"\n"
    );
    let node = Node::new("mllp-consumer", &config);
    let mut stream = node.connect();
    for (code, id) in [(HOME, "001"), (AWAY, "002")] {
        assert!(exchange(&mut stream, &adt("A04", id, code, HANAKO)).contains("MSA|AA|"));
        node.world.ok(&["disclose", &format!("{code}:{id}")]);
    }
    node.world
        .ok(&["link", &format!("{HOME}:001"), &format!("{AWAY}:002")]);
    let mut consumer = peer("python")
        .arg(script())
        .args(["consume", &port, "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = std::io::read_to_string(consumer.stdout.take().unwrap()).unwrap();
    assert!(consumer.wait().unwrap().success());
    let pid = said.lines().find(|l| l.starts_with("PID|")).unwrap();
    assert!(
        pid.contains("001^^^") && pid.contains("002^^^") && pid.contains("|~^^^^^^S|"),
        "{said}"
    );
    assert!(!said.contains("花子"));
}

#[test]
fn an_endless_frame_is_told_so_and_the_connection_ends() {
    let node = Node::new("mllp-endless", "");
    let mut stream = node.connect();
    let mut writer = stream.try_clone().unwrap();
    let writing = std::thread::spawn(move || {
        let _ = writer.write_all(b"\x0bMSH|^~\\&|");
        let piece = [b'x'; 64 * 1024];
        // The other side may well have gone before all of it has left.
        for _ in 0..64 {
            if writer.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = writer.shutdown(std::net::Shutdown::Write);
    });
    let said = answer(&mut stream);
    writing.join().unwrap();
    assert!(
        said.contains("MSA|AE|UNKNOWN") && said.contains("MLP-001"),
        "{said}"
    );
    assert_eq!(answer(&mut stream), "", "the connection has ended");
    let mut other = node.connect();
    let garbage = [b'x'; 128 * 1024];
    let _ = other.write_all(&garbage);
    let _ = other.shutdown(std::net::Shutdown::Write);
    assert!(answer(&mut other).contains("MLP-002"));
}

#[test]
fn ten_thousand_connections_starve_nobody() {
    let node = Node::new(
        "mllp-crowd",
        "connections = 64\nconnections_per_address = 64",
    );
    let mut held: Vec<TcpStream> = Vec::new();
    let mut told = 0;
    let mut closed = 0;
    for n in 0..10_000 {
        let mut stream = node.connect();
        if held.len() < 48 {
            assert!(exchange(&mut stream, &pix("none", HOME)).contains("PIX-009"));
            held.push(stream);
            continue;
        }
        // Places 49 to 64 are taken by whoever comes, and stay taken.
        if held.len() < 64 {
            held.push(stream);
            continue;
        }
        match answer(&mut stream) {
            said if said.contains("MSA|AE|UNKNOWN") && said.contains("PIX-020") => told += 1,
            said if said.is_empty() => closed += 1,
            said => panic!("connection {n}: {said}"),
        }
    }
    assert_eq!(told + closed, 10_000 - 64);
    assert!(told > 9_000, "{told} were told, {closed} only closed");
    for stream in &mut held {
        assert!(exchange(stream, &pix("none", HOME)).contains("PIX-009"));
    }
    let health = super::http::Client {
        address: node.world.health.clone(),
        cookie: None,
    };
    assert_eq!(health.get("/ready").status, 200);
    let metrics = health.get("/metrics").body;
    assert!(
        metrics.contains("tasuki_mllp_connections 64\n"),
        "{metrics}"
    );
    assert!(
        metrics.contains("tasuki_mllp_turned_away_total 9936\n"),
        "{metrics}"
    );
    drop(held.pop());
    // The place is free once the end has been noticed.
    while !exchange(&mut node.connect(), &pix("none", HOME)).contains("PIX-009") {}
}

#[test]
fn a_node_that_stops_finishes_what_it_has_begun() {
    let mut node = Node::new("mllp-drain", "");
    let mut idle = node.connect();
    assert!(exchange(&mut idle, &adt("A04", "001", HOME, HANAKO)).contains("MSA|AA|"));
    let mut half = node.connect();
    half.write_all(b"\x0bMSH|^~\\&|HIS|HOSPITAL").unwrap();
    let reader = BufReader::new(idle.try_clone().unwrap());
    let ending = std::thread::spawn(move || reader.lines().count());
    let text = adt("A08", "001", HOME, HANAKO);
    let rest = text.strip_prefix("MSH|^~\\&|HIS|HOSPITAL").unwrap();
    half.write_all(format!("{rest}\x1c\r").as_bytes()).unwrap();
    assert!(answer(&mut half).contains("MSA|AA|"));
    node.world.stop();
    assert_eq!(ending.join().unwrap(), 0, "an idle connection is closed");
}
