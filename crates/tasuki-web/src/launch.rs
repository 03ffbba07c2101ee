//! Links by which a facility's electronic record opens a patient's chart.
//!
//! A link carries a token: a JWE in compact form (RFC 7516) with `alg` `dir` and `enc` `A256GCM`
//! (RFC 7518 §4.5, §5.3), under a key that the record and this node share. `kid` is the facility's
//! code; the claims (RFC 7519) are `sub`, the facility's own patient ID, `iat` and `exp`. So nobody
//! else can make a link, and no patient ID is readable in an address, a history or a proxy's log.
//!
//! A link signs nobody in: it says which patient, and the session says who looks. It may therefore
//! be used more than once in its time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// The longest time for which a link may be good, in seconds.
pub const GOOD_SECONDS: i64 = 600;
/// How far the record's clock may be off, in seconds.
const CLOCK_OFF: i64 = 300;
/// The longest token.
const TOKEN_MAX: usize = 2_048;

/// The keys of the facilities whose records open charts, by facility code.
#[derive(Clone, Default)]
pub struct LaunchKeys(BTreeMap<String, LaunchKey>);

impl std::fmt::Debug for LaunchKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl FromIterator<(String, LaunchKey)> for LaunchKeys {
    fn from_iter<T: IntoIterator<Item = (String, LaunchKey)>>(keys: T) -> Self {
        Self(keys.into_iter().collect())
    }
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The facility whose record made it, by its code.
    pub facility: String,
    /// The patient, by the facility's own ID.
    pub patient: String,
}

/// One facility's key.
#[derive(Clone)]
pub struct LaunchKey([u8; KEY_BYTES]);

/// What else a header says (`typ`, `cty`) changes nothing; what would change the meaning is refused.
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crit: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

impl LaunchKey {
    /// A new one.
    ///
    /// # Errors
    /// `WEB-009` where there is no randomness.
    pub fn generate() -> Result<Self, Fault> {
        random().map(Self)
    }

    /// A key as it lies in a file: 32 bytes in base64url without padding, as `k` of a JWK.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = BASE64URL.decode(text.trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// As [`from_text`](Self::from_text) reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64URL.encode(self.0)
    }

    fn cipher(&self) -> Result<LessSafeKey, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, &self.0);
        key.map(LessSafeKey::new)
            .map_err(|_| Fault::new(Code::InternalFault, "a launch key of another length"))
    }

    /// The token of a link, good from `now` on: what a vendor's record does in its own language.
    ///
    /// # Errors
    /// `WEB-009` where there is no randomness.
    pub fn seal(&self, launch: &Launch, now: Instant) -> Result<String, Fault> {
        let broken = |_| Fault::new(Code::InternalFault, "a launch token");
        let header = Header {
            alg: "dir".to_owned(),
            enc: "A256GCM".to_owned(),
            kid: launch.facility.clone(),
            zip: None,
            crit: None,
        };
        let iat = now.micros() / 1_000_000;
        let claims = Claims {
            sub: launch.patient.clone(),
            iat,
            exp: iat + GOOD_SECONDS,
        };
        let header = BASE64URL.encode(serde_json::to_vec(&header).map_err(broken)?);
        let mut text = serde_json::to_vec(&claims).map_err(broken)?;
        let iv: [u8; NONCE_LEN] = random()?;
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(iv),
                Aad::from(header.as_bytes()),
                &mut text,
            )
            .map_err(|_| Fault::new(Code::InternalFault, "a launch token"))?;
        let [iv, text, tag] = [&iv[..], &text, tag.as_ref()].map(|bytes| BASE64URL.encode(bytes));
        Ok(format!("{header}..{iv}.{text}.{tag}"))
    }
}

impl LaunchKeys {
    /// Opens a token.
    ///
    /// # Errors
    /// `WEB-010` for whatever is none, of whichever reason: the reason is for the log only.
    pub fn open(&self, token: &str, now: Instant) -> Result<Launch, Fault> {
        let no = |why: &str| Fault::new(Code::LaunchRefused, why);
        if token.len() > TOKEN_MAX {
            return Err(no("too long"));
        }
        let [head, "", iv, text, tag] = token.split('.').collect::<Vec<_>>()[..] else {
            return Err(no("not five parts with direct encryption"));
        };
        let bytes = |part: &str| BASE64URL.decode(part).map_err(|_| no("not base64url"));
        let header: Header = serde_json::from_slice(&bytes(head)?).map_err(|_| no("the header"))?;
        if (&*header.alg, &*header.enc) != ("dir", "A256GCM") {
            return Err(no("another algorithm"));
        }
        if header.zip.is_some() || header.crit.is_some() {
            return Err(no("zip and crit are not taken"));
        }
        let key = self.0.get(&header.kid).ok_or_else(|| no("no such key"))?;
        let iv = bytes(iv)?.try_into().map_err(|_| no("the iv"))?;
        let mut sealed = bytes(text)?;
        sealed.extend(bytes(tag)?);
        let text = key
            .cipher()?
            .open_in_place(
                Nonce::assume_unique_for_key(iv),
                Aad::from(head.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| no("not sealed with this key"))?;
        let claims: Claims = serde_json::from_slice(text).map_err(|_| no("the claims"))?;
        let now = now.micros() / 1_000_000;
        let good = claims
            .exp
            .checked_sub(claims.iat)
            .is_some_and(|s| (1..=GOOD_SECONDS).contains(&s));
        if !good
            || claims.iat > now.saturating_add(CLOCK_OFF)
            || claims.exp <= now.saturating_sub(CLOCK_OFF)
        {
            return Err(no("out of its time"));
        }
        Ok(Launch {
            facility: header.kid,
            patient: claims.sub,
        })
    }
}

fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_400_000;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    fn launch() -> Launch {
        Launch {
            facility: "1311234567".to_owned(),
            patient: "0000012345".to_owned(),
        }
    }

    fn code(keys: &LaunchKeys, token: &str, now: i64) -> Option<&'static str> {
        keys.open(token, at(now)).err().map(|fault| fault.code.id())
    }

    #[test]
    fn a_link_is_good_for_its_time_and_for_a_clock_that_is_off() {
        let key = LaunchKey::generate().unwrap();
        let token = key.seal(&launch(), at(NOW)).unwrap();
        assert!(!token.contains("12345"));
        let keys: LaunchKeys = [(launch().facility, key)].into_iter().collect();
        for good in [NOW - CLOCK_OFF, NOW, NOW + GOOD_SECONDS + CLOCK_OFF - 1] {
            assert_eq!(keys.open(&token, at(good)).unwrap(), launch());
        }
        for late in [NOW - CLOCK_OFF - 1, NOW + GOOD_SECONDS + CLOCK_OFF] {
            assert_eq!(code(&keys, &token, late), Some("WEB-010"));
        }
    }

    #[test]
    fn what_was_changed_or_made_with_another_key_is_refused() {
        let key = LaunchKey::generate().unwrap();
        let token = key.seal(&launch(), at(NOW)).unwrap();
        let keys: LaunchKeys = [(launch().facility, key)].into_iter().collect();
        let parts: Vec<&str> = token.split('.').collect();
        for n in 0..parts.len() {
            let mut other: Vec<String> = parts.iter().map(|p| (*p).to_owned()).collect();
            other[n] = if other[n].is_empty() {
                "AAAA".to_owned()
            } else {
                let first = if other[n].starts_with('B') { "C" } else { "B" };
                format!("{first}{}", &other[n][1..])
            };
            assert_eq!(
                code(&keys, &other.join("."), NOW),
                Some("WEB-010"),
                "part {n}"
            );
        }
        let strange = LaunchKey::generate()
            .unwrap()
            .seal(&launch(), at(NOW))
            .unwrap();
        let none = BASE64URL.encode(r#"{"alg":"none","enc":"A256GCM","kid":"1311234567"}"#);
        let plain = token.replacen(parts[0], &none, 1);
        for token in ["", "....", &strange, &plain, &"a.".repeat(2_000)] {
            assert_eq!(code(&keys, token, NOW), Some("WEB-010"));
        }
    }
}
