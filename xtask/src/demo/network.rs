//! Four communities in one network: each with its own hospitals, certificates and portal, all in one
//! signed member directory.

use super::Order;
use super::certificates::make;
use super::making::{Making, generate, word};
use super::members::{MANAGERS, entry, head, sections};
use super::node::{self, Node};
use super::note;
use super::people::{SIGN_INS, SignIn};
use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, read, write};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const LETTERS: [&str; 4] = ["A", "B", "C", "D"];

/// Who can sign in at the others: a physician each, and at the second the desk that is asked for links.
const ELSEWHERE: [&[SignIn]; 3] = [
    &[
        ["oyama", "大山 登", "physician", "1316789012", "内科"],
        ["sakuma", "佐久間 理恵", "clerk", "1316789012", "地域連携室"],
    ],
    &[["ochiai", "落合 進", "physician", "1319012345", "内科"]],
    &[["kasai", "葛西 昇", "physician", "1311122334", "小児科"]],
];

/// Ports of a community: portal, health, SOAP; the next community's begin so much later.
const STEP: u16 = 10;

/// Communities that are being served.
pub struct Network {
    nodes: Vec<(String, Node)>,
}

impl Network {
    /// Makes the network below `folder` from nothing, with the programs in `programs`.
    pub fn make(programs: &Path, folder: &Path, order: &Order) -> Result<Self, Failure> {
        free(order.port)?;
        generate(programs, folder, "network", order)?;
        let storages = folder.join("storages");
        let paths = LETTERS.map(|letter| (folder.join(letter), storages.join(letter)));
        let mut makings = Vec::new();
        for (n, (own, described)) in paths.iter().enumerate() {
            let port = order.port + STEP * u16::try_from(n).unwrap_or_default();
            makings.push(Making {
                programs,
                folder: own,
                storages: &storages,
                described,
                sign_ins: ELSEWHERE
                    .get(n.wrapping_sub(1))
                    .map_or(&SIGN_INS[..], |s| s),
                portal: format!("127.0.0.1:{port}"),
                health: format!("127.0.0.1:{}", port + 1),
            });
        }
        fill(&makings)?;
        join(&makings, folder, order)?;
        let mut nodes = Vec::new();
        // Who holds the index is up first: nobody then waits for it.
        let mut order: Vec<_> = makings.iter().zip(LETTERS).collect();
        order.sort_by_key(|(_, letter)| !MANAGERS.contains(letter));
        for (making, letter) in order {
            let name = word(&making.description()?, "name").to_owned();
            nodes.push((format!("{letter} {name}"), making.start()?));
        }
        nodes.sort_by(|(one, _), (other, _)| one.cmp(other));
        nodes
            .iter()
            .try_for_each(|(_, node)| node.wait_until_told())?;
        if let (Some((_, last)), Some([[name, ..], ..])) = (nodes.last(), ELSEWHERE.last()) {
            note::write(&last.portal, name, &storages)?;
        }
        Ok(Self { nodes })
    }

    /// A small network for the browser tests, of the programs that the tests built.
    pub fn for_tests(workspace: &Workspace) -> Result<Self, Failure> {
        let folder = workspace.target.join("browser-network");
        let order = Order {
            seed: "1".to_owned(),
            persons: "24".to_owned(),
            port: free_ports()?,
            heavy: 0,
            behind: None,
        };
        Self::make(&workspace.target.join("debug"), &folder, &order)
    }

    /// Where the portal of the first community is.
    pub fn address(&self) -> String {
        let first = self.nodes.first();
        first.map_or_else(String::new, |(_, node)| format!("http://{}", node.portal))
    }

    /// What its last community is called, and the process of its node: a test ends it.
    pub fn last(&self) -> (&str, u32) {
        let last = self.nodes.last();
        last.map_or(("", 0), |(name, node)| {
            (name.get(1..).unwrap_or_default().trim(), node.process())
        })
    }

    /// A line for each portal.
    pub fn portals(&self) -> Vec<String> {
        let line = |(n, (name, node)): (usize, &(String, Node))| {
            let sign_in = ELSEWHERE.get(n.wrapping_sub(1)).and_then(|s| s.first());
            let sign_in = sign_in.map_or("", |[name, ..]| name);
            format!("http://{}  {name}  {sign_in}", node.portal)
        };
        self.nodes.iter().enumerate().map(line).collect()
    }

    /// Lets the nodes live on after this process.
    pub fn leave_running(self) {
        for (_, mut node) in self.nodes {
            node.leave_running();
        }
    }
}

/// Whether the ports of all communities are free; what answers there would be taken for a node.
fn free(first: u16) -> Done {
    for community in 0..4 {
        for port in (first + STEP * community..).take(3) {
            if std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
                fail!("port {port} is taken, by another demo perhaps; --port names others");
            }
        }
    }
    Ok(())
}

/// A port from which on all that a network takes are free.
pub fn free_ports() -> Result<u16, Failure> {
    for _ in 0..100 {
        let first = free_port()?;
        // Ports of a network do not reach beyond the last there is.
        if first < u16::MAX - 100 && free(first).is_ok() {
            return Ok(first);
        }
    }
    fail!("no free ports for a network")
}

/// Two at a time: the first community is as large as the others together.
fn fill(makings: &[Making<'_>]) -> Done {
    let Some((first, others)) = makings.split_first() else {
        return Ok(());
    };
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| others.iter().try_for_each(Making::fill));
        let done = first.fill();
        match beside.join() {
            Ok(other) => done.and(other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Certificates, the signed directory, and what each configuration says of both.
fn join(makings: &[Making<'_>], folder: &Path, order: &Order) -> Done {
    let trust = folder.join("trust");
    let names = LETTERS.map(str::to_owned);
    make(&trust, &names)?;
    let mut homes = Vec::new();
    for (making, name) in makings.iter().zip(&names) {
        let home = word(&making.description()?, "home_community_id").to_owned();
        homes.push((name.clone(), home));
    }
    let mut members = head(&homes);
    for (n, (making, name)) in makings.iter().zip(&names).enumerate() {
        let address = reached(order, name, n);
        members += &entry(&making.description()?, &trust, name, &address)?;
    }
    let file = trust.join("members.toml");
    write(&file, members)?;
    let Some(first) = makings.first() else {
        return Ok(());
    };
    let key = trust.join("directory.key");
    let (file, key) = (file.to_string_lossy(), key.to_string_lossy());
    first.tasuki(&["directory", "key", &key])?;
    let public = first.tasuki(&["directory", "sign", &file, "--key", &key])?;
    for (n, (making, name)) in makings.iter().zip(&names).enumerate() {
        let path = making.configuration();
        let listen = address(order.port, n);
        let addresses = (listen.as_str(), reached(order, name, n));
        let text = read(&path)? + &sections(&trust, name, &addresses, public.trim());
        write(&path, text)?;
    }
    Ok(())
}

/// Where the others reach a community.
fn reached(order: &Order, name: &str, n: usize) -> String {
    match &order.behind {
        Some((letter, address)) if *letter == name => address.clone(),
        _ => address(order.port, n),
    }
}

/// Where a community's SOAP listener is.
pub fn address(port: u16, n: usize) -> String {
    let port = port + STEP * u16::try_from(n).unwrap_or_default() + 2;
    format!("127.0.0.1:{port}")
}

fn place(folder: &Path, letter: &str) -> Result<PathBuf, Failure> {
    if !LETTERS.contains(&letter) {
        fail!("{letter}: the communities are {}", LETTERS.join(", "));
    }
    Ok(folder.join(letter))
}

/// Ends the nodes of a demo, or one of them.
pub(super) fn stop(folder: &Path, whom: Option<&str>, kill: bool) -> Done {
    match whom {
        Some(letter) => node::stop(&place(folder, letter)?, kill),
        None => LETTERS
            .iter()
            .try_for_each(|letter| node::stop(&folder.join(letter), kill)),
    }
}

/// Brings one node back.
pub(super) fn start(programs: &Path, folder: &Path, letter: &str) -> Done {
    let folder = place(folder, letter)?;
    node::stop(&folder, false)?;
    let config: toml::Table = read(&folder.join("data/tasuki.toml"))?
        .parse()
        .map_err(|error| Failure(format!("tasuki.toml: {error}")))?;
    let listens = |part: &str| {
        let part = config.get(part).and_then(toml::Value::as_table);
        part.map_or("", |part| word(part, "listen"))
    };
    let (portal, health) = (listens("portal"), listens("health"));
    let mut node = Node::start(&programs.join("tasuki"), &folder, portal, health)?;
    println!("http://{portal}");
    node.leave_running();
    Ok(())
}
