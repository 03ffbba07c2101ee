//! Paths in the standard's writing: `PID-3`, `PID-3.1`, `PID-5[2].1`, `OBX(3)-5.1.2`.
//!
//! Occurrences and repetitions count from 1 here, because people write them.

use super::Hl7Error;

/// A place in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Path<'p> {
    /// Segment name.
    pub segment: &'p str,
    /// Which segment of that name, from 1.
    pub occurrence: usize,
    /// Field, from 1.
    pub field: usize,
    /// Repetition, from 1.
    pub repetition: usize,
    /// Component, from 1; none means the whole repetition.
    pub component: Option<usize>,
    /// Subcomponent, from 1.
    pub subcomponent: Option<usize>,
}

impl<'p> Path<'p> {
    /// Reads a path.
    pub fn parse(text: &'p str) -> Result<Self, Hl7Error> {
        Self::read(text).ok_or_else(|| Hl7Error::Path {
            path: text.chars().take(64).collect(),
        })
    }

    fn read(text: &'p str) -> Option<Self> {
        let (head, tail) = text.split_once('-')?;
        let (segment, occurrence) = bracketed(head, '(', ')')?;
        let valid = segment.len() == 3 && segment.bytes().all(|b| b.is_ascii_alphanumeric());
        let mut parts = tail.split('.');
        let (field, repetition) = bracketed(parts.next()?, '[', ']')?;
        let component = parts
            .next()
            .map(number)
            .map_or(Some(None), |n| n.map(Some))?;
        let subcomponent = parts
            .next()
            .map(number)
            .map_or(Some(None), |n| n.map(Some))?;
        if !valid || parts.next().is_some() {
            return None;
        }
        let field = number(field)?;
        Some(Self {
            segment,
            occurrence,
            field,
            repetition,
            component,
            subcomponent,
        })
    }
}

fn bracketed(text: &str, open: char, close: char) -> Option<(&str, usize)> {
    match text.split_once(open) {
        None => Some((text, 1)),
        Some((before, inside)) => Some((before, number(inside.strip_suffix(close)?)?)),
    }
}

fn number(text: &str) -> Option<usize> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .filter(|&n| n > 0)
}
