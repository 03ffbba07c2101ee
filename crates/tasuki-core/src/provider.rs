//! Sign-in by a hospital's own identity provider (OpenID Connect Core 1.0, code flow with PKCE): what the
//! portal needs of one. Who a person is here is never taken from a name that a provider says: only from the
//! binding of its issuer and subject to an account, which the account's owner has made.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{FacilityId, Instant, UserId};

/// For so many seconds a sign-in at the provider may take.
pub const VISIT_SECONDS: i64 = 600;
/// Sign-ins under way at most, in the whole community.
pub const VISITS_MAX: usize = 10_000;
/// Bytes of a subject (OpenID Connect Core 1.0, section 2).
pub const SUBJECT_BYTES_MAX: usize = 255;

/// Where a browser is sent, and what its answer has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The provider's address for this sign-in.
    pub address: String,
    /// `state`: comes back with the browser.
    pub state: String,
    /// `nonce`: comes back inside the ID token.
    pub nonce: String,
    /// The PKCE verifier (RFC 7636): shown when the code is turned in.
    pub verifier: String,
}

/// Who a provider says it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// `sub`.
    pub subject: String,
    /// Whether the provider asked for a second factor, as far as the configuration believes it (`amr`).
    pub strong: bool,
}

/// A provider.
pub trait IdentityProvider: Send + Sync {
    /// Its name in addresses.
    fn id(&self) -> &str;

    /// Its issuer identifier.
    fn issuer(&self) -> &str;

    /// What the button says.
    fn name(&self) -> &str;

    /// Whose people it knows.
    fn facility(&self) -> &FacilityId;

    /// Begins a sign-in that comes back to an address of the portal.
    ///
    /// # Errors
    /// `PRV-001` where it is away.
    fn send(&self, back: &str) -> Result<Sending, Fault>;

    /// Turns in the code of a sign-in.
    ///
    /// # Errors
    /// `PRV-001` where it is away; `PRV-002` where what it says proves nothing.
    fn identified(
        &self,
        code: &str,
        nonce: &str,
        verifier: &str,
        back: &str,
    ) -> Result<Identified, Fault>;
}

/// A sign-in under way at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderVisit {
    /// Which provider.
    pub provider: String,
    /// `nonce`.
    pub nonce: String,
    /// The PKCE verifier.
    pub verifier: String,
    /// Where the browser goes on to.
    pub next: String,
    /// Who binds their account; nothing for a sign-in.
    pub bind: Option<UserId>,
    /// Until when it may come back.
    pub expires: Instant,
}

/// An account's owner is whom a provider calls so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderBinding {
    /// The issuer.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// Whose account.
    pub user: UserId,
    /// Since when.
    pub at: Instant,
}

/// Reading bindings.
pub trait ProviderBindings {
    /// The binding of somebody at an issuer.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn provider_binding(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ProviderBinding>, Fault>;

    /// The bindings of an account.
    fn provider_bindings_of(&self, user: &UserId) -> Result<Vec<ProviderBinding>, Fault>;
}

/// Writing bindings, and sign-ins under way.
pub trait ProviderBindingsWrite {
    /// Binds; what was bound to this issuer and subject, or of this account to this issuer, goes.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn put_provider_binding(&self, binding: &ProviderBinding) -> Result<(), Fault>;

    /// Takes the binding of an account to an issuer away; whether there was one.
    fn drop_provider_binding(&self, user: &UserId, issuer: &str) -> Result<bool, Fault>;

    /// Notes a sign-in under way, by the SHA-256 of its `state`. `WEB-008` beyond [`VISITS_MAX`].
    fn put_provider_visit(
        &self,
        state_sha256: &str,
        visit: &ProviderVisit,
        now: Instant,
    ) -> Result<(), Fault>;

    /// Takes a sign-in under way: it comes back once. Nothing for one that is out of its time.
    fn take_provider_visit(
        &self,
        state_sha256: &str,
        now: Instant,
    ) -> Result<Option<ProviderVisit>, Fault>;
}
