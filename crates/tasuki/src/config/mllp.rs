//! `[mllp]`: who may speak HL7 v2 to this node, and on which addresses.

use super::TlsFiles;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use tasuki_core::{Code, Fault};

/// The listener of HL7 v2 messages; without an address there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mllp {
    /// Address for MLLP without TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Allows `listen` on an address that is not loopback: for a network that is closed itself.
    pub plain_beyond_loopback: bool,
    /// Address for MLLP over TLS, both sides with certificates (ITI-19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen_tls: Option<SocketAddr>,
    /// PEM file with the certificate chain of this node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_file: Option<PathBuf>,
    /// PEM file with its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_file: Option<PathBuf>,
    /// PEM file with the authorities that certify peers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ca_file: Option<PathBuf>,
    /// Our MSH-3, where a message does not name us.
    pub application: String,
    /// Our MSH-4, where a message does not name us.
    pub facility: String,
    /// Connections at once.
    pub connections: u32,
    /// Connections at once from one address, so that one peer cannot take every place.
    pub connections_per_address: u32,
    /// A connection ends after so many seconds without a message.
    pub idle_seconds: u32,
    /// Who may speak.
    #[serde(rename = "peer", skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<MllpPeer>,
    /// Namespaces of assigning authorities.
    #[serde(rename = "domain", skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<MllpDomain>,
    /// Who is told of changed identifiers (ITI-10).
    #[serde(rename = "consumer", skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<MllpConsumer>,
}

/// A system that may speak to this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MllpPeer {
    /// Its name in the audit trail.
    pub name: String,
    /// What it says in MSH-3.
    pub application: String,
    /// What it says in MSH-4.
    #[serde(default)]
    pub facility: String,
    /// SHA-256 of its certificate in hex; then it is believed over TLS only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_sha256: Option<String>,
    /// How it writes where MSH-18 says nothing: `ASCII`, `ISO IR87`, `UNICODE UTF-8`, `8859/1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// 医療機関コード of the facilities whose patient IDs it may state.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Whether it may query.
    #[serde(default)]
    pub queries: bool,
    /// Whether it may be told of visits too (ITI-22).
    #[serde(default)]
    pub visits: bool,
    /// 医療機関コード of the facilities whose patient IDs it is told; all if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Vec<String>>,
}

/// A name for the assigning authority of a facility (CX-4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MllpDomain {
    /// The namespace.
    pub namespace: String,
    /// 医療機関コード.
    pub facility: String,
}

/// A system that is told when the identifiers of a person change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MllpConsumer {
    /// Its name in the audit trail and in the queue.
    pub name: String,
    /// Host and port.
    pub address: String,
    /// MSH-5 of what it is sent.
    pub application: String,
    /// MSH-6 of what it is sent.
    #[serde(default)]
    pub facility: String,
    /// The name that its certificate has to carry; without it the connection is not TLS and the
    /// address has to be loopback, unless `plain_beyond_loopback` is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_name: Option<String>,
    /// 医療機関コード of the facilities whose patient IDs it is told; all if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Vec<String>>,
}

impl Default for Mllp {
    fn default() -> Self {
        Self {
            listen: None,
            plain_beyond_loopback: false,
            listen_tls: None,
            certificate_file: None,
            private_key_file: None,
            client_ca_file: None,
            application: "TASUKI".to_owned(),
            facility: String::new(),
            connections: 1_024,
            connections_per_address: 256,
            idle_seconds: 600,
            peers: Vec::new(),
            domains: Vec::new(),
            consumers: Vec::new(),
        }
    }
}

impl Mllp {
    /// The three files of TLS with certificates on both sides, where all are named.
    #[must_use]
    pub fn tls_files(&self) -> Option<TlsFiles<'_>> {
        TlsFiles::of([
            &self.certificate_file,
            &self.private_key_file,
            &self.client_ca_file,
        ])
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
        let loopback = self.listen.is_none_or(|a| a.ip().is_loopback());
        if !loopback && !self.plain_beyond_loopback {
            return wrong("mllp.listen: without TLS only a loopback address is allowed");
        }
        let tls = [
            &self.certificate_file,
            &self.private_key_file,
            &self.client_ca_file,
        ];
        if self.listen_tls.is_some() && tls.iter().any(|file| file.is_none()) {
            return wrong(
                "mllp.listen_tls needs certificate_file, private_key_file and client_ca_file",
            );
        }
        if self.connections == 0 || self.connections_per_address == 0 || self.idle_seconds == 0 {
            return wrong("mllp: connections and idle_seconds are at least 1");
        }
        let names = |consumer: &&MllpConsumer| {
            let same = self
                .consumers
                .iter()
                .filter(|other| other.name == consumer.name);
            same.count() > 1
        };
        if let Some(consumer) = self.consumers.iter().find(names) {
            return wrong(&format!("mllp.consumer {}: named twice", consumer.name));
        }
        if self.consumers.iter().any(|c| c.tls_name.is_some()) && tls.iter().any(|f| f.is_none()) {
            return wrong(
                "mllp.consumer with tls_name needs certificate_file, private_key_file and client_ca_file",
            );
        }
        if let Some(consumer) = self.consumers.iter().find(|consumer| {
            let address: Option<SocketAddr> = consumer.address.parse().ok();
            let here = address.is_some_and(|address| address.ip().is_loopback());
            consumer.tls_name.is_none() && !here && !self.plain_beyond_loopback
        }) {
            let what = "without tls_name only a loopback address is allowed";
            return wrong(&format!("mllp.consumer {}: {what}", consumer.name));
        }
        if let Some(peer) = self.peers.iter().find(|peer| {
            let hex = peer.certificate_sha256.as_deref();
            hex.is_some_and(|hex| fingerprint(hex).is_none())
        }) {
            let what = format!(
                "mllp.peer {}: certificate_sha256 is 64 hex digits",
                peer.name
            );
            return wrong(&what);
        }
        Ok(())
    }
}

/// 64 hex digits, colons between bytes allowed.
#[must_use]
pub fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|b| *b != b':')
        .map(|b| {
            char::from(b)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        })
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    if digits.len() % 2 == 1 {
        return None;
    }
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn code(part: &str) -> Option<Code> {
        let first = "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";
        Config::parse(&format!("{first}[mllp]\n{part}"))
            .err()
            .map(|fault| fault.code)
    }

    #[test]
    fn plain_beyond_loopback_and_tls_without_files_have_to_be_meant() {
        assert_eq!(code("listen = \"127.0.0.1:2575\""), None);
        let open = "listen = \"0.0.0.0:2575\"";
        assert_eq!(code(open), Some(Code::ConfigInvalid));
        assert_eq!(code(&format!("{open}\nplain_beyond_loopback = true")), None);
        assert_eq!(
            code("listen_tls = \"0.0.0.0:2576\""),
            Some(Code::ConfigInvalid)
        );
        assert_eq!(code("connections = 0"), Some(Code::ConfigInvalid));
        assert_eq!(code("port = 1"), Some(Code::ConfigUnknownKey));
    }

    #[test]
    fn a_fingerprint_is_sixty_four_hex_digits() {
        let hex = "0f".repeat(32);
        assert_eq!(fingerprint(&hex), Some([15; 32]));
        assert_eq!(fingerprint(&["0F"; 32].join(":")), Some([15; 32]));
        for bad in ["", "0f", &hex[1..], &hex.replace('f', "g")] {
            assert_eq!(fingerprint(bad), None, "{bad}");
        }
        let peer = "[[mllp.peer]]\nname = \"a\"\napplication = \"A\"\ncertificate_sha256 = \"0f\"";
        assert_eq!(code(peer), Some(Code::ConfigInvalid));
    }

    #[test]
    fn the_example_of_the_manual_is_one() {
        let manual = include_str!("../../../../docs/operations.md");
        let example = manual
            .split("```toml\n")
            .find(|part| part.starts_with("[mllp]"))
            .and_then(|part| part.split("```").next())
            .unwrap();
        let hex = "0f".repeat(32);
        let part = example.trim_start_matches("[mllp]\n").replace('…', &hex);
        assert_eq!(code(&part), None);
    }
}
