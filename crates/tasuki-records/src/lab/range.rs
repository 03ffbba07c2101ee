//! Reference ranges (OBX-7) and results as numbers, for flags, bands and lines.
//!
//! A range stays the text of its source; it becomes numbers only where it can be read without doubt:
//! `3.7-5.5`, `<130`, `<=0.14`, `>=60`, `0.14以下`, `60以上`. What cannot be read draws no band.

use crate::sheet;
use crate::v2::{Observation, ObservedValue};
use crate::view::Flag;
use unicode_normalization::UnicodeNormalization;

/// A range as numbers; a side that is not limited is none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Band {
    /// Least normal value.
    pub low: Option<f64>,
    /// Greatest normal value.
    pub high: Option<f64>,
    /// The limit itself is outside (`<130`).
    pub open: bool,
}

impl Band {
    /// Reads OBX-7.
    #[must_use]
    pub fn parse(range: &str) -> Option<Self> {
        let text: String = range.nfkc().filter(|c| !c.is_whitespace()).collect();
        let upper = |high, open| Self {
            low: None,
            high: Some(high),
            open,
        };
        let lower = |low, open| Self {
            low: Some(low),
            high: None,
            open,
        };
        for (sign, open, above) in [
            ("<=", false, false),
            ("≦", false, false),
            ("≤", false, false),
            ("<", true, false),
            (">=", false, true),
            ("≧", false, true),
            ("≥", false, true),
            (">", true, true),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                let limit = number_of(rest)?;
                return Some(if above {
                    lower(limit, open)
                } else {
                    upper(limit, open)
                });
            }
        }
        for (words, open, above) in [
            ("以下", false, false),
            ("未満", true, false),
            ("以上", false, true),
        ] {
            if let Some(rest) = text.strip_suffix(words) {
                let limit = number_of(rest)?;
                return Some(if above {
                    lower(limit, open)
                } else {
                    upper(limit, open)
                });
            }
        }
        let (low, high) = parts(&text)?;
        (low <= high).then_some(Self {
            low: Some(low),
            high: Some(high),
            open: false,
        })
    }

    /// How a number stands to the range.
    #[must_use]
    pub fn judge(self, number: f64) -> Option<Flag> {
        let above = |high: f64| number > high || (self.open && number >= high);
        let below = |low: f64| number < low || (self.open && number <= low);
        if self.high.is_some_and(above) {
            return Some(Flag::High);
        }
        self.low.is_some_and(below).then_some(Flag::Low)
    }
}

/// `3.7-5.5`, `3.7~5.5`, `-2.0-2.0`: the divider is the first that does not begin the text.
fn parts(text: &str) -> Option<(f64, f64)> {
    let (at, divider) = text
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '-' | '~' | '〜' | '−' | '–'))?;
    let low = text.get(..at)?;
    let high = text.get(at + divider.len_utf8()..)?;
    Some((number_of(low)?, number_of(high)?))
}

/// A finite number in plain digits; `1e5`, `inf` and words are none.
fn number_of(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    text.parse().ok().filter(|n: &f64| plain && n.is_finite())
}

/// A result as a number. A limit of detection (`< 0.02`) counts as that limit, and `exact` is false;
/// words, grades and codes are no number.
#[must_use]
pub fn number(value: &ObservedValue) -> Option<(f64, bool)> {
    match value {
        ObservedValue::Number(digits) => Some((number_of(digits)?, true)),
        ObservedValue::Limit(_, digits) => Some((number_of(digits)?, false)),
        _ => None,
    }
}

/// The flag of a result: as its source sent it (OBX-8); where it sent none at all, by the result's own
/// range. A source that says normal (`N`) is believed.
#[must_use]
pub fn judgement(observation: &Observation) -> Option<Flag> {
    if !observation.flags.is_empty() {
        return sheet::flag(observation);
    }
    let (number, exact) = number(&observation.value)?;
    // `< 2` beside a range up to 5 says nothing of a side.
    if !exact {
        return None;
    }
    Band::parse(&observation.range)?.judge(number)
}
