//! TLS of our connections to peers: we show the node's certificate, the other one shows a
//! certificate that the configured authorities certify for its host and that the directory pins.

use crate::config::Soap;
use crate::serve::tls::{Mutual, fingerprint_of, provider, wrong};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;
use tasuki_core::Fault;
use tasuki_ihe::peers::Fingerprint;
use tasuki_ihe::soap::Recipient;
use tokio_rustls::TlsConnector;

/// What we show, and whose certificates we look at.
pub(super) struct Identity {
    mutual: Mutual,
    certified: Arc<WebPkiServerVerifier>,
}

impl Identity {
    pub fn read(config: &Soap) -> Result<Self, Fault> {
        let mutual = Mutual::read("soap", config.tls_files())?;
        let roots = Arc::clone(&mutual.roots);
        let certified = WebPkiServerVerifier::builder_with_provider(roots, provider())
            .build()
            .map_err(|e| wrong(format!("soap.ca_file: {e}")))?;
        Ok(Self { mutual, certified })
    }

    /// How to connect to one recipient.
    pub fn connector(&self, to: &Recipient) -> Result<TlsConnector, Fault> {
        let mut versions = vec![&rustls::version::TLS13];
        versions.extend(to.tls12.then_some(&rustls::version::TLS12));
        let verifier = Arc::new(Pinned {
            certified: Arc::clone(&self.certified),
            pins: to.certificates.clone(),
        });
        let mut client = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&versions)
            .map_err(|e| wrong(e.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_auth_cert(self.mutual.chain.clone(), self.mutual.key.clone_key())
            .map_err(|e| wrong(e.to_string()))?;
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsConnector::from(Arc::new(client)))
    }
}

/// Certified for its host, and pinned.
#[derive(Debug)]
struct Pinned {
    certified: Arc<WebPkiServerVerifier>,
    pins: Vec<Fingerprint>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.certified
                .verify_server_cert(end_entity, intermediates, name, stapled, now)?;
        if !self.pins.contains(&fingerprint_of(end_entity)) {
            return Err(Error::InvalidCertificate(
                rustls::CertificateError::ApplicationVerificationFailure,
            ));
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.certified.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.certified.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.certified.supported_verify_schemes()
    }
}
