//! Synthetic people and hospitals for the demo, the tests and the benchmarks.
//!
//! Everything is invented and everything follows from a seed: the same seed, count and release
//! write the same bytes. Nothing written here may serve as the oracle of a test of our own
//! decoders, because it comes from our own encoders.
#![forbid(unsafe_code)]

pub mod chaos;
pub mod chart;
pub mod clinical;
pub mod community;
pub mod corpus;
mod describe;
pub mod dice;
pub mod documents;
pub mod generate;
pub mod people;
pub mod second_set;
pub mod story;
