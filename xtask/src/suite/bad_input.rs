//! `tests/bad_input.toml`: every bad input that was ever asked for, its error code, its test.

use super::cases::Cases;
use crate::errors;
use crate::failure::{Done, Failure, fail};
use crate::list::entries;
use crate::workspace::Workspace;

/// In the place of a code: nothing is refused, it is shown as it is.
const SHOWN: &str = "shown";

struct Phrase {
    says: String,
    code: String,
    test: String,
}

/// Each code must be one of codes.toml.
pub fn every_code_exists(workspace: &Workspace) -> Done {
    let ids = errors::ids(workspace)?;
    let phrases = phrases(workspace)?;
    let unknown = phrases
        .iter()
        .filter(|phrase| phrase.code != SHOWN && !ids.contains(&phrase.code));
    let unknown: Vec<String> = unknown
        .map(|phrase| format!("{} ({})", phrase.code, phrase.says))
        .collect();
    if !unknown.is_empty() {
        fail!("no such code: {}", unknown.join(", "));
    }
    Ok(())
}

/// Each phrase must have a test that ran and passed.
pub fn every_phrase_has_a_passing_test(workspace: &Workspace, cases: &Cases) -> Done {
    let phrases = phrases(workspace)?;
    let untested = phrases
        .iter()
        .filter(|phrase| !cases.passed.contains(&phrase.test));
    let untested: Vec<String> = untested
        .map(|phrase| format!("{}: {}", phrase.says, phrase.test))
        .collect();
    if !untested.is_empty() {
        fail!(
            "bad input without a passing test:\n  {}",
            untested.join("\n  ")
        );
    }
    println!("{} bad inputs, each with a passing test", phrases.len());
    Ok(())
}

fn phrases(workspace: &Workspace) -> Result<Vec<Phrase>, Failure> {
    let list = entries(workspace, "tests/bad_input.toml", "phrase")?;
    list.iter()
        .map(|entry| {
            Ok(Phrase {
                says: entry.text("says")?,
                code: entry.text("code")?,
                test: entry.text("test")?,
            })
        })
        .collect()
}
