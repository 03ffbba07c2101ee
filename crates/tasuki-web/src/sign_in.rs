//! Sessions: a random 256-bit secret in a `__Host-` cookie, its SHA-256 in the store, an idle and
//! an absolute limit. The second factor is a later issue.

use crate::password;
use crate::pipeline::Portal;
use crate::visit::{Ask, SignedIn, Stop};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;
use std::sync::Mutex;
use tasuki_core::ports::Session;
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// The session cookie. `__Host-`: this host only, whole site, HTTPS or the loopback address only.
const COOKIE: &str = "__Host-tasuki";
/// A session's last use is written at most this often.
const TOUCH_SECONDS: i64 = 60;
/// After so many failures from one address for one name …
const FAILURES_MAX: u32 = 10;
/// … that pair waits this long.
const WAIT_SECONDS: i64 = 600;
/// Pairs remembered at most; the oldest go first.
const PAIRS_MAX: usize = 10_000;

/// Failed sign-ins by (name, address). Another address is not locked out by them.
#[derive(Default)]
pub(crate) struct Throttle {
    pairs: Mutex<HashMap<(String, String), (u32, Instant)>>,
}

impl Throttle {
    fn waits(&self, name: &str, address: &str, now: Instant) -> bool {
        let Ok(pairs) = self.pairs.lock() else {
            return true;
        };
        pairs
            .get(&(name.to_owned(), address.to_owned()))
            .is_some_and(|(failures, last)| {
                *failures >= FAILURES_MAX && now.seconds_since(*last) < WAIT_SECONDS
            })
    }

    fn note(&self, name: &str, address: &str, now: Instant, success: bool) {
        let Ok(mut pairs) = self.pairs.lock() else {
            return;
        };
        let key = (name.to_owned(), address.to_owned());
        if success {
            pairs.remove(&key);
            return;
        }
        if pairs.len() >= PAIRS_MAX {
            pairs.retain(|_, (_, last)| now.seconds_since(*last) < WAIT_SECONDS);
        }
        if pairs.len() < PAIRS_MAX {
            let entry = pairs.entry(key).or_insert((0, now));
            if now.seconds_since(entry.1) >= WAIT_SECONDS {
                entry.0 = 0;
            }
            *entry = (entry.0 + 1, now);
        }
    }
}

/// The session of a request, if its cookie names one in force.
pub(crate) fn session_of(
    portal: &Portal,
    ask: &Ask,
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
    let ended = who.account.disabled
        || now.seconds_since(who.session.used) > config.idle_seconds
        || now.seconds_since(who.session.started) > config.session_seconds
        || !who.account.memberships.contains(&who.session.membership);
    if ended {
        portal.store.writing(|tx| tx.end_session(&key))?;
        return Ok(None);
    }
    if now.seconds_since(who.session.used) >= TOUCH_SECONDS {
        who.session.used = now;
        let session = who.session.clone();
        portal.store.writing(|tx| tx.put_session(&session))?;
    }
    Ok(Some(who))
}

/// Checks name and password and begins a session; returns its cookie.
pub(crate) fn begin(portal: &Portal, ask: &Ask, now: Instant) -> Result<(SignedIn, String), Stop> {
    let name = ask.form("name").unwrap_or_default();
    let password = ask.form("password").unwrap_or_default();
    if !ask.same_origin {
        return Err(Stop::Fault(Fault::new(
            Code::FormRefused,
            "sign-in from another site",
        )));
    }
    if portal.throttle.waits(name, &ask.address, now) {
        return Err(Stop::Fault(Fault::new(
            Code::SignInLocked,
            "too many failures",
        )));
    }
    let (account, facilities) = portal
        .store
        .reading(|tx| Ok((tx.account_by_name(name)?, tx.facilities()?)))?;
    let phc = account.as_ref().map_or("", |a| a.password_hash.as_str());
    let fits = password::verify(password, phc);
    let account = account.filter(|a| fits && !a.disabled);
    portal
        .throttle
        .note(name, &ask.address, now, account.is_some());
    let failed = || Stop::Fault(Fault::new(Code::SignInFailed, "name or password"));
    let account = account.ok_or_else(failed)?;
    let membership = account.memberships.first().cloned().ok_or_else(failed)?;
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
    };
    portal.store.writing(|tx| tx.put_session(&session))?;
    let cookie = format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax");
    Ok((
        SignedIn {
            account,
            session,
            facility,
        },
        cookie,
    ))
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
    hex(ring::digest::digest(&ring::digest::SHA256, secret.as_bytes()).as_ref())
}

fn random_hex() -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    Ok(hex(&bytes))
}
