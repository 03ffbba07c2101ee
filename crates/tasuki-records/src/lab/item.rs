//! Which lab items are one: JLAC10 analyte, identification and specimen (digits 1–5, 6–9, 10–12), and
//! the result's identification (16–17) where it is the item's own.
//!
//! Own result codes begin with 51 and are part of the item: a blood count (2A990) tells red cells from
//! white by nothing else. The common ones (01 to 49) and the method (13–15) are left to
//! [`Measure`](super::merge::Measure): values that differ in them stand on one line, each saying so,
//! and are never joined by a stroke. An item with a local code only is known by that code, its name and
//! its source; it is shown under its own name, and is joined with nobody else's.

use crate::merge::normal_name;
use tasuki_core::gather::Source;
use tasuki_model::{Coded, Coding, SmolStr};

/// What makes two results results of one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKey {
    /// The first twelve digits of a JLAC10 code, with an own result code.
    Jlac10(SmolStr),
    /// Another public code, with the specimen's code.
    Coded(SmolStr, SmolStr, SmolStr),
    /// A code of the source's own, with name and specimen.
    Local(Source, SmolStr, String, SmolStr),
}

/// A group of items under one head, by the first digits of JLAC10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemGroup {
    /// 腎・電解質 (3C non-protein nitrogen, 3H electrolytes).
    Kidney,
    /// 肝・蛋白 (3A proteins, 3B enzymes, 3J pigments).
    Liver,
    /// 糖・脂質 (3D, 3F).
    Metabolism,
    /// 血算 (2A).
    Blood,
    /// 凝固 (2B).
    Coagulation,
    /// 心・ホルモン (4).
    Hormones,
    /// 炎症・免疫・腫瘍 (5).
    Immunity,
    /// 尿・便 (1).
    Urine,
    /// 微生物 (6).
    Microbes,
    /// Everything else of JLAC10, and other public codes.
    Other,
    /// Items with local codes only.
    Local,
}

impl ItemGroup {
    /// Every group, in the order of a page.
    pub const ALL: &'static [Self] = &[
        Self::Kidney,
        Self::Liver,
        Self::Metabolism,
        Self::Blood,
        Self::Coagulation,
        Self::Hormones,
        Self::Immunity,
        Self::Urine,
        Self::Microbes,
        Self::Other,
        Self::Local,
    ];
}

/// Whether a coding is JLAC10.
#[must_use]
pub fn is_jlac10(coding: &Coding) -> bool {
    let system = matches!(
        coding.system.as_str(),
        "JC10" | "JLAC10" | "1.2.392.200119.4.504"
    );
    let length = matches!(coding.code.len(), 12 | 15 | 17);
    system && length && coding.code.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Codes that mean something only where they were made: `99…`, `L`, or no system at all.
fn is_local(coding: &Coding) -> bool {
    coding.system.is_empty() || coding.system.starts_with("99") || coding.system == "L"
}

/// The JLAC10 code of an item.
#[must_use]
pub fn jlac10(item: &Coded) -> Option<&str> {
    let coding = item.codings.iter().find(|coding| is_jlac10(coding));
    coding.map(|coding| coding.code.as_str())
}

/// Digits 16–17 of a JLAC10 code where they are the item's own.
#[must_use]
pub fn own_result(code: &str) -> Option<&str> {
    code.get(15..17).filter(|result| *result >= "51")
}

impl ItemKey {
    /// The key of an item in a specimen, as a source sent it.
    #[must_use]
    pub fn of(item: &Coded, material: &Coded, source: &Source) -> Self {
        if let Some(code) = jlac10(item)
            && let Some(whole) = code.get(..12)
        {
            let own = own_result(code).unwrap_or_default();
            return Self::Jlac10(format!("{whole}{own}").to_ascii_uppercase().into());
        }
        let first = |coded: &Coded| {
            coded
                .codings
                .first()
                .map(|c| c.code.clone())
                .unwrap_or_default()
        };
        let coded = |coding: &&Coding| !is_local(coding) && !coding.code.is_empty();
        // A JLAC10 code of a wrong length is no public code: it says too little or too much.
        let public = item
            .codings
            .iter()
            .find(coded)
            .filter(|c| c.system != "JC10");
        if let Some(coding) = public {
            return Self::Coded(coding.system.clone(), coding.code.clone(), first(material));
        }
        let name = normal_name(item.display());
        Self::Local(source.clone(), first(item), name, first(material))
    }

    /// The group that it stands in.
    #[must_use]
    pub fn group(&self) -> ItemGroup {
        let code = match self {
            Self::Jlac10(code) => code.as_str(),
            Self::Coded(..) => return ItemGroup::Other,
            Self::Local(..) => return ItemGroup::Local,
        };
        match code.as_bytes() {
            [b'3', b'C' | b'H', ..] => ItemGroup::Kidney,
            [b'3', b'A' | b'B' | b'J', ..] => ItemGroup::Liver,
            [b'3', b'D' | b'F', ..] => ItemGroup::Metabolism,
            [b'2', b'A', ..] => ItemGroup::Blood,
            [b'2', b'B', ..] => ItemGroup::Coagulation,
            [b'4', ..] => ItemGroup::Hormones,
            [b'5', ..] => ItemGroup::Immunity,
            [b'1', ..] => ItemGroup::Urine,
            [b'6', ..] => ItemGroup::Microbes,
            _ => ItemGroup::Other,
        }
    }
}
