//! HTTP/1.1 over mutual TLS, one connection kept alive (RFC 9112): a request with a length, an answer
//! with a length or in chunks. No redirects, no compression, no trailers.

use crate::fail;
use crate::failure::{Done, Failure};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a node that says nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// Most bytes of an answer that is held in memory.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A connection to a node.
pub struct Connection {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    host: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// `Content-Type`; empty where there is none.
    pub content_type: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// What stands before a body.
struct Head {
    status: u16,
    content_type: String,
    length: usize,
    chunked: bool,
}

impl Connection {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// Where nobody listens. The handshake is made with the first request.
    pub fn open(address: &str, tls: &Arc<ClientConfig>) -> Done<Self> {
        let fault = |error: std::io::Error| Failure::io(address, &error);
        let tcp = dial(address).map_err(fault)?;
        tcp.set_nodelay(true).map_err(fault)?;
        tcp.set_read_timeout(Some(SILENCE)).map_err(fault)?;
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|error| Failure::io(address, &error))?;
        let session = ClientConnection::new(Arc::clone(tls), name);
        let session = session.map_err(|error| Failure::io(address, &error))?;
        Ok(Self {
            stream: BufReader::with_capacity(64 * 1024, StreamOwned::new(session, tcp)),
            host: address.to_owned(),
        })
    }

    /// Sends one message and reads its answer.
    ///
    /// # Errors
    /// Where the connection breaks or the answer is no HTTP.
    pub fn post(&mut self, path: &str, content_type: &str, body: &[u8]) -> Done<Response> {
        self.send(path, content_type, body)?;
        self.response()
    }

    fn send(&mut self, path: &str, content_type: &str, body: &[u8]) -> Done {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        let fault = |error: std::io::Error| Failure::io("connection", &error);
        let stream = self.stream.get_mut();
        stream.write_all(head.as_bytes()).map_err(fault)?;
        stream.write_all(body).map_err(fault)?;
        stream.flush().map_err(fault)
    }

    /// The same, with the body thrown away while it comes: how many bytes it had.
    ///
    /// # Errors
    /// Where the connection breaks, or the answer is no success.
    pub fn swallow(&mut self, path: &str, content_type: &str, body: &[u8]) -> Done<u64> {
        self.send(path, content_type, body)?;
        let head = self.head()?;
        if head.status != 200 {
            fail!("status {}", head.status)
        }
        let mut count = 0;
        let mut remaining = head.length as u64;
        while head.chunked || remaining > 0 {
            if head.chunked {
                remaining = self.chunk_size()?;
            }
            let mut piece = (&mut self.stream).take(remaining);
            let sink = &mut std::io::sink();
            let fault = |error: std::io::Error| Failure::io("connection", &error);
            count += std::io::copy(&mut piece, sink).map_err(fault)?;
            if head.chunked {
                self.line()?;
                if remaining == 0 {
                    break;
                }
            } else {
                break;
            }
        }
        Ok(count)
    }

    fn response(&mut self) -> Done<Response> {
        let head = self.head()?;
        let mut body = Vec::new();
        if head.chunked {
            loop {
                let size = usize::try_from(self.chunk_size()?).unwrap_or(usize::MAX);
                self.take(size, &mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.take(head.length, &mut body)?;
        }
        Ok(Response {
            status: head.status,
            content_type: head.content_type,
            body,
        })
    }

    fn head(&mut self) -> Done<Head> {
        let status = self.line()?;
        let Some(status) = status.split(' ').nth(1).and_then(|s| s.parse().ok()) else {
            fail!("no HTTP: {status}")
        };
        let (mut length, mut chunked, mut content_type) = (0, false, String::new());
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(usize::MAX),
                "transfer-encoding" => chunked = value.contains("chunked"),
                "content-type" => value.trim().clone_into(&mut content_type),
                _ => {}
            }
        }
        Ok(Head {
            status,
            content_type,
            length,
            chunked,
        })
    }

    fn chunk_size(&mut self) -> Done<u64> {
        let line = self.line()?;
        let size = line.split(';').next().unwrap_or_default();
        match u64::from_str_radix(size.trim(), 16) {
            Ok(size) => Ok(size),
            Err(_) => fail!("no chunk: {line}"),
        }
    }

    fn take(&mut self, count: usize, body: &mut Vec<u8>) -> Done {
        if count > ANSWER_BYTES_MAX - body.len() {
            fail!("an answer of {count} bytes")
        }
        let start = body.len();
        body.resize(start + count, 0);
        let room = body.get_mut(start..).unwrap_or_default();
        self.stream
            .read_exact(room)
            .map_err(|error| Failure::io("connection", &error))
    }

    fn line(&mut self) -> Done<String> {
        let mut line = Vec::new();
        let read = (&mut self.stream).take(64 * 1024);
        let count = { read }
            .read_until(b'\n', &mut line)
            .map_err(|error| Failure::io("connection", &error))?;
        if count == 0 {
            fail!("the connection was closed")
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

/// A socket to somebody on this machine.
///
/// # Errors
/// Where nobody listens.
#[expect(
    clippy::disallowed_methods,
    reason = "asks a node from outside: there is no peer client here"
)]
pub fn dial(address: &str) -> std::io::Result<TcpStream> {
    TcpStream::connect(address)
}
