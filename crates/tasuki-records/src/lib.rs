//! Clinical kinds, one folder each: decode, merge, view
#![forbid(unsafe_code)]
