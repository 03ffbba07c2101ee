//! Why a path or name is not one of SS-MIX2.

use std::fmt;

/// A part of a path or name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// 患者ID.
    Patient,
    /// 診療日.
    Day,
    /// データ種別.
    Kind,
    /// 特定キー (オーダNo).
    Order,
    /// 発生日時.
    Sent,
    /// 診療科コード.
    Department,
    /// コンディションフラグ.
    Flag,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patient => "patient id (患者ID)",
            Self::Day => "service day (診療日)",
            Self::Kind => "data kind (データ種別)",
            Self::Order => "order key (特定キー)",
            Self::Sent => "time of occurrence (発生日時)",
            Self::Department => "department (診療科コード)",
            Self::Flag => "condition flag (コンディションフラグ)",
        })
    }
}

/// Why a path or name is refused. Patient ids are not repeated in messages: these are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SsmixError {
    /// Not as many folders as the storage has.
    #[error("SSM-001: {found} path parts, expected {expected}")]
    Depth {
        /// Parts found.
        found: usize,
        /// Parts expected (at least, for extended storage).
        expected: usize,
    },
    /// The name is not made of seven parts (six in extended storage) joined by `_`.
    #[error("SSM-002: {found} name parts, expected {expected}")]
    NameParts {
        /// Parts found.
        found: usize,
        /// Parts expected.
        expected: usize,
    },
    /// A part that is not what it should be.
    #[error("SSM-003: malformed {0}")]
    Malformed(Part),
    /// The first two folders are not made from the patient id.
    #[error("SSM-004: the first two folders do not belong to the patient folder")]
    Folders,
    /// Folder and name disagree.
    #[error("SSM-005: folder and name disagree on the {0}")]
    Mismatch(Part),
    /// A data kind that is none of the 26.
    #[error("SSM-006: unknown data kind")]
    UnknownKind,
    /// A control character, a backslash, `.` or `..` as a part, or too many bytes.
    #[error("SSM-007: not a safe path")]
    Unsafe,
    /// A transaction file name that is none.
    #[error("SSM-008: not a transaction file name (TR_YYYYMMDDHHMMSSFFF_nnnnn.DAT)")]
    TransactionName,
    /// A transaction entry without a message, or without exactly one of INS and DEL.
    #[error("SSM-009 at byte {offset}: transaction entry without operation or message")]
    TransactionEntry {
        /// Where the entry begins.
        offset: usize,
    },
    /// An index row with a value longer than its column.
    #[error("SSM-010: index row with a bad {column}")]
    IndexRow {
        /// Column of SSMIXIDX.
        column: &'static str,
    },
}

impl SsmixError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Depth { .. } => "SSM-001",
            Self::NameParts { .. } => "SSM-002",
            Self::Malformed(_) => "SSM-003",
            Self::Folders => "SSM-004",
            Self::Mismatch(_) => "SSM-005",
            Self::UnknownKind => "SSM-006",
            Self::Unsafe => "SSM-007",
            Self::TransactionName => "SSM-008",
            Self::TransactionEntry { .. } => "SSM-009",
            Self::IndexRow { .. } => "SSM-010",
        }
    }
}
