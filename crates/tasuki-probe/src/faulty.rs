//! A node with a defect: the node under test behind a proxy of ours that makes one kind of mistake in
//! its name. A runner that says pass to it is worth nothing.
//!
//! The defects are seeded here and nowhere else; nothing of this is in the product.

use crate::failure::{Done, Failure};
use crate::http::Response;
use crate::soap::SOAP;

/// A kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// What fails is told as success.
    SuccessForFailure,
    /// Every error has the same general code.
    OneErrorCode,
    /// One document entry of an answer is left out.
    EntryLost,
    /// Deprecated objects are told as approved.
    DeprecatedAsApproved,
    /// A gateway does not say whose the objects are.
    HomeMissing,
    /// A document has another byte.
    DocumentAltered,
    /// A document has another media type.
    WrongMediaType,
    /// An answer in SOAP 1.1.
    OlderSoap,
    /// An answer that relates to another request.
    OtherRequest,
    /// A plain answer to a message with attachments.
    PlainForMtom,
    /// An answer that is against its schema.
    AgainstSchema,
    /// An assertion is not looked at.
    UnverifiedAssertion,
}

/// Every one.
pub const DEFECTS: [Defect; 12] = [
    Defect::SuccessForFailure,
    Defect::OneErrorCode,
    Defect::EntryLost,
    Defect::DeprecatedAsApproved,
    Defect::HomeMissing,
    Defect::DocumentAltered,
    Defect::WrongMediaType,
    Defect::OlderSoap,
    Defect::OtherRequest,
    Defect::PlainForMtom,
    Defect::AgainstSchema,
    Defect::UnverifiedAssertion,
];

impl Defect {
    /// An answer of the node with the mistake in it.
    ///
    /// # Errors
    /// Where the answer cannot be taken apart.
    pub fn spoil(self, response: Response) -> Done<Response> {
        if self == Self::PlainForMtom {
            return plain(response);
        }
        // Byte for byte: documents may stand in it.
        let text = response.body.iter().map(|&byte| char::from(byte));
        let text = self.altered(text.collect());
        let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)));
        let body = bytes.collect::<Result<_, _>>();
        Ok(Response {
            body: body.map_err(|error| Failure::io("answer", &error))?,
            ..response
        })
    }

    fn altered(self, text: String) -> String {
        match self {
            Self::SuccessForFailure => {
                text.replace("ResponseStatusType:Failure", "ResponseStatusType:Success")
            }
            Self::OneErrorCode => attribute(&text, "errorCode", |_| {
                " errorCode=\"XDSRegistryError\"".to_owned()
            }),
            Self::EntryLost => without(text, "ExtrinsicObject"),
            Self::DeprecatedAsApproved => {
                text.replace("StatusType:Deprecated", "StatusType:Approved")
            }
            Self::HomeMissing => attribute(&text, "home", |_| String::new()),
            Self::DocumentAltered => text
                .replace("This is my document", "This is my Document")
                // The same in base64.
                .replace("VGhpcyBpcyBteSBk", "VGhpcyBpcyBteSBE"),
            Self::WrongMediaType => text.replace(">text/plain<", ">text/html<"),
            Self::OlderSoap => text.replace(SOAP, "http://schemas.xmlsoap.org/soap/envelope/"),
            Self::OtherRequest => text.replace("RelatesTo>urn:uuid:", "RelatesTo>urn:uuid:0"),
            Self::AgainstSchema => text.replace(
                "ResponseStatusType:Success\"",
                "ResponseStatusType:Success\" good=\"true\"",
            ),
            Self::PlainForMtom | Self::UnverifiedAssertion => text,
        }
    }
}

/// The attributes of a name, changed: `to` gives the whole of one.
fn attribute(text: &str, name: &str, to: impl Fn(&str) -> String) -> String {
    let begin = format!(" {name}=\"");
    let mut pieces = text.split(begin.as_str());
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (value, rest) = piece.split_once('"').unwrap_or((piece, ""));
        out.push_str(&to(value));
        out.push_str(rest);
    }
    out
}

/// Without the first element of a name.
fn without(text: String, name: &str) -> String {
    let Some(begin) = text.find(&format!("{name} ")) else {
        return text;
    };
    let open = text.get(..begin).and_then(|before| before.rfind('<'));
    let end = text.find(&format!("{name}>"));
    match (open, end) {
        (Some(open), Some(end)) => {
            let (before, after) = (text.get(..open), text.get(end + name.len() + 1..));
            format!(
                "{}{}",
                before.unwrap_or_default(),
                after.unwrap_or_default()
            )
        }
        _ => text,
    }
}

/// The envelope alone.
fn plain(response: Response) -> Done<Response> {
    if !response.content_type.starts_with("multipart/") {
        return Ok(response);
    }
    let (envelope, _) = crate::mime::read(&response.content_type, &response.body)?;
    Ok(Response {
        content_type: "application/soap+xml; charset=UTF-8".to_owned(),
        body: envelope,
        ..response
    })
}
