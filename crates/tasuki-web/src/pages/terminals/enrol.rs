//! A new terminal: a name, a place, perhaps the one user whose it is, perhaps a request of its own making.

use super::{Shown, certifying, keeper, list, one, refused, wait};
use crate::sign_in::random_hex;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{Done, TERMINAL_WORDS_MAX, Terminal, Writing};
use tasuki_core::terminal::{authority, row, wanted};
use tasuki_core::{Caller, Code, Fault};
use tasuki_model::{TerminalId, UserId};

pub(crate) fn enrol(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let caller = keeper(visit)?;
    if visit.ask.form.iter().any(|(name, _)| name == "list") {
        return list::enrol(visit, &caller);
    }
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let fields = Fields {
        name: form("name"),
        place: form("place"),
        owner: form("owner"),
        request: form("request"),
    };
    let done = fresh(visit, &caller, fields).and_then(|terminal| {
        let certificate = ready(visit, &terminal)?;
        let handed = visit.portal.store.writing(|tx| {
            tx.put_terminal(&terminal)?;
            match visit.portal.config.four_eyes {
                true => Ok(None),
                false => released(visit, tx, &terminal, certificate.as_deref()),
            }
        })?;
        Ok((terminal, handed))
    });
    match done {
        Ok((terminal, handed)) => {
            let page = one::render(visit, &terminal.id, handed.as_ref(), None)?;
            Ok(Reply::notice(page).with_detail(format!("terminal {} enrolled", terminal.id)))
        }
        Err(fault) if ours(fault.code) => refused(visit, fault.code, Shown::default()),
        Err(fault) => Err(Stop::Fault(fault)),
    }
}

/// What the form is told, and not a page of its own.
pub(super) fn ours(code: Code) -> bool {
    [
        Code::TerminalWordsWrong,
        Code::TerminalRequestWrong,
        Code::TerminalsTooMany,
        Code::TerminalSecondNeeded,
        Code::TerminalTaken,
    ]
    .contains(&code)
}

/// What somebody has typed of a terminal.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields<'a> {
    pub name: &'a str,
    pub place: &'a str,
    pub owner: &'a str,
    pub request: &'a str,
}

/// A new terminal of these fields.
pub(super) fn fresh(
    visit: &Visit<'_>,
    caller: &Caller,
    fields: Fields<'_>,
) -> Result<Terminal, Fault> {
    let wrong = |why: &str| Fault::new(Code::TerminalWordsWrong, why);
    let Fields { name, place, .. } = fields;
    let long = |text: &str| text.chars().count() > TERMINAL_WORDS_MAX;
    if name.is_empty() || long(name) || long(place) || name.chars().any(char::is_control) {
        return Err(wrong("a name or a place"));
    }
    let id: String = random_hex()?.chars().take(32).collect();
    let id = TerminalId::new(&id).map_err(|_| Fault::new(Code::InternalFault, "an id"))?;
    Ok(Terminal {
        id,
        facility: caller.facility.clone(),
        name: name.into(),
        place: place.into(),
        owner: owner(visit, caller, fields.owner)?,
        enrolled: Done {
            by: caller.user.clone(),
            at: visit.now,
        },
        approved: None,
        revoked: None,
        request: (!fields.request.is_empty()).then(|| fields.request.into()),
    })
}

/// The user of a sign-in name, a member of the facility.
fn owner(visit: &Visit<'_>, caller: &Caller, name: &str) -> Result<Option<UserId>, Fault> {
    if name.is_empty() {
        return Ok(None);
    }
    let account = visit.portal.store.reading(|tx| tx.account_by_name(name))?;
    let account = account.filter(|a| a.memberships.iter().any(|m| m.facility == caller.facility));
    let none = || Fault::new(Code::TerminalWordsWrong, "no such user at this facility");
    account.map(|account| Some(account.id)).ok_or_else(none)
}

/// The certificate for a terminal's own request, where it has one.
pub(super) fn ready(visit: &Visit<'_>, terminal: &Terminal) -> Result<Option<Vec<u8>>, Fault> {
    let Some(request) = &terminal.request else {
        return Ok(None);
    };
    let certifying = certifying(visit)?.as_ref();
    let (portal, now) = (visit.portal, visit.now);
    let authority = authority(&*portal.store, certifying, &portal.config.community, now)?;
    let wanted = wanted(terminal, portal.config.terminals.days, now);
    certifying
        .certify_request(&authority, wanted, request)
        .map(Some)
}

/// Gives a terminal its certificate, or lets one wait for it.
pub(super) fn released(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    terminal: &Terminal,
    certificate: Option<&[u8]>,
) -> Result<Option<super::Handed>, Fault> {
    let Some(der) = certificate else {
        return wait(visit, tx, terminal).map(Some);
    };
    let days = visit.portal.config.terminals.days;
    tx.add_terminal_certificate(&row(wanted(terminal, days, visit.now), der.to_vec()))?;
    Ok(None)
}
