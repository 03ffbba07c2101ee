//! The terminal of a request: which certificate its connection has shown, and whether that opens the portal.
//! Looked up at every request, so that a revocation holds on connections that are open already.

use crate::pages::{Door, NEEDS_NO_TERMINAL, Page};
use crate::pipeline::Portal;
use crate::visit::{Ask, SignedIn, Visit};
use tasuki_core::audit::{Action, Ending};
use tasuki_core::policy::{Standing, session_stays, standing, terminal_serves};
use tasuki_core::ports::{Account, Membership, Session};
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// Whether the portal asks terminals for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalDemand {
    /// It does not ask.
    Off,
    /// It asks, and names the terminal in the audit trail; who has none is let in as well.
    Optional,
    /// Nothing but the public pages opens without one.
    Required,
}

/// The rules of terminals.
#[derive(Debug, Clone, Copy)]
pub struct TerminalRules {
    /// Whether there has to be one.
    pub demand: TerminalDemand,
    /// For so many days a certificate is made.
    pub days: u32,
}

/// What a connection has shown, by whoever holds its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCertificate {
    /// SHA-256 of the certificate in hex.
    pub fingerprint: String,
    /// Our authority signed it, for a terminal.
    pub certified: bool,
}

/// What a request comes from.
pub(crate) fn standing_of(portal: &Portal, ask: &Ask, now: Instant) -> Result<Standing, Fault> {
    let asked = portal.config.terminals.demand != TerminalDemand::Off;
    let Some(shown) = ask.certificate.as_ref().filter(|_| asked) else {
        return Ok(Standing::Unknown);
    };
    let found = portal.store.reading(|tx| {
        let Some(certificate) = tx.terminal_certificate(&shown.fingerprint)? else {
            return Ok(None);
        };
        let terminal = tx.terminal(&certificate.terminal)?;
        Ok(terminal.map(|terminal| (certificate, terminal)))
    })?;
    Ok(standing(found, shown.certified, now))
}

fn required(portal: &Portal) -> bool {
    portal.config.terminals.demand == TerminalDemand::Required
}

/// Why a page does not open from where it was asked for, whoever asks.
pub(crate) fn barred(portal: &Portal, page: Option<&Page>, at: &Standing) -> Option<Fault> {
    let public = page.is_some_and(|page| NEEDS_NO_TERMINAL.contains(&page.name));
    let code = match at {
        _ if public || !required(portal) => return None,
        Standing::InForce(_) => return None,
        Standing::Ended(_) => Code::TerminalEnded,
        Standing::Unknown => Code::TerminalMissing,
    };
    Some(Fault::new(code, "no terminal in force"))
}

/// Whether a membership works from a terminal.
pub(crate) fn serves(portal: &Portal, at: &Standing, account: &Account, m: &Membership) -> bool {
    let serves = |terminal| terminal_serves(terminal, &account.id, m);
    !required(portal) || at.terminal().is_none_or(serves)
}

/// Whether a session is shown at the terminal at which it began.
pub(crate) fn stays(portal: &Portal, at: &Standing, session: &Session) -> bool {
    portal.config.terminals.demand == TerminalDemand::Off
        || session_stays(session.terminal.as_ref(), at, required(portal))
}

/// Why a session does not go on from another terminal than its user's or its own; on a page for everybody it
/// is nobody's session then, so that its user can sign in anew.
pub(crate) fn misplaced(
    portal: &Portal,
    page: Option<&Page>,
    at: &Standing,
    who: &mut Option<SignedIn>,
) -> Option<Fault> {
    let fault = who.as_ref().and_then(|who| {
        if !serves(portal, at, &who.account, &who.session.membership) {
            return Some(elsewhere());
        }
        let carried = || Fault::new(Code::TerminalOther, "a session that began elsewhere");
        (!stays(portal, at, &who.session)).then(carried)
    })?;
    if page.is_some_and(|page| page.door == Door::Open) {
        *who = None;
        return None;
    }
    Some(fault)
}

/// The refusal of a user at somebody else's terminal.
pub(crate) fn elsewhere() -> Fault {
    Fault::new(
        Code::TerminalElsewhere,
        "a terminal that does not serve this user",
    )
}

/// Notes a sign-in with the certificate of this request.
pub(crate) fn used(visit: &Visit<'_>, tx: &dyn tasuki_core::ports::Writing) -> Result<(), Fault> {
    match (&visit.terminal, &visit.ask.certificate) {
        (Standing::InForce(_), Some(shown)) => {
            tx.use_terminal_certificate(&shown.fingerprint, visit.now)
        }
        _ => Ok(()),
    }
}

/// What the audit says beside a sign-in: from which terminal.
pub(crate) fn named(at: &Standing) -> Option<String> {
    match at {
        Standing::Unknown => None,
        Standing::Ended(terminal) | Standing::InForce(terminal) => {
            Some(format!("terminal {}", terminal.id))
        }
    }
}

/// How the audit has a page that a terminal was refused: nothing for a stranger who only looked, for there
/// are many of those on the internet.
pub(crate) fn refusal(page: Option<&Page>, visit: &Visit<'_>) -> Option<(Action, Ending)> {
    let nobody = visit.who.is_none() && visit.waiting.is_none();
    let stranger = visit.terminal == Standing::Unknown && nobody && !visit.ask.post;
    let action = page.and_then(|page| page.audit).unwrap_or(Action::SignIn);
    (!stranger).then_some((action, Ending::Refused))
}
