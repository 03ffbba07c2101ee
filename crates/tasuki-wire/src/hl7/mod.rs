//! HL7 v2.5 in its vertical-bar encoding, as JAHIS and SS-MIX2 write it (HL7 v2.5 chapter 2).
//!
//! Bytes become Unicode *before* anything is split, because the second byte of a kanji may equal a
//! delimiter. Then everything is a slice: a message is one vector of segments, and fields,
//! repetitions, components and subcomponents are found when asked for.
//!
//! ```
//! use tasuki_wire::hl7::{Limits, Text};
//! let bytes = b"MSH|^~\\&|HIS|1311234567|||20260601||ADT^A08^ADT_A01|1|P|2.5\rPID|1||12345^^^^PI\r";
//! let text = Text::decode(bytes, &Limits::default())?;
//! let message = text.parse(&Limits::default())?;
//! assert_eq!(message.get("PID-3.1")?.text().as_deref(), Some("12345"));
//! # Ok::<(), tasuki_wire::hl7::Hl7Error>(())
//! ```
//!
//! Not here: the XML encoding, and what a field means; MLLP framing is in [`crate::mllp`].

mod delimiters;
mod encode;
mod error;
mod escape;
mod field;
mod fields;
mod group;
mod message;
mod path;
pub mod people;
mod segment;
#[cfg(test)]
mod tests;
mod text;

pub use delimiters::Delimiters;
pub use encode::{Comp as CompValue, Field as FieldValue, MessageBuilder, Rep as RepValue};
pub use encode::{SegmentBuilder, Sub as SubValue, comps, reps, subs};
pub use error::{Hl7Error, Structure, StructureProblem};
pub use field::{Comp, Field, Rep, Value};
pub use fields::Fields;
pub use group::Group;
pub use message::{Message, MessageKind};
pub use path::Path;
pub use segment::Segment;
pub use text::Text;

/// What a message may cost us. Beyond any of these it is refused, not cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the message as it came. SS-MIX2 messages are 1–50 KB.
    pub bytes: usize,
    /// Segments.
    pub segments: usize,
    /// Fields in one segment. The largest of HL7 v2.5 (PV1, RXE, IN2 …) have fewer than 80.
    pub fields: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            segments: 50_000,
            fields: 1_000,
        }
    }
}
