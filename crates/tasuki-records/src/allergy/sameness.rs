//! Which allergens are one: by a public code of drug, antibody or allergen, or by name.

use super::Allergy;
use crate::merge::normal_name;
use crate::prescription::drug::{hot7, yj};
use tasuki_model::SmolStr;

/// What makes two allergens one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// HOT7.
    Hot(SmolStr),
    /// The first nine characters of a YJ code.
    Yj(SmolStr),
    /// JLAC10 of a specific antibody: analyte and identification name the allergen.
    Jlac10(SmolStr),
    /// Another public code, such as J-FAGY.
    Coded(SmolStr, SmolStr),
    /// The name in level writing.
    Name(String),
}

/// The keys of an allergy.
pub(super) fn keys(allergy: &Allergy) -> Vec<Key> {
    let allergen = &allergy.allergen;
    let hot = hot7(allergen).map(|code| Key::Hot(code.into()));
    let yj = yj(allergen)
        .and_then(|code| code.get(..9))
        .map(|code| Key::Yj(code.into()));
    let public = allergen.codings.iter().filter_map(|coding| {
        let system = coding.system.as_str();
        let known = system.is_empty()
            || system.starts_with("99")
            || system.starts_with("HOT")
            || system == "YJ";
        match (system, coding.code.get(..9)) {
            ("JC10", Some(code)) => Some(Key::Jlac10(code.into())),
            _ if known || coding.code.is_empty() => None,
            _ => Some(Key::Coded(coding.system.clone(), coding.code.clone())),
        }
    });
    let name = Some(normal_name(allergen.display())).filter(|name| !name.is_empty());
    let codes = hot.into_iter().chain(yj).chain(public);
    codes.chain(name.map(Key::Name)).collect()
}
