//! A backup: one encrypted file of everything that a node keeps, taken while it runs, read
//! again from end to end before it counts; and the way back.
//!
//! - `archive`: the form of the file. - `take`: into it. - `restore`: out of it.
//! - `place`: the names that files have in it. - `rows`: a database of PostgreSQL as a file, and back.
//!
//! In it: configuration, database, large contents (sealed as they lie), copied-out audit segments, the
//! public halves of the audit keys; the same of the network's patient index where this node holds it.
//! Never in it: wrapping keys, private keys of any kind, passwords of others. Whoever has the file and
//! its key can read metadata and audit trail, and no content; who has the wrapping key too can read all.
//!
//! The database of a community on PostgreSQL is in it as a file of the other engine: one form, one check.

mod archive;
mod place;
mod restore;
mod rows;
mod server;
mod take;
#[cfg(test)]
mod tests;

pub use restore::restore;
pub use server::Loaded;
pub use take::take;

/// What a backup holds, or what was restored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files in it.
    pub files: u64,
    /// Large contents among them.
    pub objects: u64,
    /// Bytes of all, before sealing.
    pub bytes: u64,
}
