//! Faults (SOAP 1.2 part 1 §5.4), with our stable code in the detail.

use super::{SOAP, WSA};
use crate::xml::{Document, Element, Namespace, Writer, document};

/// The namespace of our detail.
const DETAIL: Namespace<'static> = Namespace::new("t", "urn:tasuki:fault:1");
const XML: Namespace<'static> = Namespace::new("xml", "http://www.w3.org/XML/1998/namespace");

/// Whose fault it is (§5.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// Another version of SOAP.
    VersionMismatch,
    /// A header block that has to be understood and is not.
    MustUnderstand,
    /// An encoding that is not understood.
    DataEncodingUnknown,
    /// The message is wrong, or not allowed.
    Sender,
    /// The message may be right; later it can succeed.
    Receiver,
}

impl FaultCode {
    /// Every code.
    pub const ALL: [Self; 5] = [
        Self::VersionMismatch,
        Self::MustUnderstand,
        Self::DataEncodingUnknown,
        Self::Sender,
        Self::Receiver,
    ];

    /// Its local name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
            Self::DataEncodingUnknown => "DataEncodingUnknown",
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// A finer code in a namespace of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subcode {
    /// Its namespace.
    pub namespace: Namespace<'static>,
    /// Its local name.
    pub name: &'static str,
}

impl Subcode {
    /// One that WS-Addressing defines (SOAP binding §6.4).
    #[must_use]
    pub const fn addressing(name: &'static str) -> Self {
        Self {
            namespace: WSA,
            name,
        }
    }
}

/// What we say beside the code of the standard: enough to mend the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, such as `SOP-004`.
    pub code: String,
    /// Where in the message, for whoever wrote it. Holds no patient data.
    pub place: String,
    /// What to change: language and text.
    pub advice: Vec<(String, String)>,
}

/// A fault, to be written or as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose fault.
    pub code: FaultCode,
    /// Local names of the subcodes, outer first; what is written is [`Fault::subcode`].
    pub subcodes: Vec<String>,
    /// The subcode to write.
    pub subcode: Option<Subcode>,
    /// Reasons: language and text. At least one.
    pub reasons: Vec<(String, String)>,
    /// Our detail, where it is one of ours.
    pub problem: Option<Problem>,
    /// Names of header blocks that were not understood (namespace, local name).
    pub not_understood: Vec<(String, String)>,
}

impl Fault {
    /// A fault to be written.
    #[must_use]
    pub fn new(code: FaultCode, reasons: Vec<(String, String)>, problem: Problem) -> Self {
        Self {
            code,
            subcodes: Vec::new(),
            subcode: None,
            reasons,
            problem: Some(problem),
            not_understood: Vec::new(),
        }
    }

    /// The body element.
    #[must_use]
    pub fn body(&self) -> Document {
        document(SOAP, "Fault", |fault| {
            fault.content(|w| {
                w.element(SOAP, "Code").content(|w| {
                    let value = format!("{}:{}", SOAP.prefix, self.code.name());
                    w.element(SOAP, "Value").text(&value);
                    if let Some(subcode) = self.subcode {
                        w.element(SOAP, "Subcode").content(|w| {
                            let value = format!("{}:{}", subcode.namespace.prefix, subcode.name);
                            let start = w.element(SOAP, "Value").declare(subcode.namespace);
                            start.text(&value);
                        });
                    }
                });
                w.element(SOAP, "Reason")
                    .content(|w| texts(w, SOAP, "Text", &self.reasons));
                if let Some(problem) = &self.problem {
                    w.element(SOAP, "Detail").content(|w| detail(w, problem));
                }
            });
        })
    }

    /// Reads a body element, if it is a fault.
    pub(super) fn read(body: &Element) -> Option<Self> {
        if *body.name != *"Fault" || *body.namespace != *SOAP.uri {
            return None;
        }
        let mut subcodes = Vec::new();
        let outer = body.first("Code");
        let mut inner = outer.and_then(|code| code.first("Subcode"));
        while let Some(subcode) = inner {
            subcodes.extend(subcode.first("Value").map(local));
            inner = subcode.first("Subcode");
        }
        let named = outer.and_then(|code| code.first("Value")).map(local);
        let code = FaultCode::ALL
            .into_iter()
            .find(|code| named.as_deref() == Some(code.name()));
        let reasons = body.first("Reason");
        let detail = body.first("Detail");
        Some(Self {
            // A fault without a code we know is still a fault, and not ours to judge.
            code: code.unwrap_or(FaultCode::Receiver),
            subcodes,
            subcode: None,
            reasons: reasons.map_or_else(Vec::new, |r| languages(r, "Text")),
            problem: detail
                .and_then(|d| d.elements().find(|e| *e.namespace == *DETAIL.uri))
                .map(problem),
            not_understood: Vec::new(),
        })
    }
}

fn detail(writer: &mut Writer, problem: &Problem) {
    let place = Some(problem.place.as_str()).filter(|place| !place.is_empty());
    writer
        .element(DETAIL, "Problem")
        .attribute("code", &problem.code)
        .attribute_if("place", place)
        .content(|w| texts(w, DETAIL, "Advice", &problem.advice));
}

fn texts(writer: &mut Writer, space: Namespace<'_>, name: &str, texts: &[(String, String)]) {
    for (language, text) in texts {
        let start = writer.element(space, name);
        start.qualified(XML, "lang", language).text(text);
    }
}

fn problem(element: &Element) -> Problem {
    let attribute = |name| element.attribute(name).unwrap_or_default().to_owned();
    Problem {
        code: attribute("code"),
        place: attribute("place"),
        advice: languages(element, "Advice"),
    }
}

fn languages(element: &Element, name: &str) -> Vec<(String, String)> {
    let texts = element.all(name);
    let pairs = texts.map(|text| {
        let language = text.attributes.iter().find(|a| *a.name == *"lang");
        let language = language.map_or_else(String::new, |a| a.value.clone());
        (language, text.text().trim().to_owned())
    });
    pairs.collect()
}

fn local(element: &Element) -> String {
    let text = element.text();
    let text = text.trim();
    text.rsplit_once(':')
        .map_or(text, |(_, name)| name)
        .to_owned()
}
