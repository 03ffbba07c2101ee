//! Days and times of Japan, with the precision in which they came.

use super::{Era, Instant, JST_AHEAD_SECONDS, MICROS};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not digits where digits belong.
    #[error("not digits")]
    NotDigits,
    /// Not one of the lengths that say a precision.
    #[error("a length that says no precision")]
    Length,
    /// A month, day, hour, minute or second that no calendar has.
    #[error("no such day or time")]
    OutOfRange,
}

/// A day in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JstDay(civil::Date);

impl JstDay {
    /// A day by year, month and day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, TimeError> {
        civil::Date::new(year, month, day)
            .map(Self)
            .map_err(|_| TimeError::OutOfRange)
    }

    /// Reads `YYYYMMDD`.
    pub fn parse_basic(text: &str) -> Result<Self, TimeError> {
        let b = text.as_bytes();
        if b.len() != 8 {
            return Err(TimeError::Length);
        }
        Self::new(
            digits(b, 0, 4)?,
            digits(b, 4, 6)? as i8,
            digits(b, 6, 8)? as i8,
        )
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse_iso(text: &str) -> Result<Self, TimeError> {
        let b = text.as_bytes();
        if b.len() != 10 || b.get(4) != Some(&b'-') || b.get(7) != Some(&b'-') {
            return Err(TimeError::Length);
        }
        Self::new(
            digits(b, 0, 4)?,
            digits(b, 5, 7)? as i8,
            digits(b, 8, 10)? as i8,
        )
    }

    /// The day on a wall clock in Japan at a moment.
    #[must_use]
    pub fn at(moment: Instant) -> Self {
        let days = moment
            .micros()
            .saturating_add(JST_AHEAD_SECONDS * MICROS)
            .div_euclid(86_400 * MICROS);
        Self::from_epoch_days(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn epoch_days(self) -> i64 {
        // Days from the civil calendar, with the year begun in March so that leap days come last.
        // (A span between two dates says the same at many times the cost; imports count days a lot.)
        let (month, day) = (i64::from(self.month()), i64::from(self.day()));
        let year = i64::from(self.year()) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day so many days after 1970-01-01; days no calendar has become the last one it has.
    #[must_use]
    pub fn from_epoch_days(days: i64) -> Self {
        let days = days.clamp(-719_162, 2_932_896);
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        Self(civil::date(1970, 1, 1).saturating_add(span))
    }

    /// The day some days later (or earlier).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_epoch_days(self.epoch_days() + days)
    }

    /// The first day of its month.
    #[must_use]
    pub fn month_start(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// Year, such as 2026.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Day of the week, 0 = Monday … 6 = Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.0.weekday().to_monday_zero_offset() as u8
    }

    /// Completed years from this day (a birth) to another, as Japanese law counts an age on a
    /// screen: by birthday.
    #[must_use]
    pub fn years_until(self, other: Self) -> i16 {
        let mut years = other.year() - self.year();
        if (other.month(), other.day()) < (self.month(), self.day()) {
            years -= 1;
        }
        years
    }

    /// `YYYYMMDD`.
    #[must_use]
    pub fn basic(self) -> String {
        format!("{:04}{:02}{:02}", self.year(), self.month(), self.day())
    }

    /// The era and its year, such as 昭和22; `None` before 明治.
    #[must_use]
    pub fn era(self) -> Option<(Era, i16)> {
        Era::of(self)
    }

    /// The moment at which the day begins in Japan.
    #[must_use]
    pub fn starts(self) -> Instant {
        Instant::from_micros((self.epoch_days() * 86_400 - JST_AHEAD_SECONDS) * MICROS)
    }
}

impl fmt::Display for JstDay {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.year(),
            self.month(),
            self.day()
        )
    }
}

impl TryFrom<String> for JstDay {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse_iso(&text)
    }
}

impl From<JstDay> for String {
    fn from(day: JstDay) -> Self {
        day.to_string()
    }
}

/// How much of a time was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// `YYYY`.
    Year,
    /// `YYYYMM`.
    Month,
    /// `YYYYMMDD`.
    Day,
    /// `YYYYMMDDhh`.
    Hour,
    /// `YYYYMMDDhhmm`.
    Minute,
    /// `YYYYMMDDhhmmss`.
    Second,
    /// With a fraction of a second.
    Fraction,
}

/// A time on a clock in Japan, as precise as it was said, with the text in which it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JstTime {
    text: Box<str>,
    precision: Precision,
    start: Instant,
}

impl JstTime {
    /// Reads an HL7 v2.5 time (`YYYY[MM[DD[hh[mm[ss[.ffff]]]]]]`, 2.A.22), the same without the
    /// dot as SS-MIX2 file names have it (14 to 17 digits), and an offset, which is honoured.
    pub fn parse_hl7(text: &str) -> Result<Self, TimeError> {
        let (body, ahead) = split_offset(text)?;
        let dot = body.bytes().position(|b| b == b'.');
        let (whole, fraction) = match dot.and_then(|at| body.split_at_checked(at)) {
            Some((whole, fraction)) => (whole, fraction.get(1..)),
            None if body.len() > 14 => body
                .split_at_checked(14)
                .map_or((body, None), |(w, f)| (w, Some(f))),
            None => (body, None),
        };
        let precision = match (whole.len(), fraction) {
            (14, Some(_)) => Precision::Fraction,
            (_, Some(_)) => return Err(TimeError::Length),
            (4, None) => Precision::Year,
            (6, None) => Precision::Month,
            (8, None) => Precision::Day,
            (10, None) => Precision::Hour,
            (12, None) => Precision::Minute,
            (14, None) => Precision::Second,
            _ => return Err(TimeError::Length),
        };
        let micros = fraction.map_or(Ok(0), fraction_micros)?;
        let b = whole.as_bytes();
        let part = |from: usize, to: usize, unsaid: i16| {
            if b.len() >= to {
                digits(b, from, to)
            } else {
                Ok(unsaid)
            }
        };
        let day = JstDay::new(part(0, 4, 0)?, part(4, 6, 1)? as i8, part(6, 8, 1)? as i8)?;
        let (h, m, s) = (part(8, 10, 0)?, part(10, 12, 0)?, part(12, 14, 0)?);
        if h > 23 || m > 59 || s > 59 {
            return Err(TimeError::OutOfRange);
        }
        let seconds = i64::from(h) * 3600 + i64::from(m) * 60 + i64::from(s);
        let local = day.epoch_days() * 86_400 + seconds - ahead;
        Ok(Self {
            text: text.into(),
            precision,
            start: Instant::from_micros(local * MICROS + micros),
        })
    }

    /// A whole day.
    #[must_use]
    pub fn from_day(day: JstDay) -> Self {
        Self {
            text: day.basic().into(),
            precision: Precision::Day,
            start: day.starts(),
        }
    }

    /// A moment, to the second.
    #[must_use]
    pub fn from_instant(moment: Instant) -> Self {
        let day = JstDay::at(moment);
        let s = moment.seconds_since(day.starts());
        let text = format!(
            "{}{:02}{:02}{:02}",
            day.basic(),
            s / 3600,
            s / 60 % 60,
            s % 60
        );
        Self {
            text: text.into(),
            precision: Precision::Second,
            start: moment,
        }
    }

    /// As it came.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How much was said.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The first moment of the interval that was said.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.start
    }

    /// The day in Japan.
    #[must_use]
    pub fn day(&self) -> JstDay {
        JstDay::at(self.start)
    }

    /// `hh:mm` on a clock in Japan, where it was said.
    #[must_use]
    pub fn clock(&self) -> Option<String> {
        if self.precision < Precision::Minute {
            return None;
        }
        let s = self.start.seconds_since(self.day().starts());
        Some(format!("{:02}:{:02}", s / 3600, s / 60 % 60))
    }

    /// XDS DTM in UTC (ITI TF-3, 4.2.3.1.7), no more precise than what was said. A day stays that
    /// day: `20260713` is written `20260713`, not the evening before.
    #[must_use]
    pub fn xds(&self) -> String {
        let shown = if self.precision <= Precision::Day {
            self.start.plus_seconds(JST_AHEAD_SECONDS)
        } else {
            self.start
        };
        let utc_day = JstDay::at(shown.plus_seconds(-JST_AHEAD_SECONDS));
        let s = shown
            .plus_seconds(-JST_AHEAD_SECONDS)
            .seconds_since(utc_day.starts());
        let full = format!(
            "{}{:02}{:02}{:02}",
            utc_day.basic(),
            s / 3600,
            s / 60 % 60,
            s % 60
        );
        let length = match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second | Precision::Fraction => 14,
        };
        full.get(..length).unwrap_or(&full).to_owned()
    }
}

impl fmt::Display for JstTime {
    /// `YYYY-MM-DD hh:mm`, as far as it was said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day();
        match self.precision {
            Precision::Year => write!(f, "{:04}", day.year()),
            Precision::Month => write!(f, "{:04}-{:02}", day.year(), day.month()),
            _ => match self.clock() {
                Some(clock) => write!(f, "{day} {clock}"),
                None => write!(f, "{day}"),
            },
        }
    }
}

fn digits(bytes: &[u8], from: usize, to: usize) -> Result<i16, TimeError> {
    let mut n = 0i16;
    for &b in bytes.get(from..to).ok_or(TimeError::Length)? {
        if !b.is_ascii_digit() {
            return Err(TimeError::NotDigits);
        }
        n = n * 10 + i16::from(b - b'0');
    }
    Ok(n)
}

/// Up to nine digits after the dot, in microseconds.
fn fraction_micros(text: &str) -> Result<i64, TimeError> {
    if text.is_empty() || text.len() > 9 {
        return Err(TimeError::Length);
    }
    let mut micros = 0i64;
    let mut unit = 100_000i64;
    for b in text.bytes() {
        if !b.is_ascii_digit() {
            return Err(TimeError::NotDigits);
        }
        micros += i64::from(b - b'0') * unit;
        unit /= 10;
    }
    Ok(micros)
}

/// Cuts `+hhmm` or `-hhmm` off; without one the time is JST.
fn split_offset(text: &str) -> Result<(&str, i64), TimeError> {
    let Some(at) = text.bytes().rposition(|b| matches!(b, b'+' | b'-')) else {
        return Ok((text, JST_AHEAD_SECONDS));
    };
    let (body, offset) = text.split_at_checked(at).ok_or(TimeError::Length)?;
    let b = offset.as_bytes();
    if b.len() != 5 {
        return Err(TimeError::Length);
    }
    let (h, m) = (digits(b, 1, 3)?, digits(b, 3, 5)?);
    if h > 14 || m > 59 {
        return Err(TimeError::OutOfRange);
    }
    let seconds = i64::from(h) * 3600 + i64::from(m) * 60;
    Ok((
        body,
        if offset.starts_with('-') {
            -seconds
        } else {
            seconds
        },
    ))
}
