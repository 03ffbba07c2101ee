//! Items from several sources, and what became of every source that was asked. The two cannot be
//! parted: reading gives a [`Section`], and a section renders its reports itself.

use serde::{Deserialize, Serialize};
use tasuki_model::{CommunityId, FacilityId, Instant};

/// Where data can come from: a facility of our own community, or a remote community as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A facility of this community.
    Facility(FacilityId),
    /// Another community.
    Community(CommunityId),
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceState {
    /// It answered, in full, as far as may be known.
    Answered,
    /// It answered in part.
    Partial(PartialReason),
    /// It rejected our credentials or purpose.
    Refused,
    /// It did not answer.
    Unavailable {
        /// Since when it has not.
        since: Instant,
    },
    /// It was not asked.
    NotAsked,
    /// It has been asked and has not answered yet, or its documents are still coming.
    Awaited,
    /// Which of its patients is meant could not be found out: whoever knows did not answer.
    Unidentified {
        /// Since when that has not been known.
        since: Instant,
    },
}

/// Why an answer is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialReason {
    /// So many files of this patient are in quarantine.
    Quarantine(u32),
    /// Its feed has not been heard for longer than its limit.
    FeedSilent,
    /// So many documents could not be read.
    Unreadable(u32),
    /// More matched than it would give.
    TooMany,
    /// So much of what it gave is of another patient or another community, and is not shown.
    Foreign(u32),
    /// It says itself, or it broke off so that it shows, that something is missing.
    Incomplete,
}

/// The report on one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReport {
    /// Which.
    pub source: Source,
    /// What became of it.
    pub state: SourceState,
    /// How many items it gave.
    pub items: u32,
    /// How old its data is: when its feed was last heard.
    pub data_as_of: Option<Instant>,
}

impl SourceReport {
    /// Whether something may be missing.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !matches!(self.state, SourceState::Answered)
    }
}

/// Items and exactly one report for every source asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered<T> {
    items: T,
    reports: Vec<SourceReport>,
}

impl<T> Gathered<T> {
    /// Items with their reports. A second report on one source replaces a better one: the worse
    /// news is kept.
    pub fn new(items: T, reports: Vec<SourceReport>) -> Self {
        let mut kept: Vec<SourceReport> = Vec::with_capacity(reports.len());
        for report in reports {
            match kept.iter_mut().find(|r| r.source == report.source) {
                Some(known) if report.has_gap() || !known.has_gap() => *known = report,
                Some(_) => {}
                None => kept.push(report),
            }
        }
        Self {
            items,
            reports: kept,
        }
    }

    /// Makes something of the items; the reports stay.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Gathered<U> {
        Gathered {
            items: make(self.items),
            reports: self.reports,
        }
    }

    /// The only way to show the items: the view and the reports as one section.
    pub fn section<V>(&self, view: impl FnOnce(&T) -> V) -> Section<V> {
        Section {
            view: view(&self.items),
            reports: self.reports.clone(),
        }
    }

    /// Every report.
    pub fn reports(&self) -> &[SourceReport] {
        &self.reports
    }
}

/// A part of a page: what is shown, and the gaps that must be shown with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<V> {
    view: V,
    reports: Vec<SourceReport>,
}

impl<V> Section<V> {
    /// Renders the view and then the gaps: `gaps` is called for every section, with an empty slice
    /// when nothing is missing.
    ///
    /// # Errors
    /// Whatever one of the two says.
    pub fn render<E>(
        &self,
        view: impl FnOnce(&V) -> Result<String, E>,
        gaps: impl FnOnce(&[&SourceReport]) -> Result<String, E>,
    ) -> Result<String, E> {
        self.compose(|shown, missing| {
            let mut page = view(shown)?;
            page.push_str(&gaps(missing)?);
            Ok(page)
        })
    }

    /// Makes something else than a string of both, such as paper.
    pub fn compose<O>(&self, make: impl FnOnce(&V, &[&SourceReport]) -> O) -> O {
        let missing: Vec<&SourceReport> = self.reports.iter().filter(|r| r.has_gap()).collect();
        make(&self.view, &missing)
    }

    /// Every report, for the freshness strip.
    pub fn reports(&self) -> &[SourceReport] {
        &self.reports
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(name: &str, state: SourceState) -> SourceReport {
        SourceReport {
            source: Source::Facility(FacilityId::new(name).unwrap()),
            state,
            items: 0,
            data_as_of: None,
        }
    }

    #[test]
    fn every_source_has_one_report_and_bad_news_wins() {
        let away = SourceState::Unavailable {
            since: Instant::from_micros(0),
        };
        let gathered = Gathered::new(
            vec![1],
            vec![
                report("a", SourceState::Answered),
                report("b", away.clone()),
                report("b", SourceState::Answered),
                report("a", SourceState::Partial(PartialReason::FeedSilent)),
            ],
        );
        let states: Vec<_> = gathered.reports().iter().map(|r| r.state.clone()).collect();
        assert_eq!(
            states,
            [SourceState::Partial(PartialReason::FeedSilent), away]
        );
    }

    #[test]
    fn a_section_renders_its_gaps_itself() {
        let gathered = Gathered::new(3, vec![report("b", SourceState::Refused)]);
        let page = gathered.section(|n| *n).render(
            |n| Ok::<_, ()>(format!("{n} items.")),
            |gaps| Ok(format!(" {} missing.", gaps.len())),
        );
        assert_eq!(page.unwrap(), "3 items. 1 missing.");
    }
}
