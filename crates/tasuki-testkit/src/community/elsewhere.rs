//! Who goes to the neighbouring communities too.

use super::registrations::issue;
use super::{COMMUNITIES, Community, Registration};
use crate::dice::Dice;
use crate::people::{Person, Planted};
use jiff::civil::Date;

/// How many people have records in more than one community of the network.
pub const SHARED: usize = 120;

/// Registrations in the neighbouring communities, in the order of `people`. The first `own` of them
/// are of community A, and the first [`SHARED`] of those go elsewhere too; the rest go only elsewhere.
#[must_use]
pub fn elsewhere(dice: &Dice, people: &[Person], own: usize, from: Date) -> Vec<Vec<Registration>> {
    issue(dice, "elsewhere", people, from, |dice, person| {
        neighbours(dice, person, own)
    })
}

/// Facilities of communities B (5 to 7), C (8, 9) and D (10, 11).
fn neighbours(dice: &mut Dice, person: &Person, own: usize) -> Vec<usize> {
    let planted = match person.planted {
        Some(Planted::Showcase) => Some(vec![5, 8, 10]),
        Some(Planted::Twin) => Some(vec![11]),
        // One of the namesakes goes to B and the other to C: who mixes them up shows a stranger's.
        Some(Planted::Namesake) => Some(vec![if person.number % 2 == 1 { 5 } else { 8 }]),
        Some(Planted::Married) => Some(vec![6]),
        Some(Planted::Moved) => Some(vec![10]),
        Some(Planted::Foreign) => Some(vec![5, 9]),
        Some(Planted::Died) => Some(vec![7, 10]),
        Some(Planted::Miswritten) => Some(vec![8]),
        None => None,
    };
    if let Some(planted) = planted {
        return planted;
    }
    let others = &COMMUNITIES[1..];
    let number = person.number;
    let (first, count) = match number.checked_sub(own) {
        Some(beyond) => (beyond, 1),
        None if number >= SHARED => return Vec::new(),
        None => match dice.below(10) {
            0..6 => (dice.below(3), 1),
            6..9 => (dice.below(3), 2),
            _ => (0, 3),
        },
    };
    let visited = others.iter().cycle().skip(first % others.len()).take(count);
    let pick = |community: &Community| {
        let places = community.facilities.clone();
        let hospital = places.start;
        let clinic = hospital + 1 + dice.below(places.len() - 1);
        match dice.below(4) {
            0 => vec![clinic],
            1 => vec![clinic, hospital],
            _ => vec![hospital],
        }
    };
    visited.flat_map(pick).collect()
}
