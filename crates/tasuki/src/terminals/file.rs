//! A key and its certificate as PKCS#12 (RFC 7292), which browsers and systems import.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use tasuki_core::{Code, Fault};

/// The passphrase has 100 random bits, so that this does not have to be slow.
const ITERATIONS: u32 = 10_000;
/// What a certificate store calls the entry.
const ALIAS: &str = "Tasuki";

/// The file, encrypted under a passphrase.
pub(super) fn pkcs12(
    key: &[u8],
    certificate: &[u8],
    authority: &[u8],
    passphrase: &str,
) -> Result<Vec<u8>, Fault> {
    let wrong =
        |e: p12_keystore::error::Error| Fault::new(Code::InternalFault, format!("PKCS#12: {e}"));
    let key = PrivateKey::from_der(key).map_err(wrong)?;
    let chain = [certificate, authority].map(Certificate::from_der);
    let chain = chain
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new(ALIAS.as_bytes(), key, chain);
    store.add_entry(ALIAS, KeyStoreEntry::PrivateKeyChain(chain));
    store
        .writer(passphrase)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(ITERATIONS)
        .write()
        .map_err(wrong)
}
