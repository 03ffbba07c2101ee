//! Sessions: a random 256-bit secret in a `__Host-` cookie, its SHA-256 in the store, an idle and
//! an absolute limit.
//!
//! - [`throttle`]: who has guessed too often waits; nobody else does.
//! - [`known`]: browsers from which a user has signed in before.
//! - [`lane`]: how many passwords are hashed at once, and whose turn it is.
//! - [`again`]: a signed-in user says once more who they are.
//! - [`stages`]: what a session waits for before its user is signed in, and how that is given.
//! - [`totp`], [`passkey`]: the two second factors.

mod again;
mod known;
mod lane;
pub(crate) mod passkey;
pub(crate) mod qr;
mod stages;
mod throttle;
pub(crate) mod totp;

pub(crate) use again::{again, again_of};
pub(crate) use known::browser_of;
pub(crate) use lane::{Lane, Place};
pub(crate) use stages::{Shown, challenge, lock, party, pass, prove, recover, spent};
pub(crate) use throttle::Throttle;

use crate::password;
use crate::pipeline::Portal;
use crate::terminals;
use crate::visit::{Ask, SignedIn, Stop, Visit};
use ring::rand::{SecureRandom, SystemRandom};
use tasuki_core::policy::Standing;
use tasuki_core::ports::{Account, Membership, Session, Stage};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// The session cookie. `__Host-`: this host only, whole site, HTTPS or the loopback address only.
const COOKIE: &str = "__Host-tasuki";
/// A session's last use is written at most this often.
const TOUCH_SECONDS: i64 = 60;

/// The session of a request, if its cookie names one in force.
pub(crate) fn session_of(
    portal: &Portal,
    ask: &Ask,
    at: &Standing,
    now: Instant,
) -> Result<Option<SignedIn>, Fault> {
    let Some(secret) = ask.cookie(COOKIE).filter(|s| s.len() == 64) else {
        return Ok(None);
    };
    let key = sha256(secret);
    let found = portal.store.reading(|tx| {
        let Some(session) = tx.session(&key)? else {
            return Ok(None);
        };
        let Some(account) = tx.account(&session.user)? else {
            return Ok(None);
        };
        let facility = tx
            .facilities()?
            .into_iter()
            .find(|f| f.id == session.membership.facility);
        Ok(facility.map(|facility| SignedIn {
            account,
            session,
            facility,
        }))
    })?;
    let Some(mut who) = found else {
        return Ok(None);
    };
    let config = &portal.config;
    let idle = now.seconds_since(who.session.used) > config.idle_seconds;
    let ended = who.account.disabled
        || who.account.expires.is_some_and(|end| now >= end)
        || (idle && who.session.stage != Stage::Open && who.session.stage != Stage::Locked)
        || now.seconds_since(who.session.started) > config.session_seconds
        || !who.account.memberships.contains(&who.session.membership);
    if ended {
        portal.store.writing(|tx| tx.end_session(&key))?;
        return Ok(None);
    }
    if !terminals::stays(portal, at, &who.session) {
        // It is refused, and nothing of it is noted.
        return Ok(Some(who));
    }
    if idle && who.session.stage == Stage::Open {
        // Their way back is a factor or the password, within the absolute limit.
        who.session.stage = Stage::Locked;
        let session = who.session.clone();
        portal.store.writing(|tx| tx.put_session(&session))?;
    } else if who.session.stage == Stage::Open
        && now.seconds_since(who.session.used) >= TOUCH_SECONDS
        && !portal.trail_is_away()
    {
        let session = Session {
            used: now,
            ..who.session.clone()
        };
        // A session whose use is not noted locks earlier and never later.
        match portal.store.writing(|tx| tx.put_session(&session)) {
            Ok(()) => who.session = session,
            Err(fault) => tracing::error!(code = fault.code.id(), "a session: {}", fault.inside),
        }
    }
    Ok(Some(who))
}

/// Checks name and password and begins a session; returns its cookies.
pub(crate) fn begin(visit: &Visit<'_>) -> Result<(SignedIn, Vec<String>), Stop> {
    let (portal, ask, now) = (visit.portal, visit.ask, visit.now);
    let name = ask.form("name").unwrap_or_default();
    let password = ask.form("password").unwrap_or_default();
    if !ask.same_origin {
        return Err(Stop::Fault(Fault::new(
            Code::FormRefused,
            "sign-in from another site",
        )));
    }
    let account = portal.store.reading(|tx| tx.account_by_name(name))?;
    let known = known::tried(portal, ask, account.as_ref(), now);
    // The tries of a known browser are counted by themselves: guesses from its address keep nobody waiting.
    let unknown = known.is_none();
    if unknown && portal.throttle.waits(name, &ask.address, now) {
        return Err(Stop::Fault(Fault::new(
            Code::SignInLocked,
            "too many failures",
        )));
    }
    let place = known.map_or_else(|| place_of(portal, &ask.address, now), Place::Known);
    let phc = account.as_ref().map_or("", |a| a.password_hash.as_str());
    let fits = checked(portal, place, password, phc)?;
    let account = account.filter(|a| fits && !a.disabled && a.expires.is_none_or(|end| now < end));
    if unknown {
        let success = account.is_some();
        portal.throttle.note(name, &ask.address, now, success);
    }
    let failed = || Stop::Fault(Fault::new(Code::SignInFailed, "name or password"));
    let account = account.ok_or_else(failed)?;
    let first = account.memberships.first().ok_or_else(failed)?;
    // Where they are members of several facilities, the one whose terminal this is.
    let mut memberships = account.memberships.iter();
    let here = memberships.find(|m| terminals::serves(portal, &visit.terminal, &account, m));
    let membership = here.unwrap_or(first).clone();
    let (who, cookie) = start(visit, account, membership, false)?;
    let mut cookies = vec![cookie];
    if who.session.stage == Stage::Open {
        cookies.extend(known::know(portal, ask, &who.account.id, now)?);
    }
    Ok((who, cookies))
}

/// Begins the session of somebody whose name is proved; `strong` where a second factor was given too. Its
/// cookie beside it.
///
/// # Errors
/// `TRM-003` at somebody else's terminal.
pub(crate) fn start(
    visit: &Visit<'_>,
    account: Account,
    membership: Membership,
    strong: bool,
) -> Result<(SignedIn, String), Stop> {
    let (portal, now) = (visit.portal, visit.now);
    if !terminals::serves(portal, &visit.terminal, &account, &membership) {
        return Err(Stop::Fault(terminals::elsewhere()));
    }
    let failed = || Stop::Fault(Fault::new(Code::SignInFailed, "no such facility"));
    let facilities = portal.store.reading(|tx| tx.facilities())?;
    let facility = facilities
        .into_iter()
        .find(|f| f.id == membership.facility)
        .ok_or_else(failed)?;
    let secret = random_hex()?;
    let session = Session {
        secret_sha256: sha256(&secret),
        user: account.id.clone(),
        membership,
        started: now,
        used: now,
        csrf: random_hex()?,
        stage: match strong {
            true => Stage::Open,
            false => stages::first(portal, &account)?,
        },
        challenge: String::new(),
        terminal: visit
            .terminal
            .terminal()
            .map(|terminal| terminal.id.clone()),
    };
    portal.store.writing(|tx| {
        tx.note_used(&session.user, now)?;
        terminals::used(visit, tx)?;
        tx.put_session(&session)
    })?;
    let cookie = cookie_of(&secret);
    Ok((
        SignedIn {
            account,
            session,
            facility,
        },
        cookie,
    ))
}

/// The place of a browser that is not known.
fn place_of(portal: &Portal, address: &str, now: Instant) -> Place {
    let guessed = portal.throttle.guessed(address, now);
    Place::Address(address.to_owned(), guessed)
}

/// Whether a password is the one of a PHC string, hashed when it is this place's turn.
fn checked(portal: &Portal, place: Place, password: &str, phc: &str) -> Result<bool, Fault> {
    let _turn = portal.lane.turn(place)?;
    Ok(password::verify(password, phc))
}

/// Ends the session of a request; returns the cookie that clears the old one.
pub(crate) fn end(portal: &Portal, who: &SignedIn) -> Result<String, Fault> {
    let key = who.session.secret_sha256.clone();
    portal.store.writing(|tx| tx.end_session(&key))?;
    Ok(format!(
        "{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    ))
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(secret: &str) -> String {
    hex(&sha256_of(secret.as_bytes()))
}

/// SHA-256.
fn sha256_of(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
}

fn cookie_of(secret: &str) -> String {
    format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// 256 random bits in hex.
pub(crate) fn random_hex() -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    Ok(hex(&bytes))
}
