//! TLS of the SOAP listener (ITI-19, ITI TF-2 3.19.6.2): both sides show certificates of the
//! configured authorities; version 1.3, and 1.2 only for a community whose entry in the member
//! directory allows it. Whose certificate it is, the pipeline says, so that a stranger is told in
//! words and stands in the audit trail.

use crate::config::Soap;
use crate::serve::tls::{Mutual, Reloadable, fingerprint_of, provider, wrong};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use std::sync::Arc;
use tasuki_core::Fault;
use tasuki_ihe::Network;
use tokio_rustls::TlsAcceptor;

/// The acceptor in force.
pub(super) struct Acceptors(Reloadable);

impl Acceptors {
    pub fn read(config: &Soap, network: &Arc<Network>) -> Result<Self, Fault> {
        Ok(Self(Reloadable::new(acceptor(config, network)?)))
    }

    /// The acceptor for a new connection.
    pub fn acceptor(&self) -> Option<TlsAcceptor> {
        self.0.acceptor()
    }

    /// Reads the files again; on failure the old certificate stays.
    pub fn reload(&self, config: &Soap, network: &Arc<Network>) -> Result<(), Fault> {
        self.0.put(acceptor(config, network)?)
    }
}

fn acceptor(config: &Soap, network: &Arc<Network>) -> Result<TlsAcceptor, Fault> {
    let mutual = Mutual::read("soap", config.tls_files())?;
    let verifier = Arc::new(ByVersion {
        chained: mutual.certified()?,
        network: Arc::clone(network),
    });
    let mut server = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|e| wrong(e.to_string()))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(mutual.chain, mutual.key)
        .map_err(|e| wrong(e.to_string()))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(server)))
}

/// A chain that the authorities certify; over version 1.2 of a community that may.
struct ByVersion {
    chained: Arc<dyn ClientCertVerifier>,
    network: Arc<Network>,
}

impl std::fmt::Debug for ByVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ByVersion")
    }
}

impl ClientCertVerifier for ByVersion {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chained.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.chained
            .verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if !self.network.members().allows_tls12(&fingerprint_of(cert)) {
            return Err(Error::General("TLS 1.2 is not agreed".to_owned()));
        }
        self.chained.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chained.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chained.supported_verify_schemes()
    }
}
