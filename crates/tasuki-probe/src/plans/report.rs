//! `docs/conformance/plans.md`: every test and section of the toolkit with what was found, and the
//! same read back, so that what once passed has to go on passing.

use super::session::Finding;
use super::suite::{Index, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The whole of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// What was found, by heading.
    pub groups: Vec<(String, Vec<Finding>)>,
    /// Bodies that are valid by their schemas.
    pub valid: usize,
    /// What the schemas say against the others.
    pub against: Vec<String>,
}

const HEAD: &str = "# The plans of the NIST XDS toolkit\n\n\
Written by `cargo xtask conformance`; do not edit. What it means stands in \
[conformance.md](../conformance.md).\n\n\
A node is made and served by the binary of this commit, with TLS certificates on both sides, the \
policy as it ships and the toolkit's own codes. Each plan's messages go to it step by step; expected \
status, error code, contents and assertions are those of the plan. Answers are read as raw XML by a \
runner that has none of Tasuki's code; XPath and schemas are judged by `xmllint`. A step that it \
cannot judge is a fail.\n\n\
Stand-ins: the patients' feed (ITI-8) is the runner's, and their facility has disclosed them; the \
token service is `xmlsec1` with a key of the run; the toolkit's affinity domain has its \
confidentiality codes as ordinary ones (its plans expect every document to be found), which is a \
table of that domain and no policy of ours; documents that were not collected with the plans (PDF, \
images) are replaced by other bytes. For the Initiating Gateway two more nodes of the same binary \
stand in for the toolkit's responding gateways, the first of them also as the patient index of the \
network; in front of each a proxy keeps what the node under test sends on, which has to be of the \
right transaction, community, return type and schema, and answers with an error where plan 15814 \
wants one. What those plans tell an operator to send to others (12300, 12306 to 12308) is asked of \
the node by a system of its own.\n\n\
Repairs to the plans: the birth in month 97 of plan 15500 is a day (19841107); plan 12308 uses a \
repository and a uniqueId that nothing in it says, which are those of its test data.\n\n";

impl Report {
    /// How many sections pass, and how many there are.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let all = self.groups.iter().flat_map(|(_, findings)| findings);
        let (passed, failed): (Vec<_>, Vec<_>) = all.partition(|f| f.wrong.is_empty());
        (passed.len(), passed.len() + failed.len())
    }

    /// The file.
    #[must_use]
    pub fn markdown(&self, table: &Table, index: &Index) -> String {
        let (passed, all) = self.count();
        let mut out = HEAD.to_owned();
        let _ = writeln!(
            out,
            "Sections that pass: {passed} of {all}. Bodies valid by the published schemas: {} of {}.\n",
            self.valid,
            self.valid + self.against.len()
        );
        let mut ran = BTreeSet::new();
        for (title, findings) in &self.groups {
            let good = findings.iter().filter(|f| f.wrong.is_empty()).count();
            let _ = writeln!(
                out,
                "## {title}\n\n{good} of {} sections pass.\n",
                findings.len()
            );
            out.push_str("| test | section | steps | result |\n|---|---|---|---|\n");
            for finding in findings {
                let Finding {
                    test,
                    section,
                    steps,
                    wrong,
                } = finding;
                ran.insert((test.clone(), section.clone()));
                let contradicts = table.contradiction.iter().find(|c| c.means(test, section));
                let said = match (wrong.first(), contradicts) {
                    (None, _) => "pass".to_owned(),
                    (Some(_), Some(known)) => format!("fail, and stays one: {}", known.why),
                    (Some(wrong), None) => format!("fail: {}", cell(wrong)),
                };
                let _ = writeln!(out, "| {test} | {section} | {steps} | {said} |");
            }
            out.push('\n');
        }
        out.push_str("## Not applicable, or not run\n\n| test | sections | why |\n|---|---|---|\n");
        for (test, (_, sections)) in index {
            let mut by_why: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for section in sections {
                if !ran.contains(&(test.clone(), section.clone())) {
                    let why = table.not_run(test, section).unwrap_or("not run yet");
                    by_why.entry(why).or_default().push(section);
                }
            }
            if sections.is_empty() {
                by_why.insert("no section: nothing is sent", Vec::new());
            }
            for (why, names) in by_why {
                let _ = writeln!(out, "| {test} | {} | {why} |", names.join(", "));
            }
        }
        out
    }

    /// Sections that pass in a file that was written before and do not pass now.
    #[must_use]
    pub fn lost(&self, before: &str) -> Vec<String> {
        let passed: BTreeSet<(&str, &str)> = before
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('|').map(str::trim).skip(1);
                let (test, section) = (cells.next()?, cells.next()?);
                (cells.nth(1)? == "pass").then_some((test, section))
            })
            .collect();
        let now = self.groups.iter().flat_map(|(_, findings)| findings);
        let now: BTreeSet<(&str, &str)> = now
            .filter(|f| f.wrong.is_empty())
            .map(|f| (f.test.as_str(), f.section.as_str()))
            .collect();
        let lost = passed.difference(&now);
        lost.map(|(test, section)| format!("{test}/{section}"))
            .collect()
    }
}

/// What is wrong, in one cell and without the ids of one run.
fn cell(wrong: &str) -> String {
    let one: String = wrong.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = one.chars().take(240).collect();
    short.replace('|', "/").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::{Finding, Report};

    #[test]
    fn what_passed_and_passes_no_more_is_named() {
        let finding = |section: &str, wrong: &[&str]| Finding {
            test: "1".to_owned(),
            section: section.to_owned(),
            steps: 1,
            wrong: wrong.iter().map(ToString::to_string).collect(),
        };
        let findings = vec![finding("a", &[]), finding("b", &["x"])];
        let report = Report {
            groups: vec![("g".to_owned(), findings)],
            valid: 0,
            against: Vec::new(),
        };
        let before = "| 1 | a | 1 | pass |\n| 1 | b | 2 | pass |\n| 1 | c | 1 | fail: y |\n";
        assert_eq!(report.lost(before), ["1/b"]);
        assert_eq!(report.count(), (1, 2));
    }
}
