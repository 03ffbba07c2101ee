//! A whole message: the header's delimiters and a vector of segments.

use super::{
    Delimiters, Group, Hl7Error, Limits, Path, Segment, Structure, StructureProblem, Value,
};

/// How many oddities are kept.
const KEPT_PROBLEMS: usize = 32;

/// A message, split into segments over a text that it borrows.
#[derive(Debug, Clone)]
pub struct Message<'m> {
    delimiters: Delimiters,
    segments: Vec<Segment<'m>>,
    problems: Vec<StructureProblem>,
}

/// MSH-9: what a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKind<'m> {
    /// MSH-9.1, such as `ADT`.
    pub code: &'m str,
    /// MSH-9.2, such as `A08`.
    pub trigger: &'m str,
    /// MSH-9.3, such as `ADT_A01`; may be empty.
    pub structure: &'m str,
}

impl<'m> Message<'m> {
    /// Splits a text into segments. Lines that are no segments are reported, not lost silently.
    pub fn parse(text: &'m str, limits: &Limits) -> Result<Self, Hl7Error> {
        let delimiters = Delimiters::of_header(text)?;
        if text.len() > limits.bytes.saturating_mul(3) {
            return Err(Hl7Error::TooLarge {
                bytes: text.len(),
                limit: limits.bytes,
            });
        }
        let mut message = Self {
            delimiters,
            segments: Vec::with_capacity(16),
            problems: Vec::new(),
        };
        let mut rest = text;
        let mut line_number = 0;
        while !rest.is_empty() {
            let end = memchr::memchr2(b'\r', b'\n', rest.as_bytes());
            let (line, tail) = rest
                .split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or((rest, ""));
            message.take_line(line, line_number, limits)?;
            if tail.starts_with('\n') || tail.starts_with("\r\n") {
                message.note_line_feed(line_number);
            }
            rest = tail
                .strip_prefix("\r\n")
                .or_else(|| tail.get(1..))
                .unwrap_or_default();
            line_number += 1;
        }
        Ok(message)
    }

    fn take_line(&mut self, line: &'m str, number: usize, limits: &Limits) -> Result<(), Hl7Error> {
        if line.bytes().all(|byte| matches!(byte, 0x1A | 0x1C | b' ')) {
            return Ok(()); // Blank, or the end mark of MLLP or of a DOS text file.
        }
        if !is_segment(line.as_bytes(), self.delimiters.field) {
            self.note(number, Structure::NotASegment);
            return Ok(());
        }
        if self.segments.len() >= limits.segments {
            return Err(Hl7Error::TooManySegments {
                limit: limits.segments,
            });
        }
        let index = u32::try_from(self.segments.len()).unwrap_or(u32::MAX);
        let segment = Segment::new(line, self.delimiters, index);
        // Counting is only worth its time where the length allows too many fields.
        if line.len() > limits.fields && segment.separators() > limits.fields {
            return Err(Hl7Error::TooManyFields {
                segment: segment.index(),
                name: segment.name().to_owned(),
                limit: limits.fields,
            });
        }
        if index > 0 && segment.name() == "MSH" {
            self.note(number, Structure::SecondHeader);
        }
        self.segments.push(segment);
        Ok(())
    }

    fn note_line_feed(&mut self, line: usize) {
        if !self
            .problems
            .iter()
            .any(|problem| problem.what == Structure::LineFeed)
        {
            self.note(line, Structure::LineFeed);
        }
    }

    fn note(&mut self, line: usize, what: Structure) {
        if self.problems.len() < KEPT_PROBLEMS {
            self.problems.push(StructureProblem { line, what });
        }
    }

    /// The delimiters of the header.
    pub const fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// What was odd; at most 32 are kept.
    pub fn problems(&self) -> &[StructureProblem] {
        &self.problems
    }

    /// All segments as one group.
    pub fn body(&self) -> Group<'_, 'm> {
        Group::new(&self.segments)
    }

    /// All segments in order; the first is MSH.
    pub fn segments(&self) -> &[Segment<'m>] {
        &self.segments
    }

    /// The first segment of a name.
    pub fn first(&self, name: &str) -> Option<&Segment<'m>> {
        self.body().first(name)
    }

    /// MSH-9.
    pub fn kind(&self) -> MessageKind<'m> {
        let field = self.segments.first().map(|header| header.field(9));
        let part = |n| field.map_or("", |field| field.comp(n).raw());
        MessageKind {
            code: part(1),
            trigger: part(2),
            structure: part(3),
        }
    }

    /// The value at a path such as `PID-3.1`. A path without component gives the whole repetition.
    pub fn get(&self, path: &str) -> Result<Value<'m>, Hl7Error> {
        Path::parse(path).map(|path| self.at(&path))
    }

    /// The value at a path that was read before.
    pub fn at(&self, path: &Path<'_>) -> Value<'m> {
        let Some(segment) = self
            .body()
            .all(path.segment)
            .nth(path.occurrence.saturating_sub(1))
        else {
            return Value::Empty;
        };
        let rep = segment
            .field(path.field)
            .rep(path.repetition.saturating_sub(1));
        match (path.component, path.subcomponent) {
            // MSH-1 and MSH-2 hold the delimiters themselves.
            (None, _) if path.segment == "MSH" && path.field <= 2 => {
                Value::Text(segment.field(path.field).raw().into())
            }
            (None, _) => rep.whole(),
            (Some(component), None) => rep.comp(component).value(),
            (Some(component), Some(sub)) => rep.comp(component).sub(sub),
        }
    }
}

fn is_segment(line: &[u8], separator: u8) -> bool {
    match *line {
        [a, b, c] => name(a, b, c),
        [a, b, c, next, ..] => name(a, b, c) && next == separator,
        _ => false,
    }
}

fn name(a: u8, b: u8, c: u8) -> bool {
    let mark = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    a.is_ascii_uppercase() && mark(b) && mark(c)
}
