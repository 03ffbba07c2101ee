//! Where the user is signed in, from which browsers they are known, and the buttons that end either. Both are
//! named by a digest of the digest by which they are kept, so that a page says nothing with which one could be
//! found.

use crate::pages::words_of;
use crate::sign_in::{self, sha256};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{KnownBrowser, Session};

/// One open session.
pub(super) struct Device {
    pub id: String,
    pub place: String,
    pub role: String,
    pub since: String,
    pub used: String,
    /// The one that shows this page.
    pub here: bool,
}

/// One browser from which the user has signed in before.
pub(super) struct Browser {
    pub id: String,
    pub since: String,
    pub used: String,
    /// The one that shows this page.
    pub here: bool,
}

fn id_of(session: &Session) -> String {
    sha256(&session.secret_sha256)
}

/// The known browsers of the user, while they have turns of their own.
pub(super) fn browsers(visit: &Visit<'_>) -> Result<Vec<Browser>, Stop> {
    let portal = visit.portal;
    if !portal.config.known_browsers {
        return Ok(Vec::new());
    }
    let user = &visit.who()?.account.id;
    let known = portal.store.reading(|tx| tx.known_browsers_of(user))?;
    let here = sign_in::browser_of(portal, visit.ask);
    let line = |browser: KnownBrowser| Browser {
        id: sha256(&browser.browser_sha256),
        since: browser.since.in_jst().to_string(),
        used: browser.used.in_jst().to_string(),
        here: here.as_ref() == Some(&browser.browser_sha256),
    };
    let known = known.into_iter().filter(|b| b.may_try(visit.now));
    Ok(known.map(line).collect())
}

/// Forgets one browser of the user.
fn forget(visit: &Visit<'_>, named: &str) -> Result<Reply, Stop> {
    let user = &visit.who()?.account.id;
    let forgotten = visit.portal.store.writing(|tx| {
        let known = tx.known_browsers_of(user)?;
        match known.iter().find(|b| sha256(&b.browser_sha256) == named) {
            Some(browser) => tx.forget_browser(&browser.browser_sha256, user),
            None => Ok(false),
        }
    })?;
    let reply = Reply::redirect("/account?done=forgotten");
    Ok(reply.with_detail(format!("{} browsers forgotten", u8::from(forgotten))))
}

/// Whether a session is not over by one of its limits.
fn open(visit: &Visit<'_>, session: &Session) -> bool {
    let config = &visit.portal.config;
    visit.now.seconds_since(session.used) <= config.idle_seconds
        && visit.now.seconds_since(session.started) <= config.session_seconds
}

pub(super) fn of(visit: &Visit<'_>) -> Result<Vec<Device>, Stop> {
    let who = visit.who()?;
    let (sessions, facilities) = visit
        .portal
        .store
        .reading(|tx| Ok((tx.sessions_of(&who.account.id)?, tx.facilities()?)))?;
    let device = |session: Session| {
        let at = &session.membership.facility;
        let facility = facilities.iter().find(|f| f.id == *at);
        Device {
            id: id_of(&session),
            place: facility.map_or_else(String::new, |f| crate::shell::facility_name(visit, f)),
            role: words_of::role(visit.w, session.membership.role).into_owned(),
            since: session.started.in_jst().to_string(),
            used: session.used.in_jst().to_string(),
            here: session.secret_sha256 == who.session.secret_sha256,
        }
    };
    let sessions = sessions.into_iter().filter(|s| open(visit, s));
    Ok(sessions.map(device).collect())
}

/// Ends one session of the user, or every other one (`device=others`), the known browsers with them; or forgets
/// one of those (`browser`).
pub(crate) fn end(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    if let Some(named) = visit.ask.form("browser") {
        return forget(visit, named);
    }
    let named = visit.ask.form("device").unwrap_or_default();
    let own = who.session.secret_sha256.as_str();
    let user = &who.account.id;
    let ended = visit.portal.store.writing(|tx| {
        if named == "others" {
            tx.forget_browsers_of(user)?;
            return tx.end_sessions_of(user, Some(own));
        }
        let sessions = tx.sessions_of(user)?;
        match sessions.iter().find(|s| id_of(s) == named) {
            Some(session) => tx.end_session(&session.secret_sha256).map(u64::from),
            None => Ok(0),
        }
    })?;
    let reply = Reply::redirect("/account?done=ended");
    Ok(reply.with_detail(format!("{ended} sessions ended")))
}
