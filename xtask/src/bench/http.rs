//! A client of a few lines: one request, one connection, its bytes counted. Not for the product.

use crate::failure::Failure;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What came back.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Head as text.
    pub head: String,
    /// Body as sent, compressed or not.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text, decompressed where it came compressed.
    pub fn text(&self) -> Result<String, Failure> {
        let plain = match self.header("content-encoding") {
            Some("gzip") => inflated(&self.body)?,
            _ => self.body.clone(),
        };
        Ok(String::from_utf8_lossy(&plain).into_owned())
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.trim()))
    }
}

/// By the system's own `gzip`: a page fits into a pipe's two ends read at once.
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let fault = |error: std::io::Error| Failure::io("gzip", &error);
    let mut gzip = Command::new("gzip");
    let mut child = gzip
        .arg("-dc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fault)?;
    let input = child.stdin.take();
    let bytes = bytes.to_vec();
    let fed = std::thread::spawn(move || input.map(|mut input| input.write_all(&bytes)));
    let output = child.wait_with_output().map_err(fault)?;
    drop(fed.join());
    Ok(output.stdout)
}

/// GET, or POST of a form, with a cookie.
pub fn ask(address: &str, path: &str, cookie: &str, form: Option<&str>) -> Result<Answer, Failure> {
    let form = form.map(|form| (FORM, form.as_bytes()));
    request(address, path, cookie, form, "Accept-Encoding: gzip\r\n")
}

/// POST of a body of a media type.
pub fn post(
    address: &str,
    path: &str,
    cookie: &str,
    body: (&str, &[u8]),
) -> Result<Answer, Failure> {
    request(address, path, cookie, Some(body), "")
}

/// GET of the parts of a page that change while it is open.
pub fn ask_part(address: &str, path: &str, cookie: &str) -> Result<Answer, Failure> {
    let part = "Accept-Encoding: gzip\r\nTasuki-Part: live\r\n";
    request(address, path, cookie, None, part)
}

/// GET of a page as text.
pub fn page(address: &str, path: &str, cookie: &str) -> Result<String, Failure> {
    let answer = request(address, path, cookie, None, "")?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the workshop asks its own child on loopback"
)]
fn request(
    address: &str,
    path: &str,
    cookie: &str,
    form: Option<(&str, &[u8])>,
    accepts: &str,
) -> Result<Answer, Failure> {
    let fault = |error: std::io::Error| Failure::io(format!("{address}{path}"), &error);
    let mut stream = TcpStream::connect(address).map_err(fault)?;
    stream.set_nodelay(true).map_err(fault)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .map_err(fault)?;
    let (kind, body) = form.unwrap_or((FORM, b""));
    let method = if form.is_some() { "POST" } else { "GET" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
         {accepts}Connection: close\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let request = [request.as_bytes(), body].concat();
    stream.write_all(&request).map_err(fault)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(fault)?;
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    Ok(Answer {
        status,
        head,
        body: bytes.split_off((end + 4).min(bytes.len())),
    })
}

/// Signs in and returns the session's cookie.
pub fn sign_in(address: &str, name: &str, password: &str) -> Result<String, Failure> {
    let answer = ask(
        address,
        "/sign-in",
        "",
        Some(&format!("name={name}&password={password}&next=%2Fpatients")),
    )?;
    let cookie = answer
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next());
    cookie
        .map(str::to_owned)
        .ok_or_else(|| Failure(format!("no session: {}", answer.head)))
}
