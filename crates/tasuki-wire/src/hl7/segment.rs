//! One segment: a name and fields.

use super::field::nth;
use super::{Delimiters, Field, Fields};

/// A segment of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'m> {
    line: &'m str,
    delimiters: Delimiters,
    index: u32,
}

impl<'m> Segment<'m> {
    pub(super) const fn new(line: &'m str, delimiters: Delimiters, index: u32) -> Self {
        Self {
            line,
            delimiters,
            index,
        }
    }

    /// The three-letter name.
    pub fn name(&self) -> &'m str {
        self.line.get(..3).unwrap_or_default()
    }

    /// Place among the message's segments; MSH is 0.
    pub const fn index(&self) -> usize {
        self.index as usize
    }

    /// The segment as sent, without its end.
    pub const fn raw(&self) -> &'m str {
        self.line
    }

    /// The `n`-th field in the standard's counting. In MSH the separator itself is field 1.
    pub fn field(&self, n: usize) -> Field<'m> {
        let raw = match (self.is_header(), n) {
            (_, 0) => "",
            (true, 1) => self.line.get(3..4).unwrap_or_default(),
            (true, n) => nth(self.line, self.delimiters.field, n - 1),
            (false, n) => nth(self.line, self.delimiters.field, n),
        };
        Field::new(raw, self.delimiters)
    }

    /// All fields found in one walk; cheaper than [`Self::field`] from the third field on.
    pub fn fields(&self) -> Fields<'m> {
        Fields::new(self.line, self.delimiters, self.is_header())
    }

    fn is_header(&self) -> bool {
        self.line.starts_with("MSH")
    }

    /// How many separators it has.
    pub(super) fn separators(&self) -> usize {
        memchr::memchr_iter(self.delimiters.field, self.line.as_bytes()).count()
    }
}
