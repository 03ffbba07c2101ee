//! Building blocks of sheets and summaries. Empty values leave no line.

use tasuki_model::{Coded, JstTime, Quantity};

use crate::v2::{Encounter, Location, Observation, ObservedValue, OrderHead, Staff, department};
use crate::view::{Block, Cell, Flag, Label, Part};

/// A block of fields being filled.
#[derive(Default)]
pub(crate) struct Fields(Vec<(Label, Cell)>);

impl Fields {
    pub(crate) fn cell(&mut self, label: Label, cell: Cell) -> &mut Self {
        if !cell.text.is_empty() {
            self.0.push((label, cell));
        }
        self
    }

    pub(crate) fn text(&mut self, label: Label, text: &str) -> &mut Self {
        self.cell(label, Cell::text(text))
    }

    pub(crate) fn coded(&mut self, label: Label, coded: &Coded) -> &mut Self {
        self.cell(label, Cell::coded(coded))
    }

    pub(crate) fn time(&mut self, label: Label, time: Option<&JstTime>) -> &mut Self {
        self.cell(
            label,
            Cell::text(time.map(ToString::to_string).unwrap_or_default()),
        )
    }

    pub(crate) fn staff(&mut self, label: Label, staff: Option<&Staff>) -> &mut Self {
        self.cell(
            label,
            Cell::text(staff.map(Staff::display).unwrap_or_default()),
        )
    }

    pub(crate) fn location(&mut self, location: Option<&Location>) -> &mut Self {
        let Some(location) = location else {
            return self;
        };
        let unit = if location.clinic {
            Label::Department
        } else {
            Label::Ward
        };
        self.text(unit, &location.unit)
            .text(Label::Room, &location.room);
        self.text(Label::Bed, &location.bed)
    }

    pub(crate) fn encounter(&mut self, encounter: &Encounter) -> &mut Self {
        if encounter
            .location
            .as_ref()
            .is_none_or(|location| !location.clinic)
        {
            self.text(Label::Department, &department(&encounter.department));
        }
        self.location(encounter.location.as_ref());
        self.staff(Label::Physician, encounter.attending.as_ref())
    }

    /// Number, requester, department, institution of an order.
    pub(crate) fn order(&mut self, order: &OrderHead) -> &mut Self {
        self.text(Label::OrderNumber, &order.placer);
        self.staff(Label::OrderedBy, order.requester.as_ref());
        self.coded(Label::Department, &order.department);
        self.text(Label::Organisation, &order.organisation);
        self.coded(Label::Type, &order.order_type);
        self.time(Label::Written, order.entered.as_ref())
    }

    /// The block, if anything stands in it.
    pub(crate) fn into_block(self) -> Option<Block> {
        (!self.0.is_empty()).then_some(Block::Fields(self.0))
    }
}

/// A table without the columns that are empty in every row.
pub(crate) fn table(
    caption: impl Into<String>,
    head: &[Label],
    rows: Vec<Vec<Cell>>,
) -> Option<Block> {
    if rows.is_empty() {
        return None;
    }
    let used = |n: usize| {
        rows.iter()
            .any(|row| row.get(n).is_some_and(|cell| !cell.text.is_empty()))
    };
    let kept: Vec<usize> = (0..head.len()).filter(|&n| used(n)).collect();
    let pick = |row: Vec<Cell>| -> Vec<Cell> {
        let mut row: Vec<_> = row.into_iter().map(Some).collect();
        kept.iter()
            .map(|&n| row.get_mut(n).and_then(Option::take).unwrap_or_default())
            .collect()
    };
    Some(Block::Table {
        caption: caption.into(),
        head: kept.iter().filter_map(|&n| head.get(n).copied()).collect(),
        rows: rows.into_iter().map(pick).collect(),
    })
}

/// A number and its unit as one text.
pub(crate) fn amount(quantity: Option<&Quantity>) -> String {
    let Some(quantity) = quantity else {
        return String::new();
    };
    let unit = quantity
        .unit
        .as_ref()
        .map(Coded::display)
        .unwrap_or_default();
    if unit.is_empty() {
        quantity.value.to_string()
    } else {
        format!("{} {unit}", quantity.value)
    }
}

/// The flag of OBX-8 (HL7 table 0078).
pub(crate) fn flag(observation: &Observation) -> Option<Flag> {
    let found = observation
        .flags
        .iter()
        .filter_map(|flag| match flag.as_str() {
            "HH" | "LL" | "AA" | ">" | "<" => Some(Flag::Critical),
            "H" => Some(Flag::High),
            "L" => Some(Flag::Low),
            "A" => Some(Flag::Abnormal),
            // N is normal; S, I and R grade a susceptibility and are words of their own.
            _ => None,
        });
    found.max_by_key(|flag| *flag == Flag::Critical)
}

/// A result as a cell: value with unit left to its own column.
pub(crate) fn result(observation: &Observation) -> Cell {
    let mut cell = Cell::text(observation.value.display());
    if let ObservedValue::Coded(answers) = &observation.value
        && let Some(answer) = answers.first()
    {
        cell.code = Cell::coded(answer).code;
    }
    cell.flag = flag(observation);
    cell
}

/// Observations as a table of item, result, unit, range, judgement and status.
pub(crate) fn observations(
    caption: impl Into<String>,
    observations: &[Observation],
) -> Option<Block> {
    use Label::{Comment, Item, Judgement, Range, Result, Status, Unit};
    let rows = observations.iter().map(|observation| {
        let mut judgement = Cell::text(observation.flags.join(" "));
        judgement.flag = flag(observation);
        vec![
            Cell::coded(&observation.item),
            result(observation),
            Cell::text(observation.unit.display()),
            Cell::text(observation.range.as_str()),
            judgement,
            Cell::text(observation.status.as_str()),
            Cell::text(observation.comments.join("\n")),
        ]
    });
    table(
        caption,
        &[Item, Result, Unit, Range, Judgement, Status, Comment],
        rows.collect(),
    )
}

/// A text as the part of a summary, unless there is none.
pub(crate) fn part(text: &str) -> Option<Part> {
    (!text.is_empty()).then(|| Part::Text(text.to_owned()))
}

/// A count as the part of a summary.
pub(crate) fn count(number: usize) -> Part {
    Part::Count(u32::try_from(number).unwrap_or(u32::MAX))
}
