//! One person in six places that stand differently to every kind of data: one has everything, one states
//! that there are no allergies, one has recorded nothing, one has everything and a consent that does not
//! cover it, one could not be read, one offers nothing. What is consented and offered is said by whoever
//! sets the facilities up.

use super::{Years, later, reports, tell};
use crate::chart::{Chart, ChartError};
use crate::community::{Registration, facility};
use crate::dice::Dice;
use crate::people::{Planted, people};
use jiff::civil::Date;
use std::path::Path;

/// The six places by their state, in this order.
pub const STATES: [&str; 6] = ["data", "none", "unknown", "withheld", "away", "off"];

/// Writes the six storages; returns the six cards in the order of [`STATES`].
///
/// # Errors
/// When a chart cannot be written.
pub fn states(root: &Path, until: Date) -> Result<Vec<Registration>, ChartError> {
    let dice = Dice::new(6);
    let people = people(&dice, 40, until);
    let mut shown = people.iter();
    let Some(person) = shown.find(|p| p.planted == Some(Planted::Showcase)) else {
        return Ok(Vec::new());
    };
    let years = Years {
        from: later(until, -365),
        until,
    };
    let cards: Vec<Registration> = (0..STATES.len())
        .map(|number| Registration {
            facility: number,
            local_id: format!(
                "{:0digits$}",
                9_001 + number,
                digits = facility(number).habits.id_digits
            ),
            since: years.from,
        })
        .collect();
    for (card, state) in cards.iter().zip(STATES) {
        let mut chart = Chart::open(root, person, card, dice.fork("state", card.facility));
        let day = later(until, -20);
        match state {
            "data" | "withheld" => {
                tell(root, &dice, person, std::slice::from_ref(card), (years, 0))?;
                reports::team_note(&mut chart, day.at(11, 0, 0, 0), "01", 0)?;
            }
            "none" => {
                chart.demographics(day.at(9, 0, 0, 0))?;
                chart.allergies(day.at(9, 5, 0, 0), &[])?;
            }
            "away" => {
                chart.demographics(day.at(9, 0, 0, 0))?;
                chart.visit(day.at(9, 30, 0, 0), "01")?;
            }
            _ => chart.demographics(day.at(9, 0, 0, 0))?,
        }
    }
    Ok(cards)
}
