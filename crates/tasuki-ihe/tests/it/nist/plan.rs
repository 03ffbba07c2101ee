//! A plan file, read.

use super::run::shared;
use std::path::PathBuf;
use tasuki_wire::xml::{Element, Limits, read};

/// One step of a section.
pub struct Step {
    pub id: String,
    pub status: String,
    pub error: Option<String>,
    /// The patient of the submission is not one of ours.
    pub stranger: bool,
    pub transaction: Element,
}

/// A folder of a test with its plan.
pub struct Section {
    pub test: String,
    pub name: String,
    pub steps: Vec<Step>,
}

/// The sections of a test in the order of the toolkit's index.
pub fn sections(test: &str) -> Vec<Section> {
    let index = std::fs::read(shared("data/ihe/nist-testkit-index.json")).unwrap();
    let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
    let entry = index.as_array().unwrap().iter().find(|t| t["test"] == test);
    let order = entry.unwrap()["sectionOrder"].as_array().unwrap();
    let names = order.iter().map(|name| name.as_str().unwrap());
    names.map(|name| section(test, name)).collect()
}

fn section(test: &str, name: &str) -> Section {
    let path = folder("nist-testkit", test, name).join("testplan.xml");
    let root = read(&std::fs::read(&path).unwrap(), &Limits::default()).unwrap();
    let steps = root.all("TestStep").map(|step| {
        let text = |name| step.first(name).map(|e| e.text().trim().to_owned());
        let transaction = step.elements().find(|e| e.name.ends_with("Transaction"));
        Step {
            id: step.attribute("id").unwrap().to_owned(),
            status: text("ExpectedStatus").unwrap_or_else(|| "Success".to_owned()),
            error: text("ExpectedErrorCode").or_else(|| text("ExpectedErrorMessage")),
            stranger: step.first("AltPatientId").is_some(),
            transaction: transaction.unwrap().clone(),
        }
    });
    Section {
        test: test.to_owned(),
        name: name.to_owned(),
        steps: steps.collect(),
    }
}

fn folder(kit: &str, test: &str, section: &str) -> PathBuf {
    shared(&format!("data/ihe/{kit}/tests/{test}/{section}"))
}

impl Section {
    /// A file of the section, in ebRIM 3.0 where it had to be translated.
    pub fn file(&self, name: &str) -> String {
        let kits = ["nist-testkit-v3", "nist-testkit"];
        let mut paths = kits.map(|kit| folder(kit, &self.test, &self.name).join(name));
        paths
            .iter_mut()
            .find_map(|p| std::fs::read_to_string(p).ok())
            .unwrap_or_else(|| panic!("{}/{}: no file {name}", self.test, self.name))
    }

    /// A document of the section. Those that are no text were not collected: any bytes do.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let path = folder("nist-testkit", &self.test, &self.name).join(name);
        std::fs::read(path).unwrap_or_else(|_| b"%PDF-1.4 synthetic".to_vec())
    }
}
