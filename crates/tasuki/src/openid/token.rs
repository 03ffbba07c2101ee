//! An ID token (OpenID Connect Core 1.0, section 3.1.3.7): signed by a key of its issuer, of it, for us, of now,
//! and of the sign-in that was begun.

use super::wrong;
use crate::config::Provider;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use tasuki_core::Fault;
use tasuki_core::provider::Identified;

/// What is taken; `none` and secrets shared with the provider never are.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];
/// Seconds that clocks may be apart.
const LEEWAY_SECONDS: u64 = 60;
/// Keys of a provider.
const KEYS_MAX: usize = 64;

#[derive(Deserialize)]
struct Claims {
    sub: String,
    nonce: Option<String>,
    aud: Audience,
    azp: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is for this client and nobody else.
    fn is_only(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Many(many) => many.iter().all(|one| one == client),
        }
    }
}

/// Reads one.
///
/// # Errors
/// `PRV-002` where it proves nothing.
pub(super) fn read(
    token: &str,
    keys: &JwkSet,
    config: &Provider,
    nonce: &str,
) -> Result<Identified, Fault> {
    let head = decode_header(token).map_err(wrong)?;
    if !ALGORITHMS.contains(&head.alg) {
        return Err(wrong("an algorithm that is not taken"));
    }
    let key = key(keys, head.kid.as_deref()).ok_or_else(|| wrong("no such key"))?;
    let key = DecodingKey::from_jwk(key).map_err(wrong)?;
    let mut rules = Validation::new(head.alg);
    rules.leeway = LEEWAY_SECONDS;
    rules.validate_nbf = true;
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.set_issuer(&[&config.issuer]);
    rules.set_audience(&[&config.client_id]);
    let claims = decode::<Claims>(token, &key, &rules).map_err(wrong)?.claims;
    if claims.nonce.as_deref() != Some(nonce) {
        return Err(wrong("another nonce"));
    }
    let party = claims.azp.as_deref();
    let ours = party.map_or_else(
        || claims.aud.is_only(&config.client_id),
        |party| party == config.client_id,
    );
    if !ours {
        return Err(wrong("a token for another client"));
    }
    let strong = claims.amr.iter().any(|how| config.strong.contains(how));
    Ok(Identified {
        subject: claims.sub,
        strong,
    })
}

/// The key of a name; without a name the only one.
fn key<'k>(keys: &'k JwkSet, name: Option<&str>) -> Option<&'k Jwk> {
    let all = keys.keys.get(..keys.keys.len().min(KEYS_MAX))?;
    match name {
        Some(_) => all.iter().find(|k| k.common.key_id.as_deref() == name),
        None => match all {
            [one] => Some(one),
            _ => None,
        },
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
