//! Identity: 名寄せ.

pub mod normalise;
