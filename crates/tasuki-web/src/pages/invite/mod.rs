//! 緊急カルテ: the clerk of a disclosing facility lets a doctor of another one in, by telephone, to one
//! patient and for some hours. The doctor then finds the patient by the ID that was told.

use crate::chart::basic_labels;
use crate::shell::Shell;
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::policy::release_access;
use tasuki_core::ports::{Invitation, PatientRecord, PatientSearch};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Labelled};
use tasuki_model::Role;
use tasuki_model::facility::Part;

/// Invitations that are looked at.
const LINES_MAX: u32 = 200;
/// Longest invitation, in hours.
const HOURS_MAX: i64 = 72;

#[derive(Template)]
#[template(path = "pages/invite/page.html")]
struct InvitePage {
    shell: Shell,
    csrf: String,
    done: bool,
    lines: Vec<Line>,
}

struct Line {
    patient: String,
    name: String,
    doctor: String,
    until: String,
}

/// The clerk of a facility that discloses.
fn clerk<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    let discloses = who.facility.part == Part::Disclosing;
    match who.session.membership.role == Role::Clerk && discloses {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = clerk(visit)?;
    let found = visit.portal.store.reading(|tx| {
        let mut found: Vec<Labelled<(Invitation, PatientRecord)>> = Vec::new();
        for invitation in tx.invitations(visit.now, LINES_MAX)? {
            if let Some(record) = tx.registration(&invitation.patient)? {
                found.push(Labelled::new(basic_labels(&record), (invitation, record)));
            }
        }
        Ok(found)
    })?;
    let released = release_access(&who.caller(), found);
    let body = released.try_map(|found| {
        let line = |(invitation, record): &(Invitation, PatientRecord)| Line {
            patient: record.local_id.to_string(),
            name: record.demographics.name.display(),
            doctor: invitation.doctor.to_string(),
            until: invitation.until.in_jst().to_string(),
        };
        InvitePage {
            shell: Shell::of(visit, "desk", visit.w.invite_title()),
            csrf: who.session.csrf.clone(),
            done: visit.ask.query("done").is_some(),
            lines: found.iter().map(line).collect(),
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::Emergency, body)))
}

pub(crate) fn invite(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = clerk(visit)?;
    let unsaid = |what: &str| Stop::Fault(Fault::new(Code::EmergencyUnsaid, what));
    let patient = visit.ask.form("patient").ok_or_else(|| unsaid("patient"))?;
    let doctor = visit.ask.form("doctor").ok_or_else(|| unsaid("doctor"))?;
    let hours = visit.ask.form("hours").and_then(|h| h.parse::<i64>().ok());
    let hours = hours.filter(|h| (1..=HOURS_MAX).contains(h));
    let hours = hours.ok_or_else(|| unsaid("hours"))?;
    let search = PatientSearch {
        local_id: Some(patient.to_owned()),
        ..PatientSearch::default()
    };
    let mut event = visit.event(Action::Emergency, "invite-form")?;
    let done = visit.portal.store.writing(|tx| {
        let (hits, _) = tx.search_patients(&who.facility.id, &search, 2)?;
        let [hit] = &hits[..] else {
            return Ok(false);
        };
        // A name that nobody has is told to the clerk: it was misheard.
        if tx.account_by_name(doctor)?.is_none_or(|a| a.disabled) {
            return Ok(false);
        }
        tx.put_invitation(&Invitation {
            patient: hit.record.patient_key.clone(),
            doctor: doctor.into(),
            until: visit.now.plus_seconds(hours * 3_600),
            by: who.account.id.clone(),
        })?;
        event.person = Some(hit.record.person.clone());
        event.patients = vec![hit.record.patient_key.clone()];
        event.detail = Some(format!("{doctor} let in for {hours} hours"));
        tx.append_audit(&event)?;
        Ok(true)
    })?;
    if !done {
        return Err(Stop::Fault(Fault::new(
            Code::EmergencyNobody,
            "patient or doctor",
        )));
    }
    let mut reply = Reply::redirect("/desk/emergency?done=yes");
    reply.audited = true;
    Ok(reply)
}
