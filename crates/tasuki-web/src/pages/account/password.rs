//! The user's own password: the present one is asked for, and every other session of the user ends.

use super::refused;
use crate::password;
use crate::sign_in::{Place, again};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::{Code, Fault};

/// Shortest password that a user may choose, in characters (NIST SP 800-63B-4, 3.1.1.2: 15 where it stands
/// alone, 8 beside a second factor; between them, because the second factor may be optional).
pub(crate) const PASSWORD_CHARS_MIN: usize = 12;

/// A password as a user chose it.
///
/// # Errors
/// `ACC-002` for one that is too short, or is the name that stands beside it.
pub(crate) fn chosen<'a>(typed: &'a str, name: &str) -> Result<&'a str, Fault> {
    let weak = |why: &str| Err(Fault::new(Code::PasswordWeak, why));
    if typed.len() > password::PASSWORD_BYTES_MAX || typed.chars().count() < PASSWORD_CHARS_MIN {
        return weak("too short or too long");
    }
    let first = typed.chars().next();
    if typed.contains(name) || typed.chars().all(|c| Some(c) == first) {
        return weak("the name, or one character");
    }
    Ok(typed)
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
        let typed = chosen(typed, &account.sign_in_name)?;
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
