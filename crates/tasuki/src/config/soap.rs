//! `[soap]`: who may speak SOAP to this node, and on which address.

use super::{TlsFiles, fingerprint};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use tasuki_core::directory::Endpoint;
use tasuki_core::{Code, Fault};

/// The listener of SOAP messages, over TLS with certificates on both sides (ITI-19); without an
/// address there is none. Other communities may speak by the member directory, systems of our own
/// by their `[[soap.peer]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Soap {
    /// Address to listen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Our address as others write it, `https://host[:port]/path`: what the audit trail calls us.
    pub address: String,
    /// PEM file with the certificate chain of this node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_file: Option<PathBuf>,
    /// PEM file with its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_file: Option<PathBuf>,
    /// PEM file with the authorities that certify others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Connections at once.
    pub connections: u32,
    /// Connections at once from one address.
    pub connections_per_address: u32,
    /// Messages worked on at once; a further one is told to come again.
    pub messages_at_once: u32,
    /// Seconds in which a request has to come whole, and an answer has to be taken; large ones have more,
    /// by their size.
    pub message_seconds: u32,
    /// Systems of our own community that may speak.
    #[serde(rename = "peer", skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<SoapPeer>,
}

/// A system of our own community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoapPeer {
    /// Its name in the audit trail.
    pub name: String,
    /// SHA-256 of its certificate in hex.
    pub certificate_sha256: String,
    /// 医療機関コード of the facilities whose patients and documents it may state.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Whether it may query.
    #[serde(default)]
    pub queries: bool,
    /// Whether it may be told of visits too.
    #[serde(default)]
    pub visits: bool,
    /// 医療機関コード of the facilities whose patient IDs it is told; all if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Vec<String>>,
    /// Whether each of its messages has to assert a user (XUA), by the token service that the
    /// directory has for our own community.
    #[serde(default)]
    pub assertions: bool,
    /// Whether it may ask over every patient who fits (ITI-51 without a patient): for statistics and
    /// quality, and told of disclosed patients only.
    #[serde(default)]
    pub population: bool,
    /// 医療機関コード of the facilities on whose behalf its ITI-18 and ITI-43 go on to other
    /// communities (XCA, Initiating Gateway); none if not said: it asks this community only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub across: Vec<String>,
    /// Where it takes replies of an asynchronous exchange.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
}

impl Default for Soap {
    fn default() -> Self {
        Self {
            listen: None,
            address: String::new(),
            certificate_file: None,
            private_key_file: None,
            ca_file: None,
            connections: 512,
            connections_per_address: 64,
            messages_at_once: 48,
            message_seconds: 600,
            peers: Vec::new(),
        }
    }
}

impl Soap {
    /// The three files of TLS with certificates on both sides, where all are named.
    #[must_use]
    pub fn tls_files(&self) -> Option<TlsFiles<'_>> {
        TlsFiles::of([
            &self.certificate_file,
            &self.private_key_file,
            &self.ca_file,
        ])
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let wrong = |what: String| Err(Fault::new(Code::ConfigInvalid, what));
        if self.listen.is_some() && self.tls_files().is_none() {
            return wrong(
                "soap.listen: needs certificate_file, private_key_file and ca_file".to_owned(),
            );
        }
        if self.listen.is_some() && Endpoint::new(&self.address).is_none() {
            return wrong("soap.address: not https://host[:port]/path".to_owned());
        }
        let counts = [
            self.connections,
            self.connections_per_address,
            self.messages_at_once,
            self.message_seconds,
        ];
        if counts.contains(&0) || self.messages_at_once > 64 {
            return wrong(
                "soap: connections, connections_per_address, messages_at_once (up to 64) and \
                 message_seconds are at least 1"
                    .to_owned(),
            );
        }
        for peer in &self.peers {
            let name = &peer.name;
            if fingerprint(&peer.certificate_sha256).is_none() {
                return wrong(format!(
                    "soap.peer {name}: certificate_sha256 is 64 hex digits"
                ));
            }
            if peer.replies.iter().any(|a| Endpoint::new(a).is_none()) {
                return wrong(format!(
                    "soap.peer {name}: replies: not https://host[:port]/path"
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use tasuki_core::Code;

    fn code(part: &str) -> Option<Code> {
        let first = "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";
        let config = Config::parse(&format!("{first}[soap]\n{part}"));
        config.err().map(|fault| fault.code)
    }

    #[test]
    fn a_listener_needs_its_files_and_its_name() {
        let files = "certificate_file = \"a\"\nprivate_key_file = \"b\"\nca_file = \"c\"\n";
        let listen = format!("listen = \"0.0.0.0:8443\"\n{files}");
        let whole = format!("{listen}address = \"https://a.example.jp:8443/soap\"\n");
        assert_eq!(code(&whole), None);
        assert_eq!(code(&listen), Some(Code::ConfigInvalid));
        assert_eq!(code("listen = \"0.0.0.0:8443\""), Some(Code::ConfigInvalid));
        assert_eq!(code("messages_at_once = 65"), Some(Code::ConfigInvalid));
        assert_eq!(code("port = 1"), Some(Code::ConfigUnknownKey));
        let peer = |rest: &str| format!("[[soap.peer]]\nname = \"a\"\n{rest}");
        let hex = "0f".repeat(32);
        let good = format!("certificate_sha256 = \"{hex}\"\n");
        assert_eq!(code(&peer(&good)), None);
        assert_eq!(
            code(&peer("certificate_sha256 = \"0f\"")),
            Some(Code::ConfigInvalid)
        );
        let elsewhere = format!("{good}replies = [\"http://a/\"]");
        assert_eq!(code(&peer(&elsewhere)), Some(Code::ConfigInvalid));
    }

    #[test]
    fn the_example_of_the_manual_is_one() {
        let manual = include_str!("../../../../docs/operations.md");
        let mut parts = manual.split("```toml\n");
        let example = parts.find(|part| part.starts_with("[soap]"));
        let example = example.and_then(|part| part.split("```").next()).unwrap();
        let part = example.trim_start_matches("[soap]\n");
        assert_eq!(code(&part.replace('…', &"0f".repeat(32))), None);
    }
}
