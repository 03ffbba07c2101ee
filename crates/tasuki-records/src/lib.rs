//! Clinical kinds, one folder each: decode from each source format, merge, view.
#![forbid(unsafe_code)]

pub mod kinds;
mod read;
pub mod view;

pub use read::{Read, original_text, read};
