//! A message to be written: an answer, or a request of ours.

use super::{ADDRESSING_FAULT, ANONYMOUS, Addressing, Endpoint, Fault, SOAP, SOAP_FAULT, WSA};
use crate::xml::{Attribute, Document, Element, Namespace, Writer, document, document_of};

/// What an envelope has beside its body and further headers, about.
const HEAD_BYTES: usize = 2048;

/// A message to be written.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// `wsa:Action`.
    pub action: &'a str,
    /// `wsa:MessageID`; has to be new for every message.
    pub message_id: &'a str,
    /// `wsa:To`.
    pub to: &'a str,
    /// Where answers shall go, in a request; anonymous where answers come on the same connection.
    pub reply_to: Option<&'a str>,
    /// The request that this answers.
    pub relates_to: Option<&'a str>,
    /// Elements of the endpoint that this goes to.
    pub parameters: &'a [Element],
    /// Further header blocks, such as a security header, byte for byte.
    pub headers: &'a [Document],
    /// Whether those stand before the ones of WS-Addressing.
    pub headers_first: bool,
    /// The body element.
    pub body: &'a Document,
}

impl<'a> Outgoing<'a> {
    /// A request that is answered on its own connection.
    #[must_use]
    pub fn request(action: &'a str, message_id: &'a str, to: &'a str, body: &'a Document) -> Self {
        Self {
            action,
            message_id,
            to,
            reply_to: Some(ANONYMOUS),
            relates_to: None,
            parameters: &[],
            headers: &[],
            headers_first: false,
            body,
        }
    }

    /// Writes the envelope.
    #[must_use]
    pub fn encode(&self) -> Document {
        let headers = self.headers.iter().map(|h| h.as_str().len());
        let bytes = self.body.as_str().len() + headers.sum::<usize>() + HEAD_BYTES;
        document_of(bytes, SOAP, "Envelope", |envelope| {
            envelope.declare(WSA).content(|w| {
                w.element(SOAP, "Header").content(|w| self.header(w));
                w.element(SOAP, "Body").content(|w| w.verbatim(self.body));
            });
        })
    }

    /// The same in the halves before and after the body element, for a body that is large and need not
    /// be moved once more.
    #[must_use]
    pub fn around(&self) -> (String, String) {
        let mut body = 0;
        let whole = document_of(HEAD_BYTES, SOAP, "Envelope", |envelope| {
            envelope.declare(WSA).content(|w| {
                w.element(SOAP, "Header").content(|w| self.header(w));
                w.element(SOAP, "Body").content(|w| body = w.written());
            });
        });
        let mut before = whole.into_string();
        let after = before.split_off(body);
        (before, after)
    }

    fn header(&self, w: &mut Writer) {
        let (before, after) = match self.headers_first {
            true => (self.headers, &[][..]),
            false => (&[][..], self.headers),
        };
        for header in before {
            w.verbatim(header);
        }
        self.addressing(w);
        for header in after {
            w.verbatim(header);
        }
    }

    fn addressing(&self, w: &mut Writer) {
        // ITI TF-2 V.3.2.2: wsa:Action has to be understood.
        w.element(WSA, "Action")
            .qualified(SOAP, "mustUnderstand", "true")
            .text(self.action);
        w.element(WSA, "MessageID").text(self.message_id);
        w.element(WSA, "To").text(self.to);
        if let Some(address) = self.reply_to {
            w.element(WSA, "ReplyTo")
                .content(|w| w.element(WSA, "Address").text(address));
        }
        if let Some(id) = self.relates_to {
            w.element(WSA, "RelatesTo").text(id);
        }
        for parameter in self.parameters {
            w.verbatim(&Document::of(&marked(parameter)));
        }
    }
}

/// A reference parameter as a header (SOAP binding §3.4).
fn marked(parameter: &Element) -> Element {
    let mut header = parameter.clone();
    header.attributes.push(Attribute {
        namespace: WSA.uri.into(),
        name: "IsReferenceParameter".into(),
        value: "true".to_owned(),
    });
    header
}

/// How an answer to a message is addressed.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    asked: Option<&'a Addressing>,
    message_id: &'a str,
}

impl<'a> Reply<'a> {
    /// An answer to this; `message_id` is the answer's own.
    #[must_use]
    pub const fn to(asked: &'a Addressing, message_id: &'a str) -> Self {
        Self {
            asked: Some(asked),
            message_id,
        }
    }

    /// An answer to something that could not be read.
    #[must_use]
    pub const fn unread(message_id: &'a str) -> Self {
        Self {
            asked: None,
            message_id,
        }
    }

    /// The envelope of an answer.
    #[must_use]
    pub fn encode(&self, action: &str, body: &Document) -> Document {
        let endpoint = self.asked.and_then(|asked| asked.reply_to.as_ref());
        self.addressed(action, endpoint, &[], body).encode()
    }

    /// The same in two halves, as [`Outgoing::around`].
    #[must_use]
    pub fn around(&self, action: &str, body: &Document) -> (String, String) {
        let endpoint = self.asked.and_then(|asked| asked.reply_to.as_ref());
        self.addressed(action, endpoint, &[], body).around()
    }

    /// The envelope of a fault.
    #[must_use]
    pub fn fault(&self, fault: &Fault) -> Document {
        let addressing = fault.subcode.is_some_and(|s| s.namespace == WSA);
        let action = match addressing {
            true => ADDRESSING_FAULT,
            false => SOAP_FAULT,
        };
        let endpoint = self.asked.and_then(|asked| {
            let wanted = asked.fault_to.as_ref();
            wanted.or(asked.reply_to.as_ref())
        });
        let headers: Vec<_> = fault.not_understood.iter().map(not_understood).collect();
        let body = fault.body();
        self.addressed(action, endpoint, &headers, &body).encode()
    }

    fn addressed<'m>(
        &'m self,
        action: &'m str,
        endpoint: Option<&'m Endpoint>,
        headers: &'m [Document],
        body: &'m Document,
    ) -> Outgoing<'m> {
        Outgoing {
            action,
            message_id: self.message_id,
            to: endpoint.map_or(ANONYMOUS, |to| to.address.as_str()),
            reply_to: None,
            relates_to: self.asked.and_then(|asked| asked.message_id.as_deref()),
            parameters: endpoint.map_or(&[], |to| to.parameters.as_slice()),
            headers,
            headers_first: false,
            body,
        }
    }
}

/// SOAP 1.2 part 1 §5.4.8: what was not understood is named in headers of the fault.
fn not_understood((uri, name): &(String, String)) -> Document {
    document(SOAP, "NotUnderstood", |start| {
        let start = start.declare(Namespace::new("h", uri));
        drop(start.attribute("qname", &format!("h:{name}")));
    })
}
