//! Transaction storage: `TR_YYYYMMDDHHMMSSFFF_nnnnn.DAT`, the running record of everything written
//! (標準化ストレージガイドライン Ver.1.2g, トランザクションストレージ).
//!
//! What is public: each entry is an "SS-MIX header" with 処理区分 INS or DEL, followed by the message,
//! and files switch at midnight or by size. **The header's layout is not public**, so this reader
//! assumes nothing of it but
//!
//! 1. it stands before its message, on a line of its own or directly before `MSH`;
//! 2. it holds exactly one of the words `INS` and `DEL`, bounded by non-letters;
//! 3. no other line of it looks like an HL7 segment, unless it holds that word.
//!
//! From the header's words it also takes what can be told without knowing columns: the data kind
//! (one of the 26 codes) and the time (14–17 digits). The message itself says the rest. Only
//! messages of the standardized storage are read; contents of the extended one are not.

use super::{DataKind, SsmixError, values};

/// 処理区分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `INS`: written, new or in place of an earlier one.
    Insert,
    /// `DEL`: taken back.
    Delete,
}

impl Operation {
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "INS" => Some(Self::Insert),
            "DEL" => Some(Self::Delete),
            _ => None,
        }
    }

    /// The word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Insert => "INS",
            Self::Delete => "DEL",
        }
    }
}

/// The name of a transaction file; names sort in the order of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionFileName<'a> {
    /// `YYYYMMDDHHMMSSFFF`.
    pub opened: &'a str,
    /// `nnnnn`.
    pub number: &'a str,
}

impl<'a> TransactionFileName<'a> {
    /// Reads a file name.
    pub fn parse(name: &'a str) -> Result<Self, SsmixError> {
        let stem = name
            .strip_suffix(".DAT")
            .or_else(|| name.strip_suffix(".dat"));
        let (opened, number) = stem
            .and_then(|stem| stem.strip_prefix("TR_")?.split_once('_'))
            .ok_or(SsmixError::TransactionName)?;
        let numbered =
            (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        match values::sent(opened) {
            Ok(opened) if numbered => Ok(Self { opened, number }),
            _ => Err(SsmixError::TransactionName),
        }
    }
}

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transaction<'a> {
    /// Byte offset at which its header begins.
    pub offset: usize,
    /// INS or DEL.
    pub operation: Operation,
    /// Data kind, if the header names one.
    pub kind: Option<DataKind>,
    /// Time as written, if the header has one.
    pub sent: Option<&'a str>,
    /// The header as it came.
    pub header: &'a [u8],
    /// The message as it came, from `MSH` on.
    pub message: &'a [u8],
    /// True if another entry follows. The last one may still be growing: read on from its offset.
    pub closed: bool,
}

/// Walks over the entries of a file or of its tail, which must begin at the start of an entry. After
/// an entry that cannot be read, goes on with the next.
pub fn transactions(bytes: &[u8]) -> impl Iterator<Item = Result<Transaction<'_>, SsmixError>> {
    let mut entries = Entries { bytes, at: 0 };
    std::iter::from_fn(move || entries.next())
}

struct Entries<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Entries<'a> {
    fn next(&mut self) -> Option<Result<Transaction<'a>, SsmixError>> {
        let offset = self.skip_blank();
        let rest = self.bytes.get(offset..).filter(|rest| !rest.is_empty())?;
        let Some(header_length) = find_message(rest) else {
            self.at = self.bytes.len();
            return Some(Err(SsmixError::TransactionEntry { offset }));
        };
        let (header, message) = rest.split_at_checked(header_length)?;
        let length = message_length(message);
        self.at = offset + header_length + length;
        let message = message.get(..length).unwrap_or_default();
        let Some((operation, kind, sent)) = read_header(header) else {
            return Some(Err(SsmixError::TransactionEntry { offset }));
        };
        let closed = self.skip_blank() < self.bytes.len();
        Some(Ok(Transaction {
            offset,
            operation,
            kind,
            sent,
            header,
            message,
            closed,
        }))
    }

    fn skip_blank(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        self.at
    }
}

/// Where the next message begins: `MSH` and a separator.
fn find_message(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, b"MSH").find(|&at| {
        matches!(bytes.get(at + 3..at + 5), Some([separator, encoding])
            if separator.is_ascii_punctuation() && encoding.is_ascii_punctuation())
    })
}

/// A message goes on as long as its lines are segments and are not the header of the next entry.
fn message_length(bytes: &[u8]) -> usize {
    let mut end = 0;
    let mut start = 0;
    while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'))
            .unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        let separator = bytes.get(3).copied().unwrap_or(b'|');
        let first = start == 0;
        let opens_another = !first && (line.starts_with(b"MSH") || read_header(line).is_some());
        if !line.is_empty() && (opens_another || !looks_like_segment(line, separator)) {
            break;
        }
        start += (length + 1).min(rest.len());
        end = if line.is_empty() { end } else { start };
    }
    end
}

fn looks_like_segment(line: &[u8], separator: u8) -> bool {
    let named = line
        .iter()
        .take(3)
        .filter(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    named.count() == 3 && line.get(3).is_none_or(|&byte| byte == separator)
}

/// Longest header believed. Fixed-width layouts of all SSMIXIDX columns stay below it.
const HEADER_MAX: usize = 1024;

fn read_header(bytes: &[u8]) -> Option<(Operation, Option<DataKind>, Option<&str>)> {
    let bytes = bytes.get(bytes.len().saturating_sub(HEADER_MAX)..)?;
    let (mut operation, mut kind, mut sent) = (None, None, None);
    let words = bytes
        .split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
        .filter_map(|word| std::str::from_utf8(word).ok());
    for word in words {
        if let Some(found) = Operation::parse(word)
            && operation.replace(found).is_some()
        {
            return None;
        }
        kind = kind.or_else(|| DataKind::parse(word));
        // An order key is often fifteen digits as well, but hardly a day and a time of day.
        sent = sent.or_else(|| values::sent(word).ok());
    }
    Some((operation?, kind, sent))
}

/// Writes a header that [`transactions`] reads: the columns of SSMIXIDX from FacilityID to
/// TransactionDatetime, joined by commas. This is our own layout, for test storages.
pub fn header_line(columns: [&str; 5], operation: Operation, rest: [&str; 2]) -> String {
    let [facility, patient, day, kind, order] = columns;
    let [department, sent] = rest;
    let operation = operation.code();
    format!("{facility},{patient},{day},{kind},{order},{operation},{department},{sent}\r")
}
