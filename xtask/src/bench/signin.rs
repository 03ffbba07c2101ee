//! How long a sign-in takes while somebody guesses: 200 guesses a second, from one address and from a thousand,
//! half of them at the name of whoever signs in. One community; client on the same cores.

use super::programs;
use crate::demo::{Community, Order, PASSWORD};
use crate::failure::{Done, Failure};
use crate::process::run as end;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// Guesses a second.
const RATE: &str = "200";
/// For how long, in seconds.
const SECONDS: &str = "15";

/// `cargo xtask bench signin`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let programs = programs(workspace)?;
    let folder = workspace.target.join("bench/signin");
    let order = Order {
        seed: "1".to_owned(),
        persons: "10".to_owned(),
        port: crate::demo::free_ports()?,
        heavy: 0,
        behind: None,
    };
    let community = Community::make(&programs, &folder, &order)?;
    let address = community.address();
    let place = address.trim_start_matches("http://");
    let (host, port) = place
        .split_once(':')
        .ok_or_else(|| Failure(format!("{address}: no port")))?;
    let mut node = workspace.command("node");
    node.arg("tests/peers/guesses.mjs");
    end(node.args([host, port, RATE, SECONDS, "mizusawa", PASSWORD]))
}
