//! Contents of documents in an answer: as parts of the message where it has attachments (XOP), else
//! inside the envelope.

use super::exchange::Reply;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::borrow::Cow;
use tasuki_core::release::{Body, Piece, Stored, Stream};
use tasuki_core::{Code, Fault};
use tasuki_wire::mtom::{Frame, XOP};
use tasuki_wire::soap::MEDIA_TYPE;
use tasuki_wire::xml::{Namespace, Writer};

/// Bytes of one content that goes inside an envelope. Whoever fetches larger ones has to send and
/// take attachments.
const INLINE_MAX: u64 = 8 * 1024 * 1024;

/// A content for an answer.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// Its media type.
    pub media_type: String,
    /// Its bytes, read as they leave.
    pub content: Stored,
}

/// How the answer to a message carries contents.
#[derive(Debug, Clone, Copy)]
pub enum Enclosing<'a> {
    /// As attachments.
    Parts(&'a Frame),
    /// In base64: the request had no attachments either.
    Inline,
}

impl Enclosing<'_> {
    /// Fills the element of content number `n`, counted from 1 in the order of
    /// [`Reply::enclosed`].
    ///
    /// # Errors
    /// `SOP-108` where it is too large to go inside an envelope; those of the store.
    pub fn write(&self, writer: &mut Writer, n: usize, content: &Stored) -> Result<(), Fault> {
        match self {
            Self::Parts(frame) => {
                let xop = Namespace::new("xop", XOP);
                let include = writer.element(xop, "Include");
                drop(include.attribute("href", &frame.href(n)));
            }
            Self::Inline if content.size() > INLINE_MAX => {
                let what = format!("a content of {} bytes without MTOM", content.size());
                return Err(Fault::new(Code::SoapNeedsMtom, what));
            }
            Self::Inline => writer.text(&BASE64_STANDARD.encode(content.whole()?)),
        }
        Ok(())
    }

    /// The whole message of an envelope.
    pub fn message(&self, action: &str, envelope: String) -> Body {
        match self {
            Self::Inline => Body::new(plain_type(action), envelope.into_bytes()),
            Self::Parts(frame) => {
                let mut bytes = frame.envelope(&envelope);
                bytes.extend(frame.end());
                Body::new(frame.content_type(action), bytes)
            }
        }
    }

    /// The whole message of an envelope, whose halves stand around the body, and of the contents that it
    /// refers to.
    pub fn stream(&self, action: &str, (before, after): (String, String), reply: Reply) -> Stream {
        let owned = |bytes: Vec<u8>| Piece::Bytes(Cow::Owned(bytes));
        let (media_type, before) = match self {
            Self::Inline => (plain_type(action), before.into_bytes()),
            Self::Parts(frame) => (frame.content_type(action), frame.envelope(&before)),
        };
        let body = reply.body.into_string().into_bytes();
        let mut pieces = vec![owned(before), owned(body), owned(after.into_bytes())];
        if let Self::Parts(frame) = self {
            for (n, enclosed) in reply.enclosed.into_iter().enumerate() {
                pieces.push(owned(frame.part(n + 1, &enclosed.media_type)));
                pieces.push(Piece::Stored(enclosed.content));
            }
            pieces.push(owned(frame.end()));
        }
        Stream { media_type, pieces }
    }
}

fn plain_type(action: &str) -> String {
    let plain = |c: &char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
    let action: String = action.chars().filter(plain).collect();
    format!("{MEDIA_TYPE}; charset=UTF-8; action=\"{action}\"")
}
