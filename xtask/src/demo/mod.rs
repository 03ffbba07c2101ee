//! `cargo xtask demo`: a synthetic community, imported and served by the real binary.
//!
//! Ends with the portal's address; the node goes on as a child process of nobody until
//! `cargo xtask demo stop`. Everything lies below `<target>/demo` and is made anew each time.

mod community;
mod node;

pub use community::Community;

use crate::failure::{Done, fail};
use crate::process::run as end;
use crate::workspace::Workspace;
use crate::{assets, setup};
use std::ffi::OsString;

/// Who can sign in: (name, person, role, facility, section).
pub const SIGN_INS: [[&str; 5]; 5] = [
    ["mizusawa", "水沢 一郎", "physician", "1311234567", "内科"],
    ["wakaba", "若葉 里美", "nurse", "1314567890", ""],
    [
        "madoguchi",
        "窓口 直子",
        "clerk",
        "1311234567",
        "地域連携室",
    ],
    ["renkei", "連携 和子", "clerk", "1311234567", "地域連携室"],
    ["unyo", "運用 太郎", "network-operator", "1311234567", ""],
];

/// The password of everybody in a demo: what is protected here is nobody's.
pub const PASSWORD: &str = "tasuki-demo-2026";

/// People to look for: what makes each a case for the matching of patients, and the name.
pub const CASES: [[&str; 2]; 7] = [
    [
        "twins of one household",
        "佐々木 陽菜, 佐々木 陽葵 2018-05-05",
    ],
    [
        "same name and birth date, strangers",
        "鈴木 一郎 1955-01-15 (two of them)",
    ],
    [
        "married: another family name",
        "田中 美咲, now 小林 美咲 1993-07-21",
    ],
    ["moved across the town", "高橋 健一 1968-11-02"],
    [
        "foreign resident",
        "NGUYEN VAN ANH グエン ヴァンアイン 1996-09-02",
    ],
    [
        "another kanji of the same reading",
        "山本 裕子, 山本 優子 1975-02-14",
    ],
    ["not disclosed by one hospital", "渡辺 茂 1938-06-30"],
];

/// What to show.
pub struct Order {
    /// Seed of the community.
    pub seed: String,
    /// How many people.
    pub persons: String,
    /// The portal's port.
    pub port: u16,
}

/// `cargo xtask demo`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, Value, ValueExt};
    let mut order = Order {
        seed: "1".to_owned(),
        persons: "300".to_owned(),
        port: 8300,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    let folder = workspace.target.join("demo");
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) if word == "stop" => return node::stop(&folder),
            Long("seed") => order.seed = parser.value()?.string()?,
            Long("persons") => order.persons = parser.value()?.string()?,
            Long("port") => order.port = parser.value()?.parse()?,
            other => fail!("{}", other.unexpected()),
        }
    }
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
    ]))?;
    node::stop(&folder)?;
    let community = Community::make(&workspace.target.join("release"), &folder, &order)?;
    println!("\n{}\n", community.address());
    println!("password of all: {PASSWORD}");
    for [name, person, role, ..] in SIGN_INS {
        println!("  {name:10} {role:16} {person}");
    }
    println!("try: mizusawa, 東京 花子; and at the desk (madoguchi, then renkei to confirm):");
    for [case, who] in CASES {
        println!("  {case:34} {who}");
    }
    println!("stop: cargo xtask demo stop");
    community.leave_running();
    Ok(())
}
