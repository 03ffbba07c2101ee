//! `[audit]`: where the audit trail is sent besides being kept, and whose is taken.

use super::TlsFiles;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use tasuki_core::{Code, Fault};

/// Audit repositories that are sent every event (ITI-20), by syslog over TLS; and this node as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// Address on which audit messages of others are taken (ITI-20 repository), by syslog over TLS
    /// with certificates on both sides; none if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// PEM file with the certificate chain we show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_file: Option<PathBuf>,
    /// PEM file with its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_file: Option<PathBuf>,
    /// PEM file with the authorities that certify repositories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Where to.
    #[serde(rename = "repository", skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<AuditRepository>,
}

/// One audit repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRepository {
    /// Its name: what has been sent to it is kept under this.
    pub name: String,
    /// Host and port; 6514 is the one of RFC 5425.
    pub address: String,
    /// The name that its certificate has to carry.
    pub tls_name: String,
}

impl AuditConfig {
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
        if (self.listen.is_some() || !self.repositories.is_empty()) && self.tls_files().is_none() {
            return wrong(
                "audit.listen and audit.repository need certificate_file, private_key_file and ca_file".to_owned(),
            );
        }
        let same = |name: &str| self.repositories.iter().filter(|r| r.name == name).count() > 1;
        match self
            .repositories
            .iter()
            .find(|r| same(&r.name) || r.name == "index")
        {
            Some(one) => wrong(format!(
                "audit.repository {}: named twice, or `index`",
                one.name
            )),
            None => Ok(()),
        }
    }
}
