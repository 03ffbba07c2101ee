//! How diseases are shown.

use tasuki_model::JstTime;

use super::{Disease, ProblemList};
use crate::sheet::{count, part, table};
use crate::v2::Staff;
use crate::view::{Cell, Label, Part, Sheet, Summary};

fn row(disease: &Disease) -> Vec<Cell> {
    let day = |time: &Option<JstTime>| {
        Cell::text(
            time.as_ref()
                .map(|time| time.day().to_string())
                .unwrap_or_default(),
        )
    };
    let mut name = Cell::coded(&disease.disease);
    name.text = disease.name();
    let icd10: Vec<_> = disease.icd10().collect();
    let begun = match &disease.onset {
        Some(onset) => onset.day().to_string(),
        None => disease.onset_text.to_string(),
    };
    let stated_by = disease
        .order
        .requester
        .as_ref()
        .map(Staff::display)
        .unwrap_or_default();
    vec![
        name,
        Cell::text(icd10.join(" ")),
        Cell::coded(if disease.is_suspected() {
            &disease.confirmation
        } else {
            &NOTHING
        }),
        Cell::coded(&disease.ranking),
        day(&disease.diagnosed),
        Cell::text(begun),
        Cell::coded(&disease.outcome),
        day(&disease.resolved),
        Cell::coded(&disease.order.department),
        Cell::text(stated_by),
    ]
}

static NOTHING: tasuki_model::Coded = tasuki_model::Coded {
    codings: Vec::new(),
    original_text: None,
};

impl ProblemList {
    pub(crate) fn summary(&self) -> Summary {
        let valid = || self.entries.iter().filter(|disease| !disease.is_deleted());
        let mut parts = vec![count(valid().count())];
        for disease in valid() {
            parts.extend(part(&disease.name()));
            parts.extend(disease.is_suspected().then_some(Part::Suspected));
        }
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        use Label::{
            Code, Department, Diagnosed, Disease, MainDiagnosis, Onset, Outcome, OutcomeDay,
            Physician, Suspected,
        };
        let head = [
            Disease,
            Code,
            Suspected,
            MainDiagnosis,
            Diagnosed,
            Onset,
            Outcome,
            OutcomeDay,
            Department,
            Physician,
        ];
        let rows = self
            .entries
            .iter()
            .filter(|disease| !disease.is_deleted())
            .map(row);
        Sheet {
            blocks: table("", &head, rows.collect()).into_iter().collect(),
        }
    }

    pub(crate) fn items(&self) -> usize {
        self.entries
            .iter()
            .filter(|disease| !disease.is_deleted())
            .count()
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.entries
            .iter()
            .find_map(|disease| disease.order.requester.as_ref())
            .map(Staff::display)
    }

    pub(crate) const fn service_time(&self) -> Option<JstTime> {
        None
    }
}
