//! TLS: certificates from files, exchanged without a restart. The portal speaks version 1.3 only;
//! listeners for other systems ask for a certificate of the peer as well.

use crate::config;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::path::Path;
use std::sync::{Arc, RwLock};
use tasuki_core::{Code, Fault};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// The acceptor in force.
pub(crate) struct Reloadable {
    acceptor: RwLock<TlsAcceptor>,
}

/// The TLS of a listener for HL7 v2: the peer shows a certificate too (ITI-19).
pub(crate) fn of_mllp(mllp: &config::Mllp) -> Result<Option<Arc<Reloadable>>, Fault> {
    if mllp.listen_tls.is_none() {
        return Ok(None);
    }
    Ok(Some(Arc::new(Reloadable {
        acceptor: RwLock::new(read_mllp(mllp)?),
    })))
}

/// The TLS of a portal, where its configuration names a certificate.
pub(crate) fn of(portal: &config::Portal) -> Result<Option<Arc<Reloadable>>, Fault> {
    if portal.certificate_file.is_none() {
        return Ok(None);
    }
    Ok(Some(Arc::new(Reloadable {
        acceptor: RwLock::new(read(portal)?),
    })))
}

pub(crate) fn wrong(what: String) -> Fault {
    Fault::new(Code::ConfigInvalid, what)
}

pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| wrong(format!("{}: {e}", path.display())))
}

pub(crate) fn key(path: &Path) -> Result<PrivateKeyDer<'static>, Fault> {
    PrivateKeyDer::from_pem_file(path).map_err(|e| wrong(format!("{}: {e}", path.display())))
}

fn read(portal: &config::Portal) -> Result<TlsAcceptor, Fault> {
    let (Some(chain), Some(private)) = (&portal.certificate_file, &portal.private_key_file) else {
        return Err(wrong("portal: no certificate".to_owned()));
    };
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| wrong(e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates(chain)?, key(private)?)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The files of `[mllp]`: chain, key, and the authorities that certify peers.
type MllpFiles = (
    Vec<CertificateDer<'static>>,
    PrivateKeyDer<'static>,
    RootCertStore,
);

fn mllp_files(mllp: &config::Mllp) -> Result<MllpFiles, Fault> {
    let (Some(chain), Some(private), Some(authorities)) = (
        &mllp.certificate_file,
        &mllp.private_key_file,
        &mllp.client_ca_file,
    ) else {
        return Err(wrong("mllp: no certificate".to_owned()));
    };
    Ok((certificates(chain)?, key(private)?, roots(authorities)?))
}

/// The authorities of a file.
pub(crate) fn roots(authorities: &Path) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(authorities)? {
        roots
            .add(authority)
            .map_err(|e| wrong(format!("{}: {e}", authorities.display())))?;
    }
    Ok(roots)
}

/// TLS 1.2 stays in for systems that hospitals keep for ten years.
fn read_mllp(mllp: &config::Mllp) -> Result<TlsAcceptor, Fault> {
    let (chain, private, roots) = mllp_files(mllp)?;
    let peers = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|e| wrong(format!("mllp.client_ca_file: {e}")))?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_client_cert_verifier(peers)
        .with_single_cert(chain, private)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// How we connect to a consumer: with our certificate, to one that the same authorities certify.
pub(crate) fn mllp_connector(mllp: &config::Mllp) -> Result<TlsConnector, Fault> {
    let (chain, private, roots) = mllp_files(mllp)?;
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, private)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsConnector::from(Arc::new(config)))
}

/// How we connect to an audit repository (ITI-19, RFC 5425).
pub(crate) fn audit_connector(audit: &config::AuditConfig) -> Result<TlsConnector, Fault> {
    let (Some(chain), Some(private), Some(authorities)) = (
        &audit.certificate_file,
        &audit.private_key_file,
        &audit.ca_file,
    ) else {
        return Err(wrong("audit: no certificate".to_owned()));
    };
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_root_certificates(roots(authorities)?)
        .with_client_auth_cert(certificates(chain)?, key(private)?)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The listener of audit messages: the sender shows a certificate too.
pub(crate) fn audit_acceptor(audit: &config::AuditConfig) -> Result<TlsAcceptor, Fault> {
    let (Some(chain), Some(private), Some(authorities)) = (
        &audit.certificate_file,
        &audit.private_key_file,
        &audit.ca_file,
    ) else {
        return Err(wrong("audit: no certificate".to_owned()));
    };
    let senders =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots(authorities)?), provider())
            .build()
            .map_err(|e| wrong(format!("audit.ca_file: {e}")))?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_client_cert_verifier(senders)
        .with_single_cert(certificates(chain)?, key(private)?)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

pub(crate) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

impl Reloadable {
    /// With its first acceptor.
    pub fn new(acceptor: TlsAcceptor) -> Self {
        Self {
            acceptor: RwLock::new(acceptor),
        }
    }

    /// The acceptor for a new connection.
    pub fn acceptor(&self) -> Option<TlsAcceptor> {
        self.acceptor.read().ok().map(|a| a.clone())
    }

    /// Reads the files again; on failure the old certificate stays.
    pub fn reload(&self, portal: &config::Portal) -> Result<(), Fault> {
        self.put(read(portal)?)
    }

    /// The same for a listener for HL7 v2.
    pub fn reload_mllp(&self, mllp: &config::Mllp) -> Result<(), Fault> {
        self.put(read_mllp(mllp)?)
    }

    /// Puts another acceptor in force.
    pub fn put(&self, fresh: TlsAcceptor) -> Result<(), Fault> {
        let mut acceptor = self
            .acceptor
            .write()
            .map_err(|_| Fault::new(Code::InternalFault, "tls lock"))?;
        *acceptor = fresh;
        Ok(())
    }
}
