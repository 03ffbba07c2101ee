//! Who is registered where, under which local ID.

use super::FACILITIES;
use crate::dice::Dice;
use crate::people::{Person, Planted};
use jiff::civil::Date;

/// One person's card at one facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Index of the facility.
    pub facility: usize,
    /// Local patient ID.
    pub local_id: String,
    /// Day of the first visit.
    pub since: Date,
}

/// Registrations of everybody, in the order of `people`; the first is where they go usually.
#[must_use]
pub fn registrations(dice: &Dice, people: &[Person], from: Date) -> Vec<Vec<Registration>> {
    let mut next = FACILITIES.map(|facility| facility.habits.id_from);
    people
        .iter()
        .map(|person| {
            let mut dice = dice.fork("registration", person.number);
            facilities(&mut dice, person)
                .into_iter()
                .map(|facility| {
                    let number = next.get(facility).copied().unwrap_or_default();
                    let step = 1 + dice.below(7);
                    if let Some(next) = next.get_mut(facility) {
                        *next += step;
                    }
                    let digits = FACILITIES
                        .get(facility)
                        .map_or(10, |facility| facility.habits.id_digits);
                    Registration {
                        facility,
                        local_id: format!("{number:0digits$}"),
                        since: from,
                    }
                })
                .collect()
        })
        .collect()
}

fn facilities(dice: &mut Dice, person: &Person) -> Vec<usize> {
    match person.planted {
        Some(Planted::Showcase) => vec![3, 0, 1, 2],
        Some(Planted::Twin) => vec![4, 0],
        // The two namesakes share one hospital: there the mix-up would happen.
        Some(Planted::Namesake) => {
            if person.number % 2 == 1 {
                vec![3, 0]
            } else {
                vec![4, 0]
            }
        }
        Some(Planted::Married) => vec![3, 0],
        Some(Planted::Moved) => vec![0, 2],
        Some(Planted::Foreign) => vec![0, 1, 2],
        Some(Planted::Died) => vec![2, 0],
        Some(Planted::Miswritten) => vec![0, 1],
        None => {
            let clinic = if dice.chance(0.55) { 3 } else { 4 };
            let hospital = dice.below(3);
            match dice.below(10) {
                0..2 => vec![clinic],
                2..4 => vec![hospital],
                4..8 => vec![clinic, hospital],
                _ => vec![clinic, hospital, (hospital + 1) % 3],
            }
        }
    }
}
