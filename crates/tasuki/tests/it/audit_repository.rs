//! The audit trail arrives at somebody else's repository: rsyslog with TLS and client certificates.
//! Stopped and started again, it gets what happened meanwhile, and nothing is left out.

use super::mllp::certificates;
use super::world::World;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tasuki_wire::atna::Message;

/// `EventTypeCode` of the start and the stop of a node (DICOM PS3.16, CID 401).
const START: &str = "110120";
const STOP: &str = "110121";

struct Rsyslog {
    child: Child,
}

impl Rsyslog {
    fn start(folder: &Path, port: u16) -> Self {
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
struct Received(BufReader<File>);

impl Received {
    fn new(folder: &Path) -> Self {
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

    /// Everything up to the first message that is `last`.
    fn until(&mut self, last: &str) -> Vec<Message> {
        let mut messages = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let Some(at) = line.find("<AuditMessage") else {
                continue;
            };
            messages.push(Message::decode(&line.as_bytes()[at..]).unwrap());
            if messages
                .last()
                .unwrap()
                .types
                .iter()
                .any(|t| t.code == last)
            {
                return messages;
            }
        }
    }
}

#[test]
fn rsyslog_with_tls_receives_every_event_across_restarts() {
    let mut world = World::quiet("audit-repository");
    let folder = world.folder.clone();
    certificates(&folder);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
    let path = |name: &str| folder.join(name).display().to_string();
    let section = format!(
        "[audit]\ncertificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
         [[audit.repository]]\nname = \"arr\"\naddress = \"127.0.0.1:{port}\"\ntls_name = \"127.0.0.1\"\n",
        path("node.pem"),
        path("node.key"),
        path("ca.pem"),
    );
    let config = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n{section}")).unwrap();
    let mut received = Received::new(&folder);
    // Nobody is there yet: the node serves all the same.
    world.serve();
    let repository = Rsyslog::start(&folder, port);
    let first = received.until(START);
    let site = first[0].source.site.clone();
    assert!(site.is_some_and(|site| site.starts_with("2.25.")));
    drop(repository);
    world.stop();
    world.serve();
    let _repository = Rsyslog::start(&folder, port);
    // What happened while it was away comes in order: the stop before the next start.
    let stopped = received.until(STOP);
    assert!(!stopped.is_empty());
    let started = received.until(START);
    assert!(started.last().unwrap().at > first.last().unwrap().at);
}
