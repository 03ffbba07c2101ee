//! A second set of registrations to try 名寄せ on: made here, on other assumptions than the
//! generator by which the engine's constants were fixed — other names, other households, other
//! errors. Written with truth beside it; never used to fix a constant, but for seed 101.
//!
//! What it does not do: it is no picture of a real population. Strangers of one name and birth date
//! are many times as frequent as in nature.

mod names;
mod people;
mod place;
mod write;

use crate::dice::Dice;
use std::fmt::Write as _;
use std::path::Path;

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Everything follows from it.
    pub seed: u64,
    /// Persons, about 2.6 registrations each.
    pub persons: usize,
    /// How much goes wrong: 1 is ordinary.
    pub noise: f64,
}

const HEAD: &str = "record_id,family_kanji,given_kanji,family_kana,given_kana,family_roman,given_roman,sex,birth_date,postal_code,address,phone,insurer_no,insured_symbol,insured_no,insured_branch\n";

/// Writes `records.csv` and `truth.csv`; returns how many registrations.
///
/// # Errors
/// Whatever keeps a file from being written.
pub fn write(order: Order, out: &Path) -> std::io::Result<usize> {
    let made = made(order);
    std::fs::write(out.join("records.csv"), made.records)?;
    std::fs::write(out.join("truth.csv"), &made.truth)?;
    std::fs::write(out.join("slices.csv"), made.slices)?;
    Ok(made.truth.lines().count().saturating_sub(1))
}

/// A set as CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The registrations.
    pub records: String,
    /// Whose each is.
    pub truth: String,
    /// Which are those of twins, and of which.
    pub slices: String,
}

/// Makes a set.
#[must_use]
pub fn made(order: Order) -> Made {
    let root = Dice::new(order.seed);
    let mut dice = root.fork("town", 0);
    let people = people::Town::new(&mut dice, order.persons).people;
    let mut dice = root.fork("registrations", 0);
    let styles: Vec<write::Style> = (0..(order.persons / 300).max(10))
        .map(|_| write::Style::new(&mut dice))
        .collect();
    let level = write::Level(order.noise);
    let mut lines = Vec::new();
    for (number, person) in people.iter().take(order.persons).enumerate() {
        let mut times = 1;
        while times < 7 && dice.chance(0.63) {
            times += 1;
        }
        let first_day = (people::WINDOW - person.born).max(0);
        for _ in 0..times {
            let style = *dice.pick(&styles);
            let day = dice.between(first_day, people::WINDOW);
            lines.push((
                number,
                write::registration(&mut dice, level, style, person, day),
            ));
        }
    }
    for last in (1..lines.len()).rev() {
        lines.swap(last, dice.below(last + 1));
    }
    let (mut records, mut truth) = (HEAD.to_owned(), "record_id,person_id\n".to_owned());
    let mut slices = "record_id,tags,household\n".to_owned();
    for (at, (person, fields)) in lines.iter().enumerate() {
        // Writing into a String cannot fail.
        let _ = writeln!(records, "S{at:07},{}", fields.join(","));
        let _ = writeln!(truth, "S{at:07},P{person:06}");
        if let Some(twins) = people.get(*person).and_then(|p| p.twins) {
            let _ = writeln!(slices, "S{at:07},twin,T{twins:06}");
        }
    }
    Made {
        records,
        truth,
        slices,
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, made};

    #[test]
    fn the_same_seed_makes_the_same_registrations() {
        let order = |seed| Order {
            seed,
            persons: 400,
            noise: 1.0,
        };
        let set = made(order(3));
        assert_eq!(set, made(order(3)));
        assert_ne!(set.records, made(order(4)).records);
        let lines = set.records.lines().count();
        assert_eq!(lines, set.truth.lines().count());
        assert!((800..1_500).contains(&lines), "{lines}");
        assert!(set.slices.lines().count() > 1, "twins");
        assert!(
            set.records
                .lines()
                .all(|line| line.matches(',').count() == 15)
        );
    }
}
