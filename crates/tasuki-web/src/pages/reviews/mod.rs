//! The privacy officer's queue: records opened in emergencies, and reading that is unusual. Who, when, for
//! what reason, which patient of the officer's own facility; nothing of the record itself.

mod judge;

pub(crate) use judge::{answer, judge};

use crate::chart::basic_labels;
use crate::pages::words_of;
use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use std::collections::BTreeMap;
use tasuki_core::audit::Action;
use tasuki_core::policy::{release_watched, role_judges_access};
use tasuki_core::ports::{
    Account, Emergency, EmergencyDoor, PatientRecord, Reading, Verdict, Watch, WatchKind,
    WatchedPeer,
};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Labelled, hints};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Facility, FacilityId, Labels, PatientKey};

/// Lines that are shown.
const LINES_MAX: u32 = 100;

#[derive(Template)]
#[template(path = "pages/reviews/page.html")]
struct ReviewsPage {
    shell: Shell,
    csrf: String,
    open: Vec<Line>,
    judged: Vec<Line>,
    more: bool,
}

struct Line {
    id: String,
    kind: String,
    at: String,
    who: String,
    patient: String,
    said: String,
    until: String,
    judged: Vec<String>,
}

/// A line with what the officer's facility knows of it.
struct Known {
    watch: Watch,
    emergency: Option<Emergency>,
    account: Option<Account>,
    record: Option<PatientRecord>,
}

/// The officer; nobody else has a queue.
fn officer<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_judges_access(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

fn known(tx: &dyn Reading, watch: Watch) -> Result<Known, Fault> {
    let emergency = match &watch.emergency {
        Some(id) => tx.emergency(id)?,
        None => None,
    };
    let record = match &watch.patient {
        Some(key) => tx.registration(key)?,
        None => None,
    };
    Ok(Known {
        account: tx.account(&watch.user)?,
        emergency,
        record,
        watch,
    })
}

/// What the policy has to know of a line: whose queue it stands in. One about nobody here is labelled
/// by its own id.
fn labelled(known: Known) -> Result<Labelled<Known>, Fault> {
    if let Some(record) = &known.record {
        return Ok(Labelled::new(basic_labels(record), known));
    }
    let key = PatientKey::new(known.watch.id.as_str())
        .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
    let labels = Labels {
        patient_key: key,
        facility: known.watch.facility.clone(),
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    };
    Ok(Labelled::new(labels, known))
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = officer(visit)?;
    if let Some(rule) = visit.portal.config.unusual {
        // What was read just now too, as far as one page may take.
        hints::look(&*visit.portal.store, rule, visit.now)?;
    }
    let (facilities, lines) = visit.portal.store.reading(|tx| {
        let watched = tx.watched(&who.facility.id, LINES_MAX + 1)?;
        let lines = watched.into_iter().map(|watch| known(tx, watch));
        let lines: Vec<Known> = lines.collect::<Result<_, _>>()?;
        Ok((tx.facilities()?, lines))
    })?;
    let more = lines.len() > LINES_MAX as usize;
    let lines = lines.into_iter().take(LINES_MAX as usize).map(labelled);
    let released = release_watched(&who.caller(), lines.collect::<Result<_, _>>()?);
    let names: BTreeMap<FacilityId, Facility> =
        facilities.into_iter().map(|f| (f.id.clone(), f)).collect();
    let body = released.try_map(|lines| {
        let (open, judged): (Vec<&Known>, Vec<&Known>) =
            lines.iter().partition(|known| known.watch.is_open());
        let drawn =
            |lines: Vec<&Known>| lines.into_iter().map(|l| line(visit, &names, l)).collect();
        ReviewsPage {
            shell: Shell::of(visit, "reviews", visit.w.reviews_title()),
            csrf: who.session.csrf.clone(),
            open: drawn(open),
            judged: drawn(judged),
            more,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::AuditView, body)))
}

fn line(visit: &Visit<'_>, names: &BTreeMap<FacilityId, Facility>, known: &Known) -> Line {
    let w = visit.w;
    let Known {
        watch,
        emergency,
        account,
        record,
    } = known;
    let from = names.get(&watch.from).map(|f| facility_name(visit, f));
    let account = account.as_ref();
    let role = account.and_then(|a| a.memberships.first()).map(|m| m.role);
    let who = match &watch.peer {
        Some(peer) => of_another(visit, peer),
        None => [
            from.unwrap_or_default(),
            account.map(|a| a.name.clone()).unwrap_or_default(),
            role.map(|r| words_of::role(w, r).into_owned())
                .unwrap_or_default(),
        ],
    };
    let opening = emergency.as_ref().and_then(|e| e.opening.as_ref());
    let said = opening.map(|o| {
        let door = match emergency.as_ref().map(|e| e.door) {
            Some(EmergencyDoor::PatientId) => w.emergency_by_id(),
            Some(EmergencyDoor::Invited) => w.emergency_by_invitation(),
            _ => w.emergency_by_items(),
        };
        let reason = crate::pages::emergency::reason(visit, o.reason);
        let mut parts = vec![
            reason,
            o.words.to_string(),
            o.team.to_string(),
            door.into_owned(),
        ];
        parts.extend(
            o.extended
                .iter()
                .map(|e| w.reviews_extended(&e.why).into_owned()),
        );
        parts.retain(|part| !part.is_empty());
        parts.join("　／　")
    });
    Line {
        id: watch.id.to_string(),
        kind: kind(visit, watch.kind),
        at: watch.at.in_jst().to_string(),
        who: who.join("　"),
        patient: record.as_ref().map_or_else(String::new, |r| {
            format!("{}　{}", r.local_id, r.demographics.name.display())
        }),
        said: said.unwrap_or_else(|| match watch.peer {
            Some(_) => w.reviews_purpose_only().into_owned(),
            None => String::new(),
        }),
        until: emergency
            .as_ref()
            .filter(|e| e.opening.is_some())
            .map_or_else(String::new, |e| e.until.in_jst().to_string()),
        judged: judged(visit, watch),
    }
}

/// A user of another community: which, where, who and as what, as it asserts.
fn of_another(visit: &Visit<'_>, peer: &WatchedPeer) -> [String; 3] {
    let others = visit.portal.others.as_ref();
    let members = others.map(|others| others.members()).unwrap_or_default();
    let mut named = members.iter().filter(|m| m.community == peer.community);
    let community = named
        .next()
        .map_or_else(|| peer.community.to_string(), |m| m.name.to_string());
    [
        visit.w.reviews_of_another(&community).into_owned(),
        format!("{}　{}", peer.organisation, peer.name),
        words_of::role(visit.w, peer.role).into_owned(),
    ]
}

fn kind(visit: &Visit<'_>, kind: WatchKind) -> String {
    let w = visit.w;
    match kind {
        WatchKind::Emergency => w.reviews_emergency(),
        WatchKind::Disaster => w.reviews_disaster(),
        WatchKind::Wandering => w.reviews_wandering(),
        WatchKind::OwnName => w.reviews_own_name(),
        WatchKind::Colleague => w.reviews_colleague(),
        WatchKind::Volume => w.reviews_volume(),
    }
    .into_owned()
}

fn judged(visit: &Visit<'_>, watch: &Watch) -> Vec<String> {
    let w = visit.w;
    let one = |j: &tasuki_core::ports::Judgement| {
        let what = match j.verdict {
            Some(Verdict::Justified) => w.reviews_justified(),
            Some(Verdict::NotJustified) => w.reviews_not_justified(),
            Some(Verdict::Asked) => w.reviews_asked(),
            None => w.reviews_answer(),
        };
        format!("{}　{what}　{}", j.at.in_jst(), j.words)
    };
    watch.judged.iter().map(one).collect()
}
