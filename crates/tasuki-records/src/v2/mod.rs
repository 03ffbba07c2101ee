//! What the HL7 v2.5 data types mean here: coded values, names, places, times, orders.
//!
//! Shared by the kinds' `from_ssmix2` modules. Texts are kept as sent, but for blanks around codes;
//! what cannot be read becomes a [`Problem`] with its path.

mod coded;
mod department;
mod encounter;
#[cfg(test)]
pub(crate) mod fixtures;
mod line;
mod observation;
mod order;
mod people;
#[cfg(test)]
mod tests;
mod timing;

pub(crate) use coded::{coded, quantity, short};
pub use department::department;
pub use encounter::{Encounter, Location, PatientClass};
pub(crate) use line::{Line, RECORD_COPY, Reader};
pub use observation::{Comparator, Material, Observation, ObservedValue, Parent};
pub use order::OrderHead;
pub use people::Staff;
pub(crate) use tasuki_wire::hl7::people::{address, person_name, phone};
pub use timing::Timing;

pub(crate) use crate::problem::Problem;
