//! 利用者: the accounts of a facility, kept by its administrators: add, change, end, bring in a list. Shows no
//! patient; to everybody else the page is not there.

mod act;
mod import;
mod one;
pub(crate) mod welcome;

pub(crate) use act::act;
pub(crate) use import::import;
pub(crate) use one::show as one;

use crate::pages::words_of;
use crate::shell::Shell;
use crate::sign_in::{random_hex, sha256};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::policy::{Keeps, keeps, role_explains, role_is_given, role_keeps_users};
use tasuki_core::ports::{Account, Membership, OneTime, OneTimeKind, Reading, Writing};
use tasuki_core::{Caller, Code, Fault};
use tasuki_model::{Instant, Role, UserId};

/// Accounts of a facility that are listed.
const LISTED_MAX: u32 = 1_000;
/// A code for a password is good for three days, one for a lost factor for an hour.
pub(super) const PASSWORD_CODE_SECONDS: i64 = 3 * 24 * 3_600;
pub(super) const RECOVERY_CODE_SECONDS: i64 = 3_600;
/// No password fits: what a new account has until its user has chosen one.
const NO_PASSWORD: &str = "!";

#[derive(Template)]
#[template(path = "pages/users/page.html")]
struct UsersPage {
    shell: Shell,
    csrf: String,
    failed: Option<(&'static str, &'static str)>,
    roles: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    /// Codes just made: name and code, shown once.
    codes: Vec<(String, String)>,
    /// What became of each line of a list.
    checked: Vec<import::Checked>,
    list: String,
    /// Whether the reader is told why somebody may see a patient.
    explains: bool,
}

/// One account.
struct Line {
    href: String,
    sign_in_name: String,
    name: String,
    roles: String,
    second: bool,
    used: Option<String>,
    until: Option<String>,
    state: String,
}

/// Who keeps the accounts; to others nothing is here.
pub(super) fn keeper(visit: &Visit<'_>) -> Result<Caller, Stop> {
    let caller = visit.who()?.caller();
    match role_keeps_users(caller.role) {
        true => Ok(caller),
        false => Err(Stop::Refused),
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, Shown::default())?))
}

/// What a form has brought about, beside the list.
#[derive(Default)]
pub(super) struct Shown {
    pub failed: Option<Code>,
    pub codes: Vec<(String, String)>,
    pub checked: Vec<import::Checked>,
    pub list: String,
}

pub(super) fn render(visit: &Visit<'_>, shown: Shown) -> Result<String, Stop> {
    let caller = keeper(visit)?;
    let lines = visit.portal.store.reading(|tx| {
        let accounts = tx.accounts_at(&caller.facility, LISTED_MAX)?;
        let kept = accounts
            .iter()
            .filter(|account| keeps(&caller, account) != Keeps::Nothing);
        kept.map(|account| line(visit, tx, &caller, account))
            .collect::<Result<Vec<_>, Fault>>()
    })?;
    let page = UsersPage {
        shell: Shell::of(visit, "users", visit.w.users_title()),
        csrf: visit.who()?.session.csrf.clone(),
        failed: shown.failed.map(|code| (visit.says(code), code.id())),
        roles: roles(visit),
        lines,
        codes: shown.codes,
        checked: shown.checked,
        list: shown.list,
        explains: role_explains(visit.who()?.session.membership.role),
    };
    Ok(page.render()?)
}

/// The roles that may be given, by code and name.
pub(super) fn roles(visit: &Visit<'_>) -> Vec<(&'static str, String)> {
    let given = Role::ALL
        .iter()
        .copied()
        .filter(|role| role_is_given(*role));
    given
        .map(|role| (role.code(), words_of::role(visit.w, role).into_owned()))
        .collect()
}

fn line(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    caller: &Caller,
    account: &Account,
) -> Result<Line, Fault> {
    let here = account
        .memberships
        .iter()
        .filter(|m| m.facility == caller.facility);
    let roles: Vec<String> = here
        .map(|m| format!("{} {}", words_of::role(visit.w, m.role), m.section))
        .collect();
    Ok(Line {
        href: format!("/admin/users/{}", account.id),
        sign_in_name: account.sign_in_name.clone(),
        name: account.name.clone(),
        roles: roles.join(&visit.w.identity_join()),
        second: tx.has_factor(&account.id)?,
        used: tx.last_used(&account.id)?.map(|at| at.in_jst().to_string()),
        until: account
            .expires
            .map(|at| words_of::long_day(visit.w, at.in_jst().day())),
        state: state(visit, account),
    })
}

pub(super) fn state(visit: &Visit<'_>, account: &Account) -> String {
    let over = account.expires.is_some_and(|end| visit.now >= end);
    match (account.disabled, over, account.password_hash == NO_PASSWORD) {
        (true, ..) => visit.w.users_disabled(),
        (_, true, _) => visit.w.users_expired(),
        (.., true) => visit.w.users_invited(),
        _ => visit.w.users_active(),
    }
    .into_owned()
}

/// A new account of the keeper's facility, without a password yet.
pub(super) fn fresh(
    sign_in_name: &str,
    name: &str,
    membership: Membership,
    expires: Option<Instant>,
) -> Result<Account, Fault> {
    let wrong = |_| Fault::new(Code::InternalFault, "an id of hex digits");
    let id: String = random_hex()?.chars().take(32).collect();
    Ok(Account {
        id: UserId::new(&format!("u-{id}")).map_err(wrong)?,
        sign_in_name: sign_in_name.to_owned(),
        name: name.to_owned(),
        password_hash: NO_PASSWORD.to_owned(),
        memberships: vec![membership],
        disabled: false,
        expires,
    })
}

/// Gives an account a code by which its user sets a password.
pub(super) fn invited(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    caller: &Caller,
    user: &UserId,
) -> Result<String, Fault> {
    let code: String = random_hex()?.chars().take(20).collect();
    tx.put_one_time(&OneTime {
        code_sha256: sha256(&code),
        user: user.clone(),
        kind: OneTimeKind::Password,
        facility: caller.facility.clone(),
        asked_by: caller.user.clone(),
        approved_by: None,
        expires: visit.now.plus_seconds(PASSWORD_CODE_SECONDS),
    })?;
    Ok(code)
}
