//! Views of received copies, told to the community whose documents they are: every page, print and file that showed
//! some, as the audit trail has it. There they stand in its own trail, and its patients see them.
//!
//! The trail is the queue: a cursor of it for each community passes what has been acknowledged. A community that has
//! nothing to tell says so from time to time, so that silence is known for what it is.

use super::{By, Effect, Telling, Told, bounded, wrong};
use crate::communities::Communities;
use crate::gateway::{Audited, NoAnswer};
use crate::soap::Stop;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::policy::release_views;
use tasuki_core::ports::{AuditRow, ViewsReported, Writing};
use tasuki_core::{Code, Fault};
use tasuki_model::{
    Category, CommunityId, Facility, FacilityId, Instant, PatientKey, Purpose, Role, XadPid,
};

/// Rows of the trail that one round looks at, and views that one statement tells.
const ROWS: u32 = 500;
const VIEWS_MAX: usize = 40;
/// What a statement of views is called.
const NAMED: &str = "views";
/// How often the trail is looked at, and how often a community says that it has reported everything.
const LOOK_SECONDS: i64 = 2;
const AGAIN_SECONDS: i64 = 600;
/// Views older than this are not taken: no copy lives as long, and no report waits as long.
const OLDEST_SECONDS: i64 = 400 * 86_400;

/// Views of documents of the recipient's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Viewed {
    /// The views, oldest first.
    pub views: Vec<ViewTold>,
    /// Every view until then has been told with this, in microseconds; nothing where more is to come.
    #[serde(default)]
    pub until: Option<i64>,
}

/// One view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewTold {
    /// The patient's ID at the recipient.
    pub patient: String,
    /// The role of who looked.
    pub role: Role,
    /// The facility where they looked, by name.
    pub facility: String,
    /// What for.
    pub purpose: Purpose,
    /// When, in microseconds.
    pub at: i64,
    /// What was done.
    pub act: ViewAct,
    /// Kinds that were read; none where documents were only listed.
    pub kinds: BTreeSet<Category>,
}

/// What was done with a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewAct {
    /// A page of a chart showed it.
    Chart,
    /// It was opened.
    Opened,
    /// It was printed or exported.
    Exported,
}

struct Report(Viewed);

pub(super) fn read(told: &Viewed, now: Instant) -> Result<Box<dyn Effect>, Stop> {
    let forged = |place: &str| wrong(Code::StatementForged, place);
    bounded(told.views.iter().map(|v| &v.facility), "facility")?;
    bounded(told.views.iter().map(|v| &v.patient), "patient")?;
    if told.views.len() > VIEWS_MAX {
        return Err(forged("views"));
    }
    let times = told.views.iter().map(|v| v.at).chain(told.until);
    for at in times {
        let ago = now.seconds_since(Instant::from_micros(at));
        // Clocks may be apart by as much as a statement may be old.
        if !(-300..OLDEST_SECONDS).contains(&ago) {
            return Err(forged("at"));
        }
    }
    Ok(Box::new(Report(told.clone())))
}

impl Effect for Report {
    fn write(&self, id: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        for view in &self.0.views {
            // Known and unknown are answered alike.
            let Ok(pid) = XadPid::new(&view.patient) else {
                continue;
            };
            let Some(person) = tx.person_of_xad_pid(&pid)? else {
                continue;
            };
            let records = tx.registrations_of(&person)?;
            let kinds: Vec<&str> = view.kinds.iter().map(|kind| kind.code()).collect();
            tx.append_audit(&AuditEvent {
                actor: Actor::Peer {
                    community: by.from.clone(),
                    user: None,
                    organisation: Some(view.facility.clone()),
                    role: Some(view.role),
                },
                purpose: Some(view.purpose),
                person: Some(person),
                patients: records.into_iter().map(|r| r.patient_key).collect(),
                items: kinds.len() as u64,
                detail: Some(format!("reported by its community: {}", kinds.join(" "))),
                request: id.to_owned(),
                ..AuditEvent::of_process(
                    Instant::from_micros(view.at.min(by.now.micros())),
                    match view.act {
                        ViewAct::Chart => Action::ChartView,
                        ViewAct::Opened => Action::DocumentView,
                        ViewAct::Exported => Action::Export,
                    },
                    "",
                    "TASUKI-1",
                )
            })?;
        }
        if let Some(until) = self.0.until {
            tx.put_views_reported(&ViewsReported {
                community: by.from.clone(),
                until: Instant::from_micros(until.min(by.now.micros())),
            })?;
        }
        Ok(Vec::new())
    }
}

/// When each community was told last, and looked at last.
#[derive(Default)]
pub(crate) struct ViewsTold(Mutex<HashMap<CommunityId, (Instant, Option<Instant>)>>);

impl ViewsTold {
    /// Whether the trail is to be looked at for a community, and whether everything is to be confirmed to it.
    fn due(&self, peer: &CommunityId, now: Instant) -> Option<bool> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |at: Instant, seconds| (0..seconds).contains(&now.seconds_since(at));
        let known = all.get(peer).copied();
        if known.is_some_and(|(looked, _)| within(looked, LOOK_SECONDS)) {
            return None;
        }
        let told = known.and_then(|(_, told)| told);
        all.insert(peer.clone(), (now, told));
        Some(!told.is_some_and(|at| within(at, AGAIN_SECONDS)))
    }

    fn told(&self, peer: &CommunityId, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(peer.clone(), (now, Some(now)));
    }
}

/// What a row of the trail tells a community.
fn views(row: &AuditRow, peer: &CommunityId, facilities: &[Facility]) -> Vec<ViewTold> {
    let Some(event) = row.event.as_ref().filter(|e| e.ending == Ending::Success) else {
        return Vec::new();
    };
    let Actor::User { role, facility, .. } = &event.actor else {
        return Vec::new();
    };
    let of_it = event.copies.iter().filter(|seen| seen.community == *peer);
    of_it
        .map(|seen| ViewTold {
            patient: seen.patient.clone(),
            role: *role,
            facility: named(facility, facilities),
            purpose: event.purpose.unwrap_or(Purpose::Treatment),
            at: event.at.micros(),
            act: match event.action {
                Action::Export => ViewAct::Exported,
                Action::DocumentView => ViewAct::Opened,
                _ => ViewAct::Chart,
            },
            kinds: seen.kinds.clone(),
        })
        .collect()
}

fn named(id: &FacilityId, facilities: &[Facility]) -> String {
    let facility = facilities.iter().find(|f| f.id == *id);
    facility.map_or_else(|| id.to_string(), |f| f.name.clone())
}

fn rows(communities: &Communities, cursor: &str) -> Result<(Vec<AuditRow>, Vec<Facility>), Fault> {
    let store = communities.gateway().network().store();
    store.reading(|tx| Ok((tx.audit_after(cursor, ROWS)?, tx.facilities()?)))
}

/// Tells a community who has viewed copies of its documents since it was told last; gives how many rows of the trail
/// were passed where there may be more.
pub(super) fn tell(telling: &Telling<'_>) -> Result<usize, NoAnswer> {
    let peer = &telling.to.home_community_id;
    let memory = telling.communities.views_told();
    let Some(confirms) = memory.due(peer, telling.now) else {
        return Ok(0);
    };
    let cursor = format!("views:{peer}");
    loop {
        let (rows, facilities) = rows(telling.communities, &cursor)?;
        let more = rows.len() >= ROWS as usize;
        let mut told: Vec<ViewTold> = Vec::new();
        for row in &rows {
            told.extend(views(row, peer, &facilities));
        }
        let until = (!more).then(|| telling.now.micros());
        let mut batches: Vec<&[ViewTold]> = told.chunks(VIEWS_MAX).collect();
        if batches.is_empty() && confirms && !more {
            batches.push(&[]);
        }
        let last = batches.len();
        for (n, batch) in (1..).zip(batches) {
            let viewed = Viewed {
                views: batch.to_vec(),
                until: until.filter(|_| n == last),
            };
            let patients = viewed.views.iter().map(|v| v.patient.clone()).collect();
            let audited = Audited {
                patients,
                ..Audited::default()
            };
            // They go in their order, for `until` says that all before were told: one that is refused holds up
            // those behind it, and nothing else.
            if !telling.state(NAMED, Told::Viewed(viewed), release_views, audited)? {
                return Ok(0);
            }
        }
        if last > 0 && !more {
            memory.told(peer, telling.now);
        }
        pass(telling.communities, &cursor, &rows)?;
        if !more {
            return Ok(0);
        }
    }
}

/// The cursor passes every row: the last of each stream says it all.
fn pass(communities: &Communities, cursor: &str, rows: &[AuditRow]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let store = communities.gateway().network().store();
    store.writing(|tx| {
        for (n, row) in rows.iter().enumerate() {
            if rows.get(n + 1).is_none_or(|next| next.stream != row.stream) {
                tx.pass_audit(cursor, &row.stream, row.seq)?;
            }
        }
        Ok(())
    })
}
