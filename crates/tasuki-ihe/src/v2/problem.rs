//! What is wrong with a message, where, and how that is said: the one mapping of codes to
//! acknowledgement codes (HL7 table 0008) and error conditions (HL7 table 0357).

use super::Header;
use tasuki_core::Code;
use tasuki_core::fault::Category;
use tasuki_wire::hl7::{CompValue, RepValue, SegmentBuilder, comps, subs};

/// ERL: where in a message (HL7 v2.5 §2.A.28). Zero for "not said".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    segment: &'static str,
    field: usize,
    repetition: usize,
    component: usize,
}

impl Place {
    /// A whole segment, the first of its name.
    #[must_use]
    pub const fn segment(segment: &'static str) -> Self {
        Self::field(segment, 0)
    }

    /// A field.
    #[must_use]
    pub const fn field(segment: &'static str, field: usize) -> Self {
        Self {
            segment,
            field,
            repetition: 0,
            component: 0,
        }
    }

    /// A repetition of this field, from 1.
    #[must_use]
    pub const fn repetition(self, repetition: usize) -> Self {
        Self { repetition, ..self }
    }

    /// A component of this repetition.
    #[must_use]
    pub const fn component(self, component: usize) -> Self {
        Self { component, ..self }
    }

    /// The segment; the element, for what did not come in one.
    pub(crate) const fn name(self) -> &'static str {
        self.segment
    }

    fn erl(self) -> RepValue {
        let rest = [self.field, self.repetition, self.component];
        let said = rest.iter().rposition(|n| *n > 0).map_or(0, |at| at + 1);
        let mut parts = vec![self.segment.to_owned(), "1".to_owned()];
        for n in rest.iter().take(said) {
            // A component without repetition is one of the first.
            parts.push(n.max(&1).to_string());
        }
        comps(parts)
    }
}

/// Whether what was asked for was done (HL7 table 0516).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It was not.
    Error,
    /// It was, but something was left out.
    Warning,
}

/// One thing that is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
}

impl Problem {
    /// What keeps a message from being acted on.
    #[must_use]
    pub const fn error(code: Code, place: Place) -> Self {
        Self {
            code,
            place,
            severity: Severity::Error,
        }
    }

    /// The same thing, where the rest of the message could be acted on.
    #[must_use]
    pub const fn as_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// `AE`, or `AR` for what no change of the content would help (HL7 v2.5 §2.9.2.2).
    pub(crate) fn acknowledgement(self) -> &'static str {
        match self.code {
            Code::UnknownSender | Code::MessageNotOffered | Code::Hl7VersionNotOffered => "AR",
            _ => "AE",
        }
    }

    /// HL7 table 0357.
    pub(crate) fn condition(self) -> (&'static str, &'static str) {
        match self.code {
            Code::Hl7FieldMissing if self.place.field == 0 => ("100", "Segment sequence error"),
            Code::Hl7FieldMissing => ("101", "Required field missing"),
            Code::Hl7FieldWrong => ("102", "Data type error"),
            Code::MessageNotOffered if self.place.component == 2 => {
                ("201", "Unsupported event code")
            }
            Code::MessageNotOffered => ("200", "Unsupported message type"),
            Code::Hl7VersionNotOffered => ("203", "Unsupported version id"),
            Code::UnknownAuthority | Code::UnknownPatientId => ("204", "Unknown key identifier"),
            Code::NumberReused | Code::TwoPatientIds => ("205", "Duplicate key identifier"),
            code if code.category() == Category::Busy => ("206", "Application record locked"),
            _ => ("207", "Application internal error"),
        }
    }

    /// Fills an ERR segment. `japanese` says whether the receiver can read it.
    pub(crate) fn fill(self, err: &mut SegmentBuilder, header: &Header, japanese: bool) {
        let (number, text) = self.condition();
        if !header.has_new_err() {
            // ELD of HL7 v2.3.1: segment, sequence, field, code.
            let RepValue(mut parts) = self.place.erl();
            parts.truncate(3);
            parts.resize_with(3, CompValue::default);
            parts.push(subs([number, text, "HL70357"]));
            err.set(1, RepValue(parts));
            return;
        }
        let words = if japanese {
            self.code.outside_ja()
        } else {
            self.code.outside_en()
        };
        let severity = match self.severity {
            Severity::Error => "E",
            Severity::Warning => "W",
        };
        err.set(2, self.place.erl())
            .set(3, comps([number, text, "HL70357"]))
            .set(4, severity)
            .set(5, comps([self.code.id(), self.code.outside_en(), "L"]))
            .set(8, words);
    }
}
