//! XCN as JAHIS writes it (HL7 v2.5 §2.A.86); names, addresses and telephones are in
//! [`tasuki_wire::hl7::people`].

use serde::{Deserialize, Serialize};
use tasuki_model::PersonName;
use tasuki_model::SmolStr;
use tasuki_wire::hl7::Field;
use tasuki_wire::hl7::people::add_writing;

use super::short;

/// Someone who works at the facility.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Staff {
    /// The facility's own id for the person.
    pub id: SmolStr,
    /// Name. Boxed: most places for staff are empty in most messages, and values are moved a lot.
    pub name: Box<PersonName>,
}

impl Staff {
    /// The name to show, else the id.
    #[must_use]
    pub fn display(&self) -> String {
        let name = self.name.display();
        if name.is_empty() {
            self.id.to_string()
        } else {
            name
        }
    }

    /// Reads a field of XCN: repetitions are the writings of one person.
    pub(crate) fn of(field: Field<'_>) -> Option<Self> {
        let mut staff = Self::default();
        for rep in field.reps().filter(|rep| !rep.is_null()) {
            let [id, family, given, ..] = rep.first_comps::<3>();
            if staff.id.is_empty() {
                staff.id = short(id.value());
            }
            add_writing(&mut staff.name, family, given, rep.comp(15).raw());
        }
        (staff != Self::default()).then_some(staff)
    }
}
