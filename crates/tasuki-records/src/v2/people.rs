//! XPN, XCN, XAD and XTN as JAHIS writes them (HL7 v2.5 §2.A.86–2.A.89).

use serde::{Deserialize, Serialize};
use tasuki_model::PersonName;
use tasuki_model::SmolStr;
use tasuki_model::person::{Address, NameParts};
use tasuki_wire::hl7::{Comp, Field, Rep};

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

/// A field of XPN: repetitions are the writings of one name.
pub(crate) fn person_name(field: Field<'_>) -> PersonName {
    let mut name = PersonName::default();
    for rep in field.reps().filter(|rep| !rep.is_null()) {
        let [family, given, _, _, _, _, _, writing] = rep.first_comps::<8>();
        add_writing(&mut name, family, given, writing.raw());
    }
    name
}

fn add_writing(name: &mut PersonName, family: Comp<'_>, given: Comp<'_>, writing: &str) {
    let parts = NameParts {
        family: family.value().into_string(),
        given: given.value().into_string(),
    };
    if parts.family.is_empty() && parts.given.is_empty() {
        return;
    }
    let slot = match writing.trim() {
        "I" => &mut name.ideographic,
        "P" => &mut name.phonetic,
        "A" => &mut name.alphabetic,
        // Many senders leave the representation out; the letters then say it.
        _ if is_only(&parts, |c| c.is_ascii()) => &mut name.alphabetic,
        _ if is_only(&parts, is_kana) => &mut name.phonetic,
        _ => &mut name.ideographic,
    };
    slot.get_or_insert(parts);
}

fn is_only(parts: &NameParts, mut test: impl FnMut(char) -> bool) -> bool {
    parts
        .family
        .chars()
        .chain(parts.given.chars())
        .all(|c| c.is_whitespace() || test(c))
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}')
}

/// XAD: Japanese systems put the whole address into component 8.
pub(crate) fn address(rep: Rep<'_>) -> Option<Address> {
    let [street, other, city, state, postal, _, _, whole] = rep.first_comps::<8>();
    let text = if whole.is_empty() {
        [state, city, street, other]
            .map(|comp| comp.value().into_string())
            .concat()
    } else {
        whole.whole().into_string()
    };
    let address = Address {
        postal: postal.value().into_string(),
        text,
    };
    (address != Address::default()).then_some(address)
}

/// XTN: component 12 (any text), else 1, else area code and number.
pub(crate) fn phone(rep: Rep<'_>) -> Option<String> {
    let direct = [12, 1].map(|n| rep.comp(n).whole().into_string());
    let parts = || [6, 7].map(|n| rep.comp(n).value().into_string()).join("-");
    let number = direct
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .unwrap_or_else(parts);
    let number = number.trim_matches(['-', ' ']);
    (!number.is_empty()).then(|| number.to_owned())
}
