//! The two axes of a graph: round numbers upwards, months along.

use tasuki_model::{Instant, JstDay};

/// Months named along the axis at most.
const MONTHS_MAX: i64 = 13;

/// Round numbers for an axis from `low` to `high`: about four steps of 1, 2 or 5 times a power of ten,
/// and how many decimals they need.
pub(super) fn ticks(low: f64, high: f64) -> (Vec<f64>, usize) {
    let raw = ((high - low) / 4.0).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= raw);
    let step = step.unwrap_or(power);
    let first = (low / step).ceil();
    let steps = (high / step).floor() - first;
    let count = if steps.is_finite() {
        steps.clamp(0.0, 10.0) as u32
    } else {
        0
    };
    let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
    (
        (0..=count).map(|n| (first + f64::from(n)) * step).collect(),
        decimals,
    )
}

/// The beginnings of months between two moments, thinned to what fits.
pub(super) fn months(from: Instant, to: Instant) -> Vec<JstDay> {
    let (first, last) = (JstDay::at(from), JstDay::at(to));
    let months = (last.epoch_days() - first.epoch_days()) / 30 + 1;
    let step = (months - 1).div_euclid(MONTHS_MAX) + 1;
    let mut day = first.month_start().plus_days(32).month_start();
    let mut found = Vec::new();
    while day <= last {
        let number = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
        if number % step == 0 {
            found.push(day);
        }
        day = day.plus_days(32).month_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_an_axis_are_round() {
        assert_eq!(ticks(0.3, 2.1), (vec![0.5, 1.0, 1.5, 2.0], 1));
        assert_eq!(ticks(0.0, 400.0).0, [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert!(ticks(5.0, 5.0).0.len() <= 11);
        assert!(ticks(-1e300, 1e300).0.len() <= 11);
    }

    #[test]
    fn months_are_named_as_far_as_they_fit() {
        let at = |text: &str| JstDay::parse_iso(text).unwrap().starts();
        let year = months(at("2025-07-15"), at("2026-07-14"));
        assert_eq!(
            (year.len(), year[0].to_string().as_str()),
            (12, "2025-08-01")
        );
        assert!(months(at("2000-01-01"), at("2026-07-14")).len() <= 14);
    }
}
