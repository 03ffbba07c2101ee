//! Birth dates in every form that systems print.

use super::nfkc;
use tasuki_model::JstDay;
use tasuki_model::time::parse_era_day;

/// A birth date as three numbers; kept even where the calendar has no such day, because a slip of
/// the pen still says much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthKey {
    /// Year.
    pub year: u16,
    /// Month, 1–12.
    pub month: u8,
    /// Day, 1–31.
    pub day: u8,
}

impl BirthKey {
    /// As one number, `YYYYMMDD`.
    #[must_use]
    pub fn packed(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// From one number, `YYYYMMDD`; none for 0.
    #[must_use]
    pub fn unpacked(packed: u32) -> Option<Self> {
        (packed != 0).then_some(Self {
            year: (packed / 10_000) as u16,
            month: (packed / 100 % 100) as u8,
            day: (packed % 100) as u8,
        })
    }

    /// The first of January is what systems write when the day is not known.
    #[must_use]
    pub fn day_unknown(self) -> bool {
        self.month == 1 && self.day == 1
    }

    fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let plausible =
            (1873..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        // 1900-01-01 and 1899-12-31 are defaults of databases, nobody's birthday.
        let default = matches!(
            (year, month, day),
            (1900, 1, 1) | (1899, 12, 30 | 31) | (1970, 1, 1)
        );
        (plausible && !default).then_some(Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }
}

/// Reads `1955-03-02`, `1955/3/2`, `19550302`, `S30.3.2`, `S30/3/2`, `3300302`, `昭和30年3月2日`, 元年.
/// Defaults such as 1900-01-01, and what is no date, are not known.
#[must_use]
pub fn birth_key(text: &str) -> Option<BirthKey> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let b = text.as_bytes();
    if b.len() == 8 && b.iter().all(u8::is_ascii_digit) {
        let n: i64 = text.parse().ok()?;
        return BirthKey::new(n / 10_000, n / 100 % 100, n % 100);
    }
    let text = nfkc(text);
    let starts_with_year = text.len() > 4 && text.bytes().take(4).all(|b| b.is_ascii_digit());
    if starts_with_year && text.as_bytes().get(4).is_some_and(|b| !b.is_ascii_digit()) {
        let mut numbers = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|s| !s.is_empty())
            .map(str::parse::<i64>);
        let (y, m, d) = (
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
        );
        return BirthKey::new(y, m, d);
    }
    let day: JstDay = parse_era_day(&text)?;
    BirthKey::new(day.year().into(), day.month().into(), day.day().into())
}
