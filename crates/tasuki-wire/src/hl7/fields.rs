//! The fields of one segment, found in one walk over it and kept on the stack.

use super::field::nth;
use super::{Delimiters, Field};

/// Enough for every segment of HL7 v2.5 that is read here (PV1 has 52 fields).
const KEPT: usize = 56;

/// Where each field of a segment ends.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'m> {
    line: &'m str,
    delimiters: Delimiters,
    /// 1 for MSH, whose first field is the separator itself.
    ahead: usize,
    found: usize,
    ends: [u32; KEPT],
}

impl<'m> Fields<'m> {
    pub(super) fn new(line: &'m str, delimiters: Delimiters, header: bool) -> Self {
        let mut fields = Self {
            line,
            delimiters,
            ahead: usize::from(header),
            found: 0,
            ends: [0; KEPT],
        };
        // A plain walk: separators are so dense that a vector search would stop at every step.
        for (at, &byte) in line.as_bytes().iter().enumerate() {
            if byte != delimiters.field {
                continue;
            }
            let Some(slot) = fields.ends.get_mut(fields.found) else {
                return fields;
            };
            *slot = u32::try_from(at).unwrap_or(u32::MAX);
            fields.found += 1;
        }
        if let Some(slot) = fields.ends.get_mut(fields.found) {
            *slot = u32::try_from(line.len()).unwrap_or(u32::MAX);
            fields.found += 1;
        }
        fields
    }

    /// The `n`-th field in the standard's counting, from 1.
    #[inline]
    pub fn get(&self, n: usize) -> Field<'m> {
        Field::new(self.raw(n), self.delimiters)
    }

    fn raw(&self, n: usize) -> &'m str {
        if n == 1 && self.ahead == 1 {
            return self.line.get(3..4).unwrap_or_default();
        }
        // Part 0 is the segment name.
        let Some(part) = n.checked_sub(self.ahead).filter(|&part| part > 0) else {
            return "";
        };
        if part >= self.found {
            return if self.found < KEPT {
                ""
            } else {
                nth(self.line, self.delimiters.field, part)
            };
        }
        match (self.ends.get(part - 1), self.ends.get(part)) {
            (Some(&before), Some(&end)) => self
                .line
                .get(before as usize + 1..end as usize)
                .unwrap_or_default(),
            _ => "",
        }
    }
}
