//! The portal: pages, sign-in, security headers, message catalogue
#![forbid(unsafe_code)]

pub mod assets;
pub mod words;
