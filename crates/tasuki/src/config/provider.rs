//! `[[portal.provider]]`: a hospital's own identity provider, by which its people sign in.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tasuki_core::{Code, Fault};

/// Where Debian's package ca-certificates puts the authorities of the web.
const CA_FILE: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Providers of one node.
const PROVIDERS_MAX: usize = 16;

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name in addresses: small letters, digits, hyphens.
    pub id: String,
    /// What the button on the page of sign-in says.
    pub name: String,
    /// Code of the facility whose people it knows: they are signed in there.
    pub facility: String,
    /// The issuer identifier, exactly as the provider states it.
    pub issuer: String,
    /// The client that it knows this portal as.
    pub client_id: String,
    /// File with the client's secret; without one PKCE alone protects the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    /// PEM file with the authorities that certify its address.
    #[serde(default = "ca_file")]
    pub ca_file: PathBuf,
    /// Values of `amr` that are believed to be a second factor; whoever comes without one of them is
    /// asked for ours.
    #[serde(default)]
    pub strong: Vec<String>,
}

fn ca_file() -> PathBuf {
    PathBuf::from(CA_FILE)
}

/// Checks all of them.
pub(super) fn check(all: &[Provider]) -> Result<(), Fault> {
    let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
    if all.len() > PROVIDERS_MAX {
        return wrong("portal.provider: more than 16");
    }
    for (at, one) in all.iter().enumerate() {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if one.id.is_empty() || one.id.len() > 32 || !one.id.bytes().all(plain) {
            return wrong("portal.provider: id: 1 to 32 of a-z, 0-9 and -");
        }
        if !one.issuer.starts_with("https://") {
            return wrong("portal.provider: issuer: not an https address");
        }
        let same = |other: &Provider| other.id == one.id || other.issuer == one.issuer;
        if all.iter().skip(at + 1).any(same) {
            return wrong("portal.provider: an id or issuer twice");
        }
    }
    Ok(())
}
