//! The audit trail arrives at somebody else's repository: rsyslog with TLS and client certificates.
//! Stopped and started again, it gets what happened meanwhile, and nothing is left out.

use super::mllp::certificates;
use super::world::World;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tasuki_wire::atna::Message;

/// `EventTypeCode` of the start and the stop of a node (DICOM PS3.16, CID 401).
const START: &str = "110120";
const STOP: &str = "110121";

pub(super) struct Rsyslog {
    child: Child,
}

impl Rsyslog {
    pub(super) fn start(folder: &Path, port: u16) -> Self {
        let path = |name: &str| folder.join(name).display().to_string();
        let config = format!(
            "global(workDirectory=\"{}\" maxMessageSize=\"300k\" defaultNetstreamDriver=\"gtls\"\n\
             defaultNetstreamDriverCAFile=\"{}\" defaultNetstreamDriverCertFile=\"{}\"\n\
             defaultNetstreamDriverKeyFile=\"{}\")\n\
             module(load=\"imtcp\" StreamDriver.Name=\"gtls\" StreamDriver.Mode=\"1\"\n\
             StreamDriver.AuthMode=\"x509/certvalid\")\n\
             template(name=\"raw\" type=\"string\" string=\"%msg%\\n\")\n\
             input(type=\"imtcp\" port=\"{port}\")\n\
             *.* action(type=\"ompipe\" pipe=\"{}\" template=\"raw\")\n",
            folder.display(),
            path("ca.pem"),
            path("other.pem"),
            path("other.key"),
            path("received"),
        );
        std::fs::write(folder.join("rsyslog.conf"), config).unwrap();
        let child = Command::new("rsyslogd")
            .args([
                "-n",
                "-f",
                &path("rsyslog.conf"),
                "-i",
                &path("rsyslog.pid"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child }
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What rsyslog writes, line by line. Open for writing too, so that it outlives rsyslog.
pub(super) struct Received(BufReader<File>);

impl Received {
    pub(super) fn new(folder: &Path) -> Self {
        let path = folder.join("received");
        assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        let file = OpenOptions::new().read(true).write(true).open(path);
        Self(BufReader::new(file.unwrap()))
    }

    /// Everything up to the first message that is wanted.
    pub(super) fn until(&mut self, wanted: impl Fn(&Message) -> bool) -> Vec<Message> {
        let mut messages = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let Some(at) = line.find("<AuditMessage") else {
                continue;
            };
            let message = Message::decode(&line.as_bytes()[at..]).unwrap();
            let last = wanted(&message);
            messages.push(message);
            if last {
                return messages;
            }
        }
    }
}

fn is(code: &str) -> impl Fn(&Message) -> bool {
    move |message| message.types.iter().any(|t| t.code == code)
}

/// A port that nothing listens on, and the configuration that sends there.
pub(super) fn repository(folder: &Path) -> (u16, String) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    let path = |name: &str| folder.join(name).display().to_string();
    let section = format!(
        "[audit]\ncertificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
         [[audit.repository]]\nname = \"arr\"\naddress = \"127.0.0.1:{port}\"\ntls_name = \"127.0.0.1\"\n",
        path("node.pem"),
        path("node.key"),
        path("ca.pem"),
    );
    (port, section)
}

#[test]
fn rsyslog_with_tls_receives_every_event_across_restarts() {
    let mut world = World::quiet("audit-repository");
    let folder = world.folder.clone();
    certificates(&folder);
    world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
    let (port, section) = repository(&folder);
    let config = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n{section}")).unwrap();
    let mut received = Received::new(&folder);
    // Nobody is there yet: the node serves all the same.
    world.serve();
    let repository = Rsyslog::start(&folder, port);
    let first = received.until(is(START));
    let site = first[0].source.site.clone();
    assert!(site.is_some_and(|site| site.starts_with("2.25.")));
    drop(repository);
    world.stop();
    world.serve();
    let _repository = Rsyslog::start(&folder, port);
    // What happened while it was away comes in order: the stop before the next start.
    let stopped = received.until(is(STOP));
    assert!(!stopped.is_empty());
    let started = received.until(is(START));
    assert!(started.last().unwrap().at > first.last().unwrap().at);
}

/// What the node has kept of others' messages: code, sender, text.
fn kept(world: &World) -> Vec<(String, String, String)> {
    let script = "import json, sqlite3, sys\n\
        db = sqlite3.connect(sys.argv[1])\n\
        for (row,) in db.execute('SELECT bytes FROM audit_row ORDER BY seq'):\n\
        \x20   e = json.loads(row)\n\
        \x20   if e['subject'] == 'ITI-20':\n\
        \x20       x = e['exchange']\n\
        \x20       text = x['query']['text'].replace('\\n', ' ')\n\
        \x20       print('\\t'.join([e.get('code', ''), x['peer']['id'], text]))\n";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(world.data().join("tasuki.db"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text
        .lines()
        .map(|line| line.splitn(3, '\t').map(str::to_owned));
    lines
        .map(|mut parts| {
            let mut part = || parts.next().unwrap_or_default();
            (part(), part(), part())
        })
        .collect()
}

#[test]
fn this_node_keeps_what_others_send_and_what_they_send_badly() {
    let mut world = World::quiet("audit-receiver");
    let folder = world.folder.clone();
    certificates(&folder);
    let path = |name: &str| folder.join(name).display().to_string();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
    let section = format!(
        "[audit]\nlisten = \"127.0.0.1:{port}\"\ncertificate_file = \"{}\"\n\
         private_key_file = \"{}\"\nca_file = \"{}\"\n",
        path("node.pem"),
        path("node.key"),
        path("ca.pem"),
    );
    let config = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n{section}")).unwrap();
    world.serve();
    // The message of another product, one that is none, and what is no frame.
    let sample = "../../../shared/data/ihe/samples/ipf/fhir-audit/commons/ihe/fhir/r4/audit/src/test/resources/atna-record-2.xml";
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(sample);
    let sample = std::fs::read_to_string(sample).unwrap();
    let mut sent = Vec::new();
    for message in [sample.as_str(), "<NoAudit/>"] {
        let frame = format!("<85>1 2026-11-22T00:00:00Z h other 1 IHE+RFC-3881 - {message}");
        sent.extend(format!("{} {frame}", frame.len()).into_bytes());
    }
    sent.extend(b"no frame at all\n");
    let mut client = Command::new("openssl")
        .args([
            "s_client",
            "-quiet",
            "-connect",
            &format!("127.0.0.1:{port}"),
        ])
        .args([
            "-cert",
            &path("his.pem"),
            "-key",
            &path("his.key"),
            "-CAfile",
            &path("ca.pem"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = client.stdin.take().unwrap();
    stdin.write_all(&sent).unwrap();
    // The connection ends at what is no frame, and with it the client.
    client.wait().unwrap();
    drop(stdin);
    world.stop();
    let kept = kept(&world);
    let codes: Vec<&str> = kept.iter().map(|k| k.0.as_str()).collect();
    assert_eq!(codes, ["", "ATN-001", "ATN-002"], "{kept:?}");
    assert_eq!(kept[0].1, "d7251114 2.16.756.1.2.3");
    assert!(kept[0].2.contains("<AuditMessage>") && kept[2].2.contains("no frame at all"));
}
