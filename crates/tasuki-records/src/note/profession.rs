//! Professions in the words of any source.

use tasuki_model::Role;

/// The role of an `authorRole` (ITI TF-3, 4.2.3.1.4.4): free text, in Japanese as a rule.
#[must_use]
pub fn role_of(text: &str) -> Option<Role> {
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
