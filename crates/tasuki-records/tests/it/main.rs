//! Real messages: the shared samples, file by file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod flat;
mod intake;
mod kinds;
mod nho;
