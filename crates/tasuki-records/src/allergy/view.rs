//! How allergies are shown.

use tasuki_model::JstTime;

use super::{Allergy, AllergyList};
use crate::sheet::{Fields, count, part, table};
use crate::v2::Staff;
use crate::view::{Block, Cell, Label, Sheet, Summary};

/// Allergies as a table; taken-back ones say so in their status.
pub(crate) fn allergy_table(allergies: &[Allergy]) -> Option<Block> {
    use Label::{Allergen, Onset, Reaction, Severity, Status, Type};
    let rows = allergies.iter().map(|allergy| {
        let onset = match &allergy.onset {
            Some(time) => time.to_string(),
            None => allergy.onset_text.to_string(),
        };
        let status = if allergy.is_deleted() {
            &allergy.action
        } else {
            &allergy.status
        };
        vec![
            Cell::coded(&allergy.kind),
            Cell::coded(&allergy.allergen),
            Cell::coded(&allergy.severity),
            Cell::text(allergy.reactions.join("\n")),
            Cell::text(onset),
            Cell::coded(status),
        ]
    });
    table(
        "",
        &[Type, Allergen, Severity, Reaction, Onset, Status],
        rows.collect(),
    )
}

impl AllergyList {
    pub(crate) fn summary(&self) -> Summary {
        let valid = || self.entries.iter().filter(|entry| !entry.is_deleted());
        let mut parts = vec![count(valid().count())];
        parts.extend(valid().filter_map(|entry| part(entry.allergen.display())));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut fields = Fields::default();
        fields
            .time(Label::Written, self.stated.as_ref())
            .encounter(&self.encounter);
        let blocks = [allergy_table(&self.entries), fields.into_block()];
        Sheet {
            blocks: blocks.into_iter().flatten().collect(),
        }
    }

    pub(crate) fn items(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| !entry.is_deleted())
            .count()
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.encounter.attending.as_ref().map(Staff::display)
    }

    pub(crate) const fn service_time(&self) -> Option<JstTime> {
        None
    }
}
