//! Marks that stand on every chart page: facility shapes, badges, gap lines.

use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use tasuki_core::elsewhere::Member;
use tasuki_core::gather::{PartialReason, Source};
use tasuki_core::{SourceReport, SourceState};
use tasuki_model::Facility;
use tasuki_model::facility::{Offers, Shape};

/// A facility, or another community, as a mark: shape, two letters, names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Whose it is.
    pub source: Source,
    pub shape: &'static str,
    pub badge: String,
    pub short: String,
    pub name: String,
    pub phone: String,
    /// Which kinds of data it offers.
    pub offers: Offers,
}

impl Mark {
    pub fn of(visit: &Visit<'_>, facility: &Facility) -> Self {
        Self::named(facility, crate::shell::facility_name(visit, facility))
    }

    /// A facility under a name in the reader's language.
    pub fn named(facility: &Facility, name: String) -> Self {
        Self {
            source: Source::Facility(facility.id.clone()),
            shape: facility.shape.code(),
            badge: facility.badge.clone(),
            short: facility.short.clone(),
            name,
            phone: facility.phone.clone(),
            offers: facility.offers.clone(),
        }
    }
}

impl Mark {
    /// Another community, in a shape that none of these has, as long as there are any.
    pub fn of_community(member: &Member, taken: &[Self]) -> Self {
        let of = |shape: &Shape| taken.iter().filter(|m| m.shape == shape.code()).count();
        let shape = Shape::ALL.iter().rev().min_by_key(|shape| of(shape));
        Self {
            source: Source::Community(member.community.clone()),
            shape: shape.map_or("ring", |shape| shape.code()),
            badge: member.name.chars().take(2).collect(),
            short: member.name.chars().take(6).collect(),
            name: member.name.to_string(),
            phone: member.phone.to_string(),
            offers: member.offers.clone(),
        }
    }
}

/// One gap in words.
pub(crate) struct Gap {
    pub name: String,
    pub what: String,
    pub shape: &'static str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% for gap in gaps %}<p class="gap-line" role="note"><svg class="state-mark" aria-hidden="true"><use href="#s-gap"/></svg><svg class="shape shape--old" aria-hidden="true"><use href="#f-{{ gap.shape }}"/></svg><span><b>{{ gap.name }}</b>　{{ gap.what }}</span></p>{% endfor %}"##
)]
struct GapLines<'a> {
    gaps: &'a [Gap],
}

/// The gap lines that end every section; nothing when nothing is missing.
pub(crate) fn gap_lines(
    w: Words,
    marks: &[Mark],
    reports: &[&SourceReport],
) -> askama::Result<String> {
    let gaps: Vec<Gap> = reports.iter().map(|r| gap_of(w, marks, r)).collect();
    GapLines { gaps: &gaps }.render()
}

pub(crate) fn gap_of(w: Words, marks: &[Mark], report: &SourceReport) -> Gap {
    let mark = marks.iter().find(|m| m.source == report.source);
    let name = match (&report.source, mark) {
        (_, Some(mark)) => mark.name.clone(),
        (Source::Facility(id), None) => id.to_string(),
        (Source::Community(id), None) => id.to_string(),
    };
    Gap {
        name,
        what: state_words(w, report),
        shape: mark.map_or("disc", |m| m.shape),
    }
}

/// How many items a source gave; nothing where it gave none because it did not answer: that is no
/// count.
pub(crate) fn count_words(w: Words, report: &SourceReport) -> String {
    let answered = matches!(
        report.state,
        SourceState::Answered | SourceState::Partial(_)
    );
    if answered || report.items > 0 {
        w.strip_count(report.items).into_owned()
    } else {
        String::new()
    }
}

/// A source's state in a sentence.
pub(crate) fn state_words(w: Words, report: &SourceReport) -> String {
    let clock = |t: tasuki_model::Instant| t.in_jst().to_string();
    match &report.state {
        SourceState::Answered => w.gap_answered().into_owned(),
        SourceState::Partial(PartialReason::Quarantine(n)) => w.gap_quarantine(*n).into_owned(),
        SourceState::Partial(PartialReason::FeedSilent) => match report.data_as_of {
            Some(at) => w.gap_feed_silent(&clock(at)).into_owned(),
            None => w.gap_never_heard().into_owned(),
        },
        SourceState::Partial(PartialReason::Unreadable(n)) => w.gap_unreadable(*n).into_owned(),
        SourceState::Partial(PartialReason::TooMany) => w.gap_too_many().into_owned(),
        SourceState::Partial(PartialReason::Foreign(n)) => w.gap_foreign(*n).into_owned(),
        SourceState::Partial(PartialReason::Incomplete) => w.gap_incomplete().into_owned(),
        SourceState::Refused => w.gap_refused().into_owned(),
        SourceState::Unavailable { since } => {
            let since = clock(*since);
            match report.data_as_of.filter(|_| report.items > 0) {
                Some(at) => w.gap_unavailable_copies(&clock(at), &since).into_owned(),
                None => w.gap_unavailable(&since).into_owned(),
            }
        }
        SourceState::NotAsked => w.gap_not_asked().into_owned(),
        SourceState::Awaited => w.gap_awaited().into_owned(),
        SourceState::Unidentified { since } => w.gap_unidentified(&clock(*since)).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u32) -> Member {
        Member {
            community: tasuki_model::CommunityId::new(&format!("1.2.{n}")).unwrap(),
            name: format!("地域{n}").into(),
            phone: "".into(),
            offers: Offers::default(),
        }
    }

    #[test]
    fn shapes_are_drawn_and_differ_while_there_are_any() {
        let sprite = include_str!("sprite.html");
        let mut marks = Vec::new();
        for n in 0..Shape::ALL.len() as u32 + 1 {
            let mark = Mark::of_community(&member(n), &marks);
            assert!(sprite.contains(&format!("id=\"f-{}\"", mark.shape)));
            marks.push(mark);
        }
        let shapes: std::collections::BTreeSet<_> = marks.iter().map(|m| m.shape).collect();
        assert_eq!(shapes.len(), Shape::ALL.len());
    }
}
