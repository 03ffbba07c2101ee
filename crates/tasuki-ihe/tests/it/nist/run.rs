//! Runs the steps of plans: fills in what the toolkit fills in, sends, judges.

use super::contents;
use super::plan::{Section, Step, sections};
use crate::soap::{Sent, post};
use crate::world::{World, facility};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_model::LocalPatientId;
use tasuki_wire::ebrim::{QueryResponse, RegistryResponse, RetrieveResponse};
use tasuki_wire::xml::{Document, Element};

pub fn shared(path: &str) -> PathBuf {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.join(path)
}

/// The authority of the patients' ids: that of a facility.
pub const AUTHORITY: &str = "1.2.3.4.5.1000";

/// Where a value was left: test, section, step.
pub type Place = (String, String, String);

pub struct Run {
    world: World,
    /// Values by place and name: ids that were assigned, and reports.
    values: HashMap<(Place, String), String>,
    ids: u128,
    pub judged: usize,
    /// Every body that was answered.
    pub answers: Vec<String>,
    pub failures: Vec<String>,
}

/// What one step sent and got.
struct Exchanged {
    input: String,
    result: Element,
    text: String,
}

impl Run {
    pub fn new() -> Self {
        Self {
            world: World::for_plans(),
            values: HashMap::new(),
            ids: 0,
            judged: 0,
            answers: Vec::new(),
            failures: Vec::new(),
        }
    }

    pub fn test(&mut self, test: &str) {
        self.register(test);
        for section in sections(test) {
            let mut log = String::new();
            for step in &section.steps {
                self.step(&section, step, &mut log);
            }
        }
    }

    /// The patient of a test: registered and disclosed.
    pub fn register(&self, test: &str) -> String {
        // A session has one patient, whichever feed it was told by.
        let test = if test == "15818" { "15817" } else { test };
        let id = LocalPatientId::new(&format!("P{test}")).unwrap();
        let store = &self.world.store;
        store
            .writing(|tx| {
                let key = tx.ensure_registration(&facility("thousand"), &id)?;
                tx.set_disclosed(&key, true)
            })
            .unwrap();
        format!("{id}^^^&{AUTHORITY}&ISO")
    }

    pub fn fresh(&mut self) -> u128 {
        self.ids += 1;
        self.ids
    }

    pub fn place(section: &Section, step: &str) -> Place {
        (section.test.clone(), section.name.clone(), step.to_owned())
    }

    pub fn keep(&mut self, place: &Place, name: String, value: &str) {
        self.values.insert((place.clone(), name), value.to_owned());
    }

    pub fn value(&self, place: &Place, name: &str) -> Option<String> {
        self.values.get(&(place.clone(), name.to_owned())).cloned()
    }

    /// The symbols of a step and what stands for them.
    fn symbols(&mut self, section: &Section, transaction: &Element) -> Vec<(String, String)> {
        let mut symbols = Vec::new();
        for used in transaction.elements() {
            let of = |name| used.attribute(name).map(str::to_owned);
            let (symbol, name, place) = match &*used.name {
                "UseId" => {
                    let place = self.named(section, of("testdir"), of("step").unwrap());
                    let name = format!("{}:{}", of("section").unwrap(), of("id").unwrap());
                    (of("symbol").unwrap(), name, place)
                }
                "UseReport" => {
                    let name = of("reportName").unwrap();
                    if name == "$patientid$" {
                        let at = (
                            section.test.clone(),
                            of("section").unwrap(),
                            of("step").unwrap(),
                        );
                        let patient = match (of("test"), self.value(&at, &name)) {
                            (None, Some(told)) => told,
                            (test, _) => self.register(test.as_deref().unwrap_or("15817")),
                        };
                        symbols.push((of("useAs").unwrap(), patient));
                        continue;
                    }
                    let test = of("test").unwrap_or(section.test.clone());
                    let mut in_section = of("section").unwrap();
                    if in_section == "THIS" {
                        in_section.clone_from(&section.name);
                    }
                    (
                        of("useAs").unwrap(),
                        name,
                        (test, in_section, of("step").unwrap()),
                    )
                }
                _ => continue,
            };
            let value = match self.values.get(&(place.clone(), name.clone())) {
                Some(value) => value.clone(),
                None if name.starts_with("AssignedPatientId") => self.register(&place.0),
                None => panic!("{}/{}: no {name} of {place:?}", section.test, section.name),
            };
            symbols.push((symbol, value));
        }
        symbols
    }

    fn named(&self, section: &Section, folder: Option<String>, step: String) -> Place {
        let folder = folder.unwrap_or_default();
        let mut parts: Vec<&str> = folder
            .split('/')
            .filter(|p| *p != ".." && !p.is_empty())
            .collect();
        let name = parts.pop().unwrap_or(&section.name).to_owned();
        let test = parts.pop().unwrap_or(&section.test).to_owned();
        (test, name, step)
    }

    fn step(&mut self, section: &Section, step: &Step, log: &mut String) {
        let at = format!("{}/{}/{}", section.test, section.name, step.id);
        let kind = step.transaction.name.to_string();
        if kind == "PatientIdentityFeedTransaction" {
            return;
        }
        let symbols = self.symbols(section, &step.transaction);
        let mut wrong = Vec::new();
        if kind != "NullTransaction" {
            let done = self.send(section, step, &symbols);
            wrong.extend(status(step, &done.result));
            let answer = QueryResponse::decode(&done.result)
                .ok()
                .map(|(answer, _)| answer);
            if let (Some(expected), Some(answer)) =
                (step.transaction.first("ExpectedContents"), &answer)
            {
                wrong.extend(contents::judge(expected, answer));
            }
            log.push_str(&format!(
                "<TestStep id='{}'><{kind}><InputMetadata>{}</InputMetadata><Result>{}</Result></{kind}></TestStep>",
                step.id, done.input, done.text
            ));
            self.reports(section, step, &done);
            self.judged += 1;
        }
        wrong.extend(assertions(step, &symbols, log));
        self.failures
            .extend(wrong.into_iter().map(|wrong| format!("{at}: {wrong}")));
    }

    fn reports(&mut self, section: &Section, step: &Step, done: &Exchanged) {
        for report in step.transaction.all("Report") {
            let of = match report.attribute("section") {
                Some("InputMetadata") => &done.input,
                _ => &done.text,
            };
            let value = xpath(of, &format!("string({})", report.text().trim()));
            let name = report.attribute("name").unwrap().to_owned();
            self.keep(&Self::place(section, &step.id), name, value.trim());
        }
    }

    fn send(&mut self, section: &Section, step: &Step, symbols: &[(String, String)]) -> Exchanged {
        let transaction = &step.transaction;
        let name = transaction.first("MetadataFile").unwrap().text();
        let mut text = section.file(name.trim());
        text = text
            .replace("$lastyear$", "2025")
            .replace("$now$", "20270101");
        for (symbol, value) in symbols {
            let value = value.replace('&', "&amp;");
            text = text.replace(symbol.as_str(), &value);
        }
        let mut parts = None;
        let (action, input) = match &*transaction.name {
            "StoredQueryTransaction" => ("urn:ihe:iti:2007:RegistryStoredQuery", text),
            "RetrieveTransaction" => ("urn:ihe:iti:2007:RetrieveDocumentSet", text),
            "RemoveMetadataTransaction" => ("urn:ihe:iti:2010:DeleteDocumentSet", text),
            "RdTransaction" => ("urn:ihe:iti:2017:RemoveDocuments", text),
            "RegisterTransaction" => {
                let document = self.filled(section, step, &text).encode();
                let action = "urn:ihe:iti:2007:RegisterDocumentSet-b";
                (action, document.as_str().to_owned())
            }
            "MPQTransaction" => ("urn:ihe:iti:2009:MultiPatientStoredQuery", text),
            "RegisterODDETransaction" => {
                let document = self.filled(section, step, &text).encode();
                let action = "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry";
                (action, document.as_str().to_owned())
            }
            "MuTransaction" => {
                let document = self.filled(section, step, &text).encode();
                let action = "urn:ihe:iti:2010:UpdateDocumentSet";
                (action, document.as_str().to_owned())
            }
            "RmuTransaction" => {
                let document = self.filled(section, step, &text).encode();
                let action = "urn:ihe:iti:2018:RestrictedUpdateDocumentSet";
                (action, document.as_str().to_owned())
            }
            "ProvideAndRegisterTransaction" => {
                let submit = self.filled(section, step, &text);
                let (provide, contents) = self.provided(section, step, submit);
                parts = Some(contents);
                let action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
                (action, provide.encode().as_str().to_owned())
            }
            other => panic!("{other} is not known"),
        };
        let root = input.find("?>").map_or(0, |at| at + 2);
        let input = input.get(root..).unwrap().to_owned();
        let sent = Sent {
            body: input.clone(),
            // Each message has an id of its own.
            headers: format!(
                "<a:MessageID>urn:uuid:00000000-0000-4000-8000-{:012x}</a:MessageID>",
                self.fresh()
            ),
            parts,
            ..Sent::default()
        };
        let answer = post(&self.world, TRANSACTIONS, action, sent);
        let result = answer.envelope.body;
        let text = Document::of(&result).as_str().to_owned();
        self.answers.push(text.clone());
        Exchanged {
            input,
            result,
            text,
        }
    }
}

/// Whether the answer has the status and the error code that the plan expects.
fn status(step: &Step, result: &Element) -> Vec<String> {
    let response = RegistryResponse::decode(result).ok().or_else(|| {
        let query = QueryResponse::decode(result)
            .ok()
            .map(|(answer, _)| answer.response);
        query.or_else(|| {
            RetrieveResponse::decode(result)
                .ok()
                .map(|answer| answer.response)
        })
    });
    let Some(response) = response else {
        return vec![format!(
            "{} is no answer: {}",
            result.name,
            Document::of(result).as_str()
        )];
    };
    let mut wrong = Vec::new();
    if format!("{:?}", response.status) != step.status {
        let errors = &response.errors;
        wrong.push(format!(
            "{} expected, found {:?} {errors:?}",
            step.status, response.status
        ));
    }
    // A registry that keeps extra metadata has nothing to warn of.
    if let Some(error) = step
        .error
        .as_deref()
        .filter(|e| *e != "XDSExtraMetadataNotSaved")
        && !response
            .errors
            .iter()
            .any(|e| e.code == error || e.context.contains(error))
    {
        wrong.push(format!("{error} expected, found {:?}", response.errors));
    }
    wrong
}

/// Assertions over the log of a section, which are false.
fn assertions(step: &Step, symbols: &[(String, String)], log: &str) -> Vec<String> {
    let lists = step.transaction.all("Assertions");
    let all = lists.flat_map(|list| list.all("Assert"));
    let mut wrong = Vec::new();
    for assertion in all {
        let mut expression = assertion.text().replace("$DATE$", "20260713");
        for (symbol, value) in symbols {
            expression = expression.replace(symbol.as_str(), value);
        }
        let document = format!("<TestResults>{log}</TestResults>");
        let expression = format!("boolean({})", expression.trim());
        if xpath(&document, &expression).trim() != "true" {
            wrong.push(format!(
                "{} is false",
                assertion.attribute("id").unwrap_or_default()
            ));
        }
    }
    wrong
}

/// What `xmllint` says of an expression.
fn xpath(document: &str, expression: &str) -> String {
    use std::io::Write;
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--xpath", expression, "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(document.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{expression}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
