//! Message addressing properties (WS-Addressing core §3, SOAP binding §2 and §3).

use super::{ANONYMOUS, NONE, SOAP, SoapError, WSA};
use crate::xml::Element;

/// Characters of an address or an id. A URI beyond this is nobody's.
const TEXT_MAX: usize = 2_048;
/// Reference parameters of an endpoint.
const PARAMETERS_MAX: usize = 16;

/// An endpoint reference: where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `wsa:Address`.
    pub address: String,
    /// Elements that come back as headers of what is sent there.
    pub parameters: Vec<Element>,
}

impl Endpoint {
    /// Whether answers go on the connection of the request.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.address == ANONYMOUS
    }

    /// Whether answers are not wanted.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.address == NONE
    }
}

/// What a message says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressing {
    /// `wsa:Action`: what is asked for. Never empty.
    pub action: String,
    /// `wsa:MessageID`.
    pub message_id: Option<String>,
    /// `wsa:To`.
    pub to: Option<String>,
    /// `wsa:RelatesTo` of the kind *reply*: what this answers.
    pub relates_to: Vec<String>,
    /// `wsa:ReplyTo`; absent means anonymous.
    pub reply_to: Option<Endpoint>,
    /// `wsa:FaultTo`; absent means as `reply_to`.
    pub fault_to: Option<Endpoint>,
}

impl Addressing {
    /// Takes one header block, if it is one of addressing.
    pub(super) fn take(&mut self, block: &Element) -> Result<(), SoapError> {
        match &*block.name {
            "Action" if self.action.is_empty() => self.action = text(block, "Action")?,
            "Action" => return Err(twice("Action")),
            "MessageID" => once(&mut self.message_id, text(block, "MessageID")?, "MessageID")?,
            "To" => once(&mut self.to, text(block, "To")?, "To")?,
            "RelatesTo" => {
                let kind = block.attribute("RelationshipType");
                if kind.is_none_or(|kind| kind.trim().ends_with("/addressing/reply")) {
                    self.relates_to.push(text(block, "RelatesTo")?);
                }
            }
            "ReplyTo" => once(&mut self.reply_to, endpoint(block, "ReplyTo")?, "ReplyTo")?,
            "FaultTo" => once(&mut self.fault_to, endpoint(block, "FaultTo")?, "FaultTo")?,
            // wsa:From says nothing that a certificate does not say better.
            _ => {}
        }
        Ok(())
    }

    /// Where an answer goes; nothing for the connection of the request.
    #[must_use]
    pub fn reply_elsewhere(&self) -> Option<&Endpoint> {
        let endpoint = self.reply_to.as_ref();
        endpoint.filter(|endpoint| !endpoint.is_anonymous())
    }

    /// Where a fault goes; nothing for the connection of the request.
    #[must_use]
    pub fn fault_elsewhere(&self) -> Option<&Endpoint> {
        let endpoint = self.fault_to.as_ref().or(self.reply_to.as_ref());
        endpoint.filter(|endpoint| !endpoint.is_anonymous())
    }
}

const fn twice(header: &'static str) -> SoapError {
    let what = "stands there twice";
    SoapError::AddressingInvalid { header, what }
}

fn once<T>(place: &mut Option<T>, value: T, header: &'static str) -> Result<(), SoapError> {
    match place.replace(value) {
        Some(_) => Err(twice(header)),
        None => Ok(()),
    }
}

fn text(element: &Element, header: &'static str) -> Result<String, SoapError> {
    let text = element.text();
    // Pretty printers put white space around addresses.
    let text = text.trim();
    if element.elements().next().is_some() || text.is_empty() || text.len() > TEXT_MAX {
        let what = "not a URI of at most 2048 characters";
        return Err(SoapError::AddressingInvalid { header, what });
    }
    Ok(text.to_owned())
}

fn endpoint(block: &Element, header: &'static str) -> Result<Endpoint, SoapError> {
    let mut addresses = block.all("Address");
    let what = "not exactly one wsa:Address";
    let wrong = SoapError::AddressingInvalid { header, what };
    let (Some(address), None) = (addresses.next(), addresses.next()) else {
        return Err(wrong);
    };
    let parameters = block.first("ReferenceParameters");
    let parameters: Vec<_> = parameters.iter().flat_map(|p| p.elements()).collect();
    // They come back as headers, and must not pass for headers of ours, nor say how a header is to
    // be understood.
    let envelope = [WSA.uri, SOAP.uri];
    let plain = |e: &&Element| {
        let attributes = e.attributes.iter();
        attributes
            .into_iter()
            .all(|a| !envelope.contains(&&*a.namespace))
    };
    let foreign =
        |e: &&Element| !e.namespace.is_empty() && !envelope.contains(&&*e.namespace) && plain(e);
    if parameters.len() > PARAMETERS_MAX || !parameters.iter().all(foreign) {
        let what = "reference parameters: more than 16, or not only of a namespace of their own";
        return Err(SoapError::AddressingInvalid { header, what });
    }
    Ok(Endpoint {
        address: text(address, header)?,
        parameters: parameters.into_iter().cloned().collect(),
    })
}

/// Whether an element is a header of addressing.
pub(super) fn is_addressing(element: &Element) -> bool {
    *element.namespace == *WSA.uri
}
