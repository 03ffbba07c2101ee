//! 受け入れ可能状況 across communities: each Tasuki tells the others which of its facilities disclose and what they
//! take in at present, when it changes and every few minutes. Nothing of a patient.

use super::{By, Effect, Telling, Told, bounded, wrong};
use crate::communities::Communities;
use crate::gateway::{Audited, NoAnswer};
use crate::soap::Stop;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tasuki_core::policy::release_facility;
use tasuki_core::ports::{
    Acceptance, BOARD_DEPARTMENTS_MAX, BoardLine, FacilityElsewhere, TakesIn, Writing,
};
use tasuki_core::{Code, Fault};
use tasuki_model::facility::Part;
use tasuki_model::{CommunityId, Facility, FacilityCode, Instant, PatientKey};

/// How often it is looked whether something has changed, and how often it is told again though nothing has.
const LOOK_SECONDS: i64 = 2;
const AGAIN_SECONDS: i64 = 240;
/// Facilities of one community that are kept.
const FACILITIES_MAX: u32 = 2_000;
/// Lines that are read of our own board.
const LINES_MAX: u32 = 10_000;
/// Lines that one statement has room for beside the longest texts.
const SAID_MAX: usize = 40;

/// A facility of the sender's that discloses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityTold {
    /// 医療機関コード.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Telephone of its 地域連携室.
    pub phone: String,
    /// What it takes in, by department.
    pub lines: Vec<LineTold>,
}

/// One department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineTold {
    /// Its name.
    pub department: String,
    /// Whether it takes patients in.
    pub acceptance: Acceptance,
    /// What else is said.
    pub words: String,
    /// When it was written, in microseconds.
    pub at: i64,
}

struct Present {
    told: FacilityTold,
    code: FacilityCode,
}

pub(super) fn read(told: &FacilityTold) -> Result<Box<dyn Effect>, Stop> {
    let forged = |place: &str| wrong(Code::StatementForged, place);
    let lines = told.lines.iter().flat_map(|l| [&l.department, &l.words]);
    bounded(
        [&told.name, &told.phone].into_iter().chain(lines),
        "facility",
    )?;
    if told.name.is_empty() || told.lines.len() > BOARD_DEPARTMENTS_MAX {
        return Err(forged("facility"));
    }
    Ok(Box::new(Present {
        code: FacilityCode::new(&told.code).map_err(|_| forged("code"))?,
        told: told.clone(),
    }))
}

impl Effect for Present {
    fn write(&self, _: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        let lines = self.told.lines.iter().map(|line| TakesIn {
            department: line.department.as_str().into(),
            acceptance: line.acceptance,
            words: line.words.as_str().into(),
            // Nothing was written in a time to come.
            at: Instant::from_micros(line.at.min(by.now.micros())),
        });
        let facility = FacilityElsewhere {
            community: by.from.clone(),
            code: self.code.clone(),
            name: self.told.name.as_str().into(),
            phone: self.told.phone.as_str().into(),
            lines: lines.collect(),
            at: by.now,
        };
        // What is beyond the bound is not kept, and its sender need not say it again and again.
        tx.put_facility_elsewhere(&facility, FACILITIES_MAX)?;
        Ok(Vec::new())
    }
}

/// What each community was told of our facilities, and when.
#[derive(Default)]
pub(crate) struct FacilitiesTold(Mutex<HashMap<CommunityId, OneTold>>);

#[derive(Default, Clone)]
struct OneTold {
    looked: Option<Instant>,
    facilities: HashMap<FacilityCode, (FacilityTold, Instant)>,
}

impl FacilitiesTold {
    /// What a community was told, where it is time to look whether it has changed.
    fn due(&self, peer: &CommunityId, now: Instant) -> Option<OneTold> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all.entry(peer.clone()).or_default();
        let fresh = |at: Instant| (0..LOOK_SECONDS).contains(&now.seconds_since(at));
        if one.looked.is_some_and(fresh) {
            return None;
        }
        one.looked = Some(now);
        Some(one.clone())
    }

    fn told(&self, peer: &CommunityId, code: FacilityCode, told: FacilityTold, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all.entry(peer.clone()).or_default();
        one.facilities.insert(code, (told, now));
    }
}

fn of(facility: &Facility, board: &[BoardLine]) -> FacilityTold {
    let lines = board.iter().filter(|line| line.facility == facility.id);
    FacilityTold {
        code: facility.code.to_string(),
        name: facility.name.clone(),
        phone: facility.phone.clone(),
        lines: lines
            .take(SAID_MAX)
            .map(|line| LineTold {
                department: line.department.to_string(),
                acceptance: line.acceptance,
                words: line.words.to_string(),
                at: line.at.micros(),
            })
            .collect(),
    }
}

fn ours(communities: &Communities) -> Result<Vec<(FacilityCode, FacilityTold)>, Fault> {
    let store = communities.gateway().network().store();
    store.reading(|tx| {
        let board = tx.board(LINES_MAX)?;
        let mut facilities = tx.facilities()?;
        facilities.retain(|f| f.part == Part::Disclosing);
        let told = |f: &Facility| (f.code.clone(), of(f, &board));
        Ok(facilities.iter().map(told).collect())
    })
}

/// Tells a community what has changed, and what it was told some minutes ago. Gives nothing, for nothing waits.
pub(super) fn tell(telling: &Telling<'_>) -> Result<usize, NoAnswer> {
    let peer = &telling.to.home_community_id;
    let memory = telling.communities.facilities_told();
    let Some(known) = memory.due(peer, telling.now) else {
        return Ok(0);
    };
    for (code, told) in ours(telling.communities)? {
        let fresh = known.facilities.get(&code).is_some_and(|(before, at)| {
            *before == told && (0..AGAIN_SECONDS).contains(&telling.now.seconds_since(*at))
        });
        if !fresh {
            let what = Told::Facility(told.clone());
            let name = format!("facility {code}");
            if telling.state(&name, what, release_facility, Audited::default())? {
                memory.told(peer, code, told, telling.now);
            }
        }
    }
    Ok(0)
}
