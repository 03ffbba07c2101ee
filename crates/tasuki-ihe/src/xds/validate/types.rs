//! The forms of single values (ITI TF-3, table 4.2.3.1.7-2).

use crate::xds::patient::PatientCx;
use tasuki_model::{EntryUuid, Oid};

/// What to change where [`is_cx`] fails.
pub const CX: &str = "is not a CX: write ID^^^&OID&ISO";
/// What to change where [`is_oid`] fails.
pub const OID: &str = "is not an OID: write dotted decimal without urn:oid:, at most 64 characters";
/// What to change where [`is_time`] fails.
pub const TIME: &str = "is not a time: write YYYY[MM[DD[hh[mm[ss]]]]] in UTC";
/// What to change where [`is_hash`] fails.
pub const HASH: &str = "is not a SHA-1: write 40 hex digits";
/// What to change where [`is_size`] fails.
pub const SIZE: &str = "is not a size: write the number of bytes";
/// What to change where [`is_xcn`] fails.
pub const XCN: &str =
    "is not an XCN: write ID^family^given…^^^&OID&ISO, with an id or a family name";
/// What to change where [`is_xon`] fails.
pub const XON: &str = "is not an XON: write name^^^^^&OID&ISO^^^^id, or the name alone";
/// What to change where [`is_unique_id`] fails.
pub const UNIQUE_ID: &str = "is not a uniqueId: write an OID, or an OID^extension of at most 16 \
     characters, at most 128 characters";
/// What to change where [`is_language`] fails.
pub const LANGUAGE: &str = "is not a language: write a tag of RFC 3066, such as ja-JP";
/// What to change where [`is_reference_id`] fails.
pub const REFERENCE_ID: &str = "is not a CXi: write ID^^^&OID&ISO^type";
/// What to change where [`is_patient_line`] fails.
pub const PATIENT_LINE: &str = "is not a line of a PID segment: write PID-n|value";

/// An id of an assigning authority: `ID^^^&OID&ISO`.
#[must_use]
pub fn is_cx(text: &str) -> bool {
    PatientCx::parse(text).is_some()
}

/// Dotted decimal with at least two arcs.
#[must_use]
pub fn is_oid(text: &str) -> bool {
    text.contains('.') && Oid::new(text).is_ok()
}

/// `urn:uuid:` and a UUID.
#[must_use]
pub fn is_uuid_urn(text: &str) -> bool {
    EntryUuid::from_urn(text).is_ok()
}

/// A time of any precision from the year to the second.
#[must_use]
pub fn is_time(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.len(), 4 | 6 | 8 | 10 | 12 | 14)
    {
        return false;
    }
    let part = |from: usize, least: u32, most: u32| match text.get(from..from + 2) {
        Some(digits) => digits.parse().is_ok_and(|n| (least..=most).contains(&n)),
        None => true,
    };
    part(4, 1, 12) && part(6, 1, 31) && part(8, 0, 23) && part(10, 0, 59) && part(12, 0, 59)
}

/// SHA-1 in hex of either case.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A number of bytes.
#[must_use]
pub fn is_size(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok()
}

/// A tag of two parts at most: a language, and a country.
#[must_use]
pub fn is_language(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let tag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    parts.len() <= 4 && parts.iter().all(|part| tag(part))
}

/// `uniqueId` of a document entry.
#[must_use]
pub fn is_unique_id(text: &str) -> bool {
    let (root, extension) = text.split_once('^').unwrap_or((text, ""));
    text.len() <= 128 && is_oid(root) && extension.chars().count() <= 16 && !text.ends_with('^')
}

/// A person: an id or a family name; an assigning authority by OID.
#[must_use]
pub fn is_xcn(text: &str) -> bool {
    let parts: Vec<&str> = text.split('^').collect();
    let part = |n: usize| parts.get(n).copied().unwrap_or_default();
    let named = !part(0).is_empty() || !part(1).is_empty();
    named && (part(8).is_empty() || is_authority(part(8)))
}

/// An organisation: a name; an id that is an OID, or one with an assigning authority.
#[must_use]
pub fn is_xon(text: &str) -> bool {
    let parts: Vec<&str> = text.split('^').collect();
    let part = |n: usize| parts.get(n).copied().unwrap_or_default();
    let id = part(9);
    let identified = id.is_empty() || is_oid(id) || is_authority(part(5));
    !part(0).is_empty() && identified
}

/// HD with an OID and nothing else.
fn is_authority(text: &str) -> bool {
    let mut parts = text.split('&');
    let (_, oid, kind) = (parts.next(), parts.next(), parts.next());
    oid.is_some_and(is_oid) && kind == Some("ISO")
}

/// CXi: an id, an authority that may be missing, and a type.
#[must_use]
pub fn is_reference_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('^').collect();
    let part = |n: usize| parts.get(n).copied().unwrap_or_default();
    let authority = part(3).is_empty() || is_authority(part(3));
    !part(0).is_empty()
        && part(1).is_empty()
        && part(2).is_empty()
        && authority
        && !part(4).is_empty()
}

/// One line of `sourcePatientInfo`.
#[must_use]
pub fn is_patient_line(text: &str) -> bool {
    let Some((name, _)) = text.split_once('|') else {
        return false;
    };
    let number = name.strip_prefix("PID-");
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
