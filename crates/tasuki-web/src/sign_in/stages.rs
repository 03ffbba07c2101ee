//! What a session waits for before its user is signed in, and how that is given: a second factor, or a code
//! that two administrators gave instead; for a locked screen the password does as well.
//!
//! Failures are counted apart from those of the password: whoever knows the password could otherwise set
//! the count of their guesses back.

use super::passkey::{self, Party};
use super::{cookie_of, known, random_hex, sha256, totp};
use crate::pipeline::Portal;
use crate::visit::{SignedIn, Stop, Visit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::rand::{SecureRandom, SystemRandom};
use tasuki_core::ports::{Account, Factor, OneTimeKind, Proof, Session, Stage};
use tasuki_core::{Code, Fault};

/// What somebody shows as a second factor.
pub(crate) enum Shown<'a> {
    /// Six digits of an app.
    Digits(&'a str),
    /// An authenticator's answer, with the id of its credential.
    Passkey(&'a str, passkey::Answer<'a>),
}

/// What a session waits for after the password was right.
pub(super) fn first(portal: &Portal, account: &Account) -> Result<Stage, Fault> {
    let factors = portal.store.reading(|tx| tx.factors_of(&account.id))?;
    Ok(match factors.iter().any(|factor| factor.confirmed) {
        true => Stage::Second,
        false if portal.config.second_factor => Stage::Enrol,
        false => Stage::Open,
    })
}

/// Whom passkeys are bound to; none where the portal has no name that a browser would take: an address of
/// numbers is none.
pub(crate) fn party(visit: &Visit<'_>) -> Option<Party> {
    let origin = match &visit.portal.config.origin {
        Some(origin) => origin.trim_end_matches('/').to_owned(),
        // Browsers take this one name without TLS.
        None => format!("http://{}", visit.ask.host),
    };
    let (_, host) = origin.split_once("://")?;
    let rp = host.split(':').next()?.to_owned();
    let said = visit.portal.config.origin.is_some() || rp == "localhost";
    said.then_some(Party { origin, rp })
}

/// A new challenge of a session, in the place of the one before.
pub(crate) fn challenge(visit: &Visit<'_>, who: &SignedIn) -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    let session = Session {
        challenge: BASE64URL.encode(bytes),
        ..who.session.clone()
    };
    visit.portal.store.writing(|tx| tx.put_session(&session))?;
    Ok(session.challenge)
}

/// Takes the challenge of a session: it is good for one answer.
pub(crate) fn spent(visit: &Visit<'_>, who: &SignedIn) -> Result<(), Fault> {
    let session = Session {
        challenge: String::new(),
        ..who.session.clone()
    };
    visit.portal.store.writing(|tx| tx.put_session(&session))
}

/// Checks what is shown against the factors of a user, and notes its use.
///
/// # Errors
/// `ACC-004` where it proves nothing, `WEB-002` after too many of those.
pub(crate) fn prove(visit: &Visit<'_>, who: &SignedIn, shown: &Shown<'_>) -> Result<(), Stop> {
    counted(visit, who, || {
        let user = &who.account.id;
        let factors = visit.portal.store.reading(|tx| tx.factors_of(user))?;
        if matches!(shown, Shown::Passkey(..)) {
            spent(visit, who)?;
        }
        // One that is being set up proves nothing but that it works.
        let stage = who.session.stage;
        let proves = |f: &&Factor| f.confirmed || matches!(stage, Stage::Open | Stage::Enrol);
        for factor in factors.iter().filter(proves) {
            if let Some(counter) = fits(visit, who, factor, shown)? {
                let taken = visit
                    .portal
                    .store
                    .writing(|tx| tx.use_factor(user, &factor.id, counter, visit.now))?;
                return Ok(taken);
            }
        }
        Ok(false)
    })
}

/// The step or counter by which this factor is proved.
fn fits(
    visit: &Visit<'_>,
    who: &SignedIn,
    factor: &Factor,
    shown: &Shown<'_>,
) -> Result<Option<i64>, Fault> {
    match (&factor.proof, shown) {
        (Proof::Totp { secret }, Shown::Digits(digits)) => {
            let seconds = visit.now.micros().div_euclid(1_000_000);
            Ok(totp::step_of(secret, digits, seconds))
        }
        (
            Proof::Passkey {
                credential,
                key,
                rp,
            },
            Shown::Passkey(shown, answer),
        ) => match party(visit).filter(|party| party.rp == *rp && credential == shown) {
            Some(party) => passkey::asserted(&party, &who.session.challenge, key, answer).map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Takes a code that stands in for the second factor.
///
/// # Errors
/// As [`prove`].
pub(crate) fn recover(visit: &Visit<'_>, who: &SignedIn, code: &str) -> Result<(), Stop> {
    let hash = sha256(&code.trim().to_ascii_lowercase());
    counted(visit, who, || {
        visit.portal.store.writing(|tx| {
            let own = tx.one_time(&hash)?.is_some_and(|code| {
                code.user == who.account.id && code.kind == OneTimeKind::Recovery
            });
            Ok(own && tx.take_one_time(&hash, visit.now)?.is_some())
        })
    })
}

/// Runs a check of somebody who may be guessing.
fn counted(
    visit: &Visit<'_>,
    who: &SignedIn,
    check: impl FnOnce() -> Result<bool, Fault>,
) -> Result<(), Stop> {
    let name = format!("{} second", who.account.sign_in_name);
    let (throttle, address) = (&visit.portal.throttle, &visit.ask.address);
    if throttle.waits(&name, address, visit.now) {
        let locked = Fault::new(Code::SignInLocked, "too many second factors");
        return Err(Stop::Fault(locked));
    }
    let refused = |why: &str| Fault::new(Code::FactorRefused, why);
    let checked = match check() {
        Ok(true) => Ok(()),
        Ok(false) => Err(refused("no factor fits")),
        Err(fault) => Err(fault),
    };
    throttle.note(&name, address, visit.now, checked.is_ok());
    checked.map_err(Stop::Fault)
}

/// Signs the user of a waiting session in; the cookies that belong to it from now on. The secret changes, so
/// that one which was seen before is worth nothing; that of a locked screen stays, and its visits with it.
pub(crate) fn pass(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<String>, Fault> {
    let mut session = Session {
        stage: Stage::Open,
        challenge: String::new(),
        used: visit.now,
        ..who.session.clone()
    };
    let secret = match who.session.stage {
        Stage::Locked => None,
        _ => Some(random_hex()?),
    };
    let before = who.session.secret_sha256.as_str();
    if let Some(secret) = &secret {
        session.secret_sha256 = sha256(secret);
    }
    visit.portal.store.writing(|tx| {
        if secret.is_some() {
            tx.end_session(before)?;
        }
        tx.put_session(&session)
    })?;
    let Some(secret) = secret else {
        return Ok(Vec::new());
    };
    let mut cookies = vec![cookie_of(&secret)];
    cookies.extend(known::know(
        visit.portal,
        visit.ask,
        &who.account.id,
        visit.now,
    )?);
    Ok(cookies)
}

/// Locks the screen of a signed-in user.
pub(crate) fn lock(visit: &Visit<'_>) -> Result<(), Stop> {
    let session = Session {
        stage: Stage::Locked,
        ..visit.who()?.session.clone()
    };
    Ok(visit.portal.store.writing(|tx| tx.put_session(&session))?)
}
