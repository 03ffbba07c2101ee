//! What a clerk does with a consent: take, withdraw, disclose, keep out, attach. Each is one transaction with
//! its audit event.

use super::{clerk, hidden, known, names, own, page, paper, person, typed};
use crate::pages::notes::FILE_REFUSED;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::{Consent, ConsentPaper, PatientRecord, Writing};
use tasuki_core::{Code, Fault};
use tasuki_model::{ConsentId, Instant, JstDay, PersonId};

/// What a clerk can mend beside a file: the page comes back with what is wrong.
const MENDED_BY_HAND: &[Code] = &[
    Code::ConsentForm,
    Code::ConsentTooLong,
    Code::ConsentMissing,
    Code::ConsentMoved,
];

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    match done(visit) {
        Err(Stop::Fault(fault))
            if MENDED_BY_HAND.contains(&fault.code) || FILE_REFUSED.contains(&fault.code) =>
        {
            let reply = page(visit, Some(&fault))?;
            Ok(reply.with_detail(format!("refused {}", fault.code.id())))
        }
        done => done,
    }
}

fn done(visit: &Visit<'_>) -> Result<Reply, Stop> {
    clerk(visit)?;
    let at = |person: &PersonId| format!("/patients/{person}/consent");
    let (person, done) = match visit.ask.form("act").unwrap_or_default() {
        "take" => take(visit)?,
        "ask-withdraw" => {
            let base = at(&person(visit)?);
            return Ok(Reply::redirect(format!("{base}?step=withdraw")));
        }
        "withdraw" => withdraw(visit)?,
        "disclose" => disclose(visit, true)?,
        "close" => disclose(visit, false)?,
        "hide" | "show" => keep_out(visit)?,
        "paper" => attach(visit)?,
        _ => return Err(Stop::wrong("no such act")),
    };
    let mut reply = Reply::redirect(format!("{}?done={done}", at(&person)));
    reply.audited = true;
    Ok(reply.about(&person))
}

/// Whom the registration is then of, for disclosure ties and parts persons; and what was done.
type Done = (PersonId, &'static str);

/// One change of the patient's registration here, with its event.
fn change(
    visit: &Visit<'_>,
    what: &str,
    work: impl Fn(&dyn Writing, &PatientRecord) -> Result<(), Fault> + Sync,
) -> Result<PersonId, Stop> {
    let (who, person) = (clerk(visit)?, person(visit)?);
    let event = AuditEvent {
        person: Some(person.clone()),
        items: 1,
        detail: Some(what.to_owned()),
        ..visit.event(Action::Identity, "consent-form")?
    };
    let found = visit.portal.store.writing(|tx| {
        let Some(record) = own(tx, who, &person)? else {
            return Ok(None);
        };
        work(tx, &record)?;
        let after = tx.registration(&record.patient_key)?;
        tx.append_audit(&AuditEvent {
            patients: vec![record.patient_key],
            ..event.clone()
        })?;
        Ok(after.map(|after| after.person))
    })?;
    found.ok_or(Stop::Refused)
}

fn take(visit: &Visit<'_>) -> Result<Done, Stop> {
    let typed = typed::typed(visit, &names(visit, &[])?)?;
    let released = known(visit)?;
    let scan = paper::taken(visit, &released.view().record)?;
    let random: String = crate::sign_in::random_hex()?.chars().take(32).collect();
    let id = ConsentId::new(&random).map_err(|_| Stop::wrong("an id of hex digits"))?;
    let by = clerk(visit)?.account.id.clone();
    let discloses = visit.ask.form("discloses").is_some();
    let what = format!("consent {id} taken by {by}");
    let person = change(visit, &what, |tx, record| {
        let before = tx.consents_of(&record.patient_key)?.into_iter().next();
        let newer = |b: &Consent| JstDay::at(b.taken) > JstDay::at(typed.taken);
        if before.as_ref().is_some_and(newer) {
            return Err(typed::wrong("older than the one in force"));
        }
        // What is taken later the same day comes after.
        let after = before.map(|b| Instant::from_micros(b.taken.micros() + 1));
        let taken = after.map_or(typed.taken, |after| after.max(typed.taken));
        tx.put_consent(&Consent {
            id: id.clone(),
            patient: record.patient_key.clone(),
            terms: typed.terms.clone(),
            signer: typed.signer.clone(),
            paper: None,
            taken,
            by: by.clone(),
            place: typed.place.clone(),
            withdrawn: None,
        })?;
        attached(tx, record, &id, scan.as_ref())?;
        match discloses {
            true => tx.set_disclosed(&record.patient_key, true),
            false => Ok(()),
        }
    })?;
    Ok((person, "taken"))
}

fn attached(
    tx: &dyn Writing,
    record: &PatientRecord,
    consent: &ConsentId,
    scan: Option<&ConsentPaper>,
) -> Result<(), Fault> {
    let Some(scan) = scan else { return Ok(()) };
    match tx.put_consent_paper(&record.patient_key, consent, scan)? {
        true => Ok(()),
        false => Err(Fault::new(Code::ConsentMissing, "no such consent")),
    }
}

/// The second step: it names the consent that the first one showed.
fn withdraw(visit: &Visit<'_>) -> Result<Done, Stop> {
    let by = clerk(visit)?.account.id.clone();
    let meant = visit.ask.form("consent").unwrap_or_default();
    let what = format!("consent {meant} withdrawn, written down by {by}");
    let person = change(visit, &what, |tx, record| {
        let newest = tx.consents_of(&record.patient_key)?.into_iter().next();
        if newest.is_none_or(|newest| newest.id.as_str() != meant) {
            return Err(Fault::new(Code::ConsentMoved, "another one is in force"));
        }
        match tx.withdraw_consent(&record.patient_key, visit.now, &by)? {
            true => Ok(()),
            false => Err(Fault::new(Code::ConsentMissing, "withdrawn before")),
        }
    })?;
    Ok((person, "withdrawn"))
}

/// 開示対象設定. A facility opens a record under a consent only.
fn disclose(visit: &Visit<'_>, open: bool) -> Result<Done, Stop> {
    let what = if open { "disclosed" } else { "closed" };
    let person = change(visit, what, |tx, record| {
        let newest = tx.consents_of(&record.patient_key)?.into_iter().next();
        let given = newest.is_some_and(|c| super::words::in_force(&c, visit.now));
        if open && !given {
            return Err(Fault::new(Code::ConsentMissing, "no consent in force"));
        }
        tx.set_disclosed(&record.patient_key, open)
    })?;
    Ok((person, what))
}

fn keep_out(visit: &Visit<'_>) -> Result<Done, Stop> {
    let person = change(visit, "kept out", |tx, record| {
        let before = tx.hidden_of(&record.patient_key)?;
        let after = hidden::changed(visit, tx, record, &before)?;
        tx.put_hidden(&record.patient_key, &after)
    })?;
    Ok((person, "hidden"))
}

/// The scan of a form that was signed later.
fn attach(visit: &Visit<'_>) -> Result<Done, Stop> {
    let id = visit.ask.form("consent").unwrap_or_default();
    let id = ConsentId::new(id).map_err(|_| Stop::Refused)?;
    let released = known(visit)?;
    let scan = paper::taken(visit, &released.view().record)?;
    if scan.is_none() {
        return Err(typed::wrong("no file").into());
    }
    let person = change(visit, &format!("consent {id}: paper"), |tx, record| {
        attached(tx, record, &id, scan.as_ref())
    })?;
    Ok((person, "paper"))
}
