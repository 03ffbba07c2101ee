//! The user's second factors: which there are, one more TOTP or passkey, one less. Each change asks for the
//! password again.

use super::enrolment::{Pending, pending};
use super::refused;
use crate::pages::words_of;
use crate::shell::Shell;
use crate::sign_in::{self, Shown, again, passkey, random_hex};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::ports::{Factor, Proof};
use tasuki_core::{Code, Fault};

/// Longest name that a user gives a factor, in characters.
const LABEL_MAX: usize = 40;

/// One factor, as its user sees it.
pub(super) struct Line {
    pub id: String,
    pub label: String,
    pub kind: String,
    pub added: String,
    pub used: Option<String>,
}

pub(super) fn of(visit: &Visit<'_>) -> Result<Vec<Line>, Stop> {
    let user = &visit.who()?.account.id;
    let factors = visit.portal.store.reading(|tx| tx.factors_of(user))?;
    let line = |factor: Factor| Line {
        id: factor.id,
        label: factor.label,
        kind: match factor.proof {
            Proof::Totp { .. } => visit.w.factor_totp().into_owned(),
            Proof::Passkey { .. } => visit.w.factor_passkey().into_owned(),
        },
        added: words_of::long_day(visit.w, factor.added.in_jst().day()),
        used: factor.used.map(|used| used.in_jst().to_string()),
    };
    let confirmed = factors.into_iter().filter(|factor| factor.confirmed);
    Ok(confirmed.map(line).collect())
}

fn done(what: &str) -> Reply {
    Reply::redirect(format!("/account?done={what}")).with_detail(format!("second factor {what}"))
}

/// Takes a factor away.
pub(crate) fn remove(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if let Err(stop) = again(visit) {
        return refused(visit, stop);
    }
    let user = &visit.who()?.account.id;
    let id = visit.ask.form("factor").unwrap_or_default();
    let removed = visit
        .portal
        .store
        .writing(|tx| tx.remove_factor(user, id))?;
    if !removed {
        return Err(Stop::Refused);
    }
    Ok(done("removed"))
}

#[derive(Template)]
#[template(path = "pages/account/totp.html")]
struct TotpPage {
    shell: Shell,
    csrf: String,
    failed: Option<(&'static str, &'static str)>,
    pending: Pending,
}

/// Shows a new TOTP to whoever has said the password again; with digits of it, it counts from then on.
pub(crate) fn add_totp(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let Some(digits) = visit.ask.form("digits") else {
        return match again(visit) {
            Ok(()) => shown(visit, None),
            Err(stop) => refused(visit, stop),
        };
    };
    match sign_in::prove(visit, who, &Shown::Digits(digits)) {
        Ok(()) => Ok(done("added")),
        Err(Stop::Fault(fault)) if fault.code == Code::FactorRefused => {
            shown(visit, Some(fault.code))
        }
        Err(stop) => refused(visit, stop),
    }
}

fn shown(visit: &Visit<'_>, failed: Option<Code>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let page = TotpPage {
        shell: Shell::of(visit, "account", visit.w.factor_add_totp()),
        csrf: who.session.csrf.clone(),
        failed: failed.map(|code| (visit.says(code), code.id())),
        pending: pending(visit, who)?,
    };
    let mut reply = Reply::notice(page.render()?);
    reply.status = failed.map_or(200, |_| 422);
    Ok(reply)
}

#[derive(Template)]
#[template(path = "pages/account/passkey.html")]
struct PasskeyPage {
    shell: Shell,
    csrf: String,
    /// Challenge and party; none where the portal has no name for passkeys.
    asked: Option<(String, String)>,
    user: String,
    name: String,
}

/// The page that asks the browser for a new passkey.
pub(crate) fn new_passkey(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let asked = match sign_in::party(visit) {
        Some(party) => Some((sign_in::challenge(visit, who)?, party.rp)),
        None => None,
    };
    let page = PasskeyPage {
        shell: Shell::of(visit, "account", visit.w.factor_add_passkey()),
        csrf: who.session.csrf.clone(),
        asked,
        user: sign_in::sha256(who.account.id.as_str()),
        name: who.account.sign_in_name.clone(),
    };
    Ok(Reply::notice(page.render()?))
}

/// Keeps the passkey that the browser has made.
pub(crate) fn add_passkey(visit: &Visit<'_>) -> Result<Reply, Stop> {
    match kept(visit) {
        Ok(()) => Ok(done("added")),
        Err(stop) => refused(visit, stop),
    }
}

fn kept(visit: &Visit<'_>) -> Result<(), Stop> {
    again(visit)?;
    let (who, ask) = (visit.who()?, visit.ask);
    let nowhere = || Stop::Fault(Fault::new(Code::FactorRefused, "no name for passkeys"));
    let party = sign_in::party(visit).ok_or_else(nowhere)?;
    let answer = passkey::Answer {
        client_data: ask.form("client_data").unwrap_or_default(),
        authenticator_data: ask.form("authenticator_data").unwrap_or_default(),
        signature: "",
    };
    sign_in::spent(visit, who)?;
    let new = passkey::enrolled(&party, &who.session.challenge, &answer)?;
    let label = ask.form("label").unwrap_or_default();
    let factor = Factor {
        id: random_hex()?,
        user: who.account.id.clone(),
        label: label.chars().take(LABEL_MAX).collect(),
        proof: Proof::Passkey {
            credential: new.id,
            key: new.key,
            rp: party.rp,
        },
        confirmed: true,
        counter: new.counter,
        added: visit.now,
        used: None,
    };
    Ok(visit.portal.store.writing(|tx| tx.put_factor(&factor))?)
}
