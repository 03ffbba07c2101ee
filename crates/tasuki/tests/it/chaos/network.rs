//! Four nodes that know each other, every way to one of them a line that fails.

use crate::mllp::{certify, fingerprint_of};
use crate::world::World;
use std::path::Path;
use tasuki_testkit::chaos::Link;

pub const NAMES: [&str; 4] = ["a", "b", "c", "d"];
/// The system of each community that hands in documents.
pub const SOURCE: &str = "source";
pub const PATIENTS: usize = 3;

pub struct Place {
    pub world: World,
    pub link: Link,
    pub home: String,
    pub authority: String,
}

pub struct Network {
    pub trust: World,
    pub places: Vec<Place>,
}

impl Network {
    pub fn new(seed: u64) -> Self {
        let trust = World::quiet("chaos-trust");
        certify(&trust.folder, &[&NAMES[..], &[SOURCE]].concat());
        let mut places: Vec<Place> = (0..NAMES.len())
            .map(|n| {
                let code = format!("131123450{n}");
                Place {
                    world: World::quiet(&format!("chaos-{n}")),
                    link: Link::new(seed.wrapping_mul(4) + n as u64).unwrap(),
                    home: format!("2.25.{}", n + 1),
                    authority: format!("1.2.392.100495.20.3.51.1{code}"),
                }
            })
            .collect();
        let members = members(&places, &trust.folder);
        for (n, place) in places.iter_mut().enumerate() {
            place.begin(n, &trust.folder, &members);
        }
        Self { trust, places }
    }

    pub fn file(&self, name: &str) -> std::path::PathBuf {
        self.trust.folder.join(name)
    }

    /// The directory, as the askers of this process have it.
    pub fn members(&self) -> String {
        members(&self.places, &self.trust.folder)
    }

    pub fn calm(&self) {
        for place in &self.places {
            place.link.calm();
        }
    }

    pub fn stop(&mut self) {
        for place in &mut self.places {
            place.world.stop();
        }
    }
}

fn members(places: &[Place], trust: &Path) -> String {
    let mut text = "version = 1\nserial = 1\nissued = \"2026-11-22T09:00:00+09:00\"\n".to_owned();
    for (place, name) in places.iter().zip(NAMES) {
        let (home, link) = (&place.home, place.link.address);
        let print = fingerprint_of(trust, name);
        text += &format!(
            "[[community]]\nhome_community_id = \"{home}\"\nname = \"地域{name}\"\n\
             patient_authority = \"{home}.2\"\nauthorities = [\"{}\"]\ncertificates = [\"{print}\"]\n\
             endpoints = {{ ITI-38 = \"https://{link}/soap\", ITI-39 = \"https://{link}/soap\" }}\n",
            place.authority
        );
    }
    text
}

impl Place {
    fn begin(&mut self, n: usize, trust: &Path, members: &str) {
        let (world, code) = (&mut self.world, format!("131123450{n}"));
        let loopback = "127.0.0.1:0";
        let init = ["init", "--portal", loopback, "--health", loopback];
        world.ok(&[&init[..], &["--home-community-id", &self.home]].concat());
        world.ok(&["facility", "add", &code, "--name", "病院"]);
        for patient in 0..PATIENTS {
            world.ok(&["disclose", &format!("{code}:{patient}")]);
        }
        let file = world.folder.join("members");
        let key = world.folder.join("directory.key");
        let (file, key) = (file.to_string_lossy(), key.to_string_lossy());
        std::fs::write(&*file, members).unwrap();
        let public = world.ok(&["directory", "key", &key]);
        world.ok(&["directory", "sign", &file, "--key", &key]);
        let own = |ending: &str| {
            trust
                .join(format!("{}.{ending}", NAMES[n]))
                .display()
                .to_string()
        };
        let source = fingerprint_of(trust, SOURCE);
        let path = world.data().join("tasuki.toml");
        let more = format!(
            "\n[soap]\nlisten = \"{loopback}\"\naddress = \"https://{}/soap\"\n\
             certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
             [[soap.peer]]\nname = \"{SOURCE}\"\ncertificate_sha256 = \"{source}\"\nfeeds = [\"{code}\"]\n\
             [directory]\nfile = \"{file}\"\nkeys = [\"{}\"]\n",
            self.link.address,
            own("pem"),
            own("key"),
            trust.join("ca.pem").display(),
            public.trim(),
        );
        let text = std::fs::read_to_string(&path).unwrap() + &more;
        std::fs::write(&path, text).unwrap();
        world.serve();
        let log = world.log();
        let line = log.lines().find(|l| l.contains("\"serving\"")).unwrap();
        let (_, rest) = line.split_once("\"soap\":\"").unwrap();
        self.link
            .lead_to(rest.split('"').next().unwrap().parse().unwrap());
    }
}
