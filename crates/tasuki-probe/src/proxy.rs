//! The proxy in front of a node for a [`Defect`]: ends TLS with the node's own certificate, asks the
//! node as whoever asked it, and spoils the answer.

use crate::fail;
use crate::failure::{Done, Failure};
use crate::faulty::Defect;
use crate::http::{Connection, Response};
use crate::node::token_services;
use crate::tls;
use crate::token::Variant;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A connection that is being served.
pub type Stream = BufReader<StreamOwned<ServerConnection, TcpStream>>;

/// Starts a proxy; where it listens. It ends with the process.
///
/// # Errors
/// Where it cannot listen, or the certificates cannot be read.
pub fn start(folder: &Path, node: &str, defect: Defect) -> Done<String> {
    let fault = |error: std::io::Error| Failure::io("proxy", &error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?.to_string();
    let front = Arc::new(Front {
        config: server(folder, "node")?,
        folder: folder.to_owned(),
        node: node.to_owned(),
        defect,
    });
    std::thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            let front = Arc::clone(&front);
            // A broken connection is the client's to tell of.
            std::thread::spawn(move || drop(front.serve(tcp)));
        }
    });
    Ok(address)
}

struct Front {
    config: Arc<ServerConfig>,
    folder: PathBuf,
    node: String,
    defect: Defect,
}

impl Front {
    fn serve(&self, tcp: TcpStream) -> Done {
        let session = ServerConnection::new(Arc::clone(&self.config));
        let session = session.map_err(|error| Failure::io("proxy", &error))?;
        let mut stream = BufReader::new(StreamOwned::new(session, tcp));
        let mut upstream: Option<Connection> = None;
        while let Some((content_type, body)) = requested(&mut stream)? {
            let name = self.caller(&stream)?;
            let body = match self.defect {
                Defect::UnverifiedAssertion => self.believed(name, body)?,
                _ => body,
            };
            let mut connection = match upstream.take() {
                Some(connection) => connection,
                None => Connection::open(&self.node, &tls::client(&self.folder, name)?)?,
            };
            let response = connection.post("/soap", &content_type, &body)?;
            upstream = Some(connection);
            answered(&mut stream, &self.defect.spoil(response)?)?;
        }
        Ok(())
    }

    /// Which of the two callers this is.
    fn caller(&self, stream: &Stream) -> Done<&'static str> {
        let shown = stream.get_ref().conn.peer_certificates();
        let shown = shown.and_then(|chain| chain.first());
        for name in ["system", "community"] {
            let own = tls::certificates(&self.folder.join(format!("{name}.pem")))?;
            if own.first() == shown {
                return Ok(name);
            }
        }
        fail!("proxy: nobody known")
    }

    /// The message with an assertion that is good, whatever it came with.
    fn believed(&self, name: &str, body: Vec<u8>) -> Done<Vec<u8>> {
        let Ok(text) = String::from_utf8(body.clone()) else {
            return Ok(body);
        };
        let (Some(from), Some(to)) = (text.find("<wsse:Security"), text.find("</wsse:Security>"))
        else {
            return Ok(body);
        };
        let [own, other] = token_services(&self.folder);
        let tokens = if name == "system" { own } else { other };
        let (before, after) = (text.get(..from), text.get(to + 16..));
        let good = tokens.header(Variant::Valid)?;
        let whole = [before.unwrap_or_default(), &good, after.unwrap_or_default()];
        Ok(whole.concat().into_bytes())
    }
}

/// What a server of the certificate of this name takes connections with.
///
/// # Errors
/// Where the certificates cannot be read.
pub fn server(folder: &Path, name: &str) -> Done<Arc<ServerConfig>> {
    let mut roots = RootCertStore::empty();
    for certificate in tls::certificates(&folder.join("ca.pem"))? {
        roots
            .add(certificate)
            .map_err(|e| Failure::io("proxy", &e))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = verifier.build().map_err(|e| Failure::io("proxy", &e))?;
    let chain = tls::certificates(&folder.join(format!("{name}.pem")))?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::io("proxy", &error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, tls::key(&folder.join(format!("{name}.key")))?)
        .map_err(|error| Failure::io("proxy", &error))?;
    Ok(Arc::new(config))
}

/// `Content-Type` and body of the next request; nothing at the end.
///
/// # Errors
/// Where the connection breaks.
pub fn requested(stream: &mut Stream) -> Done<Option<(String, Vec<u8>)>> {
    let fault = |error: std::io::Error| Failure::io("proxy", &error);
    let (mut length, mut content_type, mut first) = (0_u64, String::new(), true);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).map_err(fault)? == 0 && first {
            return Ok(None);
        }
        first = false;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or_default(),
            "content-type" => value.clone_into(&mut content_type),
            _ => {}
        }
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body).map_err(fault)?;
    Ok(Some((content_type, body)))
}

/// Sends an answer.
///
/// # Errors
/// Where the connection breaks.
pub fn answered(stream: &mut Stream, response: &Response) -> Done {
    let head = format!(
        "HTTP/1.1 {} x\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        response.status,
        response.content_type,
        response.body.len()
    );
    let out = stream.get_mut();
    let sent = out.write_all(head.as_bytes());
    let sent = sent.and_then(|()| out.write_all(&response.body));
    sent.and_then(|()| out.flush())
        .map_err(|error| Failure::io("proxy", &error))
}
