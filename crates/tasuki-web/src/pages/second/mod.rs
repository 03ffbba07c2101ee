//! What a session waits for: the second factor, one to be set up, or the user of a locked screen. Works
//! without script but for passkeys.

use crate::pages::account::enrolment::{Pending, pending};
use crate::pages::sign_in::next_of;
use crate::shell::Shell;
use crate::sign_in::{self, Shown, passkey};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use tasuki_core::Code;
use tasuki_core::ports::{Proof, Stage};

#[derive(Template)]
#[template(path = "pages/second/page.html")]
struct SecondPage<'a> {
    shell: Shell,
    stage: Stage,
    csrf: &'a str,
    next: &'a str,
    /// Who it is, by name: on a locked screen.
    name: &'a str,
    failed: Option<(&'static str, &'static str)>,
    /// Whether digits of an app can be shown.
    digits: bool,
    passkey: Option<Asked>,
    enrol: Option<Pending>,
}

/// What the browser is to ask an authenticator.
struct Asked {
    challenge: String,
    rp: String,
    /// Ids of credentials, with spaces between.
    credentials: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None)?))
}

fn render(visit: &Visit<'_>, failed: Option<Code>) -> Result<String, Stop> {
    let who = visit.waiting()?;
    let w = visit.w;
    let stage = who.session.stage;
    let factors = visit
        .portal
        .store
        .reading(|tx| tx.factors_of(&who.account.id))?;
    let confirmed = || factors.iter().filter(|factor| factor.confirmed);
    let credentials: Vec<&str> = confirmed()
        .filter_map(|factor| match &factor.proof {
            Proof::Passkey { credential, .. } => Some(credential.as_str()),
            Proof::Totp { .. } => None,
        })
        .collect();
    let party = sign_in::party(visit).filter(|_| !credentials.is_empty());
    let passkey = party
        .map(|party| {
            sign_in::challenge(visit, who).map(|challenge| Asked {
                challenge,
                rp: party.rp,
                credentials: credentials.join(" "),
            })
        })
        .transpose()?;
    let title = match stage {
        Stage::Locked => w.second_locked(),
        Stage::Enrol => w.second_enrol(),
        _ => w.second_title(),
    };
    let page = SecondPage {
        shell: Shell::of(visit, "second", title),
        stage,
        csrf: &who.session.csrf,
        next: next_of(visit),
        name: &who.account.name,
        failed: failed.map(|code| (visit.says(code), code.id())),
        digits: confirmed().any(|factor| matches!(factor.proof, Proof::Totp { .. })),
        passkey,
        enrol: match stage {
            Stage::Enrol => Some(pending(visit, who)?),
            _ => None,
        },
    };
    Ok(page.render()?)
}

/// Checks what was shown, and signs in.
pub(crate) fn confirm(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.waiting()?;
    if visit.ask.form("other").is_some() {
        let cookie = sign_in::end(visit.portal, who)?;
        let mut reply = Reply::redirect("/sign-in");
        reply.cookies.push(cookie);
        return Ok(reply.with_detail("given up".to_owned()));
    }
    match shown(visit, who) {
        Ok(how) => {
            let mut reply = Reply::redirect(next_of(visit));
            reply.cookies.extend(sign_in::pass(visit, who)?);
            Ok(reply.with_detail(how.to_owned()))
        }
        Err(Stop::Fault(fault)) if refusal(fault.code) => {
            let mut reply = Reply::notice(render(visit, Some(fault.code))?);
            let locked = fault.code == Code::SignInLocked;
            reply.status = if locked { 429 } else { 401 };
            Ok(reply.with_detail(fault.code.id().to_owned()))
        }
        Err(stop) => Err(stop),
    }
}

fn refusal(code: Code) -> bool {
    let known = [Code::FactorRefused, Code::SignInFailed, Code::SignInLocked];
    known.contains(&code)
}

/// Checks it by its field; how it was, for the audit.
fn shown(visit: &Visit<'_>, who: &SignedIn) -> Result<&'static str, Stop> {
    let ask = visit.ask;
    if let Some(credential) = ask.form("credential") {
        let answer = passkey::Answer {
            client_data: ask.form("client_data").unwrap_or_default(),
            authenticator_data: ask.form("authenticator_data").unwrap_or_default(),
            signature: ask.form("signature").unwrap_or_default(),
        };
        sign_in::prove(visit, who, &Shown::Passkey(credential, answer))?;
        return Ok("passkey");
    }
    if let Some(code) = ask
        .form("recovery")
        .filter(|_| who.session.stage == Stage::Second)
    {
        sign_in::recover(visit, who, code)?;
        return Ok("recovery code");
    }
    if who.session.stage == Stage::Locked && ask.form("again").is_some() {
        sign_in::again_of(visit, who)?;
        return Ok("password of a locked screen");
    }
    sign_in::prove(
        visit,
        who,
        &Shown::Digits(ask.form("digits").unwrap_or_default()),
    )?;
    Ok("totp")
}

/// Locks the screen; the browser forgets what it showed.
pub(crate) fn lock(visit: &Visit<'_>) -> Result<Reply, Stop> {
    sign_in::lock(visit)?;
    let next = crate::pipeline::urlencode(next_of(visit));
    let mut reply = Reply::redirect(format!("/sign-in/second?next={next}"));
    reply.clear = true;
    Ok(reply.with_detail("locked".to_owned()))
}
