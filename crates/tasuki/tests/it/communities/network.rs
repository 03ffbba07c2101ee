//! Communities that know each other by a signed directory: real nodes, each with a certificate and
//! a key for its assertions, over sockets.

use crate::mllp::{certify, openssl};
use crate::world::World;
use base64::Engine;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Certificates that the helper makes, one a community.
const NAMES: [&str; 4] = ["node", "his", "other", "fourth"];

/// The certificate of whoever is no node of ours.
const STRANGER: &str = "stranger";

/// One community.
pub struct Member {
    pub world: World,
    pub home: String,
    /// Where it takes SOAP; nowhere until it serves.
    pub address: String,
}

pub struct Network {
    pub members: Vec<Member>,
    pub folder: PathBuf,
    office: String,
    serial: u32,
    /// More communities, as lines of the directory.
    pub more: String,
    pub pix_manager: Option<usize>,
    /// Nobody's users are asserted.
    pub organisations: bool,
    /// Who is asked asynchronously.
    pub asynchronous: Option<usize>,
    /// Who takes no statements, as a community that is no Tasuki.
    pub no_statements: Option<usize>,
}

fn der_base64(folder: &std::path::Path, name: &str) -> String {
    let certificate = format!("{name}.pem");
    let der = format!("{name}.der");
    let arguments = ["x509", "-in", &certificate, "-outform", "DER", "-out", &der];
    openssl(folder, &arguments);
    let bytes = std::fs::read(folder.join(der)).unwrap();
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub fn fingerprint(folder: &std::path::Path, name: &str) -> String {
    let certificate = format!("{name}.pem");
    let arguments = [
        "x509",
        "-in",
        &certificate,
        "-noout",
        "-fingerprint",
        "-sha256",
    ];
    let told = openssl(folder, &arguments);
    let hex = told.trim().rsplit('=').next().unwrap().to_owned();
    hex.replace(':', "").to_lowercase()
}

fn assertion_key(folder: &std::path::Path, name: &str) {
    let (key, certificate) = (format!("xua-{name}.key"), format!("xua-{name}.pem"));
    let kind = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ];
    let made = [
        "-keyout",
        &key,
        "-out",
        &certificate,
        "-subj",
        "/CN=xua",
        "-days",
        "2",
    ];
    openssl(folder, &[&["req", "-x509"][..], &kind, &made].concat());
}

impl Network {
    /// So many communities, prepared by `fill` with their number; none serves yet.
    pub fn new(name: &str, count: usize, fill: impl Fn(usize, &mut World)) -> Self {
        let first = World::quiet(name);
        let folder = first.folder.clone();
        certify(&folder, &[&NAMES[..], &[STRANGER]].concat());
        let key = folder.join("office.pem").to_string_lossy().into_owned();
        let office = first.ok(&["directory", "key", &key]).trim().to_owned();
        let mut network = Self {
            members: Vec::new(),
            folder,
            office,
            serial: 0,
            more: String::new(),
            pix_manager: None,
            asynchronous: None,
            no_statements: None,
            organisations: false,
        };
        let mut worlds = vec![first];
        worlds.extend((1..count).map(|n| World::quiet(&format!("{name}-{n}"))));
        for (number, mut world) in worlds.into_iter().enumerate() {
            assertion_key(&network.folder, NAMES[number]);
            let home = format!("2.25.70{number}");
            let loopback = "127.0.0.1:0";
            let own = ["init", "--home-community-id", &home, "--name", "地域"];
            world.ok(&[&own[..], &["--portal", loopback, "--health", loopback]].concat());
            fill(number, &mut world);
            network.configure(number, &world);
            network.members.push(Member {
                world,
                home,
                address: "127.0.0.1:9".to_owned(),
            });
        }
        network
    }

    fn configure(&self, number: usize, world: &World) {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let name = NAMES[number];
        let file = |name: &str| self.folder.join(name).display().to_string();
        let soap = format!(
            "{text}\n[soap]\nlisten = \"127.0.0.1:0\"\naddress = \"https://127.0.0.1:1/soap\"\n\
             certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
             [directory]\nfile = \"{}\"\nkeys = [\"{}\"]\nassertion_key_file = \"{}\"\n\
             assertion_certificate_file = \"{}\"\n[gather]\nshown_seconds = 1\n\
             patience_seconds = 3\n",
            file(&format!("{name}.pem")),
            file(&format!("{name}.key")),
            file("ca.pem"),
            file("members"),
            self.office,
            file(&format!("xua-{name}.key")),
            file(&format!("xua-{name}.pem")),
        );
        std::fs::write(&path, soap).unwrap();
    }

    /// Signs a directory with the addresses of now.
    pub fn sign(&mut self) {
        self.serial += 1;
        let mut text = format!(
            "version = 1\nserial = {}\nissued = \"2026-11-22T09:00:00+09:00\"\n",
            self.serial
        );
        if let Some(number) = self.pix_manager {
            text.push_str(&format!("pix_manager = \"2.25.70{number}\"\n"));
        }
        for (number, member) in self.members.iter().enumerate() {
            let (home, address) = (&member.home, &member.address);
            let to = |transaction: &str| format!("{transaction} = \"https://{address}/soap\"");
            let endpoints = match self.pix_manager == Some(number) {
                true => {
                    let index = |t: &str| format!("{t} = \"https://{address}/pix\"");
                    let own = ["ITI-38", "ITI-39", "ITI-55", "TASUKI-1"];
                    let own = own.map(to).join(", ");
                    let index = ["ITI-44", "ITI-45", "ITI-47"].map(index);
                    format!("{own}, {}", index.join(", "))
                }
                false => {
                    let mut own = vec!["ITI-38", "ITI-39", "ITI-45", "ITI-55"];
                    own.extend((self.no_statements != Some(number)).then_some("TASUKI-1"));
                    own.into_iter().map(to).collect::<Vec<_>>().join(", ")
                }
            };
            let asynchronous = self.asynchronous == Some(number);
            text.push_str(&format!(
                "[[community]]\nhome_community_id = \"{home}\"\nname = \"地域{number}\"\n\
                 patient_authority = \"{home}.2\"\ncertificates = [\"{}\"]\n\
                 endpoints = {{ {endpoints} }}\ndiscovery = true\n\
                 replies = [\"https://{address}/replies\"]\nasynchronous = {asynchronous}\n",
                fingerprint(&self.folder, NAMES[number]),
            ));
            if !self.organisations {
                let certificate = der_base64(&self.folder, &format!("xua-{}", NAMES[number]));
                text.push_str(&format!(
                    "xua = {{ issuer = \"urn:oid:{home}\", certificates = [\"{certificate}\"], emergency = true }}\n"
                ));
            }
        }
        text.push_str(&self.more);
        let file = self.folder.join("members").to_string_lossy().into_owned();
        std::fs::write(&file, text).unwrap();
        let key = self
            .folder
            .join("office.pem")
            .to_string_lossy()
            .into_owned();
        let first = &self.members[0].world;
        first.ok(&["directory", "sign", &file, "--key", &key]);
    }

    /// Everybody serves, and knows where the others are.
    pub fn serve(&mut self) {
        self.sign();
        for number in 0..self.members.len() {
            self.start(number);
        }
        self.sign();
        for member in &self.members {
            member.world.reload();
        }
    }

    fn start(&mut self, number: usize) {
        let member = &mut self.members[number];
        member.world.serve();
        let log = member.world.log();
        // The log goes on where it was stopped before.
        let line = log.lines().rfind(|l| l.contains("\"serving\"")).unwrap();
        let (_, rest) = line.split_once("\"soap\":\"").unwrap();
        member.address = rest.split('"').next().unwrap().to_owned();
    }

    /// One that was stopped serves again, and everybody knows where.
    pub fn back(&mut self, number: usize) {
        self.start(number);
        self.sign();
        for member in &self.members {
            member.world.reload();
        }
    }

    /// A community of the directory that is no node of ours: with the certificate `other`, which the
    /// third node of a network has.
    pub fn add(&mut self, home: &str, address: &str) {
        self.entry(home, address, "other", &["ITI-38", "ITI-39", "ITI-55"]);
    }

    /// The same with the transactions that it lists, and a certificate that no node has.
    pub fn add_with(&mut self, home: &str, address: &str, transactions: &[&str]) {
        self.entry(home, address, STRANGER, transactions);
    }

    fn entry(&mut self, home: &str, address: &str, certificate: &str, transactions: &[&str]) {
        let to = |transaction: &&str| format!("{transaction} = \"https://{address}/soap\"");
        let endpoints: Vec<String> = transactions.iter().map(to).collect();
        let endpoints = endpoints.join(", ");
        let print = fingerprint(&self.folder, certificate);
        self.more.push_str(&format!(
            "[[community]]\nhome_community_id = \"{home}\"\nname = \"よその地域\"\n\
             patient_authority = \"{home}.2\"\ncertificates = [\"{print}\"]\n\
             endpoints = {{ {endpoints} }}\ndiscovery = true\n"
        ));
    }
}

impl World {
    /// Has the node read its certificates and its directory again, and waits until it has.
    pub fn reload(&self) {
        let before = self.log().matches("\"reloaded\"").count();
        self.signal("-HUP");
        let end = Instant::now() + Duration::from_secs(60);
        while self.log().matches("\"reloaded\"").count() == before {
            assert!(Instant::now() < end, "{}", self.log());
            std::thread::yield_now();
        }
    }
}
