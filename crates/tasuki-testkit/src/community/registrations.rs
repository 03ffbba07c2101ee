//! Who is registered where, under which local ID.

use super::{FACILITIES, NEIGHBOURS, facility};
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
    issue(dice, "registration", people, from, facilities)
}

/// Cards for everybody at the facilities that `choose` says, numbered as each facility does.
pub(super) fn issue(
    dice: &Dice,
    word: &str,
    people: &[Person],
    from: Date,
    choose: impl Fn(&mut Dice, &Person) -> Vec<usize>,
) -> Vec<Vec<Registration>> {
    let count = FACILITIES.len() + NEIGHBOURS.len();
    let mut next: Vec<usize> = (0..count).map(|n| facility(n).habits.id_from).collect();
    let mut card = |dice: &mut Dice, number: usize| {
        let habits = facility(number).habits;
        let id = next.get(number).copied().unwrap_or_default();
        let step = 1 + dice.below(7);
        if let Some(next) = next.get_mut(number) {
            *next += step;
        }
        let (prefix, digits) = (habits.id_prefix, habits.id_digits);
        Registration {
            facility: number,
            local_id: format!("{prefix}{id:0digits$}"),
            since: from,
        }
    };
    let of = |person: &Person| {
        let mut dice = dice.fork(word, person.number);
        let chosen = choose(&mut dice, person);
        chosen.into_iter().map(|n| card(&mut dice, n)).collect()
    };
    people.iter().map(of).collect()
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
