//! Words that have no place in the project: paths of somebody's machine, hosts of package
//! registries, marks of unfinished work, tests that are switched off.
//!
//! The list is written in halves so that this file does not find itself.

use crate::failure::{Done, fail};
use crate::process::read;
use crate::workspace::Workspace;

const WORDS: &[&str] = &[
    concat!("/wor", "k/"),
    concat!("/roo", "t/"),
    concat!("/hom", "e/"),
    concat!("registry.", "npmjs"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ign", "ore"),
    concat!("test.sk", "ip"),
    concat!("test.on", "ly"),
];

const ENDINGS: &[&str] = &[
    ".rs", ".toml", ".md", ".ts", ".mjs", ".css", ".html", ".json", ".yml", ".py", ".sh", ".ci/run",
];

/// Checks every text file of the project except the lock files.
pub fn run(workspace: &Workspace) -> Done {
    let mut found = Vec::new();
    for path in workspace.files(ENDINGS)? {
        for (number, line) in read(&workspace.root.join(&path))?.lines().enumerate() {
            for word in WORDS.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    if !found.is_empty() {
        fail!("words that do not belong here:\n  {}", found.join("\n  "));
    }
    Ok(())
}
