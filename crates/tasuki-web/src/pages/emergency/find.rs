//! Step 1: the form, and what comes of it. Nobody, a refusal in advance and an unknown ID look alike.

use super::lookup::{self, Looked};
use super::{failed, mine, physician, tell};
use crate::emergency::{Paced, random_id};
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::ports::{Emergency, WatchKind};
use tasuki_core::{Code, Fault};
use tasuki_model::{EmergencyId, Facility};

#[derive(Template)]
#[template(path = "pages/emergency/find.html")]
struct FindPage {
    shell: Shell,
    csrf: String,
    facilities: Vec<(String, String)>,
    failed: Option<(String, &'static str)>,
    /// What this user has open now.
    open: Vec<mine::Line>,
    /// Peers that cannot be asked for somebody without an ID.
    not_asked: Vec<String>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    page(visit, None)
}

fn page(visit: &Visit<'_>, code: Option<Code>) -> Result<Reply, Stop> {
    let who = physician(visit)?;
    let (facilities, open) = visit.portal.store.reading(|tx| {
        let facilities = lookup::disclosing(tx)?;
        Ok((
            facilities,
            tx.emergencies_of(&who.account.id, mine::LINES_MAX)?,
        ))
    })?;
    let name = |f: &Facility| crate::shell::facility_name(visit, f);
    let others = visit.portal.others.as_ref();
    let page = FindPage {
        shell: Shell::of(visit, "emergency", visit.w.emergency_title()),
        csrf: who.session.csrf.clone(),
        facilities: facilities
            .iter()
            .map(|f| (f.code.to_string(), name(f)))
            .collect(),
        failed: code.map(|code| failed(visit, code)),
        open: mine::lines(visit, &open, true),
        not_asked: others.map_or_else(Vec::new, |others| {
            let silent = others.not_sought().into_iter();
            silent.map(|member| member.name.into()).collect()
        }),
    };
    let mut reply = Reply::notice(page.render()?);
    reply.status = match code {
        None => 200,
        Some(Code::EmergencyTooOften) => 429,
        Some(_) => 422,
    };
    Ok(reply)
}

pub(crate) fn find(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = physician(visit)?;
    let pace = &visit.portal.pace;
    if pace.look(&who.account.id, &who.facility.id, visit.now) == Paced::Wait {
        return Ok(page(visit, Some(Code::EmergencyTooOften))?.with_detail("too often".to_owned()));
    }
    let id = random_id()?;
    let id = EmergencyId::new(&id).map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
    let looked = match visit.ask.form("by") {
        Some("items") => lookup::by_items(visit, &id),
        _ => lookup::by_id(visit),
    };
    match looked {
        Ok(Looked::Found(found)) => keep(visit, id, *found),
        Ok(Looked::Nobody(facility)) => nobody(visit, facility.as_deref()),
        Err(Stop::Fault(fault)) if fault.code == Code::EmergencyUnsaid => {
            page(visit, Some(fault.code))
        }
        Err(stop) => Err(stop),
    }
}

fn keep(visit: &Visit<'_>, id: EmergencyId, found: lookup::Found) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let emergency = Emergency {
        id,
        user: who.account.id.clone(),
        facility: who.facility.id.clone(),
        role: who.session.membership.role,
        person: found.person,
        door: found.door,
        elsewhere: found.elsewhere,
        found: visit.now,
        opening: None,
        until: visit.now,
    };
    let mut event = visit.event(Action::Emergency, "emergency-find")?;
    event.person = Some(emergency.person.clone());
    event.detail = Some(format!("found {:?}", emergency.door));
    visit.portal.store.writing(|tx| {
        tx.put_emergency(&emergency)?;
        tx.append_audit(&event)
    })?;
    let mut reply = Reply::redirect(format!("/emergency/{}", emergency.id));
    reply.audited = true;
    Ok(reply)
}

/// Nobody: counted, and where it is one too many said to the officers of both facilities.
fn nobody(visit: &Visit<'_>, asked: Option<&Facility>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let alarm = visit.portal.pace.missed(&who.account.id, visit.now);
    let mut told = vec![who.facility.id.clone()];
    told.extend(
        asked
            .map(|f| f.id.clone())
            .filter(|id| *id != who.facility.id),
    );
    if alarm {
        let lines = tell::lines(
            visit,
            WatchKind::Wandering,
            None,
            told.into_iter().map(|f| (f, None)),
        )?;
        visit
            .portal
            .store
            .writing(|tx| lines.iter().try_for_each(|line| tx.put_watch(line)))?;
    }
    let typed: String = super::typed(visit, "id").chars().take(80).collect();
    let alarm = if alarm { " alarm" } else { "" };
    let reply = page(visit, Some(Code::EmergencyNobody))?;
    Ok(reply.with_detail(format!("nobody {typed}{alarm}")))
}
