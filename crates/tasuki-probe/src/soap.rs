//! SOAP 1.2 with WS-Addressing: an envelope around a body that is text already, and the body of an
//! answer as text.

use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::{Connection, Response};
use crate::mime::{self, Part};
use crate::replies::Replies;
use crate::tree::{escape, first, parse, standalone};

/// Namespace of SOAP 1.2.
pub const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `wsa:Action`.
    pub action: String,
    /// The element in the body.
    pub body: String,
    /// Header blocks besides those of WS-Addressing.
    pub headers: String,
    /// Where the answer is to go, where that is not the connection.
    pub reply_to: Option<String>,
    /// The parts beside the envelope; nothing makes it a message without attachments.
    pub parts: Option<Vec<Part>>,
}

/// An answer taken apart.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status of HTTP.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// The element in the body, as a document of its own.
    pub body: String,
    /// Whether it is a fault.
    pub fault: bool,
    /// The parts beside the envelope.
    pub parts: Vec<Part>,
}

impl Request {
    /// The envelope, sent to an address.
    #[must_use]
    pub fn envelope(&self, to: &str, message_id: &str) -> String {
        let Self {
            action,
            body,
            headers,
            reply_to,
            ..
        } = self;
        let anonymous = format!("{ADDRESSING}/anonymous");
        let reply_to = escape(reply_to.as_deref().unwrap_or(&anonymous));
        let body = body
            .find("?>")
            .map_or(body.as_str(), |at| body.get(at + 2..).unwrap_or_default());
        format!(
            "<s:Envelope xmlns:s=\"{SOAP}\" xmlns:wsa=\"{ADDRESSING}\"><s:Header>\
             <wsa:Action s:mustUnderstand=\"true\">{}</wsa:Action>\
             <wsa:MessageID>{message_id}</wsa:MessageID><wsa:To>{}</wsa:To>\
             <wsa:ReplyTo><wsa:Address>{reply_to}</wsa:Address></wsa:ReplyTo>\
             {headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>",
            escape(action),
            escape(to),
        )
    }

    /// The `Content-Type` and bytes of a whole message.
    #[must_use]
    pub fn message(&self, to: &str, message_id: &str) -> (String, Vec<u8>) {
        let envelope = self.envelope(to, message_id);
        match &self.parts {
            Some(parts) => mime::write(&envelope, parts),
            None => {
                let action = &self.action;
                let kind = format!("application/soap+xml; charset=UTF-8; action=\"{action}\"");
                (kind, envelope.into_bytes())
            }
        }
    }
}

/// A message id that was never used.
#[must_use]
pub fn message_id() -> String {
    uuid::Uuid::new_v4().urn().to_string()
}

/// Asks, and takes the answer apart. An answer has to relate to the request and to be of SOAP 1.2.
///
/// # Errors
/// Where the connection breaks, or the answer is no SOAP or another request's.
pub fn ask(connection: &mut Connection, path: &str, to: &str, request: &Request) -> Done<Answer> {
    let id = message_id();
    let (content_type, bytes) = request.message(to, &id);
    let response = connection.post(path, &content_type, &bytes)?;
    apart(&response, &id)
}

/// Asks with the address of `replies` in `wsa:ReplyTo`: the connection is given a 202, and the answer
/// comes there.
///
/// # Errors
/// As [`ask`], and where the connection is given anything else.
pub fn ask_elsewhere(
    connection: &mut Connection,
    path: &str,
    to: &str,
    request: &Request,
    replies: &Replies,
) -> Done<Answer> {
    let id = message_id();
    let request = Request {
        reply_to: Some(replies.address.clone()),
        ..request.clone()
    };
    let (content_type, bytes) = request.message(to, &id);
    let response = connection.post(path, &content_type, &bytes)?;
    if response.status != 202 {
        fail!("{} on the connection, not 202", response.status);
    }
    apart(&replies.wait(&id)?, &id)
}

fn apart(response: &Response, id: &str) -> Done<Answer> {
    let (envelope, parts) = mime::read(&response.content_type, &response.body)?;
    let envelope = String::from_utf8(envelope).map_err(|e| Failure::io("answer", &e))?;
    let document = parse(&envelope)?;
    let root = document.root_element();
    if root.tag_name().namespace() != Some(SOAP) || root.tag_name().name() != "Envelope" {
        fail!("no SOAP 1.2: {}", root.tag_name().name());
    }
    let related = first(root, "Header").and_then(|header| first(header, "RelatesTo"));
    if related.and_then(|node| node.text()).map(str::trim) != Some(id) {
        fail!("the answer does not relate to the request");
    }
    let body = first(root, "Body").and_then(|body| body.first_element_child());
    let Some(body) = body else {
        fail!("an answer without a body")
    };
    Ok(Answer {
        status: response.status,
        content_type: response.content_type.clone(),
        body: standalone(&envelope, body),
        fault: body.tag_name().name() == "Fault",
        parts,
    })
}
