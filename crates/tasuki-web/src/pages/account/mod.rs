//! アカウント: what belongs to the signed-in user: how they sign in, where they are signed in. Shows no
//! patient.

mod devices;
pub(crate) mod enrolment;
mod factors;
mod membership;
mod password;

pub(crate) use devices::end as end_device;
pub(crate) use factors::{add_passkey, add_totp, new_passkey, remove as remove_factor};
pub(crate) use membership::choose as choose_membership;
pub(crate) use password::{change as change_password, chosen};

use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Code;

#[derive(Template)]
#[template(path = "pages/account/page.html")]
struct AccountPage {
    shell: Shell,
    csrf: String,
    name: String,
    /// What the form before this page did.
    done: Option<String>,
    failed: Option<Failed>,
    memberships: Vec<(usize, String, bool)>,
    devices: Vec<devices::Device>,
    browsers: Vec<devices::Browser>,
    factors: Vec<factors::Line>,
    providers: Vec<crate::pages::provider::Line>,
}

/// Why a form of this page was not taken, with its code.
struct Failed {
    says: &'static str,
    code: &'static str,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None)?))
}

fn render(visit: &Visit<'_>, failed: Option<Code>) -> Result<String, Stop> {
    let who = visit.who()?;
    let w = visit.w;
    let done = match visit.ask.query("done") {
        Some("password") => Some(w.account_done_password()),
        Some("ended") => Some(w.account_done_ended()),
        Some("forgotten") => Some(w.account_done_forgotten()),
        Some("added") => Some(w.account_done_added()),
        Some("bound") => Some(w.provider_done_bound()),
        Some("parted") => Some(w.provider_done_parted()),
        Some("removed") => Some(w.account_done_removed()),
        _ => None,
    };
    let page = AccountPage {
        shell: Shell::of(visit, "account", w.account_title()),
        csrf: who.session.csrf.clone(),
        name: who.account.sign_in_name.clone(),
        done: done.map(std::borrow::Cow::into_owned),
        failed: failed.map(|code| Failed {
            says: visit.says(code),
            code: code.id(),
        }),
        memberships: membership::of(visit)?,
        devices: devices::of(visit)?,
        browsers: devices::browsers(visit)?,
        factors: factors::of(visit)?,
        providers: crate::pages::provider::lines(visit)?,
    };
    Ok(page.render()?)
}

/// The page again, with what was wrong in a form of it; anything but a wrong entry is a failure.
pub(crate) fn refused(visit: &Visit<'_>, stop: Stop) -> Result<Reply, Stop> {
    let code = match &stop {
        Stop::Fault(fault) => fault.code,
        _ => return Err(stop),
    };
    let known = [
        Code::SignInFailed,
        Code::SignInLocked,
        Code::SignInBusy,
        Code::PasswordWeak,
        Code::PasswordOfHere,
        Code::PasswordCommon,
        Code::PasswordBreached,
        Code::FactorRefused,
        Code::FactorsTooMany,
        Code::ProviderAway,
    ];
    if !known.contains(&code) {
        return Err(stop);
    }
    let mut reply = Reply::notice(render(visit, Some(code))?);
    reply.status = 422;
    Ok(reply.with_detail(code.id().to_owned()))
}
