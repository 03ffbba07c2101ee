//! How a value was measured: unit, method and kind of result. Values that differ in one of them may
//! share a row, and never a line.

use super::item::{jlac10, own_result};
use crate::merge::normal_name;
use crate::v2::Observation;
use tasuki_model::SmolStr;

/// How a value was measured: values that differ here are never joined by a stroke.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Measure {
    /// The unit in level writing; empty where none was sent.
    pub unit: String,
    /// JLAC10 digits 13–15; else OBX-17 as sent; empty where none was sent.
    pub method: SmolStr,
    /// JLAC10 digits 16–17: kind of result; empty where not sent, or the item's own.
    pub kind: SmolStr,
}

impl Measure {
    /// The measure of a result.
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        let code = jlac10(&observation.item).unwrap_or_default();
        let sent = || observation.method.display().into();
        let digits = |from: usize, to: usize| code.get(from..to).map(SmolStr::from);
        Self {
            unit: unit_name(observation.unit.display()),
            method: digits(12, 15).unwrap_or_else(sent),
            kind: digits(15, 17)
                .filter(|_| own_result(code).is_none())
                .unwrap_or_default(),
        }
    }
}

/// A unit in level writing: `10³/μL`, `10*3/uL` and `10^3/µL` are one.
fn unit_name(unit: &str) -> String {
    let mut plain = String::with_capacity(unit.len());
    for c in unit.chars() {
        match c {
            '²' => plain.push_str("^2"),
            '³' => plain.push_str("^3"),
            '⁴' => plain.push_str("^4"),
            '⁶' => plain.push_str("^6"),
            '*' => plain.push('^'),
            c => plain.push(c),
        }
    }
    normal_name(&plain)
}
