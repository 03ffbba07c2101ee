//! Browsers from which a user has signed in before. One of them has its own turns where passwords are checked,
//! so that those who guess from elsewhere keep nobody from signing in. It proves nothing else: password and
//! second factor are asked for as ever.

use crate::Fault;
use tasuki_model::{Instant, UserId};

/// Passwords that may be tried from a known browser until one is right; after that it is known no longer.
pub const BROWSER_TRIES_MAX: i64 = 5;
/// A browser is known for so long after a sign-in, in seconds.
pub const BROWSER_SECONDS: i64 = 180 * 86_400;
/// Known browsers of one user; another takes the place of the one used longest ago.
pub const BROWSERS_MAX: usize = 20;

/// A browser that is known of one user. Its secret is only in its cookie; here is the SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBrowser {
    /// SHA-256 of the cookie's secret, lower-case hex.
    pub browser_sha256: String,
    /// Whose.
    pub user: UserId,
    /// Since when it is known.
    pub since: Instant,
    /// When the user last signed in from it.
    pub used: Instant,
    /// Passwords tried since then.
    pub tries: i64,
}

impl KnownBrowser {
    /// Whether a password may be tried from it in its own turn.
    #[must_use]
    pub fn may_try(&self, now: Instant) -> bool {
        self.tries < BROWSER_TRIES_MAX && now.seconds_since(self.used) < BROWSER_SECONDS
    }
}

/// Reading them.
pub trait KnownBrowsers {
    /// A browser, as far as it is known of this user.
    fn known_browser(
        &self,
        browser_sha256: &str,
        user: &UserId,
    ) -> Result<Option<KnownBrowser>, Fault>;

    /// The known browsers of a user, the one used last first.
    fn known_browsers_of(&self, user: &UserId) -> Result<Vec<KnownBrowser>, Fault>;
}

/// Writing them.
pub trait KnownBrowsersWrite {
    /// Notes that a password is tried from a browser; whether it may be.
    fn try_browser(&self, browser_sha256: &str, user: &UserId, now: Instant)
    -> Result<bool, Fault>;

    /// Knows a browser of this user from now on. Its secret before, if it had one, becomes the new one for every
    /// user of it: whoever has seen the old one holds nothing.
    fn know_browser(
        &self,
        before: Option<&str>,
        browser_sha256: &str,
        user: &UserId,
        now: Instant,
    ) -> Result<(), Fault>;

    /// Forgets one browser of a user; whether there was one.
    fn forget_browser(&self, browser_sha256: &str, user: &UserId) -> Result<bool, Fault>;

    /// Forgets every browser of a user.
    fn forget_browsers_of(&self, user: &UserId) -> Result<(), Fault>;
}
