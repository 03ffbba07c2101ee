//! A TOTP that is being set up: kept unconfirmed until its user has typed digits of it.

use crate::sign_in::qr::{Qr, drawn};
use crate::sign_in::{random_hex, totp};
use crate::visit::{SignedIn, Stop, Visit};
use ring::rand::{SecureRandom, SystemRandom};
use tasuki_core::ports::{Factor, Proof};
use tasuki_core::{Code, Fault};

/// What an app has to be told.
pub(crate) struct Pending {
    pub qr: Qr,
    /// The secret to be typed, in groups of four.
    pub secret: String,
}

/// The unconfirmed TOTP of a user; a new one where there is none.
pub(crate) fn pending(visit: &Visit<'_>, who: &SignedIn) -> Result<Pending, Stop> {
    let user = &who.account.id;
    let factors = visit.portal.store.reading(|tx| tx.factors_of(user))?;
    let known = factors
        .into_iter()
        .filter(|factor| !factor.confirmed)
        .find_map(|factor| match factor.proof {
            Proof::Totp { secret } => Some(secret),
            Proof::Passkey { .. } => None,
        });
    let secret = match known {
        Some(secret) => secret,
        None => begun(visit, who)?,
    };
    let issuer = &visit.portal.config.network_name;
    let address = totp::address(issuer, &who.account.sign_in_name, &secret);
    let typed = totp::base32(&secret);
    let groups = typed.as_bytes().chunks(4).map(String::from_utf8_lossy);
    Ok(Pending {
        qr: drawn(&address)?,
        secret: groups.collect::<Vec<_>>().join(" "),
    })
}

fn begun(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<u8>, Fault> {
    let mut secret = vec![0; totp::SECRET_BYTES];
    SystemRandom::new()
        .fill(&mut secret)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    let factor = Factor {
        id: random_hex()?,
        user: who.account.id.clone(),
        label: visit.w.factor_totp().into_owned(),
        proof: Proof::Totp {
            secret: secret.clone(),
        },
        confirmed: false,
        counter: 0,
        added: visit.now,
        used: None,
    };
    visit.portal.store.writing(|tx| tx.put_factor(&factor))?;
    Ok(secret)
}
