//! Stored values and the model's types.

use super::damaged;
use tasuki_core::Fault;
use tasuki_model::{IdError, JstDay, JstTime};

/// The day column of documents without a day of service.
pub(super) const UNDATED: i64 = 0;

/// A day as YYYYMMDD.
pub(super) fn day_number(day: Option<JstDay>) -> i64 {
    day.map_or(UNDATED, |d| {
        i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day())
    })
}

/// The day of a column.
pub(super) fn day_of(number: i64) -> Result<Option<JstDay>, Fault> {
    if number == UNDATED {
        return Ok(None);
    }
    let part = |n: i64| i8::try_from(n).map_err(|_| damaged("day"));
    let year = i16::try_from(number / 10_000).map_err(|_| damaged("day"))?;
    JstDay::new(year, part(number / 100 % 100)?, part(number % 100)?)
        .map(Some)
        .map_err(|_| damaged("day"))
}

/// A time as it was sent.
pub(super) fn time_of(text: &str) -> Result<JstTime, Fault> {
    JstTime::parse_hl7(text).map_err(|_| damaged("time"))
}

/// An id of a column.
pub(super) fn id<T>(text: &str, make: fn(&str) -> Result<T, IdError>) -> Result<T, Fault> {
    make(text).map_err(|e| damaged(e.what))
}

/// A count of a column; what does not fit is the largest.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}

/// A size of a column.
pub(super) fn size(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A size for a column.
pub(super) fn stored_size(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An inode number for a column: the same bits.
pub(super) fn stored_inode(inode: u64) -> i64 {
    inode.cast_signed()
}

/// The inode number of a column.
pub(super) fn inode_of(stored: i64) -> u64 {
    stored.cast_unsigned()
}
