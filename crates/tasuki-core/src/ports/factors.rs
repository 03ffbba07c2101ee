//! What proves who a user is beside the password: second factors, and one-time codes. A store keeps the
//! secrets sealed; codes are kept as their SHA-256 only.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{FacilityId, Instant, UserId};

/// Second factors of one user at most.
pub const FACTORS_MAX: usize = 8;

/// How a factor proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A time-based one-time password (RFC 6238).
    Totp {
        /// The shared secret.
        secret: Vec<u8>,
    },
    /// A passkey (WebAuthn).
    Passkey {
        /// The credential's id, base64url without padding.
        credential: String,
        /// The public key: an uncompressed point of P-256, 65 bytes.
        key: Vec<u8>,
        /// The relying party that it is bound to: a host name.
        rp: String,
    },
}

/// One second factor of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its id.
    pub id: String,
    /// Whose.
    pub user: UserId,
    /// What its user calls it.
    pub label: String,
    /// How it proves.
    pub proof: Proof,
    /// Its user has shown that it works; until then it proves nothing.
    pub confirmed: bool,
    /// The last step (TOTP) or signature counter (passkey) that was taken; 0 before the first, and for
    /// authenticators that do not count.
    pub counter: i64,
    /// When it was added.
    pub added: Instant,
    /// When it was last used.
    pub used: Option<Instant>,
}

/// What a one-time code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneTimeKind {
    /// Sets the password of an account.
    Password,
    /// Asked for by one administrator, waiting for another: no code is known yet.
    RecoveryAsked,
    /// Stands in for the second factor, once.
    Recovery,
}

impl OneTimeKind {
    /// The stable word stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::RecoveryAsked => "recovery-asked",
            Self::Recovery => "recovery",
        }
    }

    /// The kind of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Password, Self::RecoveryAsked, Self::Recovery]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A one-time code, or one that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTime {
    /// SHA-256 of the code, lower-case hex.
    pub code_sha256: String,
    /// Whose.
    pub user: UserId,
    /// What it does.
    pub kind: OneTimeKind,
    /// Whose administrators made it.
    pub facility: FacilityId,
    /// Who asked for it.
    pub asked_by: UserId,
    /// Who approved it, where two are needed.
    pub approved_by: Option<UserId>,
    /// Until when it is good.
    pub expires: Instant,
}

/// Reading factors and codes.
pub trait Factors {
    /// The factors of a user, the oldest first.
    fn factors_of(&self, user: &UserId) -> Result<Vec<Factor>, Fault>;
    /// Whether a user has a factor that counts.
    fn has_factor(&self, user: &UserId) -> Result<bool, Fault>;
    /// A code by its hash.
    fn one_time(&self, code_sha256: &str) -> Result<Option<OneTime>, Fault>;
    /// The codes of a user.
    fn one_times_of(&self, user: &UserId) -> Result<Vec<OneTime>, Fault>;
}

/// Writing factors and codes.
pub trait FactorsWrite {
    /// Adds a factor, or puts it in the place of the one with its id. `ACC-003` beyond [`FACTORS_MAX`].
    fn put_factor(&self, factor: &Factor) -> Result<(), Fault>;
    /// Takes a factor away; whether there was one.
    fn remove_factor(&self, user: &UserId, id: &str) -> Result<bool, Fault>;
    /// Notes a use with its step or counter; false where that is not above the one before, and neither
    /// counts: then it was a replay.
    fn use_factor(&self, user: &UserId, id: &str, counter: i64, at: Instant)
    -> Result<bool, Fault>;
    /// Adds a code; the user's others of its kind go.
    fn put_one_time(&self, code: &OneTime) -> Result<(), Fault>;
    /// Takes a code, which is then gone; none where there is none in its time.
    fn take_one_time(&self, code_sha256: &str, now: Instant) -> Result<Option<OneTime>, Fault>;
}
