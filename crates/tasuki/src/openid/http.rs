//! One HTTPS request at a time to an identity provider: bounded in time and size, and only to a server whom
//! the configured authorities certify. Answers with another status than 200 are none.

use super::away;
use crate::serve::tls::{certificates, provider};
use ::http::{Method, Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::{Code, Fault};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// For one request with its answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Bytes of an answer.
const ANSWER_MAX: usize = 256 * 1024;

/// One request.
pub(super) struct Asked<'a> {
    pub address: &'a str,
    /// The form that is posted; nothing for a GET.
    pub form: Option<String>,
    pub authorization: Option<String>,
}

impl<'a> Asked<'a> {
    pub const fn get(address: &'a str) -> Self {
        Self {
            address,
            form: None,
            authorization: None,
        }
    }
}

/// The way to a provider.
pub(super) struct Web {
    connector: TlsConnector,
}

impl Web {
    /// To servers that the authorities of a file certify.
    ///
    /// # Errors
    /// `CFG-002` and `CFG-003` for a file that is none.
    pub fn trusting(authorities: &Path) -> Result<Self, Fault> {
        let mut roots = RootCertStore::empty();
        // A system's bundle may hold some that are not understood; without any, nobody is trusted.
        let (good, _) = roots.add_parsable_certificates(certificates(authorities)?);
        let wrong = |why: String| Fault::new(Code::ConfigInvalid, why);
        if good == 0 {
            return Err(wrong(format!("{}: no authority", authorities.display())));
        }
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|e| wrong(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
        })
    }

    /// Asks, from a thread that may block; gives the body of the answer.
    ///
    /// # Errors
    /// `PRV-001`.
    pub fn ask(&self, asked: Asked<'_>) -> Result<Bytes, Fault> {
        let runtime = tokio::runtime::Handle::try_current().map_err(away)?;
        runtime.block_on(async {
            let late = |_| away("no answer in time");
            tokio::time::timeout(PATIENCE, self.answer(asked))
                .await
                .map_err(late)?
        })
    }

    // What goes there is a client's id, a code and a form: no patient's data.
    #[allow(clippy::disallowed_methods)]
    async fn answer(&self, asked: Asked<'_>) -> Result<Bytes, Fault> {
        let address: Uri = asked.address.parse().map_err(away)?;
        let host = address
            .host()
            .filter(|_| address.scheme_str() == Some("https"));
        let host = host.ok_or_else(|| away("an address without https"))?;
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(away)?;
        let port = address.port_u16().unwrap_or(443);
        let stream = TcpStream::connect((host, port)).await.map_err(away)?;
        let stream = self.connector.connect(name, stream).await.map_err(away)?;
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(away)?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        let path = address.path_and_query().map_or("/", |p| p.as_str());
        let authority = address.authority().map_or(host, |a| a.as_str());
        let mut request = Request::builder()
            .uri(path)
            .header(header::HOST, authority)
            .header(header::ACCEPT, "application/json");
        if asked.form.is_some() {
            request = request
                .method(Method::POST)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(shown) = asked.authorization {
            request = request.header(header::AUTHORIZATION, shown);
        }
        let body = Full::new(Bytes::from(asked.form.unwrap_or_default()));
        let request = request.body(body).map_err(away)?;
        let answer = sender.send_request(request).await.map_err(away)?;
        if answer.status() != 200 {
            return Err(away(format!("status {}", answer.status())));
        }
        let body = Limited::new(answer.into_body(), ANSWER_MAX);
        let body = body.collect().await.map_err(away)?;
        Ok(body.to_bytes())
    }
}
