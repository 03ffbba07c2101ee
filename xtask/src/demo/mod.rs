//! `cargo xtask demo`: four synthetic communities, imported and served by the real binary, which
//! speak to each other over TLS as the communities of a network do.
//!
//! Ends with the portals' addresses; the nodes go on as child processes of nobody until
//! `cargo xtask demo stop`. Everything lies below `<target>/demo` and is made anew each time.

mod certificates;
mod community;
mod making;
mod members;
mod network;
mod node;
mod note;
mod people;

use crate::failure::{Done, fail};
use crate::process::run as end;
use crate::workspace::Workspace;
use crate::{assets, setup};
pub use community::Community;
pub use network::{Network, address, free_ports};
pub use people::PASSWORD;
use people::{CASES, SIGN_INS};
use std::ffi::OsString;
use std::path::Path;

/// What to show.
pub struct Order {
    /// Seed of the community.
    pub seed: String,
    /// How many people community A has.
    pub persons: String,
    /// The port of its portal; the other ports of the network follow.
    pub port: u16,
    /// Files that 東京 花子 has besides.
    pub heavy: usize,
    /// A community that the others reach at another address than its own.
    pub behind: Option<(&'static str, String)>,
}

/// How the programs come about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Programs {
    /// Built now.
    Built,
    /// As they were built last.
    There,
}

/// What to do.
enum Wish {
    Show(Order, Programs),
    Start(String),
    Stop { whom: Option<String>, kill: bool },
}

/// `cargo xtask demo`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let folder = workspace.target.join("demo");
    let programs = workspace.target.join("release");
    match wish(arguments)? {
        Wish::Stop { whom, kill } => network::stop(&folder, whom.as_deref(), kill),
        Wish::Start(letter) => network::start(&programs, &folder, &letter),
        Wish::Show(order, which) => {
            if which == Programs::Built {
                build(workspace)?;
            }
            show(&programs, &folder, &order)
        }
    }
}

fn wish(arguments: &[OsString]) -> Result<Wish, crate::failure::Failure> {
    use lexopt::prelude::{Long, Value, ValueExt};
    let mut order = Order {
        seed: "1".to_owned(),
        persons: "300".to_owned(),
        port: 8300,
        heavy: 0,
        behind: None,
    };
    let (mut words, mut kill, mut which) = (Vec::new(), false, Programs::Built);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => words.push(word.string()?),
            Long("kill") => kill = true,
            Long("built") => which = Programs::There,
            Long("seed") => order.seed = parser.value()?.string()?,
            Long("persons") => order.persons = parser.value()?.string()?,
            Long("port") => order.port = parser.value()?.parse()?,
            other => fail!("{}", other.unexpected()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Ok(Wish::Show(order, which)),
        ["start", letter] => Ok(Wish::Start((*letter).to_owned())),
        ["stop", whom @ ..] if whom.len() < 2 => Ok(Wish::Stop {
            whom: whom.first().map(|letter| (*letter).to_owned()),
            kill,
        }),
        _ => fail!("demo, demo stop [LETTER] [--kill], or demo start LETTER"),
    }
}

fn build(workspace: &Workspace) -> Done {
    setup::ensure(&[setup::COMPILER])?;
    println!("building (a few minutes the first time)");
    assets::run(workspace, &[])?;
    let mut cargo = workspace.command("cargo");
    end(cargo.args([
        "build",
        "--release",
        "--locked",
        "--package",
        "tasuki",
        "--package",
        "tasuki-testkit",
    ]))
}

fn show(programs: &Path, folder: &Path, order: &Order) -> Done {
    setup::ensure(&[setup::OPENSSL])?;
    network::stop(folder, None, false)?;
    let network = Network::make(programs, folder, order)?;
    for line in network.portals() {
        println!("{line}");
    }
    println!("\npassword of all: {PASSWORD}; at community A:");
    for [name, person, role, ..] in SIGN_INS {
        println!("  {name:10} {role:16} {person}");
    }
    println!("try: mizusawa, 東京 花子; and at the desk (madoguchi, then renkei to confirm):");
    for [case, who] in CASES {
        println!("  {case:34} {who}");
    }
    println!("one community away: cargo xtask demo stop C [--kill], and back: demo start C");
    println!("stop: cargo xtask demo stop");
    network.leave_running();
    Ok(())
}
