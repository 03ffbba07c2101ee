//! Which patients stand in the list before anybody has searched: the reader's own, those whose charts
//! they opened last, or all of the facility. Whoever the list names is a patient of this facility.

use super::LINES_MAX;
use crate::visit::{SignedIn, Stop, Visit};
use crate::words::Words;
use std::borrow::Cow;
use tasuki_core::Fault;
use tasuki_core::audit::Action;
use tasuki_core::ports::{AuditSearch, PatientHit, Reading};
use tasuki_model::PatientKey;

/// Events looked through for the last charts.
const EVENTS_MAX: u32 = 400;

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Mine,
    Recent,
    All,
}

impl List {
    const ALL: [Self; 3] = [Self::Mine, Self::Recent, Self::All];

    fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Recent => "recent",
            Self::All => "all",
        }
    }

    fn words(self, w: Words) -> Cow<'static, str> {
        match self {
            Self::Mine => w.kept_mine(),
            Self::Recent => w.kept_recent(),
            Self::All => w.kept_all(),
        }
    }

    /// What stands in an empty one.
    pub fn empty(self, w: Words) -> Cow<'static, str> {
        match self {
            Self::Mine => w.kept_none(),
            Self::Recent => w.kept_recent_none(),
            Self::All => w.patients_none(),
        }
    }

    /// The list that the address asks for.
    pub fn asked(visit: &Visit<'_>) -> Result<Option<Self>, Stop> {
        let Some(code) = visit.ask.query("list") else {
            return Ok(None);
        };
        let list = Self::ALL.into_iter().find(|list| list.code() == code);
        list.map(Some).ok_or_else(|| Stop::wrong("list"))
    }

    /// Every list with its address.
    pub fn tabs(self, w: Words) -> Vec<(String, String, bool)> {
        let tab = |list: Self| {
            let href = format!("/patients?list={}", list.code());
            (href, list.words(w).into_owned(), list == self)
        };
        Self::ALL.map(tab).into()
    }
}

/// The list asked for; without being asked, the reader's own patients where they have any.
pub(super) fn listed(
    tx: &dyn Reading,
    who: &SignedIn,
    asked: Option<List>,
) -> Result<(List, Vec<PatientHit>), Fault> {
    let keys = match asked {
        Some(List::All) => None,
        Some(List::Recent) => Some((List::Recent, recent(tx, who)?)),
        Some(List::Mine) => Some((List::Mine, tx.kept_patients(&who.account.id)?)),
        None => {
            let mine = tx.kept_patients(&who.account.id)?;
            (!mine.is_empty()).then_some((List::Mine, mine))
        }
    };
    let Some((list, keys)) = keys else {
        let all = tx.recent_patients(&who.facility.id, LINES_MAX)?;
        return Ok((List::All, all));
    };
    let mut hits = tx.patient_hits(&keys)?;
    hits.retain(|hit| hit.record.facility == who.facility.id && hit.record.survivor.is_none());
    hits.truncate(LINES_MAX as usize);
    Ok((list, hits))
}

/// The registrations whose charts the reader opened last, as the audit trail has them.
fn recent(tx: &dyn Reading, who: &SignedIn) -> Result<Vec<PatientKey>, Fault> {
    let search = AuditSearch {
        user: Some(who.account.id.clone()),
        action: Some(Action::ChartView),
        ..AuditSearch::default()
    };
    let mut keys: Vec<PatientKey> = Vec::new();
    for line in tx.find_events(&search, EVENTS_MAX)? {
        for key in line.event.patients {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}
