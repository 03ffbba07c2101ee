//! The user's own password: the present one is asked for, and every other session of the user ends.

use super::refused;
use crate::password;
use crate::sign_in::{Place, again};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Fault;
use tasuki_core::ports::Account;

/// A password as somebody chose it for an account.
///
/// # Errors
/// Those of [`password::chosen`].
pub(crate) fn chosen<'a>(
    visit: &Visit<'_>,
    typed: &'a str,
    account: &Account,
) -> Result<&'a str, Fault> {
    let config = &visit.portal.config;
    let facilities = visit.portal.store.reading(|tx| tx.facilities())?;
    let words = password::words_of(&config.network_name, &facilities, account);
    password::chosen(typed, &words, config.breached.as_ref())
}

/// The form of a new password.
pub(crate) fn change(visit: &Visit<'_>) -> Result<Reply, Stop> {
    match set(visit) {
        Ok(()) => Ok(Reply::redirect("/account?done=password")),
        Err(stop) => refused(visit, stop),
    }
}

fn set(visit: &Visit<'_>) -> Result<(), Stop> {
    again(visit)?;
    let who = visit.who()?;
    let typed = visit.ask.form("new").unwrap_or_default();
    let mut account = who.account.clone();
    let hash = {
        let typed = chosen(visit, typed, &account)?;
        let own = Place::Known(who.session.secret_sha256.clone());
        let _turn = visit.portal.lane.turn(own)?;
        password::hash(typed)?
    };
    account.password_hash = hash;
    let own = who.session.secret_sha256.as_str();
    visit.portal.store.writing(|tx| {
        tx.put_account(&account)?;
        tx.forget_browsers_of(&account.id)?;
        tx.end_sessions_of(&account.id, Some(own))
    })?;
    Ok(())
}
