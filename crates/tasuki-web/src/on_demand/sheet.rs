//! A summary as a document: the parts of an emergency's print, with what is missing before them.

use super::reading::Read;
use crate::chart::merged::View;
use crate::marks::gap_of;
use crate::pages::print::{EMERGENCY, Part, sources_of};
use crate::pages::words_of;
use crate::words::{Lang, Words};
use tasuki_core::Gathered;
use tasuki_model::{Instant, JstDay};
use tasuki_report::{Block, Document};

/// What stands in it, in order.
pub(super) const PARTS: &[&Part] = EMERGENCY;

/// The language that it is said to be in.
const W: Words = Words { lang: Lang::Ja };

pub(super) fn of(read: &Read, patient: &str, community: &str, now: Instant) -> Document {
    let today = JstDay::at(now);
    let mut blocks: Vec<Block> = Vec::new();
    let mut remarks = vec![W.on_demand_not_all().into_owned()];
    for (part, papers) in PARTS.iter().zip(&read.papers) {
        let view = View::at((W, today), &read.marks, &read.facts, papers);
        blocks.extend((part.blocks)(&view));
        remarks.extend(papers.remarks(W));
    }
    if read.more {
        remarks.push(W.on_demand_older().into_owned());
    }
    remarks.dedup();
    blocks.push(sources_of(W, &read.marks, &read.facts));
    let gathered = Gathered::new(blocks, read.facts.reports.clone());
    gathered.section(Clone::clone).compose(|blocks, missing| {
        let gaps = missing.iter().map(|report| {
            let gap = gap_of(W, &read.marks, report);
            format!("{}\u{3000}{}", gap.name, gap.what)
        });
        Document {
            title: W.on_demand_title().into_owned(),
            lang: W.lang.tag().to_owned(),
            banner: banner(read, patient, today),
            gaps: gaps.chain(remarks).collect(),
            gap_mark: W.print_incomplete().into_owned(),
            blocks: blocks.clone(),
            printed: W
                .on_demand_made(&now.in_jst().to_string(), community)
                .into_owned(),
        }
    })
}

/// Who it is, as one of the facilities says, and what the community calls them.
fn banner(read: &Read, patient: &str, today: JstDay) -> Vec<(String, String)> {
    let first = read.facts.records.first();
    let demographics = first.map(|r| r.demographics.clone()).unwrap_or_default();
    let birth = demographics.birth.map_or_else(
        || W.banner_unknown().into_owned(),
        |day| {
            let age = W.banner_age(day.years_until(today));
            format!("{} {age}", words_of::birth(W, day))
        },
    );
    let name = format!(
        "{}\u{ff08}{}\u{ff09}",
        demographics.name.display(),
        demographics.name.kana()
    );
    let id = patient.split('^').next().unwrap_or_default();
    vec![
        (W.print_name().into_owned(), name),
        (
            W.banner_sex().into_owned(),
            words_of::sex(W, demographics.sex).into_owned(),
        ),
        (W.banner_birth().into_owned(), birth),
        (W.banner_ids().into_owned(), id.to_owned()),
    ]
}
