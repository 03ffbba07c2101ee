//! A terminal whose certificate still counts gets the next one; the old one counts until the new one is used.

use super::{left, render};
use crate::pages::terminals::{certifying, wait};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::policy::Standing;
use tasuki_core::ports::Terminal;
use tasuki_core::terminal::{RENEWAL_DAYS, authority, row, wanted};
use tasuki_core::{Code, Fault};

pub(crate) fn renew(visit: &Visit<'_>) -> Result<Reply, Stop> {
    // Who has no terminal in force has nothing to renew, and is told no more.
    let Standing::InForce(terminal) = &visit.terminal else {
        return Err(Stop::Refused);
    };
    let soon = left(visit)?.is_some_and(|(_, left)| left < RENEWAL_DAYS);
    if !soon {
        return Err(Stop::wrong("not yet"));
    }
    let detail = format!("terminal {} renews its certificate", terminal.id);
    let page = match visit.ask.form("request") {
        Some(request) => match for_request(visit, terminal, request) {
            Ok(der) => render(visit, None, Some(crate::pages::terminals::pem(&der)), None)?,
            Err(fault) if fault.code == Code::TerminalRequestWrong => {
                let mut reply = Reply::notice(render(visit, None, None, Some(fault.code))?);
                reply.status = 422;
                return Ok(reply.with_detail(fault.code.id().to_owned()));
            }
            Err(fault) => return Err(Stop::Fault(fault)),
        },
        None => {
            let handed = visit.portal.store.writing(|tx| wait(visit, tx, terminal))?;
            render(visit, Some(&handed), None, None)?
        }
    };
    Ok(Reply::notice(page).with_detail(detail))
}

fn for_request(visit: &Visit<'_>, terminal: &Terminal, request: &str) -> Result<Vec<u8>, Fault> {
    let (portal, now) = (visit.portal, visit.now);
    let certifying = certifying(visit)?.as_ref();
    let authority = authority(&*portal.store, certifying, &portal.config.community, now)?;
    let wanted = wanted(terminal, portal.config.terminals.days, now);
    let der = certifying.certify_request(&authority, wanted, request)?;
    let row = row(wanted, der.clone());
    portal
        .store
        .writing(|tx| tx.add_terminal_certificate(&row))?;
    Ok(der)
}
