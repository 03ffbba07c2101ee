//! Certificates of terminals: what makes them, and the steps that the portal and the console have in common.
//! The certificates themselves (X.509, PKCS#12) are made outside the core.

use crate::ports::{Store, Terminal, TerminalAuthority, TerminalCertificate};
use crate::release::hex;
use crate::{Code, Fault};
use ring::rand::{SecureRandom, SystemRandom};
use tasuki_model::{CommunityId, Instant};

/// Letters and digits without I, L, O and U: nobody takes one for another who copies them from paper.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Before its end a certificate is renewed, and its administrator warned, for so many days.
pub const RENEWAL_DAYS: i64 = 30;
/// A clock that is behind by so much still takes a new certificate.
const CLOCKS_DIFFER_SECONDS: i64 = 300;
const DAY: i64 = 24 * 3_600;

/// What a certificate says.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The terminal, by its id: the certificate's subject.
    pub terminal: &'a Terminal,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// What makes certificates.
pub trait TerminalCertifying: Send + Sync {
    /// A new authority of a community.
    ///
    /// # Errors
    /// `INT-001` where it cannot be made, as for all of these.
    fn authority(&self, community: &CommunityId, now: Instant) -> Result<TerminalAuthority, Fault>;

    /// A new key and its certificate: the certificate, and both in a PKCS#12 under a passphrase.
    fn certify(
        &self,
        authority: &TerminalAuthority,
        wanted: Wanted<'_>,
        passphrase: &str,
    ) -> Result<(Vec<u8>, Vec<u8>), Fault>;

    /// A certificate for the key of a request (PKCS#10, PEM). Of the request only its key counts.
    ///
    /// # Errors
    /// `TRM-005` where it cannot be read, is not signed by its key, or the key is too weak.
    fn certify_request(
        &self,
        authority: &TerminalAuthority,
        wanted: Wanted<'_>,
        request: &str,
    ) -> Result<Vec<u8>, Fault>;
}

/// The authority of a community, made where there is none yet.
///
/// # Errors
/// Those of the store.
pub fn authority(
    store: &dyn Store,
    certifying: &dyn TerminalCertifying,
    community: &CommunityId,
    now: Instant,
) -> Result<TerminalAuthority, Fault> {
    if let Some(known) = store.reading(|tx| tx.terminal_authority())? {
        return Ok(known);
    }
    let made = certifying.authority(community, now)?;
    // Another process may have been first; then its authority counts.
    store.writing(|tx| tx.put_terminal_authority(&made))
}

/// What a certificate of so many days says when it is made now.
#[must_use]
pub fn wanted(terminal: &Terminal, days: u32, now: Instant) -> Wanted<'_> {
    Wanted {
        terminal,
        from: now.plus_seconds(-CLOCKS_DIFFER_SECONDS),
        until: now.plus_seconds(i64::from(days) * DAY),
    }
}

/// A certificate as a row.
#[must_use]
pub fn row(wanted: Wanted<'_>, der: Vec<u8>) -> TerminalCertificate {
    TerminalCertificate {
        fingerprint: fingerprint(&der),
        terminal: wanted.terminal.id.clone(),
        from: wanted.from,
        until: wanted.until,
        used: None,
        ended: None,
        der,
    }
}

/// SHA-256 in hex, which is what a certificate is known by.
#[must_use]
pub fn fingerprint(der: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, der).as_ref())
}

/// Whole days until an instant; none are left once it is over.
#[must_use]
pub fn days_left(until: Instant, now: Instant) -> i64 {
    until.seconds_since(now).max(0) / DAY
}

/// A text of 100 random bits in four groups, to be copied from paper.
///
/// # Errors
/// `INT-001` where the system gives no random bytes.
pub fn passphrase() -> Result<String, Fault> {
    let mut bytes = [0; 20];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    let groups: Vec<String> = bytes
        .chunks(5)
        .map(|group| group.iter().filter_map(letter).collect())
        .collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrases_are_long_and_never_the_same() {
        let (one, two) = (passphrase().unwrap(), passphrase().unwrap());
        assert_eq!(one.len(), 23);
        assert!(one.split('-').all(|group| group.len() == 5));
        assert_ne!(one, two);
    }

    #[test]
    fn days_left_end_at_none() {
        let now = Instant::from_micros(1_800_000_000_000_000);
        assert_eq!(days_left(now.plus_seconds(DAY * 2 - 1), now), 1);
        assert_eq!(days_left(now.plus_seconds(-5), now), 0);
    }
}
