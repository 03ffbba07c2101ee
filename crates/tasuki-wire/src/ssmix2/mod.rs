//! SS-MIX2 storages: what stands in paths and names, transaction files and index rows
//! (SS-MIX2 標準化ストレージ and 拡張ストレージ 構成の説明と構築ガイドライン Ver.1.2g–1.2i).
//!
//! ```text
//! standardized  <root>/999/901/9999013/20110701/OMP-01/9999013_20110701_OMP-01_000…185_20110701224603984_01_1
//! extended      <root>/012/345/0123456789/20160101/<kind folder>/<content folder>/<main file and others>
//! transactions  <root>/2026/TR_20260713090000000_00001.DAT
//! ```
//!
//! Reading is lenient where real systems are known to differ (times of 14 to 17 digits, missing
//! department, a flag that is not 0, 1 or 2) and strict where leniency could put one person's data
//! under another: folders and name must agree on patient, day and kind.
//!
//! Only texts are read here. Which files exist, and what is in them, is for the feeds.

mod error;
mod extended;
mod flag;
mod index;
mod kinds;
mod name;
mod path;
mod root;
#[cfg(test)]
mod tests;
mod transaction;
mod values;

pub use error::{Part, SsmixError};
pub use extended::{ContentName, ExtendedPath, KindFolder};
pub use flag::ConditionFlag;
pub use index::{IndexRow, Volume};
pub use kinds::{DataKind, OUTPUTS, Output, Phase};
pub use name::StandardName;
pub use path::{StandardPath, StoragePath, folders};
pub use root::{RootName, root_name};
pub use transaction::{Operation, Transaction, TransactionFileName, header_line, transactions};
pub use values::sent_time;

/// The key where there is no order: nine, fifteen times.
pub const NO_ORDER: &str = "999999999999999";

/// The longest path below the root that is read. The index table allows 260 + 260 characters.
pub const PATH_BYTES_MAX: usize = 2048;
