//! What a session remembers: ids that were assigned, reports of earlier steps, and its patients.

use super::plan::{Section, Step, Tag};
use crate::failure::{Done, Failure};
use crate::node::FACILITY_AUTHORITY;
use crate::xpath;
use std::collections::HashMap;

/// Under this name a section leaves its log, for no step of it.
pub const LOG: &str = "$log$";

const REPOSITORY: &str = "//*[local-name()='Slot'][@name='repositoryUniqueId']\
    /*[local-name()='ValueList']/*[local-name()='Value']";

/// Where a value was left: test, section, step.
pub type Place = (String, String, String);

/// A patient that is registered when it is first spoken of.
pub trait Patients {
    /// Registers the patient of a local id.
    ///
    /// # Errors
    /// Where the node does not take it.
    fn register(&mut self, local: &str) -> Done;
}

/// The values of one session.
#[derive(Debug, Default)]
pub struct Values {
    session: String,
    /// Whose the submissions are that name no patient.
    current: String,
    left: HashMap<(Place, String), String>,
    given: Vec<(String, String, String, String)>,
}

impl Values {
    /// Those of a session of this name; `given` are parameters of the toolkit's page: test, section,
    /// symbol, and the test whose patient it is.
    #[must_use]
    pub fn new(session: &str, given: &[[String; 4]]) -> Self {
        let given = given.iter().cloned();
        Self {
            session: session.to_owned(),
            current: "15817".to_owned(),
            left: HashMap::new(),
            given: given.map(|[a, b, c, d]| (a, b, c, d)).collect(),
        }
    }

    /// Leaves a value.
    pub fn leave(&mut self, place: &Place, name: impl Into<String>, value: &str) {
        self.left
            .insert((place.clone(), name.into()), value.to_owned());
    }

    /// A value that was left.
    #[must_use]
    pub fn get(&self, place: &Place, name: &str) -> Option<&str> {
        let found = self.left.get(&(place.clone(), name.to_owned()));
        found.map(String::as_str)
    }

    /// The patient of a test in this session, as `DocumentEntry.patientId` has it.
    ///
    /// # Errors
    /// Where the node does not take its feed.
    pub fn patient(&self, test: &str, patients: &mut dyn Patients) -> Done<String> {
        let local = local(&self.session, test);
        patients.register(&local)?;
        Ok(format!("{local}^^^&{FACILITY_AUTHORITY}&ISO"))
    }

    /// The patient of submissions that name none.
    ///
    /// # Errors
    /// As [`Values::patient`].
    pub fn current(&self, patients: &mut dyn Patients) -> Done<String> {
        self.patient(&self.current, patients)
    }

    /// From here on that is another: one of a section's own.
    pub fn renew(&mut self, section: &Section) {
        self.current = format!("{}-{}", section.test, section.name);
    }

    /// The symbols of a step and what stands for them.
    ///
    /// # Errors
    /// Where one was never left.
    pub fn symbols(
        &self,
        section: &Section,
        step: &Step,
        patients: &mut dyn Patients,
    ) -> Done<Vec<(String, String)>> {
        let mut symbols = Vec::new();
        for (test, name, symbol, of) in &self.given {
            if *test == section.test && *name == section.name {
                symbols.push((symbol.clone(), self.patient(of, patients)?));
            }
        }
        for used in &step.transaction.inner {
            let found = match used.name.as_str() {
                "UseId" | "UseRepositoryUniqueId" => self.used_id(section, used, patients)?,
                "UseReport" => self.used_report(section, used, patients)?,
                "UseXPath" => self.used_xpath(section, used)?,
                _ => continue,
            };
            symbols.push(found);
        }
        // What a plan does not say is the patient of the session.
        symbols.push(("$patientid$".to_owned(), self.current(patients)?));
        // The longer ones first: one symbol may begin as another does.
        symbols.sort_by_key(|(symbol, _)| std::cmp::Reverse(symbol.len()));
        Ok(symbols)
    }

    /// A part of a plan with the ids that it uses in the place of its `UseId`.
    ///
    /// # Errors
    /// Where one was never left.
    pub fn resolved(&self, section: &Section, tag: &Tag, patients: &mut dyn Patients) -> Done<Tag> {
        let mut resolved = tag.clone();
        if tag.name == "UseId" {
            resolved.text = self.used_id(section, tag, patients)?.1;
        }
        for inner in &mut resolved.inner {
            *inner = self.resolved(section, inner, patients)?;
        }
        Ok(resolved)
    }

    fn used_id(
        &self,
        section: &Section,
        used: &Tag,
        patients: &mut dyn Patients,
    ) -> Done<(String, String)> {
        let place = named(section, used.get("testdir"), used.need("step")?);
        let part = used.get("section").unwrap_or("repositoryUniqueId");
        let name = format!("{part}:{}", used.need("id")?);
        let value = match self.get(&place, &name) {
            Some(value) => value.to_owned(),
            // Of an entry that was answered: the first of the answer that is named.
            None if part == "repositoryUniqueId" => {
                let answer = self.get(&place, "$answer$");
                let answer = answer.ok_or_else(|| never(&name, &place))?;
                let found = xpath::strings(answer, &[REPOSITORY.to_owned()])?;
                found
                    .into_iter()
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_owned()
            }
            None if part == "AssignedPatientId" => self.patient(&place.0, patients)?,
            None => return Err(never(&name, &place)),
        };
        Ok((used.need("symbol")?.to_owned(), value))
    }

    /// A value out of the log of another section.
    fn used_xpath(&self, section: &Section, used: &Tag) -> Done<(String, String)> {
        let (test, name, _) = named(section, used.get("testdir"), used.need("step")?);
        let place = (test, name, String::new());
        let log = self.get(&place, LOG);
        let log = log.ok_or_else(|| never(LOG, &place))?;
        let document = format!("<TestResults>{log}</TestResults>");
        let found = xpath::strings(&document, std::slice::from_ref(&used.text))?;
        let value = found.first().map(|value| value.trim().to_owned());
        Ok((used.need("symbol")?.to_owned(), value.unwrap_or_default()))
    }

    fn used_report(
        &self,
        section: &Section,
        used: &Tag,
        patients: &mut dyn Patients,
    ) -> Done<(String, String)> {
        let name = used.need("reportName")?;
        let part = match used.need("section")? {
            "THIS" => &section.name,
            part => part,
        };
        let test = used.get("test").unwrap_or(&section.test);
        let place = (
            test.to_owned(),
            part.to_owned(),
            used.need("step")?.to_owned(),
        );
        let value = match self.get(&place, name) {
            Some(value) => value.to_owned(),
            None if name == "$patientid$" => {
                let of = used.get("test").unwrap_or("15817");
                self.patient(of, patients)?
            }
            None => return Err(never(name, &place)),
        };
        Ok((used.need("useAs")?.to_owned(), value))
    }
}

fn never(name: &str, (test, section, step): &Place) -> Failure {
    Failure(format!("{test}/{section}/{step} left no {name}"))
}

/// The local id of a test's patient in a session. A session has one patient for register and query
/// tests, whichever feed it was told by.
#[must_use]
pub fn local(session: &str, test: &str) -> String {
    let test = match test {
        "15818" | "11890" => "15817",
        // What the toolkit calls the patient of a single document in the first community.
        "15824" => "15807-onedoc1",
        test => test,
    };
    format!("{session}-{test}")
}

fn named(section: &Section, folder: Option<&str>, step: &str) -> Place {
    let parts = folder.unwrap_or_default().split('/');
    let mut parts: Vec<&str> = parts.filter(|p| *p != ".." && !p.is_empty()).collect();
    let last = parts.pop().unwrap_or(&section.name);
    let test = parts.pop();
    // Older plans name a test alone; its section is called as the step.
    if test.is_none() && last.len() == 5 && last.bytes().all(|b| b.is_ascii_digit()) {
        return (last.to_owned(), step.to_owned(), step.to_owned());
    }
    let test = test.unwrap_or(&section.test).to_owned();
    (test, last.to_owned(), step.to_owned())
}
