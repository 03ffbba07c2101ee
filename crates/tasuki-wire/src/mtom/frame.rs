//! What stands around an envelope and its contents when they are sent.

use super::MediaType;
use crate::soap;

/// The frame of one message. Contents go between [`Frame::part`] and the next piece as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    token: String,
}

impl Frame {
    /// A frame; `token` is new and random for every message (32 hex digits, say), so that it stands
    /// in no content. What is not a letter or digit in it is left out.
    #[must_use]
    pub fn new(token: &str) -> Self {
        let token = token.chars().filter(char::is_ascii_alphanumeric);
        Self {
            token: token.take(64).collect(),
        }
    }

    /// The `Content-Type` of the message.
    #[must_use]
    pub fn content_type(&self, action: &str) -> String {
        let (token, soap) = (&self.token, soap::MEDIA_TYPE);
        let action: String = action.chars().filter(|c| is_plain(*c)).collect();
        format!(
            "multipart/related; boundary=\"{token}\"; type=\"application/xop+xml\"; \
             start=\"<0@{token}>\"; start-info=\"{soap}\"; action=\"{action}\""
        )
    }

    /// The first piece: the envelope as a part.
    #[must_use]
    pub fn envelope(&self, envelope: &str) -> Vec<u8> {
        let (token, soap) = (&self.token, soap::MEDIA_TYPE);
        let head = format!(
            "--{token}\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"{soap}\"\r\n\
             Content-Transfer-Encoding: binary\r\nContent-ID: <0@{token}>\r\n\r\n"
        );
        [head.as_bytes(), envelope.as_bytes()].concat()
    }

    /// The piece before the content of part `n`, counted from 1. What is no media type is sent as
    /// `application/octet-stream`.
    #[must_use]
    pub fn part(&self, n: usize, media_type: &str) -> Vec<u8> {
        let token = &self.token;
        let plain = |c: char| c.is_ascii_graphic() || c == ' ';
        let media_type = match MediaType::parse(media_type) {
            Ok(_) if media_type.chars().all(plain) => media_type.trim(),
            _ => "application/octet-stream",
        };
        format!(
            "\r\n--{token}\r\nContent-Type: {media_type}\r\n\
             Content-Transfer-Encoding: binary\r\nContent-ID: <{n}@{token}>\r\n\r\n"
        )
        .into_bytes()
    }

    /// The last piece.
    #[must_use]
    pub fn end(&self) -> Vec<u8> {
        format!("\r\n--{}--\r\n", self.token).into_bytes()
    }

    /// The `href` of an `xop:Include` for part `n`.
    #[must_use]
    pub fn href(&self, n: usize) -> String {
        format!("cid:{n}@{}", self.token)
    }
}

/// What may stand in a header's value without quoting.
const fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\\')
}
