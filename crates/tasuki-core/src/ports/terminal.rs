//! Terminals: the browsers of a facility that show a certificate of ours. A certificate is found by its
//! fingerprint, so one that is not in these rows is nobody's, whoever signed it; what it may open is looked up
//! at every request, so that its end holds at once.

use super::Done;
use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{FacilityId, Instant, TerminalId, UserId};

/// Characters of a name or a place.
pub const TERMINAL_WORDS_MAX: usize = 64;
/// Terminals of one facility that are not revoked.
pub const TERMINALS_MAX: u32 = 1_000;
/// A code for a certificate is good for so many seconds.
pub const DOWNLOAD_SECONDS: i64 = 3 * 24 * 3_600;

/// One terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terminal {
    /// Its id.
    pub id: TerminalId,
    /// Whose it is.
    pub facility: FacilityId,
    /// What the facility calls it.
    pub name: Box<str>,
    /// Where it stands.
    pub place: Box<str>,
    /// The one user who works at it, wherever they are a member; everybody of the facility where none is named.
    pub owner: Option<UserId>,
    /// Who enrolled it.
    pub enrolled: Done,
    /// The second administrator, where two are needed.
    pub approved: Option<Done>,
    /// Since when none of its certificates counts.
    pub revoked: Option<Done>,
    /// The request (PKCS#10, PEM) that is certified instead of a key of our making.
    pub request: Option<Box<str>>,
}

/// A certificate of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalCertificate {
    /// SHA-256 of its DER, in hex.
    pub fingerprint: String,
    /// Whose.
    pub terminal: TerminalId,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// When somebody last signed in with it.
    pub used: Option<Instant>,
    /// Since when another one has taken its place.
    pub ended: Option<Instant>,
    /// Itself.
    pub der: Vec<u8>,
}

/// A certificate that waits for its terminal. Its key is made when it is taken, and never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalDownload {
    /// SHA-256 of its code, in hex.
    pub code_sha256: String,
    /// Which terminal.
    pub terminal: TerminalId,
    /// What the file will be encrypted under. Sealed in the store.
    pub passphrase: String,
    /// Until when.
    pub expires: Instant,
}

/// What certifies the terminals of a community, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalAuthority {
    /// Its certificate (DER).
    pub der: Vec<u8>,
    /// Its key (PKCS#8). Sealed in the store.
    pub key: Vec<u8>,
}

/// Reading terminals.
pub trait Terminals {
    /// The terminals of a facility, those in use first, by name, at most `limit`.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn terminals_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Terminal>, Fault>;

    /// One.
    fn terminal(&self, id: &TerminalId) -> Result<Option<Terminal>, Fault>;

    /// The certificate of a fingerprint.
    fn terminal_certificate(&self, fingerprint: &str)
    -> Result<Option<TerminalCertificate>, Fault>;

    /// The certificates of a terminal, the newest first.
    fn terminal_certificates_of(&self, id: &TerminalId) -> Result<Vec<TerminalCertificate>, Fault>;

    /// What waits under the hash of a code.
    fn terminal_download(&self, code_sha256: &str) -> Result<Option<TerminalDownload>, Fault>;

    /// Until when something waits for a terminal.
    fn terminal_waits(&self, id: &TerminalId) -> Result<Option<Instant>, Fault>;

    /// The authority, once it was made.
    fn terminal_authority(&self) -> Result<Option<TerminalAuthority>, Fault>;
}

/// Writing them.
pub trait TerminalsWrite {
    /// Adds one or puts its present state in its place. `TRM-006` beyond [`TERMINALS_MAX`].
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn put_terminal(&self, terminal: &Terminal) -> Result<(), Fault>;

    /// Adds a certificate.
    fn add_terminal_certificate(&self, certificate: &TerminalCertificate) -> Result<(), Fault>;

    /// Notes a sign-in with a certificate; older ones of its terminal end with it.
    fn use_terminal_certificate(&self, fingerprint: &str, at: Instant) -> Result<(), Fault>;

    /// Lets a certificate wait for its terminal; what waited for it goes, and what is out of its time.
    fn put_terminal_download(&self, download: &TerminalDownload, now: Instant)
    -> Result<(), Fault>;

    /// Takes what waits, which is then gone; nothing where there is none in its time.
    fn take_terminal_download(
        &self,
        code_sha256: &str,
        now: Instant,
    ) -> Result<Option<TerminalDownload>, Fault>;

    /// Nothing waits for a terminal any more.
    fn drop_terminal_download(&self, id: &TerminalId) -> Result<(), Fault>;

    /// Keeps the authority; the first one stays, and is returned.
    fn put_terminal_authority(
        &self,
        authority: &TerminalAuthority,
    ) -> Result<TerminalAuthority, Fault>;
}
