//! What is current, on paper: each medicine once, with the facilities that prescribe it.

use super::now::{CUT_DAYS, usage};
use super::wanted::YEAR;
use super::{UNSAID_DAYS, all};
use crate::chart::merged::View;
use crate::pages::print::Part;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};
use tasuki_records::prescription::merge::Medicine;
use tasuki_report::{Block, Table};

/// The part of a print.
pub(crate) const PAPER: Part = Part { filter, blocks };

fn filter(today: JstDay) -> EntryFilter {
    EntryFilter {
        categories: vec![Category::Prescription],
        from: Some(today.plus_days(-YEAR)),
        service: Service::Either,
        ..EntryFilter::default()
    }
}

fn blocks(view: &View<'_>) -> Vec<Block> {
    let w = view.w;
    let lines = all(view);
    let current = lines.iter().filter(|line| line.is_current(view.today));
    let rows: Vec<Vec<String>> = current.map(|line| row(view, line)).collect();
    let mut blocks = vec![Block::Heading(w.meds_now().into_owned())];
    if rows.is_empty() {
        blocks.push(Block::Text(w.print_nothing().into_owned()));
        return blocks;
    }
    let head = |words: std::borrow::Cow<'static, str>, share| (words.into_owned(), share);
    blocks.push(Block::Table(Table {
        columns: vec![
            head(w.print_medicine(), 36),
            head(w.print_usage(), 26),
            head(w.print_since(), 13),
            head(w.print_until(), 13),
            head(w.merged_sources(), 12),
        ],
        rows,
    }));
    blocks.push(Block::Text(w.meds_rule(UNSAID_DAYS).into_owned()));
    blocks
}

fn row(view: &View<'_>, line: &Medicine) -> Vec<String> {
    let now = line.valid().find(|supply| supply.value.covers(view.today));
    let now = now.or_else(|| line.valid().next());
    let read_from = view.today.plus_days(CUT_DAYS - YEAR);
    let day = |day: Option<JstDay>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        if line.name.is_empty() {
            view.w.merged_no_name().into_owned()
        } else {
            line.name.clone()
        },
        now.map(|fact| usage(&fact.value)).unwrap_or_default(),
        match line.since() {
            // What begins with the time that was read may have begun before it.
            Some(since) if since < read_from => view.w.meds_before(&since.to_string()).into_owned(),
            since => day(since),
        },
        day(line.until()),
        view.shorts(&line.sources(view.today)),
    ]
}
