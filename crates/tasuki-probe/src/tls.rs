//! Mutual TLS as a client: our certificate, and one authority that we believe.

use crate::failure::{Done, Failure};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;

/// What a connection as `name` is made with: `<name>.pem`, `<name>.key` and `ca.pem` of a folder.
///
/// # Errors
/// Where a file is missing or not what it should be.
pub fn client(folder: &Path, name: &str) -> Done<Arc<ClientConfig>> {
    let authority = folder.join("ca.pem");
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&authority)? {
        roots
            .add(certificate)
            .map_err(|error| Failure::io(authority.display(), &error))?;
    }
    let own = certificates(&folder.join(format!("{name}.pem")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::io("TLS", &error))?
        .with_root_certificates(roots)
        .with_client_auth_cert(own, key(&folder.join(format!("{name}.key")))?)
        .map_err(|error| Failure::io(name, &error))?;
    Ok(Arc::new(config))
}

/// The certificates of a PEM file.
///
/// # Errors
/// Where it cannot be read.
pub fn certificates(path: &Path) -> Done<Vec<CertificateDer<'static>>> {
    let fault = |error: rustls_pki_types::pem::Error| Failure::io(path.display(), &error);
    let read = CertificateDer::pem_file_iter(path).map_err(fault)?;
    read.collect::<Result<_, _>>().map_err(fault)
}

/// The private key of a PEM file.
///
/// # Errors
/// Where it cannot be read.
pub fn key(path: &Path) -> Done<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| Failure::io(path.display(), &error))
}
