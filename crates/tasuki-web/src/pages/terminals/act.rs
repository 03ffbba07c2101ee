//! What an administrator does with one terminal: approve what another one has enrolled, give a new code in
//! the place of one that nobody has used, revoke.

use super::enrol::{ours, ready, released};
use super::{Handed, keeper, one, wait};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::policy::keeps_terminal;
use tasuki_core::ports::{Done, Reading, Terminal, Writing};
use tasuki_core::{Caller, Code, Fault};
use tasuki_model::TerminalId;

/// The terminal that a keeper named.
pub(super) fn terminal_of(
    tx: &(impl Reading + ?Sized),
    caller: &Caller,
    id: &TerminalId,
) -> Result<Option<Terminal>, Fault> {
    let found = tx.terminal(id)?;
    Ok(found.filter(|terminal| keeps_terminal(caller, terminal)))
}

/// The id of the address.
pub(super) fn id_of(visit: &Visit<'_>) -> Result<TerminalId, Stop> {
    TerminalId::new(visit.ask.param("terminal")).map_err(|_| Stop::Refused)
}

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (caller, id) = (keeper(visit)?, id_of(visit)?);
    let found = visit
        .portal
        .store
        .reading(|tx| terminal_of(tx, &caller, &id))?;
    let terminal = found.ok_or(Stop::Refused)?;
    let act = visit.ask.form("act").unwrap_or_default();
    let done = match act {
        "approve" => approve(visit, &caller, terminal),
        "again" => again(visit, &terminal),
        "revoke" => revoke(visit, &caller, terminal),
        _ => Err(Fault::new(Code::RequestWrong, "no such act")),
    };
    let detail = format!("terminal {id} {act}");
    match done {
        Ok(Some(handed)) => {
            let page = one::render(visit, &id, Some(&handed), None)?;
            Ok(Reply::notice(page).with_detail(detail))
        }
        Ok(None) => {
            Ok(Reply::redirect(format!("/admin/terminals/{id}?done={act}")).with_detail(detail))
        }
        Err(fault) if ours(fault.code) => {
            let mut reply = Reply::notice(one::render(visit, &id, None, Some(fault.code))?);
            reply.status = 422;
            Ok(reply.with_detail(format!("{detail} {}", fault.code.id())))
        }
        Err(fault) => Err(Stop::Fault(fault)),
    }
}

/// Whether it waits for nobody's word and has no certificate: otherwise there is no (other) code for it.
fn without_certificate(tx: &dyn Writing, terminal: &Terminal) -> Result<(), Fault> {
    let certificates = tx.terminal_certificates_of(&terminal.id)?;
    match terminal.revoked.is_none() && certificates.is_empty() {
        true => Ok(()),
        false => Err(Fault::new(Code::TerminalTaken, "it has its certificate")),
    }
}

/// The second administrator's word.
fn approve(
    visit: &Visit<'_>,
    caller: &Caller,
    terminal: Terminal,
) -> Result<Option<Handed>, Fault> {
    if terminal.enrolled.by == caller.user {
        return Err(Fault::new(Code::TerminalSecondNeeded, "the same person"));
    }
    let certificate = ready(visit, &terminal)?;
    let approved = Terminal {
        approved: Some(done(visit, caller)),
        ..terminal
    };
    visit.portal.store.writing(|tx| {
        without_certificate(tx, &approved)?;
        tx.put_terminal(&approved)?;
        released(visit, tx, &approved, certificate.as_deref())
    })
}

/// Another code, while nobody has used the one before.
fn again(visit: &Visit<'_>, terminal: &Terminal) -> Result<Option<Handed>, Fault> {
    if visit.portal.config.four_eyes && terminal.approved.is_none() {
        return Err(Fault::new(Code::TerminalSecondNeeded, "not approved"));
    }
    visit.portal.store.writing(|tx| {
        without_certificate(tx, terminal)?;
        wait(visit, tx, terminal).map(Some)
    })
}

/// From now on none of its certificates counts, on open connections too.
fn revoke(visit: &Visit<'_>, caller: &Caller, terminal: Terminal) -> Result<Option<Handed>, Fault> {
    let revoked = Terminal {
        revoked: terminal.revoked.clone().or(Some(done(visit, caller))),
        ..terminal
    };
    visit.portal.store.writing(|tx| {
        tx.drop_terminal_download(&revoked.id)?;
        tx.put_terminal(&revoked)
    })?;
    Ok(None)
}

fn done(visit: &Visit<'_>, caller: &Caller) -> Done {
    Done {
        by: caller.user.clone(),
        at: visit.now,
    }
}
