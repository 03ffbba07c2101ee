//! Professions as letters, as the team knows them; of whatever words a source has for them.

use crate::words::Words;
use std::borrow::Cow;
use tasuki_model::Role;

/// A profession beside a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profession {
    pub letter: Cow<'static, str>,
    /// Its shape: the letter alone does not tell them apart.
    pub class: &'static str,
}

impl Profession {
    pub fn of(w: Words, role: Option<Role>) -> Self {
        let (letter, class) = match role {
            Some(Role::Physician) => (w.profession_physician(), ""),
            Some(Role::Dentist) => (w.profession_dentist(), ""),
            Some(Role::Nurse) => (w.profession_nurse(), "profession--nurse"),
            Some(Role::Pharmacist) => (w.profession_pharmacist(), "profession--pharm"),
            Some(Role::CareManager) => (w.profession_care_manager(), "profession--care"),
            _ => (w.profession_other(), "profession--other"),
        };
        Self { letter, class }
    }
}

/// The role of an `authorRole` (ITI TF-3, 4.2.3.1.4.4): free text, in Japanese as a rule.
pub(super) fn role_of(text: &str) -> Option<Role> {
    let words = [
        ("歯科医師", Role::Dentist),
        ("医師", Role::Physician),
        ("看護", Role::Nurse),
        ("保健師", Role::Nurse),
        ("薬剤師", Role::Pharmacist),
        ("介護支援専門員", Role::CareManager),
        ("ケアマネ", Role::CareManager),
    ];
    let named = words.iter().find(|(word, _)| text.contains(word));
    named
        .map(|(_, role)| *role)
        .or_else(|| Role::from_code(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profession_is_known_by_the_words_of_any_source() {
        for (text, role) in [
            ("医師", Some(Role::Physician)),
            ("歯科医師", Some(Role::Dentist)),
            ("訪問看護師", Some(Role::Nurse)),
            ("ケアマネジャー", Some(Role::CareManager)),
            ("physician", Some(Role::Physician)),
            ("理学療法士", None),
        ] {
            assert_eq!(role_of(text), role, "{text}");
        }
    }
}
