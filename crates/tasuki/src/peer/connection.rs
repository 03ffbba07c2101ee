//! Connections to peers, some of them kept open.

use super::body::Leaving;
use super::tls::Identity;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tasuki_core::Code;
use tasuki_ihe::peers::Fingerprint;
use tasuki_ihe::soap::{Recipient, Unanswered};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// For a connection and its handshake.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long a connection is kept that nobody uses. Shorter than what servers usually wait.
const KEPT: Duration = Duration::from_secs(15);
/// Connections kept for one recipient.
const KEPT_MAX: usize = 16;
/// Recipients that connections are kept for; a directory has a few dozen.
const RECIPIENTS_MAX: usize = 256;

/// What connections are alike in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    host: Box<str>,
    port: u16,
    certificates: Vec<Fingerprint>,
    tls12: bool,
}

#[derive(Default)]
struct Line {
    connector: Option<TlsConnector>,
    idle: Vec<(SendRequest<Leaving>, Instant)>,
}

/// Every connection of a node.
pub(super) struct Connections {
    identity: Identity,
    lines: Arc<Mutex<HashMap<Key, Line>>>,
}

impl Connections {
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            lines: Arc::default(),
        }
    }

    /// Sends a request; comes back with the head of the answer.
    pub async fn send(
        &self,
        to: &Recipient,
        request: Request<Leaving>,
    ) -> Result<Response<Incoming>, Unanswered> {
        let key = Key {
            host: to.endpoint.host().into(),
            port: to.endpoint.port(),
            certificates: to.certificates.clone(),
            tls12: to.tls12,
        };
        let mut sender = match self.idle(&key).await {
            Some(sender) => sender,
            None => {
                let time = tokio::time::timeout(CONNECT_TIME, self.connect(&key, to));
                let late = |_| Unanswered::new(Code::PeerUnreachable, "no connection in 5 s");
                time.await.map_err(late)??
            }
        };
        let broke = |e: hyper::Error| Unanswered::new(Code::PeerBroke, e.to_string());
        let response = sender.send_request(request).await.map_err(broke)?;
        let lines = Arc::clone(&self.lines);
        // It is good again when this answer has been read.
        tokio::spawn(async move {
            if let Ok(Ok(())) = tokio::time::timeout(KEPT, sender.ready()).await {
                keep(&lines, &key, sender);
            }
        });
        Ok(response)
    }

    /// A connection that was kept and is still open.
    async fn idle(&self, key: &Key) -> Option<SendRequest<Leaving>> {
        loop {
            let (mut sender, since) = {
                let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.get_mut(key)?.idle.pop()?
            };
            if since.elapsed() < KEPT && !sender.is_closed() && sender.ready().await.is_ok() {
                return Some(sender);
            }
        }
    }

    fn connector(&self, key: &Key, to: &Recipient) -> Result<TlsConnector, Unanswered> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= RECIPIENTS_MAX && !lines.contains_key(key) {
            lines.clear();
        }
        let line = lines.entry(key.clone()).or_default();
        if let Some(connector) = &line.connector {
            return Ok(connector.clone());
        }
        let made = self.identity.connector(to);
        let connector = made.map_err(|f| Unanswered::new(f.code, f.inside))?;
        line.connector = Some(connector.clone());
        Ok(connector)
    }

    #[allow(clippy::disallowed_methods)] // The peer client that the ban names.
    async fn connect(&self, key: &Key, to: &Recipient) -> Result<SendRequest<Leaving>, Unanswered> {
        let away = |e: std::io::Error| Unanswered::new(Code::PeerUnreachable, e.to_string());
        let host = key.host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())
            .map_err(|e| Unanswered::new(Code::PeerUnreachable, e.to_string()))?;
        let connector = self.connector(key, to)?;
        let stream = TcpStream::connect((host, key.port)).await.map_err(away)?;
        let _ = stream.set_nodelay(true);
        let stream = connector.connect(name, stream).await.map_err(|error| {
            let certificate = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                .is_some_and(|inner| matches!(inner, rustls::Error::InvalidCertificate(_)));
            let code = match certificate {
                true => Code::PeerCertificate,
                false => Code::PeerUnreachable,
            };
            Unanswered::new(code, error.to_string())
        })?;
        let broke = |e: hyper::Error| Unanswered::new(Code::PeerBroke, e.to_string());
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(broke)?;
        // It ends with its sender, or when the other side closes.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }
}

fn keep(lines: &Mutex<HashMap<Key, Line>>, key: &Key, sender: SendRequest<Leaving>) {
    let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(line) = lines.get_mut(key) else {
        return;
    };
    line.idle
        .retain(|(sender, since)| since.elapsed() < KEPT && !sender.is_closed());
    if line.idle.len() < KEPT_MAX {
        line.idle.push((sender, Instant::now()));
    }
}
