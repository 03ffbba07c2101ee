//! How records come in: import of SS-MIX2 storages, watching them, and quarantine.
//!
//! - [`import_ss_mix2`]: one pass over a storage, resumable, safe beside a running server.
//! - [`watch`]: the same, kept up: by file events, by the transaction storage, by polling.
//! - [`quarantine`]: what could not be taken in, with its bytes and the reason.
//!
//! The hospital's disk is opened read-only, links are never followed, and load on it is bounded.
//! Meaning comes from `tasuki-records`, grammar from `tasuki-wire`; rows are the store's business.
#![forbid(unsafe_code)]

mod batch;
mod budget;
mod change;
mod draft;
mod files;
mod group;
mod import;
mod listing;
mod parcel;
pub mod quarantine;
mod summary;
mod walk;
pub mod watch;

pub use import::{ImportOptions, Progress, import_ss_mix2};
pub use summary::Summary;
