//! Rules of the house that no compiler checks: layers, sizes, words.

pub mod layers;
pub mod sizes;
pub mod words;
