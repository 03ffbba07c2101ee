//! コンディションフラグ: the last part of every name.

/// Whether a file is in force. Systems differ in how they use 0 and 2 (some rename a superseded file
/// to 0), so anything that is not `1` is not current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConditionFlag {
    /// `0`: deleted.
    Deleted,
    /// `1`: valid.
    Valid,
    /// `2`: superseded by a newer file with the same key.
    Superseded,
    /// Another digit or letter, which no version of the guideline names.
    Other(u8),
}

impl ConditionFlag {
    /// Reads the last part of a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            b"0" => Some(Self::Deleted),
            b"1" => Some(Self::Valid),
            b"2" => Some(Self::Superseded),
            [other] if other.is_ascii_alphanumeric() => Some(Self::Other(*other)),
            _ => None,
        }
    }

    /// As written.
    pub const fn as_char(self) -> char {
        match self {
            Self::Deleted => '0',
            Self::Valid => '1',
            Self::Superseded => '2',
            Self::Other(byte) => byte as char,
        }
    }

    /// True only for `1`.
    pub const fn is_current(self) -> bool {
        matches!(self, Self::Valid)
    }
}
