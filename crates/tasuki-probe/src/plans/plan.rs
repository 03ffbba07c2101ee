//! A plan file, read: what a step sends and what it expects, as the file has it.

use crate::failure::{Done, Failure};
use crate::tree::{parse, text};
use roxmltree::Node;
use std::path::{Path, PathBuf};

/// An element of a plan.
#[derive(Debug, Clone, Default)]
pub struct Tag {
    /// Local name.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Its text, without space around.
    pub text: String,
    /// What is in it.
    pub inner: Vec<Self>,
}

impl Tag {
    fn of(node: Node<'_, '_>) -> Self {
        let attributes = node.attributes();
        let inner = node.children().filter(Node::is_element);
        Self {
            name: node.tag_name().name().to_owned(),
            attributes: attributes
                .map(|a| (a.name().to_owned(), a.value().to_owned()))
                .collect(),
            text: text(node),
            inner: inner.map(Self::of).collect(),
        }
    }

    /// An attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// An attribute that the plan cannot do without.
    ///
    /// # Errors
    /// Where it is missing.
    pub fn need(&self, name: &str) -> Done<&str> {
        let missing = || Failure(format!("{}: no {name}", self.name));
        self.get(name).ok_or_else(missing)
    }

    /// Elements of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.inner.iter().filter(move |tag| tag.name == name)
    }

    /// The first of them.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.inner.iter().find(|tag| tag.name == name)
    }
}

/// One step of a section.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// `Success`, `Failure`, `PartialSuccess` or `Fault`.
    pub status: String,
    /// The code of the error that is expected.
    pub error: Option<String>,
    /// The patient of the submission is nobody's.
    pub stranger: bool,
    /// What is sent, and what else is said of it; without a name where nothing is.
    pub transaction: Tag,
}

/// A folder of a test with its plan.
#[derive(Debug, Clone)]
pub struct Section {
    /// The test.
    pub test: String,
    /// The folder.
    pub name: String,
    /// Its steps, in their order.
    pub steps: Vec<Step>,
    kit: PathBuf,
}

impl Section {
    /// Reads a section. `kit` is the folder of the toolkit and of its translation.
    ///
    /// # Errors
    /// Where there is no plan.
    pub fn read(kit: &Path, test: &str, name: &str) -> Done<Self> {
        let mut section = Self {
            test: test.to_owned(),
            name: name.to_owned(),
            steps: Vec::new(),
            kit: kit.to_owned(),
        };
        let path = section.folder("nist-testkit").join("testplan.xml");
        let plan = std::fs::read_to_string(&path);
        let plan = plan.map_err(|error| Failure::io(path.display(), &error))?;
        let root = Tag::of(parse(plan.trim_start())?.root_element());
        section.steps = root.all("TestStep").map(step).collect();
        Ok(section)
    }

    fn folder(&self, kit: &str) -> PathBuf {
        let folder = self.kit.join(kit).join("tests").join(&self.test);
        match self.name.as_str() {
            "." => folder,
            name => folder.join(name),
        }
    }

    /// A file of the section, in ebRIM 3.0 where it had to be translated.
    ///
    /// # Errors
    /// Where there is none.
    pub fn file(&self, name: &str) -> Done<String> {
        let kits = ["nist-testkit-v3", "nist-testkit"].into_iter();
        let mut found = kits.map(|kit| std::fs::read_to_string(self.folder(kit).join(name)));
        let missing = || Failure(format!("no file {name}"));
        found.find_map(Result::ok).ok_or_else(missing)
    }

    /// A document of the plan, named from the section or from the test; nothing where it was not
    /// collected with the toolkit or is not the name of anything there. A name in the toolkit's own
    /// copy of the data of a test (12308) is that of the section that submits them.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<Vec<u8>> {
        let folder = self.folder("nist-testkit");
        let test = folder.parent().unwrap_or(&folder);
        let submitted = name.strip_prefix("../../testdata/");
        let submitted = submitted.and_then(|name| name.split_once('/'));
        if let Some((test, file)) = submitted {
            let tests = self.kit.join("nist-testkit/tests");
            return std::fs::read(tests.join(test).join("init").join(file)).ok();
        }
        let read = [&folder, test].map(|at| std::fs::read(at.join(name)));
        read.into_iter().find_map(Result::ok)
    }
}

fn step(tag: &Tag) -> Step {
    let said = |name| tag.first(name).map(|found| found.text.clone());
    let id = tag.get("id").unwrap_or_default().to_owned();
    let mut transactions = tag.inner.iter();
    let transaction =
        transactions.find(|t| t.name.ends_with("Transaction") || t.name == "NewPatientId");
    Step {
        transaction: transaction.cloned().unwrap_or_default(),
        status: said("ExpectedStatus").unwrap_or_else(|| "Success".to_owned()),
        error: said("ExpectedErrorCode").or_else(|| said("ExpectedErrorMessage")),
        stranger: tag.first("AltPatientId").is_some(),
        id,
    }
}
