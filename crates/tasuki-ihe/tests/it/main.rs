//! The transactions against a store: messages in, messages out, and what stands in the store and
//! the audit trail after.

// A test says what went wrong by failing where it did.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bad_input;
mod charsets;
mod demographics;
mod feeds;
mod gateway;
mod gathering;
mod merges;
mod nist;
mod notices;
mod ohie;
mod queries;
mod registry;
mod samples;
mod soap;
mod successes;
mod world;
