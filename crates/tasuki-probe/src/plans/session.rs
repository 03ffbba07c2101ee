//! One session: tests that build on each other, their sections in the order of the toolkit's index.

use super::plan::{Section, Step};
use super::suite::Session;
use super::transactions;
use super::values::{LOG, Patients, Place, Values};
use super::{company, send, verdict};
use crate::failure::{Done, Failure};
use crate::node::home;
use crate::soap::{Answer, Request};
use crate::token::Variant;
use crate::xpath;
use std::path::Path;
use std::time::Duration;

/// Longest wait that a plan may ask for.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Who sends a message.
#[derive(Debug, Clone, Copy)]
pub struct From {
    /// Another community, and not a system of the node's own.
    pub other: bool,
    /// How its assertion is.
    pub assertion: Variant,
    /// Whether the answer is to come to an address of its own (`ASync`).
    pub elsewhere: bool,
    /// To whom: the node under test (0), or one of the communities beside it.
    pub to: usize,
}

/// How messages get to the node under test.
pub trait Wire: Patients {
    /// Sends one and waits for its answer.
    ///
    /// # Errors
    /// Where there is none that can be read.
    fn ask(&mut self, request: &Request, from: From) -> Done<Answer>;

    /// Tells that a patient's link has changed (ITI-64): patient and local ID from now on; patient
    /// and, where one is merged, local ID until now.
    ///
    /// # Errors
    /// Where the node does not take it.
    fn relink(&mut self, now: [&str; 2], until_now: [Option<&str>; 2]) -> Done;
    /// What the node under test has sent to the communities beside it since this was last asked:
    /// home community id and envelope.
    fn forwarded(&mut self) -> Vec<(String, String)>;

    /// Whether the first community beside it answers queries with an error.
    fn first_fails(&mut self, fails: bool);
}

/// What was found of one section.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The test.
    pub test: String,
    /// The section.
    pub section: String,
    /// Steps that were judged.
    pub steps: usize,
    /// What is wrong; nothing where it passes.
    pub wrong: Vec<String>,
}

/// Runs a session; `answers` takes every body that was answered.
pub fn run(
    kit: &Path,
    session: &Session,
    wire: &mut dyn Wire,
    answers: &mut dyn FnMut(&str, &str),
) -> Vec<Finding> {
    let mut running = Running {
        values: Values::new(&session.name, &session.given),
        session,
        wire,
        answers,
        log: String::new(),
    };
    let sections = session.sections.iter();
    sections
        .map(|(test, name)| running.section(kit, test, name))
        .collect()
}

struct Running<'a> {
    values: Values,
    session: &'a Session,
    wire: &'a mut dyn Wire,
    answers: &'a mut dyn FnMut(&str, &str),
    /// The toolkit's log of the section so far: what assertions are over.
    log: String,
}

impl Running<'_> {
    fn section(&mut self, kit: &Path, test: &str, name: &str) -> Finding {
        let mut finding = Finding {
            test: test.to_owned(),
            section: name.to_owned(),
            steps: 0,
            wrong: Vec::new(),
        };
        self.log.clear();
        let section = match Section::read(kit, test, name) {
            Ok(section) => section,
            Err(Failure(why)) => {
                finding.wrong.push(why);
                return finding;
            }
        };
        let key = [test.to_owned(), name.to_owned()];
        // Where two communities have documents, it is of one patient (15810).
        let shared = self.session.second.as_ref();
        let shared = shared.is_some_and(|second| second.contains(&key) && name == "onedoc3");
        if self.session.others.contains(&key) && !shared {
            self.values.renew(&section);
        }
        for step in &section.steps {
            let wrong = self.step(&section, step);
            let wrong = wrong.unwrap_or_else(|Failure(why)| vec![why]);
            let said = wrong
                .into_iter()
                .map(|wrong| format!("{}: {wrong}", step.id));
            finding.wrong.extend(said);
            finding.steps += 1;
        }
        let whole = (test.to_owned(), name.to_owned(), String::new());
        self.values.leave(&whole, LOG, &self.log);
        if finding.steps == 0 {
            finding.wrong.push("a plan without a step".to_owned());
        }
        finding
    }

    fn step(&mut self, section: &Section, step: &Step) -> Done<Vec<String>> {
        let place = (section.test.clone(), section.name.clone(), step.id.clone());
        let mut wrong = verdict::unknown(&step.transaction);
        let mut symbols = self.values.symbols(section, step, self.wire)?;
        if self.session.second.is_some() {
            company::prepare(self.wire, section, &mut symbols);
        }
        match step.transaction.name.as_str() {
            "NullTransaction" => {}
            "NewPatientId" => self.values.renew(section),
            "PatientIdentityFeedTransaction" => {
                // A patient of the section's own, where the plan wants a new one.
                let new = step.transaction.first("CreateNewPatientId").is_some();
                let of = match new {
                    true => format!("{}-{}", section.test, section.name),
                    false => section.test.clone(),
                };
                let patient = self.values.patient(&of, self.wire)?;
                self.values.leave(&place, "$patientid$", &patient);
            }
            "PatientMoveTransaction" => wrong.extend(self.relink(step, &place, &symbols)?),
            _ => wrong.extend(self.exchange(section, step, &place, &symbols)?),
        }
        wrong.extend(verdict::assertions(step, &symbols, &self.log)?);
        Ok(wrong)
    }

    /// A link change; the node takes it or does not, as the step expects.
    fn relink(
        &mut self,
        step: &Step,
        place: &Place,
        symbols: &[(String, String)],
    ) -> Done<Vec<String>> {
        let of = |name: &str| {
            let mut found = symbols.iter().filter(|(symbol, _)| symbol == name);
            found.next().map(|(_, value)| value.as_str())
        };
        let need = |name| of(name).ok_or_else(|| Failure(format!("no {name}")));
        let patient = need("$NewXADPID$")?;
        let now = [patient, need("$NewLocalPID$")?];
        let until_now = [Some(need("$OldXADPID$")?), of("$OldLocalPID$")];
        // What the toolkit calls the patient of such a step.
        self.values.leave(place, "$patientid$", patient);
        let told = self.wire.relink(now, until_now);
        Ok(match (told, step.status.as_str()) {
            (Ok(()), "Success") | (Err(_), "Failure") => Vec::new(),
            (Ok(()), status) => vec![format!("{status} expected: it was taken")],
            (Err(Failure(why)), status) => vec![format!("{status} expected: {why}")],
        })
    }

    fn exchange(
        &mut self,
        section: &Section,
        step: &Step,
        place: &Place,
        symbols: &[(String, String)],
    ) -> Done<Vec<String>> {
        let kind = &step.transaction.name;
        let initiating = self.session.second.is_some();
        let transaction = match initiating {
            true => transactions::initiated(kind),
            false => transactions::find(kind),
        };
        let unknown = || Failure(format!("{kind} cannot be sent"));
        let transaction = transaction.ok_or_else(unknown)?;
        if let Some(wait) = step.transaction.first("WaitBefore") {
            let wait = Duration::from_millis(wait.text.parse().unwrap_or_default());
            std::thread::sleep(wait.min(WAIT_MAX));
        }
        let (request, metadata) = send::request(
            transaction,
            &mut self.values,
            (section, step),
            symbols,
            self.wire,
        )?;
        let from = From {
            other: transaction.other,
            assertion: match step.status.as_str() {
                // What is to be refused is refused for its assertion; to see what came of it, the
                // plans ask as somebody who may.
                "Fault" => Variant::of(&section.test),
                _ => Variant::of(&section.test).or_valid(),
            },
            elsewhere: step.transaction.first("ASync").is_some(),
            to: company::place(self.session, section, step),
        };
        let mut forwarded = Vec::new();
        let answer = self.wire.ask(&request, from)?;
        if initiating && from.to == 0 {
            let asked = (request.body.as_str(), step.status.as_str());
            forwarded = company::judge(self.wire, asked, &answer, self.answers)?;
        }
        let id = &step.id;
        (self.answers)(&format!("{}-{}-{id}", place.0, place.1), &answer.body);
        self.log.push_str(&format!(
            "<TestStep id='{id}'><{kind} step='{id}'><InputMetadata>{metadata}</InputMetadata>\
             <Result>{}</Result></{kind}></TestStep>",
            answer.body
        ));
        self.reports(step, place, &metadata, &answer.body)?;
        self.values.leave(place, "$answer$", &answer.body);
        self.values.leave(
            place,
            "$testdata_home$",
            &format!("urn:oid:{}", home(from.to)),
        );
        self.values
            .leave(place, "$testdata_repid$", &format!("{}.1", home(from.to)));
        let known = self.described(section, step)?;
        let mut step = step.clone();
        step.transaction = self
            .values
            .resolved(section, &step.transaction, self.wire)?;
        let mut wrong = verdict::judge(section, &step, &answer, symbols, known.as_deref())?;
        // ITI TF-2 3.41.4.2: a message with attachments is answered by one.
        let related = answer.content_type.starts_with("multipart/related");
        if request.parts.is_some() && !answer.fault && !related {
            wrong.push("a plain answer to a message with attachments".to_owned());
        }
        wrong.extend(forwarded);
        Ok(wrong)
    }

    /// The answer whose entries describe the documents of a step, where it names one.
    fn described(&self, section: &Section, step: &Step) -> Done<Option<String>> {
        let known = step.transaction.first("ReferenceMetadata").map(|known| {
            let folder = known.get("testdir").unwrap_or_default();
            let name = folder.rsplit('/').next().unwrap_or_default();
            let test = folder.rsplit('/').nth(1).filter(|t| *t != "..");
            let test = test.unwrap_or(&section.test).to_owned();
            let step = known.get("step").unwrap_or_default().to_owned();
            let place = (test, name.to_owned(), step);
            let found = self.values.get(&place, "$answer$").map(str::to_owned);
            found.ok_or_else(|| Failure(format!("{}: was not asked", place.1)))
        });
        known.transpose()
    }

    /// What later steps use of this one.
    fn reports(&mut self, step: &Step, place: &Place, input: &str, result: &str) -> Done {
        for (part, document) in [("InputMetadata", input), ("Result", result)] {
            let of = step.transaction.all("Report").filter(|report| {
                let section = report.get("section").unwrap_or("Result");
                section == part
            });
            let reports: Vec<(String, String)> = of
                .map(|r| (r.get("name").unwrap_or_default().to_owned(), r.text.clone()))
                .collect();
            let expressions: Vec<String> = reports.iter().map(|(_, e)| e.clone()).collect();
            let found = xpath::strings(document, &expressions)?;
            for ((name, _), value) in reports.into_iter().zip(found) {
                self.values.leave(place, name, value.trim());
            }
        }
        Ok(())
    }
}
