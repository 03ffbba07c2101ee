//! Clinical kinds, one folder each: decode from each source format, merge, view.
#![forbid(unsafe_code)]

pub mod view;
