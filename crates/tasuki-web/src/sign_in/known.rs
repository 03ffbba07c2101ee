//! A browser from which a user has signed in before: a random secret in a `__Host-` cookie, its SHA-256 in the
//! store with the users who signed in from it. Who shows one has turns of their own at the [`super::lane`], which
//! no unknown browser takes, and is not kept waiting by guesses at their name. It opens nothing.
//!
//! A stolen cookie is worth a few tries at the password of its users; one that nobody was given, nothing. The
//! secret changes with every sign-in.

use super::{random_hex, sha256};
use crate::pipeline::Portal;
use crate::visit::Ask;
use tasuki_core::Fault;
use tasuki_core::ports::{Account, BROWSER_SECONDS};
use tasuki_model::{Instant, UserId};

const COOKIE: &str = "__Host-tasuki-browser";

/// The browser that a request comes from, by the hash of what it shows.
pub(crate) fn browser_of(portal: &Portal, ask: &Ask) -> Option<String> {
    let secret = ask.cookie(COOKIE).filter(|s| s.len() == 64)?;
    portal.config.known_browsers.then(|| sha256(secret))
}

/// The browser of a request, where a password of this user may be tried from it in its own turn; the try counts.
pub(super) fn tried(
    portal: &Portal,
    ask: &Ask,
    account: Option<&Account>,
    now: Instant,
) -> Option<String> {
    let browser = browser_of(portal, ask)?;
    let user = &account?.id;
    let known = portal.store.reading(|tx| tx.known_browser(&browser, user));
    if !known.ok()?.is_some_and(|known| known.may_try(now)) {
        return None;
    }
    // A try that cannot be counted is one of an unknown browser.
    let counted = portal
        .store
        .writing(|tx| tx.try_browser(&browser, user, now));
    counted.unwrap_or(false).then_some(browser)
}

/// Knows the browser of a request from now on as one of this user's; its cookie, if that is switched on.
pub(crate) fn know(
    portal: &Portal,
    ask: &Ask,
    user: &UserId,
    now: Instant,
) -> Result<Option<String>, Fault> {
    if !portal.config.known_browsers {
        return Ok(None);
    }
    let before = browser_of(portal, ask);
    let secret = random_hex()?;
    let browser = sha256(&secret);
    portal
        .store
        .writing(|tx| tx.know_browser(before.as_deref(), &browser, user, now))?;
    Ok(Some(format!(
        "{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={BROWSER_SECONDS}"
    )))
}
