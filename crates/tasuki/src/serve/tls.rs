//! TLS: certificates from files, exchanged without a restart. The portal speaks version 1.3 only;
//! listeners for other systems ask for a certificate of the peer as well.

use crate::config::{self, TlsFiles};
use crate::terminals::Offered;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::path::Path;
use std::sync::{Arc, RwLock};
use tasuki_core::{Code, Fault};
use tasuki_ihe::peers::Fingerprint;
use tasuki_web::ShownCertificate;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// The acceptor in force.
pub(crate) struct Reloadable {
    acceptor: RwLock<TlsAcceptor>,
    /// What terminals are asked for, at the portal.
    offered: Option<Arc<Offered>>,
}

/// The TLS of a listener for HL7 v2: the peer shows a certificate too (ITI-19).
pub(crate) fn of_mllp(mllp: &config::Mllp) -> Result<Option<Arc<Reloadable>>, Fault> {
    if mllp.listen_tls.is_none() {
        return Ok(None);
    }
    let acceptor = Mutual::read("mllp", mllp.tls_files())?.acceptor()?;
    Ok(Some(Arc::new(Reloadable::new(acceptor))))
}

/// The TLS of a portal, where its configuration names a certificate; it asks for what terminals offer.
pub(crate) fn of(
    portal: &config::Portal,
    offered: Option<Arc<Offered>>,
) -> Result<Option<Arc<Reloadable>>, Fault> {
    if portal.certificate_file.is_none() {
        return Ok(None);
    }
    Ok(Some(Arc::new(Reloadable {
        acceptor: RwLock::new(read(portal, offered.as_ref())?),
        offered,
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

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, Fault> {
    PrivateKeyDer::from_pem_file(path).map_err(|e| wrong(format!("{}: {e}", path.display())))
}

fn read(portal: &config::Portal, offered: Option<&Arc<Offered>>) -> Result<TlsAcceptor, Fault> {
    let (Some(chain), Some(private)) = (&portal.certificate_file, &portal.private_key_file) else {
        return Err(wrong("portal: no certificate".to_owned()));
    };
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| wrong(e.to_string()))?;
    let config = match offered {
        Some(offered) => config.with_client_cert_verifier(Arc::clone(offered) as Arc<_>),
        None => config.with_no_client_auth(),
    };
    let config = config
        .with_single_cert(certificates(chain)?, key(private)?)
        .map_err(|e| wrong(e.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The authorities of a file.
fn roots(authorities: &Path) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(authorities)? {
        roots
            .add(authority)
            .map_err(|e| wrong(format!("{}: {e}", authorities.display())))?;
    }
    Ok(roots)
}

/// What we show where both sides show a certificate (ITI-19), and who certifies the other one.
pub(crate) struct Mutual {
    section: &'static str,
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
    pub roots: Arc<RootCertStore>,
}

impl Mutual {
    /// Reads the files that a section of the configuration names.
    pub fn read(section: &'static str, files: Option<TlsFiles<'_>>) -> Result<Self, Fault> {
        let files = files.ok_or_else(|| wrong(format!("{section}: no certificate")))?;
        Ok(Self {
            section,
            chain: certificates(files.chain)?,
            key: key(files.key)?,
            roots: Arc::new(roots(files.authorities)?),
        })
    }

    /// Whom a listener lets in: whoever the authorities certify.
    pub fn certified(&self) -> Result<Arc<dyn ClientCertVerifier>, Fault> {
        WebPkiClientVerifier::builder_with_provider(Arc::clone(&self.roots), provider())
            .build()
            .map_err(|e| wrong(format!("{}: authorities: {e}", self.section)))
    }

    /// A listener. TLS 1.2 stays in for systems that hospitals keep for ten years.
    pub fn acceptor(self) -> Result<TlsAcceptor, Fault> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| wrong(e.to_string()))?
            .with_client_cert_verifier(self.certified()?)
            .with_single_cert(self.chain, self.key)
            .map_err(|e| wrong(e.to_string()))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// How we connect to whom the same authorities certify.
    pub fn connector(self) -> Result<TlsConnector, Fault> {
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| wrong(e.to_string()))?
            .with_root_certificates(self.roots)
            .with_client_auth_cert(self.chain, self.key)
            .map_err(|e| wrong(e.to_string()))?;
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

/// SHA-256 of a certificate in DER.
pub(crate) fn fingerprint_of(der: &[u8]) -> Fingerprint {
    let mut fingerprint = [0; 32];
    let digest = ring::digest::digest(&ring::digest::SHA256, der);
    fingerprint.copy_from_slice(digest.as_ref());
    fingerprint
}

pub(crate) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

impl Reloadable {
    /// With its first acceptor.
    pub fn new(acceptor: TlsAcceptor) -> Self {
        Self {
            acceptor: RwLock::new(acceptor),
            offered: None,
        }
    }

    /// What a browser has shown in a handshake.
    pub fn shown(&self, chain: Option<&[CertificateDer<'_>]>) -> Option<ShownCertificate> {
        self.offered.as_ref()?.shown(chain)
    }

    /// The acceptor for a new connection.
    pub fn acceptor(&self) -> Option<TlsAcceptor> {
        self.acceptor.read().ok().map(|a| a.clone())
    }

    /// Reads the files again; on failure the old certificate stays.
    pub fn reload(&self, portal: &config::Portal) -> Result<(), Fault> {
        self.put(read(portal, self.offered.as_ref())?)
    }

    /// The same for a listener for HL7 v2.
    pub fn reload_mllp(&self, mllp: &config::Mllp) -> Result<(), Fault> {
        self.put(Mutual::read("mllp", mllp.tls_files())?.acceptor()?)
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
