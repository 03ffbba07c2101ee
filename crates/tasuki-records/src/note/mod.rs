//! 患者メモ・ノート: what professions write for each other. Plain text, so that every viewer shows it;
//! what a home-visit team agrees on stands under headings of its own, which are read back here.
//!
//! The headings are items of the 在宅医療情報連携加算 (next visit, change of plan, points to watch,
//! wishes for the end of life). A text without them is a note all the same. Who wrote it and when is
//! metadata, not text.

mod profession;
#[cfg(test)]
mod tests;

pub use profession::role_of;

use std::fmt::Write;

/// The class of notes: LOINC "Note".
pub const CLASS: &str = "34109-9";
/// The coding scheme of [`CLASS`].
pub const LOINC: &str = "2.16.840.1.113883.6.1";
/// Characters of all parts together that a note has at most.
pub const CHARACTERS_MAX: usize = 4_000;

/// What a part of a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// 次回の訪問予定日.
    NextVisit,
    /// 治療方針の変更.
    ChangeOfPlan,
    /// 医療・ケアの留意点.
    PointsToWatch,
    /// 人生の最終段階・急変時の希望.
    Wishes,
}

impl Item {
    /// Every item, in the order in which they are written.
    pub const ALL: &'static [Self] = &[
        Self::NextVisit,
        Self::ChangeOfPlan,
        Self::PointsToWatch,
        Self::Wishes,
    ];

    /// Its heading in the document.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::NextVisit => "【次回訪問予定日】",
            Self::ChangeOfPlan => "【治療方針の変更】",
            Self::PointsToWatch => "【留意点】",
            Self::Wishes => "【人生の最終段階・急変時の希望】",
        }
    }

    fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        Self::ALL.iter().copied().find(|i| i.heading() == line)
    }
}

/// A note in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// What stands before the first heading.
    pub text: String,
    /// The parts under headings, in the order of the document.
    pub items: Vec<(Item, String)>,
}

impl Note {
    /// Reads a document's text. Nothing is dropped: what is under no heading is text.
    #[must_use]
    pub fn read(document: &str) -> Self {
        let mut note = Self::default();
        for line in document.lines() {
            if let Some(item) = Item::of(line) {
                note.items.push((item, String::new()));
                continue;
            }
            let part = match note.items.last_mut() {
                Some((_, part)) => part,
                None => &mut note.text,
            };
            part.push_str(line);
            part.push('\n');
        }
        note.trim()
    }

    /// The document's text.
    #[must_use]
    pub fn write(&self) -> String {
        let note = self.clone().trim();
        let mut document = note.text;
        for (item, part) in &note.items {
            let gap = if document.is_empty() { "" } else { "\n\n" };
            let _ = write!(document, "{gap}{}\n{part}", item.heading());
        }
        document.push('\n');
        document
    }

    /// Characters of all parts.
    #[must_use]
    pub fn characters(&self) -> usize {
        let items = self.items.iter().map(|(_, part)| part.chars().count());
        self.text.chars().count() + items.sum::<usize>()
    }

    /// The first line, for lists: of the text, else of the first part.
    #[must_use]
    pub fn first_line(&self) -> String {
        let parts = std::iter::once(&self.text).chain(self.items.iter().map(|(_, part)| part));
        let line = parts.flat_map(|part| part.lines()).find(|l| !l.is_empty());
        line.unwrap_or_default().chars().take(60).collect()
    }

    fn trim(mut self) -> Self {
        self.text = tidy(&self.text);
        for (_, part) in &mut self.items {
            *part = tidy(part);
        }
        self.items.retain(|(_, part)| !part.is_empty());
        self
    }
}

/// Without controls but line ends, which are those of text; without blank ends.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = text.chars().filter(|c| *c == '\n' || !c.is_control());
    let kept: String = kept.collect();
    kept.trim().to_owned()
}
