//! Allergies of several sources: one line an allergen, and who has stated that there is none.
//!
//! "None" is somebody's statement: a message that lists nothing. A source that has sent no message has
//! stated nothing, and is not counted here. One that names an allergy while another states none is a
//! conflict, which is shown.

#[cfg(test)]
mod tests;

use super::sameness::keys;
use super::{Allergy, AllergyList};
use crate::merge::{Fact, Origin, facts_of, group};
use std::collections::BTreeSet;
use tasuki_core::gather::Source;
use tasuki_model::SmolStr;

/// One allergen, whoever names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllergyLine {
    /// Its name as first sent.
    pub name: String,
    /// What each source says, taken-back statements included.
    pub entries: Vec<Fact<Allergy>>,
}

/// One message about allergies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// Who made it.
    pub source: Source,
    /// The document.
    pub document: SmolStr,
    /// How many allergies it names.
    pub named: usize,
    /// When it was stated, as sent.
    pub at: Option<String>,
}

/// The allergies of a person as all sources together tell them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allergies {
    /// Allergens that somebody names now.
    pub lines: Vec<AllergyLine>,
    /// Allergens that were named and have been taken back by everybody who named them.
    pub withdrawn: Vec<AllergyLine>,
    /// Every message there is.
    pub statements: Vec<Statement>,
}

impl Allergy {
    /// Whether it no longer holds: taken back (IAM-6 `D`), or its status is inactive or erroneous
    /// (HL70438).
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        let status = self
            .status
            .codings
            .first()
            .map(|coding| coding.code.as_str());
        self.is_deleted() || matches!(status, Some("I" | "E"))
    }
}

/// Puts lists into lines. No statement is lost; the outcome does not depend on their order.
#[must_use]
pub fn allergies(lists: &[(Vec<Origin>, AllergyList)]) -> Allergies {
    let facts = lists
        .iter()
        .flat_map(|(origins, list)| facts_of(origins, list.entries.clone()));
    let line = |entries: Vec<Fact<Allergy>>| {
        let names = entries.iter().map(|entry| entry.value.allergen.display());
        let name = names
            .clone()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
            .to_owned();
        AllergyLine { name, entries }
    };
    let all = group(facts.collect(), |fact| keys(&fact.value))
        .into_iter()
        .map(line);
    let (lines, withdrawn) = all.partition(|line: &AllergyLine| {
        line.entries.iter().any(|entry| !entry.value.is_withdrawn())
    });
    let statement = |(origins, list): &(Vec<Origin>, AllergyList)| {
        let named = list
            .entries
            .iter()
            .filter(|entry| !entry.is_withdrawn())
            .count();
        let at = list.stated.as_ref().map(ToString::to_string);
        let of = |origin: &Origin| Statement {
            source: origin.source.clone(),
            document: origin.document.clone(),
            named,
            at: at.clone(),
        };
        origins.iter().map(of).collect::<Vec<_>>()
    };
    let mut statements: Vec<Statement> = lists.iter().flat_map(statement).collect();
    statements.sort();
    Allergies {
        lines,
        withdrawn,
        statements,
    }
}

impl Allergies {
    /// The sources that state that there is none, and name none anywhere else, with the time.
    #[must_use]
    pub fn none_at(&self) -> Vec<(&Source, Option<&str>)> {
        let naming: BTreeSet<&Source> = self
            .statements
            .iter()
            .filter(|s| s.named > 0)
            .map(|s| &s.source)
            .collect();
        let none = self
            .statements
            .iter()
            .filter(|s| !naming.contains(&s.source));
        let mut found: Vec<(&Source, Option<&str>)> =
            none.map(|s| (&s.source, s.at.as_deref())).collect();
        found.sort();
        found.reverse();
        // The latest statement of each.
        found.dedup_by(|a, b| a.0 == b.0);
        found.reverse();
        found
    }

    /// Whether sources contradict one another: an allergy here, none there; or named here and taken
    /// back there.
    #[must_use]
    pub fn conflict(&self) -> bool {
        let both = |line: &AllergyLine| line.entries.iter().any(|entry| entry.value.is_withdrawn());
        !self.lines.is_empty() && (!self.none_at().is_empty() || self.lines.iter().any(both))
    }
}

impl AllergyLine {
    /// What holds.
    pub fn valid(&self) -> impl Iterator<Item = &Fact<Allergy>> {
        self.entries
            .iter()
            .filter(|entry| !entry.value.is_withdrawn())
    }
}
