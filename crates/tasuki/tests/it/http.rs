//! A browser without a screen: one request a connection, cookies kept by hand.

use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (n, v) = line.split_once(':')?;
            n.eq_ignore_ascii_case(name).then_some(v.trim())
        })
    }

    /// The body without what differs between any two answers: request id, address, language link.
    pub fn bare(&self) -> String {
        let id = self.header("x-request-id").unwrap_or_default();
        self.body
            .replace(id, "")
            .lines()
            .filter(|l| !l.contains("lang="))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

const BOUNDARY: &str = "----tasuki0123456789";

/// The parts of a form with files.
#[derive(Clone, Default)]
pub struct Parts(Vec<u8>);

impl Parts {
    pub fn field(mut self, name: &str, value: &str) -> Self {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.0
            .extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        self
    }

    pub fn file(mut self, name: &str, declared: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {declared}\r\n\r\n"
        );
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }
}

fn body_of(answer: &[u8]) -> Vec<u8> {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    answer[end + 4..].to_vec()
}

/// A client of one portal.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    pub cookie: Option<String>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            cookie: None,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, b"", &[])
    }

    /// A form with files, as a browser sends one.
    pub fn upload(&self, path: &str, parts: &Parts) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [
            ("Sec-Fetch-Site", "same-origin"),
            ("Content-Type", kind.as_str()),
        ];
        let end = format!("--{BOUNDARY}--\r\n").into_bytes();
        self.send("POST", path, &[parts.0.clone(), end].concat(), &headers)
    }

    pub fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", path, form.as_bytes(), headers)
    }

    #[allow(clippy::disallowed_methods)] // The test is the browser.
    fn send(&self, method: &str, path: &str, form: &[u8], headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            form.len()
        );
        if let Some(cookie) = &self.cookie {
            request.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let request = [format!("{request}\r\n").as_bytes(), form].concat();
        // Whoever refuses a large body does not read it to its end.
        let _ = stream.write_all(&request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
            bytes: body_of(&bytes),
        }
    }

    /// Signs in and keeps the cookie.
    pub fn sign_in(address: &str, name: &str, password: &str) -> Self {
        let client = Self::new(address);
        let answer = client.post(
            "/sign-in",
            &format!("name={name}&password={password}"),
            &[("Sec-Fetch-Site", "same-origin")],
        );
        assert_eq!(answer.status, 303, "{name}: {}", answer.body);
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.starts_with("__Host-tasuki="), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self {
            cookie: Some(cookie),
            ..client
        }
    }
}
