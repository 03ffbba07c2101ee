//! What metadata may be submitted (ITI TF-3, 4.2.3): every rule names the object, the attribute and
//! what to change. All that is wrong is said at once, so that nobody has to send a message ten
//! times; at most [`PROBLEMS_MAX`] of them.

mod entry;
mod package;
mod relation;
pub mod types;

use super::{AffinityDomain, XdsProblem};
use tasuki_model::Coding;
use tasuki_model::xds::{Author, Header};
use tasuki_wire::ebrim::Read;

/// The most problems that one answer lists.
pub const PROBLEMS_MAX: usize = 100;
/// The most characters of one value (ITI TF-3, 4.2.3.1.4: `LongName`), names and comments apart.
const VALUE_MAX: usize = 256;

/// In what a document entry comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Submitting {
    /// ITI-42: a repository that keeps the document has filled in size, hash and its own id.
    Register,
    /// ITI-41: we are that repository.
    Provide,
    /// ITI-61: the document is made when it is asked for.
    OnDemand,
    /// ITI-57 and 92: a new version of metadata.
    Update,
}

/// What is wrong with a submission as it stands, without looking into the registry.
#[must_use]
pub fn validate(read: &Read, submitting: Submitting, affinity: &AffinityDomain) -> Vec<XdsProblem> {
    let mut found = Findings {
        affinity,
        submitting,
        problems: Vec::new(),
        kind: "",
        id: String::new(),
    };
    for problem in &read.problems {
        found
            .problems
            .push(XdsProblem::metadata(problem.to_string()));
    }
    let submission = &read.submission;
    for set in &submission.sets {
        package::set(&mut found, set);
    }
    for entry in &submission.entries {
        entry::entry(&mut found, entry);
    }
    for folder in &submission.folders {
        package::folder(&mut found, folder);
    }
    relation::relations(&mut found, submission);
    found.problems.truncate(PROBLEMS_MAX);
    found.problems
}

/// What was found so far, and the object that is being looked at.
struct Findings<'a> {
    affinity: &'a AffinityDomain,
    submitting: Submitting,
    problems: Vec<XdsProblem>,
    kind: &'static str,
    id: String,
}

impl Findings<'_> {
    fn object(&mut self, kind: &'static str, header: &Header) {
        self.kind = kind;
        self.id = header.id.chars().take(64).collect();
        if header.id.is_empty() {
            self.say("id", "is missing: give each object an id");
        } else if header.id.starts_with("urn:") && !types::is_uuid_urn(&header.id) {
            let advice = "is neither a symbolic id nor urn:uuid: with a UUID";
            self.say("entryUUID", advice);
        }
        for slot in &header.extra {
            // Slots of one's own are named by a URN (ITI TF-3, 4.2.3.1.6).
            if !slot.name.starts_with("urn:") {
                self.say(&slot.name, "is not defined in XDS: name own slots urn:…");
            }
        }
    }

    fn say(&mut self, attribute: &str, advice: &str) {
        // Beyond what is told nothing more is collected.
        if self.problems.len() <= PROBLEMS_MAX {
            let attribute: String = attribute.chars().take(64).collect();
            let context = format!("{} {}: {attribute} {advice}", self.kind, self.id);
            self.problems.push(XdsProblem::metadata(context));
        }
    }

    fn required<T>(&mut self, attribute: &str, value: Option<&T>) {
        if value.is_none() {
            self.say(attribute, "is missing: add it");
        }
    }

    /// A value, where there is one, has a form.
    fn form(
        &mut self,
        attribute: &str,
        value: Option<&String>,
        right: fn(&str) -> bool,
        advice: &str,
    ) {
        let Some(value) = value else { return };
        if value.chars().count() > VALUE_MAX {
            self.say(attribute, "is longer than 256 characters");
        } else if !right(value) {
            self.say(attribute, advice);
        }
    }

    fn time(&mut self, attribute: &str, value: Option<&String>) {
        self.form(attribute, value, types::is_time, types::TIME);
    }

    fn patient_id(&mut self, value: Option<&String>) {
        self.required("patientId", value);
        self.form("patientId", value, types::is_cx, types::CX);
    }

    fn oid(&mut self, attribute: &str, value: Option<&String>) {
        self.required(attribute, value);
        self.form(attribute, value, types::is_oid, types::OID);
    }

    /// Codes that the affinity domain takes.
    fn codes(&mut self, attribute: &'static str, codes: &[Coding]) {
        for code in codes {
            if !self.affinity.takes(attribute, code) {
                let advice = format!(
                    "{}^{} is not a code of this affinity domain",
                    code.code, code.system
                );
                self.say(attribute, &advice);
            }
        }
    }

    fn authors(&mut self, authors: &[Author]) {
        for author in authors {
            self.form(
                "authorPerson",
                author.person.as_ref(),
                types::is_xcn,
                types::XCN,
            );
            for institution in &author.institutions {
                let institution = Some(institution);
                self.form("authorInstitution", institution, types::is_xon, types::XON);
            }
            let empty = author.person.is_none() && author.institutions.is_empty();
            if empty && author.roles.is_empty() && author.telecoms.is_empty() {
                self.say("author", "is empty: name a person or an institution");
            }
        }
        if self.affinity.profile == super::Profile::Jahis
            && !authors.iter().any(|a| !a.institutions.is_empty())
        {
            self.say("authorInstitution", "is missing: add it (profile jahis)");
        }
    }
}
