//! The ports of the core on a database and an object store.
//!
//! [`open`] gives an `Arc<dyn Store>`; everything else here is how it is kept:
//!
//! - `engine`: SQLite (default) and PostgreSQL behind `$1` placeholders and four value types; one
//!   writing connection a process with group commit, a pool of readers.
//! - `schema`: forward-only numbered migrations.
//! - `tx`: the ports on one transaction: registry, repository, registrations, feeds, access, audit.
//! - `seal`: AES-256-GCM over contents; `objects`: where large ones lie; `spool`: large ones
//!   as they come and leave, piece by piece.
//! - `audit`: signing the streams, copying segments out, verifying; `audit_spool`: where events of
//!   emergencies wait while the trail is away.
//! - [`backup`]: into one encrypted file while the node runs, and back.
//!
//! What it does not do: decide who may see anything (that is the core's policy), or know HTTP,
//! HL7 or XML. Metadata, indexes and the audit trail are not encrypted here: SECURITY.md requires
//! disk encryption beside it.
#![forbid(unsafe_code)]

mod audit;
mod audit_spool;
pub mod backup;
mod disk;
mod engine;
mod objects;
mod open;
mod schema;
mod seal;
mod search;
mod spool;
mod store;
mod tx;

pub use audit_spool::AuditSpool;
pub use open::{Database, StoreConfig, open, rotate_keys};
pub use schema::SCHEMA_VERSION;
pub use seal::KeyFolder;
pub use search::normalise_search;
