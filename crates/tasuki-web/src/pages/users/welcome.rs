//! A user sets a password with the code that an administrator handed over. Signs nobody in.

use crate::pages::account::chosen;
use crate::password;
use crate::shell::Shell;
use crate::sign_in::{Place, sha256};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::ports::OneTimeKind;
use tasuki_core::{Code, Fault};

/// Guesses of codes are counted as of this name: it is nobody's.
const COUNTED_AS: &str = " a one-time code";

#[derive(Template)]
#[template(path = "pages/users/welcome.html")]
struct WelcomePage {
    shell: Shell,
    failed: Option<(&'static str, &'static str)>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None)?))
}

fn render(visit: &Visit<'_>, failed: Option<Code>) -> Result<String, Stop> {
    let page = WelcomePage {
        shell: Shell::of(visit, "welcome", visit.w.welcome_title()),
        failed: failed.map(|code| (visit.says(code), code.id())),
    };
    Ok(page.render()?)
}

pub(crate) fn begin(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if !visit.ask.same_origin {
        let fault = Fault::new(Code::FormRefused, "from another site");
        return Err(Stop::Fault(fault));
    }
    match set(visit) {
        Ok(user) => Ok(Reply::redirect("/sign-in").with_detail(format!("password of {user}"))),
        Err(fault) => {
            let known = [
                Code::PasswordWeak,
                Code::PasswordOfHere,
                Code::PasswordCommon,
                Code::PasswordBreached,
                Code::FactorRefused,
                Code::SignInLocked,
                Code::SignInBusy,
            ];
            if !known.contains(&fault.code) {
                return Err(Stop::Fault(fault));
            }
            let mut reply = Reply::notice(render(visit, Some(fault.code))?);
            reply.status = 422;
            Ok(reply.with_detail(fault.code.id().to_owned()))
        }
    }
}

fn set(visit: &Visit<'_>) -> Result<String, Fault> {
    let (throttle, address) = (&visit.portal.throttle, &visit.ask.address);
    if throttle.waits(COUNTED_AS, address, visit.now) {
        return Err(Fault::new(Code::SignInLocked, "too many codes"));
    }
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let hash = sha256(&form("code").to_ascii_lowercase());
    let found = visit.portal.store.reading(|tx| {
        let code = tx.one_time(&hash)?;
        let code = code.filter(|c| c.kind == OneTimeKind::Password && visit.now < c.expires);
        let account = code.map(|c| tx.account(&c.user)).transpose()?.flatten();
        // The code alone opens nothing: whoever found it does not know whose it is.
        Ok(account.filter(|a| !a.disabled && a.sign_in_name == form("name")))
    })?;
    throttle.note(COUNTED_AS, address, visit.now, found.is_some());
    let refused = || Fault::new(Code::FactorRefused, "no such code for this name");
    let mut account = found.ok_or_else(refused)?;
    let typed = chosen(visit, form("new"), &account)?;
    account.password_hash = {
        let _turn = visit.portal.lane.turn(Place::Known(hash.clone()))?;
        password::hash(typed)?
    };
    visit.portal.store.writing(|tx| {
        if tx.take_one_time(&hash, visit.now)?.is_none() {
            return Err(refused());
        }
        tx.put_account(&account)?;
        tx.forget_browsers_of(&account.id)?;
        tx.end_sessions_of(&account.id, None)
    })?;
    Ok(account.id.to_string())
}
