//! Events of the trail as a patient understands them: one line for everything that one reader did on one
//! day for one purpose.

use super::names::Names;
use crate::pages::words_of;
use crate::shell::facility_name;
use crate::visit::Visit;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::ports::AuditLine;
use tasuki_model::{Facility, JstDay, Purpose};

/// One line.
pub(crate) struct Told {
    pub day: String,
    pub who: String,
    pub what: String,
    pub why: String,
    pub times: usize,
}

/// What somebody did with a record, where it is something that a patient asks about.
fn what(visit: &Visit<'_>, action: Action) -> Option<String> {
    let w = visit.w;
    let words = match action {
        Action::ChartView | Action::DocumentView => w.access_read(),
        Action::Export => w.access_printed(),
        Action::Emergency => w.access_emergency(),
        Action::PatientSearch => w.access_searched(),
        Action::Identity => w.access_linked(),
        _ => return None,
    };
    Some(words.into_owned())
}

fn who(visit: &Visit<'_>, event: &AuditEvent, names: &Names, all: &[Facility]) -> String {
    let w = visit.w;
    match &event.actor {
        Actor::User {
            user,
            role,
            facility,
        } => {
            let place = all.iter().find(|f| f.id == *facility);
            let place = place.map(|f| facility_name(visit, f)).unwrap_or_default();
            let name = names.0.get(user).cloned().unwrap_or_default();
            format!("{place}　{}　{name}", words_of::role(w, *role))
        }
        Actor::Peer {
            community,
            organisation,
            role,
            ..
        } => {
            let others = visit.portal.others.as_ref();
            let members = others.map_or_else(Vec::new, |others| others.members());
            let name = members.into_iter().find(|m| m.community == *community);
            let name = name.map_or_else(|| community.to_string(), |m| m.name.into());
            let role = role.map(|role| words_of::role(w, role).into_owned());
            let parts = [Some(name), organisation.clone(), role];
            parts.into_iter().flatten().collect::<Vec<_>>().join("　")
        }
        Actor::System { name } => name.clone(),
        Actor::Anyone { .. } | Actor::Process { .. } => w.access_system().into_owned(),
    }
}

fn why(visit: &Visit<'_>, purpose: Option<Purpose>) -> String {
    match purpose {
        Some(Purpose::Treatment) => visit.w.access_for_treatment().into_owned(),
        Some(Purpose::Emergency) => visit.w.access_for_emergency().into_owned(),
        _ => String::new(),
    }
}

/// What was done, the last day first.
pub(crate) fn told(
    visit: &Visit<'_>,
    events: &[AuditLine],
    names: &Names,
    all: &[Facility],
) -> Vec<Told> {
    let mut lines: Vec<Told> = Vec::new();
    for line in events {
        let event = &line.event;
        if event.ending != Ending::Success || matches!(event.actor, Actor::Process { .. }) {
            continue;
        }
        let Some(what) = what(visit, event.action) else {
            continue;
        };
        let one = Told {
            day: JstDay::at(event.at).to_string(),
            who: who(visit, event, names, all),
            what,
            why: why(visit, event.purpose),
            times: 1,
        };
        let same = |t: &&mut Told| {
            t.day == one.day && t.who == one.who && t.what == one.what && t.why == one.why
        };
        match lines.iter_mut().rev().take(200).find(same) {
            Some(known) => known.times += 1,
            None => lines.push(one),
        }
    }
    lines
}
