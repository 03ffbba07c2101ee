//! The sections of a chart: what the rail lists and which categories each shows.

use super::Facts;
use crate::words::Words;
use std::borrow::Cow;
use tasuki_model::Category;

/// A section of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Calendar,
    Summary,
    Medications,
    Injections,
    Labs,
    Problems,
    Screening,
    Documents,
    Images,
    Notes,
    Stays,
    Sources,
}

impl Section {
    /// The sections in the order of the rail; the sources page stands apart below them.
    pub const ALL: &'static [Self] = &[
        Self::Calendar,
        Self::Summary,
        Self::Medications,
        Self::Injections,
        Self::Labs,
        Self::Problems,
        Self::Screening,
        Self::Documents,
        Self::Images,
        Self::Notes,
        Self::Stays,
    ];

    /// The last part of its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Summary => "summary",
            Self::Medications => "medications",
            Self::Injections => "injections",
            Self::Labs => "labs",
            Self::Problems => "problems",
            Self::Screening => "screening",
            Self::Documents => "documents",
            Self::Images => "images",
            Self::Notes => "notes",
            Self::Stays => "stays",
            Self::Sources => "sources",
        }
    }

    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.path() == path)
    }

    /// The keys that lead to it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Calendar => "g c",
            Self::Summary => "g s",
            Self::Medications => "g m",
            Self::Labs => "g l",
            _ => "",
        }
    }

    pub fn words(self, w: Words) -> Cow<'static, str> {
        match self {
            Self::Calendar => w.section_calendar(),
            Self::Summary => w.section_summary(),
            Self::Medications => w.section_medications(),
            Self::Injections => w.section_injections(),
            Self::Labs => w.section_labs(),
            Self::Problems => w.section_problems(),
            Self::Screening => w.section_screening(),
            Self::Documents => w.section_documents(),
            Self::Images => w.section_images(),
            Self::Notes => w.section_notes(),
            Self::Stays => w.section_stays(),
            Self::Sources => w.section_sources(),
        }
    }

    /// The categories it lists.
    pub fn categories(self) -> &'static [Category] {
        match self {
            // Infections, contraindications and checks stand in documents of other sections.
            Self::Calendar | Self::Summary | Self::Screening | Self::Sources => &[],
            Self::Medications => &[Category::Prescription],
            Self::Injections => &[Category::Injection],
            Self::Labs => &[Category::Lab],
            Self::Problems => &[Category::Allergy, Category::Problem],
            Self::Documents => &[Category::Report, Category::File, Category::Record],
            Self::Images => &[Category::Image],
            Self::Notes => &[Category::Note],
            Self::Stays => &[Category::Stay, Category::Visit, Category::Meal],
        }
    }

    /// How many documents it holds.
    pub fn count(self, facts: &Facts) -> Option<u64> {
        let mine = self.categories();
        if mine.is_empty() {
            return None;
        }
        let dated: u64 = facts
            .cells
            .iter()
            .filter(|(_, c)| mine.contains(&c.category))
            .map(|(_, c)| u64::from(c.documents))
            .sum();
        let undated = facts
            .undated
            .iter()
            .filter(|(_, c)| mine.contains(c))
            .count();
        Some(dated + undated as u64)
    }
}
