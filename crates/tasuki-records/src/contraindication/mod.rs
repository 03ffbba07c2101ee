//! 薬剤禁忌: what of a patient's allergies and contraindications is about medicines (電子カルテ情報共有
//! サービス, 6情報「薬剤禁忌」). It comes with the allergy list (ADT-61, IAM-2: DA 薬剤, MC 禁忌) and is
//! merged there; here it is picked out, each line saying whether a source calls it a contraindication.

#[cfg(test)]
mod tests;

use crate::allergy::Allergy;
use crate::allergy::merge::{Allergies, AllergyLine};
use crate::kinds::{Kind, Place};
use tasuki_model::{Category, Coding};

/// The kind.
pub const KIND: Kind = Kind {
    id: "contraindication",
    title_key: "kind-contraindication",
    codes: &[],
    category: Category::Allergy,
    place: Place::Undated,
    decode: None,
};

/// A medicine that is not to be given, or to which somebody has reacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contraindication {
    /// The line of the allergy list, with every source's words.
    pub line: AllergyLine,
    /// A source calls it 禁忌 (MC) and not only an allergy.
    pub stated: bool,
}

/// What HL70127 says of an entry: 禁忌, 薬剤, or neither.
fn kind(allergy: &Allergy) -> Option<bool> {
    let codes = allergy.kind.codings.iter();
    let of = |coding: &Coding| match coding.code.as_str() {
        "MC" => Some(true),
        "DA" => Some(false),
        _ => None,
    };
    codes.filter_map(of).max()
}

/// Picks the lines about medicines out of a merged allergy list, those that are called 禁忌 first.
/// What sources have taken back is not among them: the allergy list shows it.
#[must_use]
pub fn contraindications(allergies: &Allergies) -> Vec<Contraindication> {
    let about = |line: &AllergyLine| {
        let kinds = line.valid().filter_map(|fact| kind(&fact.value));
        kinds.max().map(|stated| Contraindication {
            line: line.clone(),
            stated,
        })
    };
    let mut found: Vec<_> = allergies.lines.iter().filter_map(about).collect();
    found.sort_by_key(|one| !one.stated);
    found
}
