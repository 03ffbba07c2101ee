//! `tests/minimums.toml`: how many cases each package has at least.
//!
//! A test binary that is no longer built, or a module that is no longer reached, would
//! otherwise be a silent gain of speed.

use super::cases::Cases;
use crate::failure::{Done, Failure, fail};
use crate::process::read;
use crate::workspace::Workspace;

/// Checks the passed cases of every package against its minimum.
pub fn hold(workspace: &Workspace, cases: &Cases) -> Done {
    let text = read(&workspace.root.join("tests/minimums.toml"))?;
    let minimums: toml::Table = text
        .parse()
        .map_err(|error| Failure(format!("minimums.toml: {error}")))?;
    let mut short = Vec::new();
    for package in &workspace.packages {
        if !minimums.contains_key(&package.name) {
            short.push(format!("{} has no minimum", package.name));
        }
    }
    for (package, minimum) in &minimums {
        let minimum = minimum
            .as_integer()
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(usize::MAX);
        if cases.of(package) < minimum {
            short.push(format!("{package} has {} of {minimum}", cases.of(package)));
        }
    }
    if !short.is_empty() {
        fail!("too few cases: {}", short.join(", "));
    }
    Ok(())
}
