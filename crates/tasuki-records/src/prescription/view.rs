//! How prescriptions and administrations are shown.

use tasuki_model::{Coded, JstTime};

use super::{Administration, Prescription, Rp};
use crate::sheet::{Fields, amount, count, part, table};
use crate::v2::{Staff, Timing};
use crate::view::{Block, Cell, Label, Part, Sheet, Summary};

fn rp_table(rp: &Rp) -> Option<Block> {
    use Label::{Comment, DailyDose, Dose, Drug, Instruction, Total, Type};
    let rows = rp.drugs.iter().map(|drug| {
        let instructions: Vec<_> = drug.instructions.iter().map(Coded::display).collect();
        vec![
            Cell::coded(&drug.drug),
            Cell::text(amount(drug.dose.as_ref())),
            Cell::text(amount(drug.daily.as_ref())),
            Cell::text(amount(drug.total.as_ref())),
            Cell::coded(&drug.form),
            Cell::text(instructions.join("\n")),
            Cell::text(drug.comments.join("\n")),
        ]
    });
    let caption = if rp.number.is_empty() {
        "RP".to_owned()
    } else {
        format!("RP {}", rp.number)
    };
    table(
        caption,
        &[Drug, Dose, DailyDose, Total, Type, Instruction, Comment],
        rows.collect(),
    )
}

/// The duration as sent, with what it means; the number of doses where only that was sent.
fn duration(timing: &Timing) -> Cell {
    let sent = amount(timing.duration.as_ref());
    Cell {
        span: timing.span(),
        ..Cell::text(if sent.is_empty() {
            timing.times.to_string()
        } else {
            sent
        })
    }
}

fn rp_fields(rp: &Rp) -> Option<Block> {
    let mut fields = Fields::default();
    for usage in &rp.timing.usage {
        fields.coded(Label::Usage, usage);
    }
    fields.cell(Label::Duration, duration(&rp.timing));
    fields
        .time(Label::Start, rp.timing.start.as_ref())
        .time(Label::End, rp.timing.end.as_ref());
    fields
        .coded(Label::Route, &rp.route)
        .text(Label::Instruction, &rp.timing.instruction);
    let settings: Vec<_> = rp.settings.iter().map(Coded::display).collect();
    fields.text(Label::Setting, &settings.join(" "));
    fields.into_block()
}

/// Administrations as a table.
pub(crate) fn administration_table(given: &[Administration]) -> Option<Block> {
    use Label::{Comment, Device, Dose, Drug, End, GivenBy, Rate, Route, Start, Status};
    let rows = given.iter().map(|given| {
        let time = |time: &Option<JstTime>| {
            Cell::text(time.as_ref().map(ToString::to_string).unwrap_or_default())
        };
        let notes: Vec<_> = given.notes.iter().map(Coded::display).collect();
        vec![
            time(&given.start),
            time(&given.end),
            Cell::coded(&given.drug),
            Cell::text(amount(given.amount.as_ref())),
            Cell::text(given.rate.as_str()),
            Cell::coded(&given.route),
            Cell::coded(&given.device),
            Cell::text(given.by.as_ref().map(Staff::display).unwrap_or_default()),
            Cell::text(given.status.as_str()),
            Cell::text(notes.join("\n")),
        ]
    });
    let head = [
        Start, End, Drug, Dose, Rate, Route, Device, GivenBy, Status, Comment,
    ];
    table("", &head, rows.collect())
}

impl Prescription {
    pub(crate) fn summary(&self) -> Summary {
        let mut parts = vec![count(self.items())];
        let drugs = self
            .groups
            .iter()
            .flat_map(|rp| &rp.drugs)
            .map(|drug| &drug.drug);
        let given = self.given.iter().map(|given| &given.drug);
        parts.extend(drugs.chain(given).filter_map(|drug| part(drug.display())));
        parts.extend(
            self.groups
                .iter()
                .filter_map(|rp| rp.timing.days())
                .max()
                .map(Part::Days),
        );
        parts.extend(self.is_cancelled().then_some(Part::Cancelled));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut blocks: Vec<_> = self
            .groups
            .iter()
            .flat_map(|rp| [rp_table(rp), rp_fields(rp)])
            .flatten()
            .collect();
        blocks.extend(administration_table(&self.given));
        let mut fields = Fields::default();
        fields.order(&self.order).encounter(&self.encounter);
        blocks.extend(fields.into_block());
        Sheet { blocks }
    }

    /// Taken back as a whole (ORC-1 `CA` or `DC`).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.order.is_cancelled()
    }

    pub(crate) fn items(&self) -> usize {
        self.groups.iter().map(|rp| rp.drugs.len()).sum::<usize>() + self.given.len()
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.order
            .requester
            .as_ref()
            .or(self.encounter.attending.as_ref())
            .map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        let given = self.given.iter().find_map(|given| given.start.clone());
        given.or_else(|| self.order.entered.clone())
    }
}
