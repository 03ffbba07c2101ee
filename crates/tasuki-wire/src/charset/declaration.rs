//! What a message says its characters are: MSH-18 (HL7 table 0211) and MSH-20 (table 0356).
//!
//! Real senders spell the names in several ways (`ISO IR87`, `ISOIR87`, `iso_ir 87`), so names are
//! compared without case, blanks, hyphens and underscores. MSH-20 only says that escapes are used,
//! which ISO 2022 reading does in any case; it decides nothing here.

use super::{Charset, iso2022};

/// The outcome of reading MSH-18.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    /// Read the message as this.
    Known(Charset),
    /// Nothing was declared: HL7's default, ASCII, in which escapes are still read as ISO 2022
    /// because nothing else could be meant by them.
    Absent,
    /// A name that we do not know; as sent, cut to 64 characters.
    Unknown(String),
}

impl Declaration {
    /// Reads the repetitions of MSH-18 as sent, for example `~ISO IR87`.
    pub fn parse(msh18: &str, repetition: char) -> Self {
        // What nearly every message says, without a look at the names.
        if matches!(msh18, "~ISO IR87" | "~ISOIR87") {
            return Self::Known(Charset::Iso2022);
        }
        let mut found = None;
        for name in msh18
            .split(repetition)
            .filter(|name| !name.trim().is_empty())
        {
            match by_name(name) {
                // ASCII may be followed by the sets that escapes lead to.
                Some(Charset::Ascii) => found = found.or(Some(Charset::Ascii)),
                Some(charset) => match found {
                    None | Some(Charset::Ascii) => found = Some(charset),
                    Some(first) if first == charset => {}
                    Some(_) => return Self::Unknown(msh18.chars().take(64).collect()),
                },
                None => return Self::Unknown(name.chars().take(64).collect()),
            }
        }
        found.map_or(Self::Absent, Self::Known)
    }
}

fn by_name(name: &str) -> Option<Charset> {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
        .take(32)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    Some(match plain.as_str() {
        "ASCII" | "ISOIR6" | "USASCII" => Charset::Ascii,
        "ISOIR13" | "ISOIR14" | "ISOIR87" | "ISOIR159" | "ISO2022JP" | "JIS" => Charset::Iso2022,
        "8859/1" | "ISO88591" | "ISOIR100" => Charset::Latin1,
        "SHIFTJIS" | "SJIS" | "MS932" | "CP932" | "WINDOWS31J" => Charset::ShiftJis,
        "UNICODEUTF8" | "UTF8" | "ISOIR192" => Charset::Utf8,
        _ => return None,
    })
}

/// Finds MSH-18 in raw bytes and reads it.
///
/// The header is read as ISO 2022 for this purpose, or as UTF-8 or Shift_JIS if it holds 8-bit bytes
/// (fields before MSH-18 may hold Japanese, whose second bytes can look like delimiters). That
/// reading is only used to find the declaration; the declaration then decides.
pub fn declared_in(bytes: &[u8]) -> Declaration {
    let end = memchr::memchr2(b'\r', b'\n', bytes)
        .unwrap_or(bytes.len())
        .min(8192);
    let header = bytes.get(..end).unwrap_or_default();
    let header = header.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(header);
    let escaped = memchr::memchr(iso2022::ESC, header).is_some();
    let text = match std::str::from_utf8(header) {
        Ok(text) if !escaped => text.into(),
        Ok(_) => iso2022::decode(header).text,
        Err(_) => Charset::ShiftJis.decode(header).text,
    };
    let [_, _, _, field, _, repetition, ..] = text.as_bytes() else {
        return Declaration::Absent;
    };
    if !field.is_ascii() || !repetition.is_ascii() {
        return Declaration::Absent;
    }
    // `MSH`, then MSH-2 …: the separator itself is MSH-1.
    match nth(&text, *field, 17) {
        Some(msh18) => Declaration::parse(msh18, char::from(*repetition)),
        None => Declaration::Absent,
    }
}

fn nth(text: &str, separator: u8, n: usize) -> Option<&str> {
    let mut ends = memchr::memchr_iter(separator, text.as_bytes());
    let start = ends.nth(n.checked_sub(1)?)? + 1;
    text.get(start..ends.next().unwrap_or(text.len()))
}
