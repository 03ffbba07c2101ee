//! Which tests are run, in which company, and which do not apply (`plans.toml`).

use super::plan::Section;
use super::values::local;
use crate::fail;
use crate::failure::{Done, Failure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The table that comes with the runner.
const TABLE: &str = include_str!("plans.toml");

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What shows whether the runner sees a defect.
    pub sample: Group,
    /// What is run, in this order.
    pub group: Vec<Group>,
    /// What is not, and why.
    pub not_applicable: Vec<NotApplicable>,
    /// What stays a fail, with what it contradicts.
    #[serde(default)]
    pub contradiction: Vec<NotApplicable>,
    /// Values that the toolkit takes from its page: test, section, symbol, test of the patient.
    #[serde(default)]
    pub given: Vec<[String; 4]>,
    /// Sections whose test data are of the second of two communities, where there are two.
    #[serde(default)]
    pub second: Vec<[String; 2]>,
    /// Sections for which the toolkit's page asks for another patient: test, section.
    #[serde(default)]
    pub other_patient: Vec<[String; 2]>,
}

/// Tests of one actor and option.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its heading.
    pub title: String,
    /// What every one of its sessions begins with.
    #[serde(default)]
    pub before: Vec<String>,
    /// Whether one session serves all: its tests only read what stands before.
    #[serde(default)]
    pub together: bool,
    /// Whether the node is an initiating gateway, and test data lie in two other communities.
    #[serde(default)]
    pub company: bool,
    /// Somebody whom the plans ask for by name: PID-5, PID-7, PID-8.
    pub person: Option<[String; 3]>,
    /// Its tests.
    pub tests: Vec<String>,
}

/// Tests that say nothing about this node.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// The tests; with `*` at the end, all that begin so.
    pub tests: Vec<String>,
    /// The section, where it is not the whole test.
    #[serde(default)]
    pub section: String,
    /// The reason.
    pub why: String,
}

impl NotApplicable {
    /// Whether a section of a test is meant.
    #[must_use]
    pub fn means(&self, test: &str, section: &str) -> bool {
        let named = self.tests.iter().any(|name| match name.strip_suffix('*') {
            Some(begin) => test.starts_with(begin),
            None => test == name,
        });
        named && (self.section.is_empty() || self.section == section)
    }
}

/// Tests that share patients and values.
#[derive(Debug)]
pub struct Session {
    /// Its name: patients begin with it.
    pub name: String,
    /// Test and section, in their order.
    pub sections: Vec<(String, String)>,
    /// [`Group::person`].
    pub person: Option<[String; 3]>,
    /// [`Table::given`].
    pub given: Vec<[String; 4]>,
    /// [`Table::other_patient`].
    pub others: Vec<[String; 2]>,
    /// [`Table::second`], where the node is an initiating gateway.
    pub second: Option<Vec<[String; 2]>>,
}

/// Every test of the toolkit: its title and sections.
pub type Index = BTreeMap<String, (String, Vec<String>)>;

impl Table {
    /// Reads the table.
    ///
    /// # Errors
    /// Where it is wrong; a test keeps it right.
    pub fn read() -> Done<Self> {
        toml::from_str(TABLE).map_err(|error| Failure::io("plans.toml", &error))
    }

    /// Why a section is not run, where it is not.
    #[must_use]
    pub fn not_run(&self, test: &str, section: &str) -> Option<&str> {
        let found = self.not_applicable.iter().find(|n| n.means(test, section));
        found.map(|n| n.why.as_str())
    }

    /// The sessions of a group.
    ///
    /// # Errors
    /// Where the toolkit does not have one of its tests.
    pub fn sessions(&self, group: &Group, number: usize, index: &Index) -> Done<Vec<Session>> {
        let companies: Vec<Vec<&String>> = match group.together {
            true => vec![group.before.iter().chain(&group.tests).collect()],
            false => {
                let each = group.tests.iter();
                each.map(|test| group.before.iter().chain([test]).collect())
                    .collect()
            }
        };
        let mut sessions = Vec::new();
        for (at, tests) in companies.into_iter().enumerate() {
            let mut sections = Vec::new();
            for test in tests {
                let Some((_, names)) = index.get(test) else {
                    fail!("the toolkit has no test {test}")
                };
                let run = names
                    .iter()
                    .filter(|name| self.not_run(test, name).is_none());
                sections.extend(run.map(|name| (test.clone(), name.clone())));
            }
            sessions.push(Session {
                name: format!("P{number}-{at}"),
                sections,
                person: group.person.clone(),
                given: self.given.clone(),
                others: self.other_patient.clone(),
                second: group.company.then(|| self.second.clone()),
            });
        }
        Ok(sessions)
    }
}

impl Session {
    /// The local ids of every patient that the session speaks of.
    ///
    /// # Errors
    /// Where a plan cannot be read.
    pub fn patients(&self, kit: &Path) -> Done<BTreeSet<String>> {
        let mut tests = BTreeSet::from(["15817".to_owned()]);
        tests.extend(self.given.iter().map(|[_, _, _, of]| of.clone()));
        for (test, name) in &self.sections {
            tests.insert(test.clone());
            tests.insert(format!("{test}-{name}"));
            for step in &Section::read(kit, test, name)?.steps {
                let named = step.transaction.inner.iter();
                let named = named.filter_map(|used| used.get("test"));
                tests.extend(named.map(str::to_owned));
            }
        }
        Ok(tests.iter().map(|test| local(&self.name, test)).collect())
    }
}

/// Reads the index that was made of the toolkit.
///
/// # Errors
/// Where it is not what it should be.
pub fn index(kit: &Path) -> Done<Index> {
    let path = kit.join("nist-testkit-index.json");
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|error| Failure::io(path.display(), &error))?;
    #[derive(Deserialize)]
    struct Entry {
        test: String,
        #[serde(default)]
        title: String,
        #[serde(default, rename = "sectionOrder")]
        sections: Vec<String>,
        #[serde(default)]
        steps: Vec<Ran>,
    }
    #[derive(Deserialize)]
    struct Ran {
        #[serde(default)]
        section: String,
    }
    let entries: Vec<Entry> =
        serde_json::from_str(&text).map_err(|error| Failure::io(path.display(), &error))?;
    let read = entries.into_iter().map(|entry| {
        let mut sections = entry.sections;
        if sections.is_empty() {
            for step in entry.steps {
                if !sections.contains(&step.section) {
                    sections.push(step.section);
                }
            }
        }
        (entry.test, (entry.title, sections))
    });
    Ok(read.collect())
}
