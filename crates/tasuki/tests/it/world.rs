//! A small world on disk: two hospitals and a clinic, three people, one of each role; imported and
//! served by the real binary.

use super::http::Client;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

pub const HOME: &str = "1311234567";
pub const AWAY: &str = "1312345678";
pub const CLINIC: &str = "1313456789";
pub const PASSWORD: &str = "hana-to-midori-42";

/// Name, kana, birth of the people; what must never be in a log.
pub const HANAKO: (&str, &str, &str) = ("東京^花子", "トウキョウ^ハナコ", "19470312");
pub const TARO: (&str, &str, &str) = ("秘密^太郎", "ヒミツ^タロウ", "19550302");

/// Result texts that stand in one document each.
pub const AT_HOME: &str = "HOMERESULT";
pub const AT_AWAY: &str = "AWAYRESULT";
pub const AT_CLINIC: &str = "CLINICRESULT";

pub struct World {
    pub folder: PathBuf,
    serving: Option<Child>,
    pub address: String,
    pub health: String,
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A message of one person; everything but the person is fixed.
fn message(event: &str, id: &str, person: (&str, &str, &str), rest: &str) -> String {
    format!(
        "MSH|^~\\&|E|{HOME}|G|T|20260601103015||{event}|1|P|2.5||||||UNICODE UTF-8\r\
         EVN||202606011030\r\
         PID|0001||{id}^^^^PI||{}^^^^^L^I~{}^^^^^L^P||{}|F\r{rest}",
        person.0, person.1, person.2
    )
}

fn put(root: &Path, id: &str, day: &str, kind: &str, order: &str, text: &str) {
    let folder = root
        .join(&id[..3])
        .join(&id[3..6])
        .join(id)
        .join(day)
        .join(kind);
    std::fs::create_dir_all(&folder).unwrap();
    let name = format!("{id}_{day}_{kind}_{order}_20260603103015000_01_1");
    std::fs::write(folder.join(name), text).unwrap();
}

/// One patient of one storage: demographics and one lab result.
pub fn patient(root: &Path, id: &str, person: (&str, &str, &str), result: &str) {
    let basic = message("ADT^A08^ADT_A01", id, person, "PV1|0001|O|01^^^^^C\r");
    put(root, id, "-", "ADT-00", "999999999999999", &basic);
    let lab = "SPM|1|1||023^血清^JC10|||||||||||||202606030915\r\
               OBR|1|000000001100354|1|E002^生化学的検査^99O03|||202606030915\r\
               ORC|SC|000000001100354|1||CM||||20260603130500\r\
               OBX|1|ST|3A010000002327101^総蛋白^JC10||";
    let lab = message(
        "OUL^R22^OUL_R22",
        id,
        person,
        &format!("{lab}{result}|g/dL^g/dL^ISO+|||||F|||202606030915\r"),
    );
    put(root, id, "20260603", "OML-11", "000000001100354", &lab);
}

impl World {
    /// A world without a server.
    pub fn quiet(name: &str) -> Self {
        Self {
            folder: folder(name),
            serving: None,
            address: String::new(),
            health: String::new(),
        }
    }

    /// The world of the security table: Hanako at home and away (linked; `disclosed` says whether
    /// the other hospital discloses her) and Taro at the clinic only.
    pub fn new(name: &str, disclosed: bool) -> Self {
        Self::made(name, disclosed, |_| ())
    }

    /// The same, changed by `configure` after it was made and before anything is in it.
    pub fn made(name: &str, disclosed: bool, configure: impl FnOnce(&Self)) -> Self {
        let mut world = Self::quiet(name);
        world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
        configure(&world);
        for (code, id, person, result) in [
            (HOME, "0000012345", HANAKO, AT_HOME),
            (AWAY, "0000067890", HANAKO, AT_AWAY),
            (CLINIC, "0000011111", TARO, AT_CLINIC),
        ] {
            let root = world.folder.join(code);
            patient(&root, id, person, result);
            world.ok(&["facility", "add", code, "--name", &format!("施設{code}")]);
            let root = root.to_string_lossy().into_owned();
            let summary = world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
            assert!(summary.contains("\"registered\":2"), "{summary}");
        }
        let (a, b) = (format!("{HOME}:0000012345"), format!("{AWAY}:0000067890"));
        world.ok(&["link", &a, &b]);
        world.ok(&["disclose", &a]);
        if disclosed {
            world.ok(&["disclose", &b]);
        }
        world.user("doctor", "physician", HOME);
        world.user("clerk", "clerk", HOME);
        world.user("operator", "network-operator", HOME);
        world.user("stranger", "physician", CLINIC);
        world.serve();
        world
    }

    /// A world of generated storages, disclosed as they say and linked by the engine; `make` writes
    /// them into a folder. One physician and two clerks at home, a clerk elsewhere, an operator;
    /// decisions at the desk need two of them.
    pub fn community<T>(name: &str, make: impl FnOnce(&Path) -> T) -> (Self, T) {
        let mut world = Self::quiet(name);
        let loopback = "127.0.0.1:0";
        let init = ["init", "--portal", loopback, "--health", loopback];
        world.ok(&[&init[..], &["--four-eyes"]].concat());
        let storages = world.folder.join("storages");
        std::fs::create_dir(&storages).unwrap();
        let made = make(&storages);
        for facility in &tasuki_testkit::community::FACILITIES {
            let code = facility.code;
            world.ok(&["facility", "add", code, "--name", facility.name]);
            for storage in ["STD", "EXT"] {
                let root = storages.join(format!("{code}_{storage}"));
                if root.exists() {
                    let root = root.to_string_lossy();
                    world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
                }
            }
        }
        let disclosed = storages.join("disclosed.csv");
        world.ok(&["disclose", "--file", &disclosed.to_string_lossy()]);
        world.ok(&["identity", "rebuild"]);
        world.user("doctor", "physician", HOME);
        world.user("clerk", "clerk", HOME);
        world.user("colleague", "clerk", HOME);
        world.user("elsewhere", "clerk", "1315678901");
        world.user("operator", "network-operator", HOME);
        world.serve();
        (world, made)
    }

    pub fn user(&self, name: &str, role: &str, facility: &str) {
        self.user_named(name, role, facility, name);
    }

    /// A user whose name in full is not what is typed at sign-in.
    pub fn user_named(&self, name: &str, role: &str, facility: &str, person: &str) {
        let file = self.folder.join("password");
        std::fs::write(&file, PASSWORD).unwrap();
        let file = file.to_string_lossy().into_owned();
        self.ok(&[
            "user",
            "add",
            name,
            "--role",
            role,
            "--facility",
            facility,
            "--person",
            person,
            "--password-file",
            &file,
        ]);
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Runs a command of the real binary.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tasuki"))
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed; returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail; returns its complaint.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Starts the node; its log goes to a file of the world.
    pub fn serve(&mut self) {
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tasuki"))
            .args(["serve", "--data"])
            .arg(self.data())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        self.address = line
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        self.serving = Some(child);
        let log = self.log();
        let health = log.lines().find(|l| l.contains("\"serving\""));
        let health = health.unwrap_or_else(|| panic!("{log}"));
        let (_, rest) = health.split_once("\"health\":\"").unwrap();
        self.health = rest.split('"').next().unwrap().to_owned();
    }

    /// The most memory that the node has had, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let id = self.serving.as_ref().unwrap().id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Sends the node a signal, such as `-HUP`.
    pub fn signal(&self, signal: &str) {
        let id = self.serving.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap()
    }

    pub fn sign_in(&self, name: &str) -> Client {
        Client::sign_in(&self.address, name, PASSWORD)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.serving.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// SIGTERM, and the end of the process.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            Command::new("kill")
                .arg(child.id().to_string())
                .status()
                .unwrap();
            assert!(child.wait().unwrap().success());
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
