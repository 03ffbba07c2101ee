//! Power cuts and kills: after either, the reopened store holds exactly what was acknowledged.
//!
//! A child process works through a list of writes that follows from a seed, and notes each in a
//! file of its own when the store has acknowledged it.
//!
//! - *Kills* end it at a random moment. The page cache survives, so this tests the order of things
//!   inside the process and the database's own recovery.
//! - *Power cuts* run it once under `strace`, which records every call that reaches the disk. From
//!   the record a disk is put together as it may be after any of them: everything that was synced,
//!   and of what was not a random part, writes torn at sectors, names without their files. This
//!   tests that nothing is acknowledged before it is synced, by anyone: SQLite, the object folder,
//!   keys, segments. It does not test the kernel's file system or a disk that lies about syncs.

mod disk;
mod kills;
mod power;
mod trace;
mod work;

pub use kills::killed_processes_keep_what_they_acknowledged;
pub use power::power_cuts_keep_what_was_acknowledged;
