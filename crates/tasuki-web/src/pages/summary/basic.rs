//! Who it is: what the facilities have registered, each value once with everybody who states it.

use crate::chart::merged::View;
use crate::pages::print::Part;
use crate::pages::words_of;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};
use tasuki_records::ClinicalValue;
use tasuki_records::patient::{PatientRecord, Relative};
use tasuki_records::view::Label;
use tasuki_report::{Block, Table};

/// The part of a print.
pub(crate) const PAPER: Part = Part { filter, blocks };

/// Relatives and measures of one record at most.
const OTHERS_MAX: usize = 12;

fn filter(_: JstDay) -> EntryFilter {
    EntryFilter {
        categories: vec![Category::Basic],
        service: Service::Either,
        ..EntryFilter::default()
    }
}

/// A line of the table before it is printed: where it stands, its label, its value.
type Line = (usize, String, String);

fn blocks(view: &View<'_>) -> Vec<Block> {
    let w = view.w;
    let mut said: BTreeMap<Line, Vec<Source>> = BTreeMap::new();
    for document in &view.papers.documents {
        let Some(ClinicalValue::Patient(record)) = &document.value.value else {
            continue;
        };
        for line in lines(view, record) {
            let by = said.entry(line).or_default();
            by.extend(document.origins.iter().map(|origin| origin.source.clone()));
        }
    }
    let mut blocks = vec![Block::Heading(w.summary_basic().into_owned())];
    if said.is_empty() {
        blocks.push(Block::Text(w.print_nothing().into_owned()));
        return blocks;
    }
    let rows = said
        .into_iter()
        .map(|((_, label, value), by)| vec![label, value, view.shorts(&by)]);
    blocks.push(Block::Table(Table {
        columns: vec![
            (w.summary_item().into_owned(), 22),
            (w.summary_registered().into_owned(), 60),
            (w.merged_sources().into_owned(), 18),
        ],
        rows: rows.collect(),
    }));
    blocks
}

fn lines(view: &View<'_>, record: &PatientRecord) -> Vec<Line> {
    if record.deleted {
        return Vec::new();
    }
    let w = view.w;
    let person = &record.demographics;
    let label = |label| words_of::label(w, label).into_owned();
    let mut lines: Vec<Line> = Vec::new();
    let mut say = |place: usize, label: String, value: String| {
        if !value.trim().is_empty() {
            lines.push((place, label, value));
        }
    };
    if let Some(died) = &record.died {
        let when = died.as_ref().map(ToString::to_string);
        say(
            0,
            w.summary_died().into_owned(),
            when.unwrap_or_else(|| "—".to_owned()),
        );
    }
    let name = format!("{}（{}）", person.name.display(), person.name.kana());
    say(1, label(Label::Name), name);
    for address in &person.addresses {
        let text = format!("{} {}", address.postal, address.text);
        say(2, label(Label::Address), text.trim().to_owned());
    }
    for phone in &person.phones {
        say(3, label(Label::Phone), phone.clone());
    }
    for relative in record.relatives.iter().take(OTHERS_MAX) {
        say(4, label(Label::Family), relative_words(relative));
    }
    for measure in record.observations.iter().take(OTHERS_MAX) {
        let parts = [
            measure.value.display(),
            measure.unit.display().to_owned(),
            measure
                .at
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ];
        say(5, measure.item.display().to_owned(), joined(parts));
    }
    lines
}

fn relative_words(relative: &Relative) -> String {
    joined([
        relative.name.display(),
        relative.relationship.display().to_owned(),
        relative.phones.join(" "),
        relative.organisation.to_string(),
    ])
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let said = parts.into_iter().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(" ")
}
