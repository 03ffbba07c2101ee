//! A browser with (or without) a client certificate: TLS 1.3, connections that stay open, tickets that are
//! shown again.

use super::super::http::Answer;
use super::super::mllp::openssl;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

pub struct Browser {
    config: Arc<ClientConfig>,
    address: String,
    pub cookie: Option<String>,
}

pub struct Connection {
    stream: StreamOwned<ClientConnection, TcpStream>,
    host: String,
}

impl Browser {
    /// A browser that trusts the authority of a folder; `shows`: the name of its PEM files in that folder.
    pub fn new(folder: &Path, address: &str, shows: Option<&str>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        let authority = folder.join("ca.pem");
        roots
            .add(CertificateDer::from_pem_file(authority).unwrap())
            .unwrap();
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match shows {
            None => config.with_no_client_auth(),
            Some(name) => {
                let file = |end: &str| folder.join(format!("{name}.{end}"));
                let chain = CertificateDer::pem_file_iter(file("pem")).unwrap();
                let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
                let key = PrivateKeyDer::from_pem_file(file("key")).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        Self {
            config: Arc::new(config),
            address: address.trim_start_matches("https://").to_owned(),
            cookie: None,
        }
    }

    /// A browser that has imported a PKCS#12.
    pub fn with_file(folder: &Path, address: &str, name: &str, words: &str) -> Self {
        let (file, pass) = (format!("{name}.p12"), format!("pass:{words}"));
        let read = ["pkcs12", "-in", &file, "-passin", &pass, "-nodes"];
        let (pem, key) = (format!("{name}.pem"), format!("{name}.key"));
        let certificate = ["-clcerts", "-nokeys", "-out", &pem];
        openssl(folder, &[&read[..], &certificate].concat());
        openssl(folder, &[&read[..], &["-nocerts", "-out", &key]].concat());
        Self::new(folder, address, Some(name))
    }

    #[allow(clippy::disallowed_methods)] // The test is the browser.
    pub fn open(&self) -> Connection {
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let tls = ClientConnection::new(Arc::clone(&self.config), name).unwrap();
        let tcp = TcpStream::connect(&self.address).unwrap();
        Connection {
            stream: StreamOwned::new(tls, tcp),
            host: self.address.clone(),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.open().ask(path, None, self.cookie.as_deref())
    }

    pub fn post(&self, path: &str, form: &str) -> Answer {
        self.open().ask(path, Some(form), self.cookie.as_deref())
    }

    /// A form of somebody signed in.
    pub fn send(&self, path: &str, form: &str) -> Answer {
        let page = self.get("/account").body;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = rest.split('"').next().unwrap();
        self.post(path, &format!("csrf={csrf}&{form}"))
    }

    /// Signs in; the status of the answer.
    pub fn sign_in(&mut self, name: &str) -> Answer {
        let form = format!("name={name}&password={}", super::super::world::PASSWORD);
        let answer = self.post("/sign-in", &form);
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        answer
    }
}

impl Connection {
    /// One request; the connection stays open.
    pub fn ask(&mut self, path: &str, form: Option<&str>, cookie: Option<&str>) -> Answer {
        let (method, form) = (
            if form.is_some() { "POST" } else { "GET" },
            form.unwrap_or(""),
        );
        let cookie = cookie
            .map(|c| format!("Cookie: {c}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n{cookie}Content-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        self.stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            self.stream.read_exact(&mut byte).unwrap();
            bytes.push(byte[0]);
        }
        let head = String::from_utf8(bytes).unwrap();
        let mut answer = Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.trim_end().to_owned(),
            body: String::new(),
            bytes: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |l| l.parse().unwrap());
        answer.bytes = vec![0; length];
        self.stream.read_exact(&mut answer.bytes).unwrap();
        answer.body = String::from_utf8_lossy(&answer.bytes).into_owned();
        answer
    }

    /// Whether the handshake went by a ticket of an earlier one.
    pub fn resumed(&self) -> bool {
        self.stream.conn.handshake_kind() == Some(HandshakeKind::Resumed)
    }
}
