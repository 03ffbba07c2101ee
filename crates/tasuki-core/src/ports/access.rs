//! Accounts and sessions.

use crate::Fault;
use tasuki_model::{FacilityId, Instant, Role, TerminalId, UserId};

/// What a user is at one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub facility: FacilityId,
    /// As what.
    pub role: Role,
    /// 診療科 or section in words.
    pub section: String,
}

/// A user's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: UserId,
    /// What is typed at sign-in.
    pub sign_in_name: String,
    /// The person's name.
    pub name: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Where the user may work; one is chosen per session.
    pub memberships: Vec<Membership>,
    /// Left, or suspended: no sign-in, and open sessions end.
    pub disabled: bool,
    /// From then on as if disabled.
    pub expires: Option<Instant>,
}

/// What a session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing: its user is signed in.
    Open,
    /// The second factor.
    Second,
    /// A second factor to be set up.
    Enrol,
    /// Its user, who has locked the screen or was away.
    Locked,
}

impl Stage {
    /// Every stage.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Second, Self::Enrol, Self::Locked];

    /// The stable word stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Second => "second",
            Self::Enrol => "enrol",
            Self::Locked => "locked",
        }
    }

    /// The stage of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.code() == code)
    }
}

/// A signed-in user in one browser. The secret itself is only in the cookie; here is its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret, lower-case hex.
    pub secret_sha256: String,
    /// Whose.
    pub user: UserId,
    /// The membership in force.
    pub membership: Membership,
    /// When it began.
    pub started: Instant,
    /// When it was last used.
    pub used: Instant,
    /// Token against cross-site requests.
    pub csrf: String,
    /// What it waits for.
    pub stage: Stage,
    /// What an authenticator has to sign, once; empty where nothing was asked.
    pub challenge: String,
    /// The terminal at which it began, where one was shown: it goes on there and nowhere else.
    pub terminal: Option<TerminalId>,
}

/// Reading accounts and sessions.
pub trait Access {
    /// The account of a sign-in name.
    fn account_by_name(&self, sign_in_name: &str) -> Result<Option<Account>, Fault>;
    /// One account.
    fn account(&self, id: &UserId) -> Result<Option<Account>, Fault>;
    /// Every account, by sign-in name, at most `limit`.
    fn accounts(&self, limit: u32) -> Result<Vec<Account>, Fault>;
    /// The accounts that have a membership at a facility, by sign-in name, at most `limit`.
    fn accounts_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Account>, Fault>;
    /// When a user last signed in.
    fn last_used(&self, user: &UserId) -> Result<Option<Instant>, Fault>;
    /// A session by the hash of its secret.
    fn session(&self, secret_sha256: &str) -> Result<Option<Session>, Fault>;
    /// The open sessions of a user, the one used last first, at most 100.
    fn sessions_of(&self, user: &UserId) -> Result<Vec<Session>, Fault>;
}

/// Writing accounts and sessions.
pub trait AccessWrite {
    /// Adds or changes an account.
    fn put_account(&self, account: &Account) -> Result<(), Fault>;
    /// Notes that a user signed in.
    fn note_used(&self, user: &UserId, at: Instant) -> Result<(), Fault>;
    /// Adds or changes a session.
    fn put_session(&self, session: &Session) -> Result<(), Fault>;
    /// Ends every session of a user but the one with this hash; returns how many.
    fn end_sessions_of(&self, user: &UserId, but: Option<&str>) -> Result<u64, Fault>;
    /// Ends a session; returns whether there was one.
    fn end_session(&self, secret_sha256: &str) -> Result<bool, Fault>;
}
