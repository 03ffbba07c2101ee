//! Feeds on a real store and real folders.

// A test says what went wrong by failing where it did.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bad_input;
mod flags;
mod hospital;
mod nho;
mod quarantine;
mod resume;
mod watching;
