//! MSH as a transaction needs it (HL7 v2.5 §2.15.9).

use super::{Place, Problem};
use tasuki_core::Code;
use tasuki_wire::hl7::{Field, FieldValue, Message};

/// The header of a message that came.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// MSH-3 and MSH-4: the sender.
    pub sender: [FieldValue; 2],
    /// The first components of them: what the audit trail calls the sender.
    pub sender_names: [String; 2],
    /// MSH-5 and MSH-6: as whom it addresses us.
    pub receiver: [FieldValue; 2],
    /// MSH-7.
    pub time: String,
    /// MSH-9.1.
    pub code: String,
    /// MSH-9.2.
    pub trigger: String,
    /// MSH-10, bounded.
    pub control_id: String,
    /// MSH-11.
    pub processing: FieldValue,
    /// MSH-12.1.
    pub version: String,
}

/// The versions that are read. ITI-8 is HL7 v2.3.1 in older releases of the framework; newer
/// versions keep what these transactions use.
const VERSIONS: &[&str] = &[
    "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2",
];

/// No message control id is longer than 199 characters in any version (HL7 v2.7); we echo no more.
const CONTROL_ID_MAX: usize = 199;

impl Header {
    pub fn of(message: &Message<'_>) -> Self {
        let header = message.segments().first();
        let field =
            |n| header.map_or_else(FieldValue::default, |h| FieldValue::copy_of(h.field(n)));
        let text = |n| header.map_or_else(String::new, |h| h.field(n).value().into_string());
        let name =
            |n| header.map_or_else(String::new, |h| h.field(n).comp(1).value().into_string());
        let kind = message.kind();
        Self {
            sender: [field(3), field(4)],
            sender_names: [name(3), name(4)],
            receiver: [field(5), field(6)],
            time: text(7),
            code: kind.code.to_owned(),
            trigger: kind.trigger.to_owned(),
            control_id: text(10).chars().take(CONTROL_ID_MAX).collect(),
            processing: field(11),
            version: text(12).trim().to_owned(),
        }
    }

    /// A header of which nothing could be read.
    pub fn unreadable() -> Self {
        Self {
            sender: Default::default(),
            sender_names: Default::default(),
            receiver: Default::default(),
            time: String::new(),
            code: String::new(),
            trigger: String::new(),
            control_id: String::new(),
            processing: "P".into(),
            version: "2.5".to_owned(),
        }
    }

    /// MSH-3 and MSH-4 of a message, for verifying its sender.
    pub fn sender_fields<'m>(message: &Message<'m>) -> Option<[Field<'m>; 2]> {
        let header = message.segments().first()?;
        Some([header.field(3), header.field(4)])
    }

    /// What has to be there before a transaction is even looked for.
    pub fn check(&self) -> Result<(), Problem> {
        if self.control_id.is_empty() {
            let place = Place::field("MSH", 10);
            return Err(Problem::error(Code::Hl7FieldMissing, place));
        }
        if !VERSIONS.contains(&self.version.as_str()) {
            let place = Place::field("MSH", 12);
            return Err(Problem::error(Code::Hl7VersionNotOffered, place));
        }
        Ok(())
    }

    /// Whether ERR has the fields of HL7 v2.5.
    pub fn has_new_err(&self) -> bool {
        !matches!(self.version.as_str(), "2.3.1" | "2.4")
    }
}
