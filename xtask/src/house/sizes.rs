//! Files that a person can read in one go: none over 600 lines, median at most 120, nine of
//! ten under 350. Functions are held to 70 lines by clippy.
//!
//! Generated tables (a first line with the word `generated`) are not counted.

use crate::failure::{Done, fail};
use crate::process::read;
use crate::workspace::Workspace;

const LONGEST: usize = 600;
const MOST: usize = 350;
const MEDIAN: usize = 120;

/// Checks every Rust and TypeScript source.
pub fn run(workspace: &Workspace) -> Done {
    let mut sizes = Vec::new();
    for path in workspace.files(&[".rs", ".ts", ".mjs"])? {
        let text = read(&workspace.root.join(&path))?;
        if !text
            .lines()
            .next()
            .is_some_and(|first| first.contains("generated"))
        {
            sizes.push((text.lines().count(), path));
        }
    }
    sizes.sort();
    let at = |share: usize| {
        sizes
            .get(sizes.len() * share / 100)
            .map_or(0, |(lines, _)| *lines)
    };
    let over: Vec<String> = sizes
        .iter()
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    println!(
        "sizes: {} files, median {}, nine of ten under {}",
        sizes.len(),
        at(50),
        at(90)
    );
    if !over.is_empty() {
        fail!("files over {LONGEST} lines: {}", over.join(", "));
    }
    if at(50) > MEDIAN || at(90) > MOST {
        fail!("files grow: the median may be {MEDIAN}, nine of ten under {MOST}");
    }
    Ok(())
}
