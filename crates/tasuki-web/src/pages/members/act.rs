//! What the operator keeps of an institution, written with its audit event.

use super::{operator, page};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::{InstitutionKind, Participant};
use tasuki_core::{Code, Fault};
use tasuki_model::facility::{Offers, Part};
use tasuki_model::{Category, Facility, JstDay};

/// Characters of a telephone number.
const PHONE_MAX: usize = 40;

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    operator(visit)?;
    match kept(visit) {
        Ok(()) => {
            let mut reply = Reply::redirect("/admin/members?done=kept");
            reply.audited = true;
            Ok(reply)
        }
        Err(Stop::Fault(fault)) if fault.code == Code::MemberForm => page(visit, Some(fault.code)),
        Err(stop) => Err(stop),
    }
}

fn wrong(why: &str) -> Fault {
    Fault::new(Code::MemberForm, why)
}

fn kept(visit: &Visit<'_>) -> Result<(), Stop> {
    let form = |name: &str| visit.ask.form(name);
    let kind = form("kind").and_then(InstitutionKind::from_code);
    let (part, looks) = match form("part") {
        Some("both") => (Part::Disclosing, true),
        Some("disclosing") => (Part::Disclosing, false),
        Some("viewing") => (Part::Viewing, true),
        _ => return Err(wrong("part").into()),
    };
    let posted = form("posted").map(JstDay::parse_iso).transpose();
    let posted = posted.map_err(|_| wrong("posted"))?;
    if posted.is_some_and(|day| day > JstDay::at(visit.now)) {
        return Err(wrong("posted from a day to come on").into());
    }
    let institution = Participant {
        kind: kind.ok_or_else(|| wrong("kind"))?,
        looks,
        posted,
    };
    let offers = offers(visit)?;
    let phone: String = form("phone")
        .unwrap_or_default()
        .chars()
        .take(PHONE_MAX)
        .collect();
    let event = visit.event(Action::Administration, "members-form")?;
    visit.portal.store.writing(|tx| {
        let id = visit.ask.form("facility").unwrap_or_default();
        let mut facilities = tx.facilities()?.into_iter();
        let facility = facilities.find(|f| f.id.as_str() == id);
        let facility = facility.ok_or_else(|| wrong("facility"))?;
        tx.put_institution(&facility.id, &institution)?;
        tx.put_facility(&Facility {
            part,
            offers: offers.clone(),
            phone: phone.clone(),
            ..facility.clone()
        })?;
        tx.append_audit(&AuditEvent {
            detail: Some(format!("institution {}", facility.code)),
            ..event.clone()
        })
    })?;
    Ok(())
}

/// The kinds that are ticked; all of them is every kind, those that come later too.
fn offers(visit: &Visit<'_>) -> Result<Offers, Fault> {
    let ticked = visit.ask.form.iter().filter(|(name, _)| name == "offers");
    let ticked: Option<Vec<Category>> = ticked.map(|(_, code)| Category::from_code(code)).collect();
    let ticked = ticked.ok_or_else(|| wrong("offers"))?;
    let all = Category::of_the_record().all(|c| ticked.contains(&c));
    Ok(match all {
        true => Offers::default(),
        false => Offers::only(ticked),
    })
}
