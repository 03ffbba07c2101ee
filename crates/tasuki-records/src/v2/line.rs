//! One segment being read, and the reader that keeps the problems.

use tasuki_model::{Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::hl7::{Field, Fields, Message, Segment};

use super::{Location, Problem, Staff, coded, quantity, short};
use crate::problem::{MISSING, TIME, UNREAD_SEGMENT};

/// How many problems are kept of one message.
const KEPT_PROBLEMS: usize = 100;

/// A message being read.
pub(crate) struct Reader<'s, 'm> {
    pub(crate) message: &'s Message<'m>,
    problems: Vec<Problem>,
}

impl<'s, 'm> Reader<'s, 'm> {
    pub(crate) const fn new(message: &'s Message<'m>) -> Self {
        Self {
            message,
            problems: Vec::new(),
        }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a problem in a field of a segment (`OBX(3)-14`); field 0 is the segment itself.
    pub(crate) fn note(&mut self, code: &'static str, segment: &Segment<'_>, field: usize) {
        if self.problems.len() >= KEPT_PROBLEMS {
            return;
        }
        let name = segment.name();
        let before = self.message.segments().iter().take(segment.index());
        let occurrence = before.filter(|other| other.name() == name).count() + 1;
        let all = self.message.body().all(name).count();
        let mut place = name.to_owned();
        if all > 1 {
            place.push_str(&format!("({occurrence})"));
        }
        if field > 0 {
            place.push_str(&format!("-{field}"));
        }
        self.problems.push(Problem {
            code: code.into(),
            place,
        });
    }

    /// Notes every segment that neither the kind reads nor is a copy of the patient's record.
    pub(crate) fn note_unread(&mut self, read: &[&str], copies: &[&str]) {
        let message = self.message;
        for segment in message.segments() {
            let name = segment.name();
            if ![read, copies, ENVELOPE]
                .iter()
                .any(|names| names.contains(&name))
            {
                self.note(UNREAD_SEGMENT, segment, 0);
            }
        }
    }

    /// The first segment of a name, ready to be read.
    pub(crate) fn first(&self, name: &str) -> Option<Line<'s, 'm>> {
        self.message.body().first(name).map(Line::new)
    }
}

/// Segments that every message may have and that say nothing of the kind's own matter.
const ENVELOPE: &[&str] = &["MSH", "SFT", "EVN", "PID", "PD1", "PV1", "PV2", "DSC"];

/// Segments in which a message repeats the patient's record. Their home is ADT-00, which reads them.
pub(crate) const RECORD_COPY: &[&str] = &[
    "NK1", "ROL", "DB1", "AL1", "GT1", "IN1", "IN2", "IN3", "DG1", "DRG", "ACC",
];

/// A segment whose fields have been found.
pub(crate) struct Line<'s, 'm> {
    pub(crate) segment: &'s Segment<'m>,
    fields: Fields<'m>,
}

impl<'s, 'm> Line<'s, 'm> {
    pub(crate) fn new(segment: &'s Segment<'m>) -> Self {
        Self {
            segment,
            fields: segment.fields(),
        }
    }

    pub(crate) fn field(&self, n: usize) -> Field<'m> {
        self.fields.get(n)
    }

    /// Field `n` up to its first delimiter.
    pub(crate) fn text(&self, n: usize) -> SmolStr {
        short(self.field(n).value())
    }

    /// Field `n` as one text, delimiters inside kept: for text that senders do not escape.
    pub(crate) fn whole(&self, n: usize) -> SmolStr {
        short(self.field(n).whole())
    }

    /// Field `n` as lines: the repetitions, each as one text.
    pub(crate) fn lines(&self, n: usize) -> String {
        if self.field(n).is_empty() {
            return String::new();
        }
        let lines: Vec<_> = self
            .field(n)
            .reps()
            .map(|rep| rep.whole().into_string())
            .collect();
        lines.join("\n")
    }

    pub(crate) fn coded(&self, n: usize) -> Coded {
        if self.field(n).is_empty() {
            return Coded::default();
        }
        coded(self.field(n).rep(0))
    }

    pub(crate) fn codeds(&self, n: usize) -> Vec<Coded> {
        self.field(n)
            .reps()
            .map(coded)
            .filter(|coded| !coded.is_empty())
            .collect()
    }

    pub(crate) fn staff(&self, n: usize) -> Option<Staff> {
        if self.field(n).is_empty() {
            return None;
        }
        Staff::of(self.field(n))
    }

    pub(crate) fn location(&self, n: usize) -> Option<Location> {
        Location::of(self.field(n))
    }

    /// A number in field `value` with the unit in field `unit`.
    pub(crate) fn quantity(&self, value: usize, unit: usize) -> Option<Quantity> {
        if self.field(value).is_empty() {
            return None;
        }
        quantity(self.field(value).value(), self.coded(unit))
    }

    /// The time in field `n`; a text that is none is noted.
    pub(crate) fn time(&self, n: usize, reader: &mut Reader<'_, '_>) -> Option<JstTime> {
        let text = self.field(n).value().text()?;
        let time = JstTime::parse_hl7(text.trim()).ok();
        if time.is_none() {
            reader.note(TIME, self.segment, n);
        }
        time
    }

    /// Notes field `n` if it is empty.
    pub(crate) fn need(&self, n: usize, reader: &mut Reader<'_, '_>) {
        if self.field(n).is_empty() {
            reader.note(MISSING, self.segment, n);
        }
    }
}
