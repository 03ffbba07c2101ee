//! Messages with attachments: MTOM (W3C SOAP message transmission optimisation) and XOP 1.0 over
//! multipart/related (RFC 2387, RFC 2046 §5.1), as ITI TF-2 Appendix V.3.6 asks for.
//!
//! Sans-IO and streaming: [`Multipart`] is fed pieces of any size and hands out the same bytes in
//! pieces, never holding more than a part's header. [`Attachments`] then brings together what the
//! envelope refers to (`xop:Include`) and what came. [`Frame`] writes the pieces around the
//! envelope and each content.
//!
//! Not here: where contents are kept, what they are, transfer encodings other than the bytes
//! themselves (nobody sends them; they are refused).

mod attachments;
mod error;
mod frame;
mod head;
mod media_type;
mod multipart;
#[cfg(test)]
mod tests;

pub use attachments::{Attachments, Content};
pub use error::MtomError;
pub use frame::Frame;
pub use head::PartHead;
pub use media_type::MediaType;
pub use multipart::{Event, Multipart};

/// `xop:Include`.
pub const XOP: &str = "http://www.w3.org/2004/08/xop/include";
/// The media type of an envelope with attachments.
pub const ROOT_MEDIA_TYPE: &str = "application/xop+xml";

/// What a message may cost us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in all.
    pub bytes: u64,
    /// Parts.
    pub parts: usize,
    /// Bytes of one part's header, and of what stands before the first part.
    pub head: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 2 * 1024 * 1024 * 1024,
            parts: 1_000,
            head: 8 * 1024,
        }
    }
}
