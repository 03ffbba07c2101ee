//! What a browser offers at the handshake. Every certificate is taken whose key the browser holds, and none
//! is a must: who has a wrong one, or none, is told so on a page instead of by a connection that breaks. What
//! the certificate opens is decided at each request.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible, RootCertStore,
    SignatureScheme,
};
use std::sync::Arc;
use tasuki_core::{Code, Fault};
use tasuki_web::ShownCertificate;

/// Takes what is offered, and says what our authority has signed for a terminal.
#[derive(Debug)]
pub(crate) struct Offered {
    /// What browsers are told to choose by: the name of our authority.
    subjects: Vec<DistinguishedName>,
    ours: Arc<dyn ClientCertVerifier>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Offered {
    /// With the certificate of the authority.
    pub fn to(authority: &[u8]) -> Result<Self, Fault> {
        let wrong = |why: String| Fault::new(Code::InternalFault, format!("terminals: {why}"));
        let mut roots = RootCertStore::empty();
        let anchor = CertificateDer::from(authority.to_vec());
        roots.add(anchor).map_err(|e| wrong(e.to_string()))?;
        let provider = crate::serve::tls::provider();
        let algorithms = provider.signature_verification_algorithms;
        let ours = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|e| wrong(e.to_string()))?;
        Ok(Self {
            subjects: ours.root_hint_subjects().to_vec(),
            ours,
            algorithms,
        })
    }

    /// What a connection has shown.
    pub fn shown(&self, chain: Option<&[CertificateDer<'_>]>) -> Option<ShownCertificate> {
        let (first, rest) = chain?.split_first()?;
        let certified = self.ours.verify_client_cert(first, rest, UnixTime::now());
        Some(ShownCertificate {
            fingerprint: tasuki_core::terminal::fingerprint(first),
            certified: certified.is_ok(),
        })
    }
}

impl ClientCertVerifier for Offered {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        // Looked at in `shown`, and at each request.
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // The portal speaks version 1.3 only.
        Err(Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
