//! Checks of single name parts, without allocating.

use tasuki_model::{JstDay, JstTime};

use super::{Part, SsmixError};

/// Longest patient id (患者ID, 15 in the guideline and in SSMIXIDX).
const PATIENT_MAX: usize = 15;
/// Longest 特定キー (15 for orders, 22 in extended storage and SSMIXIDX).
const ORDER_MAX: usize = 22;

pub(super) fn patient(text: &str) -> Result<&str, SsmixError> {
    // Shorter ids have no second folder: the layout needs four characters at least.
    let sized = (4..=PATIENT_MAX).contains(&text.len());
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if sized && plain {
        Ok(text)
    } else {
        Err(SsmixError::Malformed(Part::Patient))
    }
}

/// `-` or `YYYYMMDD`.
pub(super) fn day(text: &str) -> Result<Option<JstDay>, SsmixError> {
    if text == "-" {
        return Ok(None);
    }
    JstDay::parse_basic(text)
        .map(Some)
        .map_err(|_| SsmixError::Malformed(Part::Day))
}

pub(super) fn order(text: &str) -> Result<&str, SsmixError> {
    let sized = (1..=ORDER_MAX).contains(&text.len());
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    if sized && plain {
        Ok(text)
    } else {
        Err(SsmixError::Malformed(Part::Order))
    }
}

/// 14 to 17 digits that begin with a day and a time of day. Seconds are not judged: some systems
/// write minutes and milliseconds (`201601011500321`).
pub(super) fn sent(text: &str) -> Result<&str, SsmixError> {
    let bad = SsmixError::Malformed(Part::Sent);
    let digits = (14..=17).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return Err(bad);
    }
    let within =
        |from: usize, last: &str| text.get(from..from + 2).is_some_and(|part| part <= last);
    let on_calendar = text
        .get(..8)
        .is_some_and(|day| JstDay::parse_basic(day).is_ok());
    if on_calendar && within(8, "23") && within(10, "59") {
        Ok(text)
    } else {
        Err(bad)
    }
}

/// The time in a 発生日時 part. Where the seconds are none, it is precise to the minute.
pub fn sent_time(text: &str) -> Option<JstTime> {
    JstTime::parse_hl7(text)
        .ok()
        .or_else(|| JstTime::parse_hl7(text.get(..12)?).ok())
}

/// `-`, or two to five letters or digits.
pub(super) fn department(text: &str) -> Result<Option<&str>, SsmixError> {
    match text {
        "-" | "" => Ok(None),
        _ if (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Ok(Some(text))
        }
        _ => Err(SsmixError::Malformed(Part::Department)),
    }
}

/// The parts of a path below the root, of which none may lead elsewhere.
pub(super) fn safe(path: &str) -> Result<(), SsmixError> {
    let harmless = path.len() <= super::PATH_BYTES_MAX
        && !path.chars().any(|c| c.is_control() || c == '\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if harmless {
        Ok(())
    } else {
        Err(SsmixError::Unsafe)
    }
}
