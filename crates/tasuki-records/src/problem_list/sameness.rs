//! Which diseases are one: the same 病名管理番号 with the same modifiers, the same ICD-10 code on the
//! same side of the body, or the same name.

use super::merge::Stated;
use crate::merge::normal_name;
use tasuki_model::SmolStr;

/// What makes two entries entries of one disease.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// 病名管理番号 with every modifier.
    Number(SmolStr, String),
    /// ICD-10 with the side of the body.
    Icd10(SmolStr, String),
    /// The whole name in level writing.
    Name(String),
}

/// The side of the body that a name says: ICD-10 does not tell a left fracture from a right one.
fn side(name: &str) -> String {
    name.chars()
        .filter(|c| matches!(c, '右' | '左' | '両'))
        .collect()
}

/// The keys of a disease.
pub(super) fn keys(stated: &Stated) -> Vec<Key> {
    let disease = &stated.disease;
    let modifiers = disease.wording.as_ref().map(|wording| {
        let parts = wording.prefixes.iter().chain(&wording.suffixes);
        let parts = parts.map(|part| normal_name(part.display()));
        let mut parts: Vec<String> = parts.filter(|part| !part.contains("疑い")).collect();
        parts.sort();
        parts.join("+")
    });
    let name = normal_name(&stated.name).replace("の疑い", "");
    let modifiers = modifiers.unwrap_or_else(|| side(&name));
    let number = disease
        .disease
        .codings
        .iter()
        .find(|c| c.system.starts_with("MDCDX") && !c.code.is_empty());
    let number = number.map(|coding| Key::Number(coding.code.clone(), modifiers));
    // `.8` is "other specified": what it holds together is not one disease.
    let icd10 = disease
        .icd10()
        .filter(|code| !code.is_empty() && !code.ends_with('8'));
    let icd10 = icd10.map(|code| Key::Icd10(code.replace('.', "").into(), side(&name)));
    let keys: Vec<Key> = number.into_iter().chain(icd10).collect();
    keys.into_iter()
        .chain((!name.is_empty()).then(|| Key::Name(name.clone())))
        .collect()
}
