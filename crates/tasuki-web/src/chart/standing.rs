//! How each source stands to a kind of data. The six states are kept apart: what it has, that it states
//! none, that nothing is known, that the consent keeps it back, that it did not answer, and that it does
//! not offer the kind at all. The last three end every list as lines of their own, so that a list that
//! is not whole never looks whole.
//!
//! 同意の範囲外 is said of facilities whose consent covers the reader, and of the consent alone: whether
//! there is such a document changes none of it.

use super::Facts;
use crate::marks::{Mark, gap_lines};
use crate::pages::words_of;
use crate::words::Words;
use askama::Template;
use std::borrow::Cow;
use tasuki_core::gather::Source;
use tasuki_core::policy::Extent;
use tasuki_core::{Grant, SourceReport, SourceState};
use tasuki_model::Category;

/// Kinds by which sources are set side by side.
pub(crate) const KINDS: &[Category] = &[
    Category::Prescription,
    Category::Injection,
    Category::Lab,
    Category::Image,
    Category::Report,
    Category::Record,
    Category::File,
    Category::Problem,
    Category::Allergy,
    Category::Note,
    Category::Stay,
];

/// What a consent keeps back.
pub(crate) type KeptBack = (Source, Category, Extent);

/// A source in its state for one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There are records.
    Data,
    /// There are some, and others may be missing.
    Part,
    /// It states that there is none.
    None,
    /// Nothing recorded, or nothing disclosed.
    Unknown,
    /// The consent does not cover it.
    Withheld,
    /// It did not answer, or not in full.
    Away,
    /// It does not offer the kind.
    Off,
}

impl Standing {
    /// Every one, in the order of the legend.
    pub const ALL: &'static [Self] = &[
        Self::Data,
        Self::None,
        Self::Unknown,
        Self::Withheld,
        Self::Away,
        Self::Off,
        Self::Part,
    ];

    /// How a source stands to a kind, by what the chart knows of it; `none` where it states that there
    /// is none.
    pub fn of(
        facts: &Facts,
        mark: &Mark,
        report: &SourceReport,
        kind: Category,
        none: bool,
    ) -> Self {
        let whose = |source: &Source| *source == report.source;
        let dated = facts.cells.iter();
        let has = dated
            .clone()
            .any(|(s, cell)| whose(s) && cell.category == kind)
            || facts.undated.iter().any(|(s, k)| whose(s) && *k == kind);
        let mut kept = facts.kept_back.iter();
        let kept = kept.find(|(s, k, _)| whose(s) && *k == kind);
        // Copies of a source that does not answer stand where they are shown, with their age.
        let answers = matches!(
            report.state,
            SourceState::Answered | SourceState::Partial(_)
        );
        match (has, kept) {
            (true, _) if !answers => Self::Away,
            (true, None) if report.has_gap() => Self::Part,
            (true, Some(_)) => Self::Part,
            (true, None) if none => Self::None,
            (true, None) => Self::Data,
            (false, _) if !mark.offers.has(kind) => Self::Off,
            (false, Some(_)) => Self::Withheld,
            (false, None) if report.has_gap() => Self::Away,
            (false, None) => Self::Unknown,
        }
    }

    /// Its drawing in the sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Data => "s-data",
            Self::Part => "s-part",
            Self::None => "s-none",
            Self::Unknown => "s-unknown",
            Self::Withheld => "s-kept",
            Self::Away => "s-gap",
            Self::Off => "s-off",
        }
    }

    pub fn words(self, w: &Words) -> Cow<'static, str> {
        match self {
            Self::Data => w.state_data(),
            Self::Part => w.state_part(),
            Self::None => w.state_none(),
            Self::Unknown => w.state_unknown(),
            Self::Withheld => w.state_withheld(),
            Self::Away => w.state_away(),
            Self::Off => w.state_off(),
        }
    }
}

/// What the consents that cover the reader keep back, of every kind.
pub(crate) fn kept_back(grant: &Grant) -> Vec<KeptBack> {
    let of = |kind: &Category| {
        let kept = grant.kept_back(*kind).into_iter();
        kept.map(|(facility, extent)| (Source::Facility(facility), *kind, extent))
            .collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(of).collect()
}

/// A bound of what a source gives, in words.
pub(crate) struct Limit {
    pub icon: &'static str,
    pub says: String,
}

/// What of these kinds a source keeps back or does not offer, in sentences.
pub(crate) fn limits(w: Words, facts: &Facts, mark: &Mark, kinds: &[Category]) -> Vec<Limit> {
    let list = |kinds: Vec<Category>| {
        let words = kinds.into_iter().map(|kind| words_of::category(w, kind));
        words.collect::<Vec<_>>().join(&w.identity_join())
    };
    let kept = |wanted: Extent| {
        let mine = |(source, kind, extent): &&KeptBack| {
            *source == mark.source && *extent == wanted && kinds.contains(kind)
        };
        let kept = facts.kept_back.iter().filter(mine);
        kept.map(|(_, kind, _)| *kind).collect::<Vec<_>>()
    };
    let off: Vec<Category> = kinds
        .iter()
        .filter(|kind| KINDS.contains(kind) && !mark.offers.has(**kind))
        .copied()
        .collect();
    let (whole, part) = (kept(Extent::Whole), kept(Extent::Part));
    let limit = |kinds: Vec<Category>, standing: Standing, says: Says| {
        (!kinds.is_empty()).then(|| Limit {
            icon: standing.icon(),
            says: says(w, &list(kinds)).into_owned(),
        })
    };
    let said = [
        limit(whole, Standing::Withheld, |w, kinds| w.limit_whole(kinds)),
        limit(part, Standing::Withheld, |w, kinds| w.limit_part(kinds)),
        limit(off, Standing::Off, |w, kinds| w.limit_off(kinds)),
    ];
    said.into_iter().flatten().collect()
}

type Says = fn(Words, &str) -> Cow<'static, str>;

/// The same of every source, for what leaves the screen.
pub(crate) fn limit_sentences(
    w: Words,
    marks: &[Mark],
    facts: &Facts,
    kinds: &[Category],
) -> Vec<String> {
    let limits = of_sources(w, marks, facts, kinds).into_iter();
    limits
        .map(|(mark, limit)| format!("{}　{}", mark.name, limit.says))
        .collect()
}

fn of_sources<'a>(
    w: Words,
    marks: &'a [Mark],
    facts: &Facts,
    kinds: &[Category],
) -> Vec<(&'a Mark, Limit)> {
    let reported = facts.reports.iter();
    let reported = reported.filter_map(|r| marks.iter().find(|m| m.source == r.source));
    let said = |mark| {
        let limits = limits(w, facts, mark, kinds).into_iter();
        limits.map(move |limit| (mark, limit))
    };
    reported.flat_map(said).collect()
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% for (mark, limit) in lines %}<p class="limit-line" role="note"><svg class="state-mark" aria-hidden="true"><use href="#{{ limit.icon }}"/></svg><svg class="shape" aria-hidden="true"><use href="#f-{{ mark.shape }}"/></svg><span><b>{{ mark.name }}</b>　{{ limit.says }}</span></p>{% endfor %}"##
)]
struct LimitLines<'a> {
    lines: Vec<(&'a Mark, Limit)>,
}

/// What ends a list of these kinds: what did not come, what is kept back, what is not offered.
pub(crate) fn foot(
    w: Words,
    marks: &[Mark],
    facts: &Facts,
    kinds: &[Category],
    gaps: &[&SourceReport],
) -> askama::Result<String> {
    let lines = of_sources(w, marks, facts, kinds);
    Ok(gap_lines(w, marks, gaps)? + &LimitLines { lines }.render()?)
}
