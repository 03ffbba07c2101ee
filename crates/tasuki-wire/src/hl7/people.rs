//! XPN, XAD, XTN and CX as Japanese systems write them, both ways (HL7 v2.5 §2.A.14, §2.A.86–89).
//!
//! XPN.8 (`I` kanji, `P` kana, `A` Latin) tells writings apart; where it is absent, the letters do.

use super::encode::{Comp as OutComp, Field as OutField, Rep as OutRep, comps, reps, subs};
use super::{Comp, Field, Rep};
use tasuki_model::PersonName;
use tasuki_model::person::{Address, NameParts};

/// A field of XPN: repetitions are the writings of one name.
pub fn person_name(field: Field<'_>) -> PersonName {
    let mut name = PersonName::default();
    for rep in field.reps().filter(|rep| !rep.is_null()) {
        let [family, given, _, _, _, _, _, writing] = rep.first_comps::<8>();
        add_writing(&mut name, family, given, writing.raw());
    }
    name
}

/// Adds one writing to a name, unless it is empty or that writing is there already.
pub fn add_writing(name: &mut PersonName, family: Comp<'_>, given: Comp<'_>, writing: &str) {
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
pub fn address(rep: Rep<'_>) -> Option<Address> {
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
pub fn phone(rep: Rep<'_>) -> Option<String> {
    let direct = [12, 1].map(|n| rep.comp(n).whole().into_string());
    let parts = || [6, 7].map(|n| rep.comp(n).value().into_string()).join("-");
    let number = direct
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .unwrap_or_else(parts);
    let number = number.trim_matches(['-', ' ']);
    (!number.is_empty()).then(|| number.to_owned())
}

/// A name as a field of XPN: one repetition a writing, of type `L` (legal name).
pub fn name_field(name: &PersonName) -> OutField {
    let writings = [
        (&name.ideographic, "I"),
        (&name.phonetic, "P"),
        (&name.alphabetic, "A"),
    ];
    let there = writings
        .into_iter()
        .filter_map(|(parts, code)| parts.as_ref().map(|parts| (parts, code)));
    reps(there.map(|(parts, code)| {
        let (family, given) = (parts.family.as_str(), parts.given.as_str());
        comps([family, given, "", "", "", "", "L", code])
    }))
}

/// An address as XAD: postal code, country, home, and the whole text in component 8.
pub fn address_rep(address: &Address) -> OutRep {
    let (postal, text) = (address.postal.as_str(), address.text.as_str());
    comps(["", "", "", "", postal, "JPN", "H", text])
}

/// A telephone number as XTN: component 12 (any text), as JAHIS writes it.
pub fn phone_rep(number: &str) -> OutRep {
    comps(["", "PRN", "PH", "", "", "", "", "", "", "", "", number])
}

/// A patient identifier as CX: ID, assigning authority (namespace, OID, `ISO`), type `PI`.
pub fn patient_id_rep(local_id: &str, namespace: &str, authority: &str) -> OutRep {
    let authority = subs([namespace, authority, "ISO"]);
    let parts: [OutComp; 5] = [
        local_id.into(),
        "".into(),
        "".into(),
        authority,
        "PI".into(),
    ];
    comps(parts)
}
