//! The browser tier: `tests/browser/*.mjs` in Debian's Chromium against a node of their own.

use super::Session;
use crate::failure::{Done, Failure, fail};
use crate::process::follow;
use crate::{assets, demo, setup};

/// Runs every browser test against a freshly generated demo.
pub fn run(session: &mut Session) -> Done {
    setup::ensure(&[setup::CHROMIUM, setup::FONTS, setup::POPPLER])?;
    setup::ensure(&[setup::OPENSSL, setup::NSS])?;
    // Without them the portal is built without style and script.
    assets::run(session.workspace, &[])?;
    let workspace = session.workspace;
    let tests: Vec<_> = workspace
        .files(&[".test.mjs"])?
        .into_iter()
        .filter(|path| path.starts_with("tests/browser"))
        .collect();
    if tests.is_empty() {
        fail!("no browser tests");
    }
    let artefacts = workspace.artefacts();
    std::fs::create_dir_all(&artefacts)
        .map_err(|error| Failure::io(artefacts.display(), &error))?;
    let community = demo::Community::for_tests(workspace)?;
    let network = demo::Network::for_tests(workspace)?;
    let mut node = workspace.command("node");
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1"])
        .args(tests);
    node.env("TASUKI_PORTAL", community.address())
        .env("TASUKI_NETWORK", network.address())
        .env("TASUKI_BINARY", workspace.target.join("debug/tasuki"))
        .env("TASUKI_LAST", network.last().0)
        .env("TASUKI_LAST_PROCESS", network.last().1.to_string())
        .env("TASUKI_ARTEFACTS", &artefacts)
        .env("TASUKI_STORAGES", community.storages());
    let cases = &mut session.cases;
    let ended_well = follow(&node, |line| {
        if let Some((name, passed)) = tap(line) {
            cases.note(name, passed);
        }
    })?;
    if !ended_well
        && !cases
            .failed
            .iter()
            .any(|name| name.starts_with("browser::"))
    {
        fail!("node --test did not end well");
    }
    Ok(())
}

/// A line of TAP, as `node --test` prints it: `ok 3 - calendar.mjs: opens a day`.
fn tap(line: &str) -> Option<(String, bool)> {
    let line = line.trim_start();
    let (passed, rest) = match line.strip_prefix("ok ") {
        Some(rest) => (true, rest),
        None => (false, line.strip_prefix("not ok ")?),
    };
    let (_, name) = rest.split_once(" - ")?;
    Some((format!("browser::{name}"), passed))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_of_the_runner_is_read() {
        let failed = Some(("browser::opens a day".to_owned(), false));
        assert_eq!(super::tap("not ok 2 - opens a day"), failed);
        assert_eq!(super::tap("# Subtest: opens a day"), None);
    }
}
