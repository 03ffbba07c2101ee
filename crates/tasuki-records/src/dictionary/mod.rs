//! The dictionary of facilities' own codes: which items a value holds, and a standard code put beside a
//! local one before values are merged. The document stays as it was sent; its own name stays on the
//! item, and the coding that the dictionary adds says so in its version.

mod items;
mod likeness;
#[cfg(test)]
mod tests;

pub use likeness::suggestions;

use crate::ClinicalValue;
use crate::lab::item::jlac10;
use crate::prescription::drug::{hot7, yj};
use items::each_item;
use std::collections::{BTreeMap, HashMap};
use tasuki_core::ports::{CodeMapping, CodedKind, LocalItem};
use tasuki_model::{Coded, Coding, FacilityId, SmolStr};

/// The version of a coding that the dictionary has added.
pub const ADDED: &str = "tasuki-dictionary";

/// Characters of a code or name that count: what is longer is no name of an item.
const NAME_MAX: usize = 120;

/// The standard coding of an item, where it has one.
fn standard(kind: CodedKind, item: &Coded) -> Option<&Coding> {
    let code = match kind {
        CodedKind::Lab => jlac10(item)?,
        // A HOT7 stands at the head of its longer forms.
        CodedKind::Drug => yj(item).or_else(|| hot7(item))?,
    };
    item.codings
        .iter()
        .find(|coding| coding.code.starts_with(code))
}

/// An item as its facility names it.
fn local(kind: CodedKind, item: &Coded) -> LocalItem {
    let short = |text: &str| -> SmolStr { text.chars().take(NAME_MAX).collect() };
    let code = item
        .codings
        .first()
        .map_or("", |coding| coding.code.as_str());
    LocalItem {
        kind,
        code: short(code),
        name: short(item.display()),
    }
}

/// An item, the standard system of its code (empty for a facility's own), and how often it is there.
pub type Counted = (LocalItem, SmolStr, u64);

/// The items of a value.
#[must_use]
pub fn seen(value: &ClinicalValue) -> Vec<Counted> {
    if !matches!(
        value,
        ClinicalValue::Lab(_) | ClinicalValue::Prescription(_) | ClinicalValue::Injection(_)
    ) {
        return Vec::new();
    }
    let mut counts: BTreeMap<(LocalItem, SmolStr), u64> = BTreeMap::new();
    // Looking changes nothing; one walk serves looking and mapping.
    let mut value = value.clone();
    each_item(&mut value, &mut |kind, item| {
        if item.is_empty() {
            return;
        }
        let key = match standard(kind, item) {
            Some(coding) => {
                let code = coding.code.clone();
                (
                    LocalItem {
                        code,
                        ..local(kind, item)
                    },
                    coding.system.clone(),
                )
            }
            None => (local(kind, item), SmolStr::default()),
        };
        *counts.entry(key).or_default() += 1;
    });
    let counted = |((item, system), times)| (item, system, times);
    counts.into_iter().map(counted).collect()
}

/// Mappings in force, ready to be applied.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    map: HashMap<FacilityId, HashMap<LocalItem, Coding>>,
}

impl Dictionary {
    /// The dictionary of some mappings.
    #[must_use]
    pub fn new(mappings: Vec<CodeMapping>) -> Self {
        let mut map: HashMap<FacilityId, HashMap<LocalItem, Coding>> = HashMap::new();
        for mapping in mappings {
            let of = map.entry(mapping.facility).or_default();
            of.insert(mapping.item, mapping.standard);
        }
        Self { map }
    }

    /// Puts standard codes beside the local ones of a value of a facility.
    pub fn apply(&self, facility: &FacilityId, value: &mut ClinicalValue) {
        let Some(of) = self.map.get(facility) else {
            return;
        };
        each_item(value, &mut |kind, item| {
            if standard(kind, item).is_some() {
                return;
            }
            if let Some(found) = of.get(&local(kind, item)) {
                item.codings.push(Coding {
                    version: Some(ADDED.into()),
                    ..found.clone()
                });
            }
        });
    }
}

/// A standard code as somebody types it: JLAC10 of 12, 15 or 17 characters; HOT7, 9 or 13, or YJ.
#[must_use]
pub fn standard_code(kind: CodedKind, code: &str, name: &str) -> Option<Coding> {
    let code = code.trim().to_ascii_uppercase();
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let system = match (kind, code.len()) {
        (CodedKind::Lab, 12 | 15 | 17) => "JC10",
        (CodedKind::Drug, 7) if digits => "HOT7",
        (CodedKind::Drug, 9) if digits => "HOT9",
        (CodedKind::Drug, 13) if digits => "HOT13",
        (CodedKind::Drug, 12) => "YJ",
        _ => return None,
    };
    let right = code.bytes().all(|b| b.is_ascii_alphanumeric());
    right.then(|| Coding {
        system: system.into(),
        version: None,
        code: code.into(),
        text: name.chars().take(NAME_MAX).collect(),
    })
}
