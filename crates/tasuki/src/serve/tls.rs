//! TLS of the portal: version 1.3 only, certificate from files, exchanged without a restart.

use crate::config;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::{Arc, RwLock};
use tasuki_core::{Code, Fault};
use tokio_rustls::TlsAcceptor;

/// The acceptor in force.
pub(crate) struct Reloadable {
    acceptor: RwLock<TlsAcceptor>,
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

fn read(portal: &config::Portal) -> Result<TlsAcceptor, Fault> {
    let wrong = |what: String| Fault::new(Code::ConfigInvalid, what);
    let (Some(chain), Some(key)) = (&portal.certificate_file, &portal.private_key_file) else {
        return Err(wrong("portal: no certificate".to_owned()));
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| wrong(format!("{}: {e}", chain.display())))?;
    let key =
        PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(format!("{}: {e}", key.display())))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| wrong(e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

impl Reloadable {
    /// The acceptor for a new connection.
    pub fn acceptor(&self) -> Option<TlsAcceptor> {
        self.acceptor.read().ok().map(|a| a.clone())
    }

    /// Reads the files again; on failure the old certificate stays.
    pub fn reload(&self, portal: &config::Portal) -> Result<(), Fault> {
        let fresh = read(portal)?;
        let mut acceptor = self
            .acceptor
            .write()
            .map_err(|_| Fault::new(Code::InternalFault, "tls lock"))?;
        *acceptor = fresh;
        Ok(())
    }
}
