//! A user says once more who they are, before what must not be done from a screen that somebody left:
//! `parts/again.html` in the form, [`again`] in the page that answers it; and before a locked screen opens.

use super::{Place, checked};
use crate::visit::{SignedIn, Stop, Visit};
use tasuki_core::{Code, Fault};

/// Checks the field of `parts/again.html` in the form that was sent. Wrong answers are counted by session, and a
/// session has its own turn: whoever guesses at the door keeps nobody inside from an emergency.
///
/// # Errors
/// `WEB-001` for a wrong password, `WEB-002` after too many of them, `ACC-001` while too many are
/// checked; [`Stop::SignIn`] where nobody is signed in.
pub(crate) fn again(visit: &Visit<'_>) -> Result<(), Stop> {
    again_of(visit, visit.who()?)
}

/// The same of a user whose screen is locked.
pub(crate) fn again_of(visit: &Visit<'_>, who: &SignedIn) -> Result<(), Stop> {
    let portal = visit.portal;
    let (name, session) = (
        format!("{} again", who.account.sign_in_name),
        who.session.secret_sha256.as_str(),
    );
    if portal.throttle.waits(&name, session, visit.now) {
        let locked = Fault::new(Code::SignInLocked, "too many failures");
        return Err(Stop::Fault(locked));
    }
    let password = visit.ask.form("again").unwrap_or_default();
    let place = Place::Known(session.to_owned());
    let fits = checked(portal, place, password, &who.account.password_hash)?;
    portal.throttle.note(&name, session, visit.now, fits);
    if fits {
        return Ok(());
    }
    let fault = Fault::new(Code::SignInFailed, "asked again: another password");
    Err(Stop::Fault(fault))
}
