//! One account, with what its keeper may do.

use super::act::account_of;
use super::{keeper, roles, state};
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Code;
use tasuki_core::policy::Keeps;
use tasuki_core::ports::OneTimeKind;

#[derive(Template)]
#[template(path = "pages/users/one.html")]
struct OnePage<'a> {
    shell: Shell,
    csrf: &'a str,
    action: String,
    done: Option<String>,
    failed: Option<(&'static str, &'static str)>,
    /// A code to be handed over, shown once.
    code: Option<&'a str>,
    sign_in_name: String,
    name: String,
    state: String,
    until: String,
    disabled: bool,
    second: bool,
    /// Whether the whole account is the keeper's.
    whole: bool,
    /// Somebody has asked for a recovery code.
    asked: bool,
    /// Roles at the keeper's facility: code, name, section.
    here: Vec<(&'static str, String, String)>,
    roles: Vec<(&'static str, String)>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None, None)?))
}

pub(super) fn render(
    visit: &Visit<'_>,
    code: Option<&str>,
    failed: Option<Code>,
) -> Result<String, Stop> {
    let caller = keeper(visit)?;
    let found = visit.portal.store.reading(|tx| {
        let Some((account, kept)) = account_of(visit, tx, &caller)? else {
            return Ok(None);
        };
        let codes = tx.one_times_of(&account.id)?;
        let second = tx.has_factor(&account.id)?;
        Ok(Some((account, kept, codes, second)))
    })?;
    let (account, kept, codes, second) = found.ok_or(Stop::Refused)?;
    let w = visit.w;
    let here = account
        .memberships
        .iter()
        .filter(|m| m.facility == caller.facility);
    let done = match visit.ask.query("done") {
        Some("changed") => Some(w.users_done_changed()),
        Some("recovery-asked") => Some(w.users_done_asked()),
        _ => None,
    };
    let page = OnePage {
        shell: Shell::of(visit, "users", w.users_one_title()),
        csrf: &visit.who()?.session.csrf,
        action: format!("/admin/users/{}", account.id),
        done: done.map(std::borrow::Cow::into_owned),
        failed: failed.map(|code| (visit.says(code), code.id())),
        code,
        sign_in_name: account.sign_in_name.clone(),
        name: account.name.clone(),
        state: state(visit, &account),
        until: account
            .expires
            .map(|at| at.plus_seconds(-1).in_jst().day().to_string())
            .unwrap_or_default(),
        disabled: account.disabled,
        second,
        whole: kept == Keeps::Account,
        asked: codes
            .iter()
            .any(|c| c.kind == OneTimeKind::RecoveryAsked && visit.now < c.expires),
        here: here
            .map(|m| {
                let name = words_of::role(w, m.role).into_owned();
                (m.role.code(), name, m.section.clone())
            })
            .collect(),
        roles: roles(visit),
    };
    Ok(page.render()?)
}
