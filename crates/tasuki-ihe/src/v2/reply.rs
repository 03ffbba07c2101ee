//! The beginning of every reply: MSH and MSA, and the character set in which it goes back.

use super::{Header, Problem};
use tasuki_model::Instant;
use tasuki_wire::charset::{Charset, Declaration, declared_in};
use tasuki_wire::hl7::{FieldValue, Hl7Error, MessageBuilder, comps};

/// The character set of an answer: that of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplyCharset {
    /// Declared, or configured for the peer.
    Given(Charset),
    /// Nothing was declared: ASCII while that is enough, else JIS, which is what a Japanese
    /// receiver expects.
    AsNeeded,
}

impl ReplyCharset {
    pub fn of(bytes: &[u8], configured: Option<Charset>) -> Self {
        match (declared_in(bytes), configured) {
            (Declaration::Known(charset), _) | (Declaration::Absent, Some(charset)) => {
                Self::Given(charset)
            }
            _ => Self::AsNeeded,
        }
    }

    /// Whether Japanese can be said in it.
    pub fn has_japanese(self) -> bool {
        matches!(
            self,
            Self::Given(Charset::Iso2022 | Charset::ShiftJis | Charset::Utf8)
        )
    }

    /// Whether a text can be said without loss.
    pub fn says(self, text: &str) -> bool {
        match self {
            Self::Given(charset) => text.is_ascii() || charset.encode(text).problems.losses() == 0,
            Self::AsNeeded => true,
        }
    }

    pub fn encode(self, message: &MessageBuilder) -> Result<Vec<u8>, Hl7Error> {
        match self {
            Self::Given(charset) => Ok(message.encode(charset)?.bytes),
            Self::AsNeeded => {
                let ascii = message.encode(Charset::Ascii)?;
                if ascii.problems.losses() == 0 {
                    return Ok(ascii.bytes);
                }
                Ok(message.encode(Charset::Iso2022)?.bytes)
            }
        }
    }
}

/// What every reply to one message begins with.
#[derive(Debug, Clone)]
pub(crate) struct Reply<'a> {
    pub header: &'a Header,
    /// Our names, where the message did not address us by one.
    pub own: [&'a str; 2],
    pub now: Instant,
    /// MSH-10 of the reply.
    pub control_id: String,
    pub charset: ReplyCharset,
}

impl Reply<'_> {
    /// MSH, MSA and one ERR for each problem. `kind` is MSH-9.
    pub fn begin(&self, kind: [&str; 3], code: &str, problems: &[Problem]) -> MessageBuilder {
        let header = self.header;
        let mut message = MessageBuilder::new();
        let named = |said: &FieldValue, own: &str| {
            if *said == FieldValue::default() || *said == FieldValue::from("") {
                FieldValue::from(own)
            } else {
                said.clone()
            }
        };
        let [to_application, to_facility] = &header.sender;
        let [application, facility] = &header.receiver;
        let [own_application, own_facility] = self.own;
        message
            .header()
            .set(3, named(application, own_application))
            .set(4, named(facility, own_facility))
            .set(5, to_application.clone())
            .set(6, to_facility.clone())
            .set(7, self.now.in_jst().text())
            .set(9, comps(kind))
            .set(10, self.control_id.as_str())
            .set(11, header.processing.clone())
            .set(12, header.version.as_str());
        let acknowledged = match header.control_id.as_str() {
            // MSA-2 is required even where the message had no id of its own.
            "" => "UNKNOWN",
            id => id,
        };
        let msa = message.segment("MSA");
        msa.set(1, code).set(2, acknowledged);
        if let (Some(problem), false) = (problems.first(), header.has_new_err()) {
            msa.set(
                3,
                format!("{} {}", problem.code.id(), problem.code.outside_en()),
            );
        }
        for problem in problems {
            let japanese = self.charset.has_japanese();
            problem.fill(message.segment("ERR"), header, japanese);
        }
        message
    }

    /// A general acknowledgement (HL7 v2.5 §2.14.1).
    pub fn acknowledge(&self, code: &str, problems: &[Problem]) -> MessageBuilder {
        self.begin(["ACK", &self.header.trigger, "ACK"], code, problems)
    }
}
