//! How far a gathering is, and the copies that may be shown: those that the source has just listed;
//! while it is away, those that it listed before, marked with their age.

use crate::visit::Visit;
use tasuki_core::elsewhere::{Asked, CopyRow, Gathering};
use tasuki_core::gather::Source;
use tasuki_core::ports::Reading;
use tasuki_core::{Fault, Labelled, SourceReport, SourceState};
use tasuki_model::{GatherId, Instant};

/// After so many seconds a page no longer looks whether something has come late.
const LATE_SECONDS: i64 = 120;

/// A copy that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copied {
    pub row: CopyRow,
    /// Its source is away; what it said when it was last heard.
    pub old: bool,
}

/// What is to be said of a source beside its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub source: Source,
    /// 未確認の同定.
    pub unconfirmed: bool,
    /// Its patient IDs are of an answer this old.
    pub identified: Option<Instant>,
    /// Nobody was asked, for the patient is not disclosed by the reader's facility.
    pub undisclosed: bool,
}

/// A page that is not complete yet: the gathering, and what of it this page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub id: GatherId,
    pub revision: i64,
}

/// What has come from the other communities.
#[derive(Default)]
pub(crate) struct Arrived {
    pub reports: Vec<SourceReport>,
    pub remarks: Vec<Remark>,
    pub copies: Vec<Labelled<Copied>>,
    pub arrival: Option<Arrival>,
}

impl Arrived {
    /// What each source has given, of that which may be shown; old ones are as of when they were listed last.
    pub fn reports_of(&self, shown: &[Copied]) -> Vec<SourceReport> {
        let reports = self.reports.iter().map(|report| {
            let of = |copy: &&Copied| match &report.source {
                Source::Community(community) => copy.row.source == *community,
                Source::Facility(_) => false,
            };
            let items = shown.iter().filter(of).count();
            let confirmed = shown.iter().filter(of).map(|c| c.row.confirmed).max();
            SourceReport {
                items: u32::try_from(items).unwrap_or(u32::MAX),
                data_as_of: report.data_as_of.or(confirmed),
                ..report.clone()
            }
        });
        reports.collect()
    }
}

/// A number that changes with every answer, and when those who have not answered count as away.
pub(crate) fn revision(gathering: &Gathering, asked: &[Asked], now: Instant) -> i64 {
    let last = asked.iter().map(|a| a.at.micros()).max().unwrap_or(0);
    last + i64::from(now >= gathering.deadline)
}

/// Whether something may still come.
pub(crate) fn is_awaited(gathering: &Gathering, asked: &[Asked], now: Instant) -> bool {
    let awaited = asked.iter().any(|a| a.state == SourceState::Awaited);
    awaited && now.seconds_since(gathering.begun) < LATE_SECONDS
}

pub(super) fn arrived(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    gathering: Option<&Gathering>,
) -> Result<Arrived, Fault> {
    let mut arrived = Arrived::default();
    let Some(others) = &visit.portal.others else {
        return Ok(arrived);
    };
    let asked = match gathering {
        Some(gathering) => tx.asked(&gathering.id)?,
        None => Vec::new(),
    };
    for member in others.members() {
        let source = Source::Community(member.community.clone());
        let one = asked.iter().find(|a| a.community == member.community);
        let (Some(one), Some(gathering)) = (one, gathering) else {
            arrived.remarks.push(Remark {
                source: source.clone(),
                unconfirmed: false,
                identified: None,
                undisclosed: true,
            });
            arrived
                .reports
                .push(report(source, SourceState::NotAsked, None));
            continue;
        };
        let (state, since) = shown(gathering, one, visit.now);
        let old = since.is_none();
        let copies = match state {
            SourceState::Refused | SourceState::NotAsked => Vec::new(),
            SourceState::Awaited if one.items == 0 => Vec::new(),
            _ => tx.copies(&gathering.shelf, &member.community, since)?,
        };
        let copies = copies.into_iter();
        let copies: Vec<_> = copies
            .map(|c| c.map(|_, row| Copied { row, old }))
            .collect();
        let as_of = (!old).then_some(one.at);
        arrived.reports.push(report(source.clone(), state, as_of));
        arrived.remarks.push(Remark {
            source,
            unconfirmed: one.unconfirmed,
            identified: one.identified,
            undisclosed: false,
        });
        arrived.copies.extend(copies);
    }
    arrived.arrival = gathering
        .filter(|g| is_awaited(g, &asked, visit.now))
        .map(|g| Arrival {
            id: g.id.clone(),
            revision: revision(g, &asked, visit.now),
        });
    Ok(arrived)
}

fn report(source: Source, state: SourceState, data_as_of: Option<Instant>) -> SourceReport {
    SourceReport {
        source,
        state,
        items: 0,
        data_as_of,
    }
}

/// The state as a page says it, and since when copies have to have been listed to be shown: nothing
/// where the source is away and older ones hold.
fn shown(gathering: &Gathering, asked: &Asked, now: Instant) -> (SourceState, Option<Instant>) {
    let listed = Some(gathering.begun);
    match &asked.state {
        SourceState::Awaited if asked.items == 0 && now >= gathering.deadline => {
            let since = gathering.begun;
            (SourceState::Unavailable { since }, None)
        }
        SourceState::Unavailable { .. } | SourceState::Unidentified { .. } => {
            (asked.state.clone(), None)
        }
        state => (state.clone(), listed),
    }
}
