//! The code becomes the file: a key and its certificate in a PKCS#12. The key is made now, leaves once, and
//! is kept nowhere.

use crate::pages::terminals::certifying;
use crate::sign_in::sha256;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{Terminal, TerminalDownload};
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::terminal::{authority, row, wanted};
use tasuki_core::{Code, Egress, Fault};

/// Guesses of codes are counted as of this name: it is nobody's.
const COUNTED_AS: &str = " a terminal's code";
/// What the file is called.
const FILE: &str = "tasuki-terminal.p12";

pub(crate) fn take(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if !visit.ask.same_origin {
        let fault = Fault::new(Code::FormRefused, "from another site");
        return Err(Stop::Fault(fault));
    }
    match taken(visit) {
        Ok((terminal, file)) => {
            let body = Body::new("application/x-pkcs12", file);
            let mut reply = Reply::new(Egress::non_clinical(NonClinical::Notice(body)));
            reply.file_name = Some(FILE.to_owned());
            Ok(reply.with_detail(format!("terminal {} took its certificate", terminal.id)))
        }
        Err(fault) => {
            let status = match fault.code {
                Code::TerminalCodeRefused => 422,
                Code::SignInLocked => 429,
                _ => return Err(Stop::Fault(fault)),
            };
            let mut reply = Reply::notice(super::render(visit, None, None, Some(fault.code))?);
            reply.status = status;
            Ok(reply.with_detail(fault.code.id().to_owned()))
        }
    }
}

fn no() -> Fault {
    Fault::new(Code::TerminalCodeRefused, "no such code in its time")
}

fn taken(visit: &Visit<'_>) -> Result<(Terminal, Vec<u8>), Fault> {
    let (portal, now, address) = (visit.portal, visit.now, &visit.ask.address);
    if portal.throttle.waits(COUNTED_AS, address, now) {
        return Err(Fault::new(Code::SignInLocked, "too many codes"));
    }
    let code = visit.ask.form("code").unwrap_or_default();
    let hash = sha256(&code.to_ascii_lowercase());
    let found = waiting(visit, &hash)?;
    portal
        .throttle
        .note(COUNTED_AS, address, now, found.is_some());
    let (terminal, download) = found.ok_or_else(no)?;
    let certifying = certifying(visit)?.as_ref();
    let authority = authority(&*portal.store, certifying, &portal.config.community, now)?;
    let wanted = wanted(&terminal, portal.config.terminals.days, now);
    let (der, file) = certifying.certify(&authority, wanted, &download.passphrase)?;
    portal.store.writing(|tx| {
        // Somebody else may have been first, or the terminal may be revoked by now.
        let first = tx.take_terminal_download(&hash, now)?.is_some();
        let revoked = tx
            .terminal(&terminal.id)?
            .is_none_or(|t| t.revoked.is_some());
        if !first || revoked {
            return Err(no());
        }
        tx.add_terminal_certificate(&row(wanted, der.clone()))
    })?;
    Ok((terminal, file))
}

/// What waits under a code.
fn waiting(visit: &Visit<'_>, hash: &str) -> Result<Option<(Terminal, TerminalDownload)>, Fault> {
    visit.portal.store.reading(|tx| {
        let download = tx
            .terminal_download(hash)?
            .filter(|d| visit.now < d.expires);
        let Some(download) = download else {
            return Ok(None);
        };
        let terminal = tx.terminal(&download.terminal)?;
        let terminal = terminal.filter(|terminal| terminal.revoked.is_none());
        Ok(terminal.map(|terminal| (terminal, download)))
    })
}
