//! Two communities beside the node under test, for the plans of an Initiating Gateway: stand-ins for
//! the toolkit's responding gateways, served by the same binary. The first also holds the patient
//! index of the network. Their facilities know the same people, who are linked by what is said of them.
//!
//! In front of each gateway stands [`crate::standin`], which keeps what the node under test has sent.

use super::settings::{self, HOME};
use super::{Node, network};
use crate::certificates::{certify, fingerprint};
use crate::failure::{Done, Failure};
use crate::standin::StandIn;
use std::net::TcpListener;
use std::path::Path;

/// Names of certificates and home community ids of the two.
pub const OTHERS: [(&str, &str); 2] = [("one", "2.25.52.1"), ("two", "2.25.53.1")];

/// The node under test in their company.
pub struct Company {
    /// The node under test.
    pub node: Node,
    /// The two communities.
    pub beside: Beside,
}

/// The communities beside the node under test.
pub struct Beside {
    /// Their nodes, in the order of [`OTHERS`].
    pub others: Vec<Node>,
    /// What stands in front of each.
    pub fronts: Vec<StandIn>,
}

impl Company {
    /// Makes and serves all three; as [`Node::start`].
    ///
    /// # Errors
    /// As [`Node::start`].
    pub fn start(program: &Path, folder: &Path, codes: &str, patients: &[String]) -> Done<Self> {
        let mut node = Node::folders(program, folder, codes)?;
        node.fill(HOME, patients, None)?;
        let (mut others, mut fronts) = (Vec::new(), Vec::new());
        let mut addresses = Vec::new();
        for (name, home) in OTHERS {
            certify(folder, name)?;
            network::signer(folder, &format!("tokens-{name}"))?;
            let mut other = Node::at(program, &folder.join(name));
            other.fill(home, patients, None)?;
            let address = free()?;
            fronts.push(StandIn::start(folder, name, &address)?);
            addresses.push(address);
            others.push(other);
        }
        let entries: String = OTHERS
            .iter()
            .zip(fronts.iter().zip(&addresses))
            .enumerate()
            .map(|(n, ((name, home), (front, address)))| {
                entry(folder, name, home, [&front.address, address], n == 0)
            })
            .collect::<Done<_>>()?;
        let head = format!("pix_manager = \"{}\"\n", OTHERS[0].1);
        let file = folder.join("members.toml");
        let key = network::directory(&node, &file, &head, &entries)?;
        for (other, ((name, _), address)) in others.iter_mut().zip(OTHERS.iter().zip(&addresses)) {
            settings::write_other(folder, &other.data(), name, address, &key)?;
            other.serve()?;
        }
        settings::write(&node, &key, true)?;
        node.serve()?;
        Ok(Self {
            node,
            beside: Beside { others, fronts },
        })
    }
}

impl Beside {
    /// How many registrations, persons and lines still due the index of the network has.
    ///
    /// # Errors
    /// Where it cannot be asked.
    pub fn linked(&self) -> Done<[u64; 3]> {
        let Some(first) = self.others.first() else {
            return Ok([0; 3]);
        };
        let said = first.tasuki(&["index", "stats"])?;
        Ok(["registrations", "persons", "due"].map(|name| {
            let mut lines = said.lines().filter_map(|line| line.strip_prefix(name));
            let count = lines.next().and_then(|count| count.trim().parse().ok());
            count.unwrap_or_default()
        }))
    }
}

/// A port that nobody listens on.
fn free() -> Done<String> {
    let fault = |error: std::io::Error| Failure::io("a port", &error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    Ok(listener.local_addr().map_err(fault)?.to_string())
}

/// A stand-in in the directory: its gateway at one address, the index at another.
fn entry(
    folder: &Path,
    name: &str,
    home: &str,
    [gateway, index]: [&str; 2],
    manager: bool,
) -> Done<String> {
    let mut endpoints = vec![
        format!("ITI-38 = \"https://{gateway}/soap\""),
        format!("ITI-39 = \"https://{gateway}/soap\""),
    ];
    if manager {
        endpoints.push(format!("ITI-44 = \"https://{index}/pix\""));
        endpoints.push(format!("ITI-45 = \"https://{index}/pix\""));
    }
    Ok(format!(
        "[[community]]\nhome_community_id = \"{home}\"\nname = \"代役{name}\"\n\
         patient_authority = \"{home}.2\"\ncertificates = [\"{}\"]\nendpoints = {{ {} }}\n\
         xua = {{ issuer = \"urn:oid:{home}\", certificates = [\"{}\"] }}\n",
        fingerprint(folder, name)?,
        endpoints.join(", "),
        network::base64(&folder.join(format!("tokens-{name}.pem")))?,
    ))
}

/// The home community id of the node under test, or of a stand-in counted from 1.
#[must_use]
pub fn home(at: usize) -> &'static str {
    let other = at.checked_sub(1).and_then(|n| OTHERS.get(n));
    other.map_or(HOME, |(_, home)| home)
}
