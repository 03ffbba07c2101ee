//! Badges beside a fact: one for every source that states it; and short names for lines in addresses.

use crate::marks::Mark;
use askama::Template;
use tasuki_core::gather::Source;

/// A source's mark beside a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Badge {
    shape: &'static str,
    badge: String,
    name: String,
    /// Of an old copy.
    old: bool,
}

/// The marks of several sources, as they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(
    ext = "html",
    source = r##"{% for b in list %}<span class="source-badge{% if b.old %} source-badge--copy{% endif %}" title="{{ b.name }}"><svg class="shape{% if b.old %} shape--old{% endif %}" aria-hidden="true"><use href="#f-{{ b.shape }}"/></svg>{{ b.badge }}</span>{% endfor %}"##
)]
pub(crate) struct Badges {
    list: Vec<Badge>,
}

impl Badges {
    /// The same in letters, as paper has them.
    pub fn words(&self) -> String {
        let badges = self.list.iter().map(|badge| badge.badge.as_str());
        badges.collect::<Vec<_>>().join(" ")
    }

    /// The badges of sources, in the order of the marks; `old` are those that are away, of which
    /// earlier copies are shown.
    pub fn of(marks: &[Mark], sources: &[Source], old: &[Source]) -> Self {
        let shown = marks.iter().filter(|mark| sources.contains(&mark.source));
        let badge = |mark: &Mark| Badge {
            shape: mark.shape,
            badge: mark.badge.clone(),
            name: mark.name.clone(),
            old: old.contains(&mark.source),
        };
        Self {
            list: shown.map(badge).collect(),
        }
    }
}

/// A short name for a line in addresses. It holds nothing of what the line says.
pub(crate) fn handle(key: &impl std::fmt::Debug) -> String {
    // FNV-1a: equal keys give equal names on every node; nothing is protected by it.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = format!("{key:?}").bytes().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{hash:016x}")
}

/// What stands before a home community id in an address; no facility's id begins so.
pub(crate) const COMMUNITY: &str = "urn:oid:";

/// A source as an address says it.
pub(crate) fn source_code(source: &Source) -> String {
    match source {
        Source::Facility(id) => id.to_string(),
        Source::Community(id) => format!("{COMMUNITY}{id}"),
    }
}
