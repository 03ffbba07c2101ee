//! The time axis of the calendar: days, then weeks, then months, newest left. Pure.

use tasuki_model::JstDay;

/// How far back the calendar looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Reach {
    /// Two weeks, day by day.
    TwoWeeks,
    /// Two weeks by day, four weeks by week, months to half a year.
    #[default]
    HalfYear,
    /// The same, months to one year.
    Year,
    /// Four weeks, one year by month, then quarters to five years.
    FiveYears,
}

impl Reach {
    pub const ALL: &'static [Self] = &[Self::TwoWeeks, Self::HalfYear, Self::Year, Self::FiveYears];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::TwoWeeks => "2w",
            Self::HalfYear => "6m",
            Self::Year => "1y",
            Self::FiveYears => "5y",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.code() == code)
    }
}

/// What one column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    Day,
    Week,
    Month,
    Quarter,
}

/// One column: the days from `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub grain: Grain,
    pub from: JstDay,
    pub to: JstDay,
}

impl Column {
    pub fn holds(&self, day: JstDay) -> bool {
        self.from <= day && day <= self.to
    }
}

/// The columns that end with `last`, newest first, without a hole between them.
pub(crate) fn columns(reach: Reach, last: JstDay) -> Vec<Column> {
    let (days, weeks, months, quarters) = match reach {
        Reach::TwoWeeks => (14, 0, 0, 0),
        Reach::HalfYear => (14, 4, 5, 0),
        Reach::Year => (14, 4, 11, 0),
        Reach::FiveYears => (0, 4, 12, 16),
    };
    let mut columns = Vec::with_capacity(days + weeks + months + quarters);
    let mut end = last;
    for _ in 0..days {
        columns.push(Column {
            grain: Grain::Day,
            from: end,
            to: end,
        });
        end = end.plus_days(-1);
    }
    for _ in 0..weeks {
        let from = end.plus_days(-6);
        columns.push(Column {
            grain: Grain::Week,
            from,
            to: end,
        });
        end = from.plus_days(-1);
    }
    for _ in 0..months {
        let from = end.month_start();
        columns.push(Column {
            grain: Grain::Month,
            from,
            to: end,
        });
        end = from.plus_days(-1);
    }
    for _ in 0..quarters {
        let mut from = end.month_start();
        while (from.month() - 1) % 3 != 0 {
            from = from.plus_days(-1).month_start();
        }
        columns.push(Column {
            grain: Grain::Quarter,
            from,
            to: end,
        });
        end = from.plus_days(-1);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_join_without_hole_or_overlap() {
        for &reach in Reach::ALL {
            for day in ["20260713", "20240229", "20260101", "20251231"] {
                let last = JstDay::parse_basic(day).unwrap();
                let columns = columns(reach, last);
                assert_eq!(columns[0].to, last);
                for pair in columns.windows(2) {
                    assert_eq!(pair[1].to.plus_days(1), pair[0].from, "{reach:?} {day}");
                    assert!(pair[0].from <= pair[0].to);
                }
                assert!(columns.len() <= 32);
            }
        }
    }

    #[test]
    fn each_reach_goes_as_far_back_as_it_says() {
        let last = JstDay::parse_basic("20260713").unwrap();
        let first = |reach| columns(reach, last).last().unwrap().from.to_string();
        assert_eq!(first(Reach::TwoWeeks), "2026-06-30");
        assert!(first(Reach::HalfYear).as_str() <= "2026-02-01");
        assert!(first(Reach::Year).as_str() <= "2025-08-01");
        assert!(first(Reach::FiveYears).as_str() <= "2021-08-01");
    }
}
