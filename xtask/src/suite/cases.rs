//! Test cases by name, read off what the runners print.
//!
//! A case is named `package::module::test` (unit), `package::it::module::test` (integration),
//! `doc::…` (documentation) or `browser::…`.

use std::collections::BTreeSet;

/// The cases of a run.
#[derive(Default)]
pub struct Cases {
    /// Those that passed.
    pub passed: BTreeSet<String>,
    /// Those that did not, whatever the reason.
    pub failed: BTreeSet<String>,
}

impl Cases {
    /// Notes one case. A case that failed once has failed.
    pub fn note(&mut self, name: String, passed: bool) {
        if passed && !self.failed.contains(&name) {
            self.passed.insert(name);
        } else {
            self.passed.remove(&name);
            self.failed.insert(name);
        }
    }

    /// How many passed cases belong to a package.
    pub fn of(&self, package: &str) -> usize {
        let prefix = format!("{package}::");
        self.passed
            .iter()
            .filter(|name| name.starts_with(&prefix))
            .count()
    }
}

/// A line of nextest: `PASS [ 0.004s] ( 1/20) tasuki-wire::it names::a_path_is_read`.
pub fn nextest(line: &str) -> Option<(String, bool)> {
    let (status, rest) = line.trim_start().split_once('[')?;
    let status = status.trim();
    let passed = matches!(status, "PASS" | "LEAK");
    if !passed
        && !matches!(status, "FAIL" | "TIMEOUT" | "ABORT" | "LEAK-FAIL")
        && !status.starts_with("SIG")
    {
        return None;
    }
    let mut words = rest.split_once(']')?.1.split_whitespace().rev();
    let (test, binary) = (words.next()?, words.next()?);
    Some((
        format!("{}::{test}", binary.replace("::bin/", "::")),
        passed,
    ))
}

/// A line of libtest, as `cargo test` prints it: `test names::a_path_is_read ... ok`.
pub fn libtest(line: &str) -> Option<(&str, bool)> {
    let (name, result) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    match result.split_whitespace().next() {
        Some("ok") => Some((name, true)),
        Some("FAILED") => Some((name, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cases, libtest, nextest};

    #[test]
    fn lines_of_the_runners_are_read() {
        let line = "        PASS [   0.004s] ( 1/20) tasuki-wire::it names::a_path_is_read";
        assert_eq!(
            nextest(line),
            Some(("tasuki-wire::it::names::a_path_is_read".to_owned(), true))
        );
        let line = "     SIGABRT [   0.004s] tasuki-core codes::tests::x";
        assert_eq!(
            nextest(line),
            Some(("tasuki-core::codes::tests::x".to_owned(), false))
        );
        assert_eq!(
            nextest("     Summary [   0.1s] 3 tests run: 3 passed, 0 skipped"),
            None
        );
        assert_eq!(
            libtest("test codes::tests::x ... FAILED"),
            Some(("codes::tests::x", false))
        );
        assert_eq!(libtest("test result: ok. 3 passed"), None);
    }

    #[test]
    fn a_case_that_failed_once_has_failed() {
        let mut cases = Cases::default();
        cases.note("a::x".to_owned(), false);
        cases.note("a::x".to_owned(), true);
        cases.note("a::y".to_owned(), true);
        assert_eq!((cases.of("a"), cases.failed.len()), (1, 1));
    }
}
