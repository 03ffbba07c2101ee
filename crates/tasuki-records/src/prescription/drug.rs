//! Which medicines are one: the same HOT7, the same nine digits of a YJ code, or the same name.
//!
//! HOT7 is what identifies a medicine for prescribing (the first seven digits of HOT9 and HOT13); the
//! first nine characters of a YJ code are ingredient, route, form and strength, whatever the brand.
//! The name is the general one: a maker in `「…」` at its end says who made it, not what it is. A
//! facility's own code says nothing elsewhere and is never a key. There is no table from HOT to YJ
//! here (no free one is known); a medicine that gives both joins what gives one of them.

use crate::merge::normal_name;
use tasuki_model::{Coded, Coding, SmolStr};

/// What makes two entries entries of one medicine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DrugKey {
    /// HOT7.
    Hot(SmolStr),
    /// The first nine characters of a YJ code.
    Yj(SmolStr),
    /// The name in level writing, without maker.
    Name(String),
}

fn digits(coding: &Coding, systems: &[&str], lengths: &[usize]) -> bool {
    systems.contains(&coding.system.as_str())
        && lengths.contains(&coding.code.len())
        && coding.code.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The YJ code of a drug (OID 1.2.392.100495.20.2.73).
#[must_use]
pub fn yj(drug: &Coded) -> Option<&str> {
    let systems = ["YJ", "1.2.392.100495.20.2.73"];
    let coding = drug.codings.iter().find(|c| digits(c, &systems, &[12]));
    coding.map(|coding| coding.code.as_str())
}

/// The HOT7 code of a drug, from HOT7, HOT9 or HOT13.
#[must_use]
pub fn hot7(drug: &Coded) -> Option<&str> {
    let systems = [
        "HOT7",
        "HOT9",
        "HOT13",
        "HOT",
        "1.2.392.200119.4.402.1",
        "1.2.392.200119.4.403.1",
        "1.2.392.200119.4.403.2",
        "1.2.392.100495.20.2.74",
    ];
    let coding = drug
        .codings
        .iter()
        .find(|c| digits(c, &systems, &[7, 9, 13]));
    coding.and_then(|coding| coding.code.get(..7))
}

/// The name in level writing, without maker.
#[must_use]
pub fn general_name(drug: &Coded) -> String {
    let name = normal_name(drug.display());
    // A prescription by general name begins so (一般名処方マスタ).
    let name = name.strip_prefix("【般】").unwrap_or(&name);
    let maker = name.find('「').filter(|_| name.ends_with('」'));
    maker
        .and_then(|at| name.get(..at))
        .unwrap_or(name)
        .to_owned()
}

/// The keys of a drug; none where neither a public code nor a name was sent.
#[must_use]
pub fn keys(drug: &Coded) -> Vec<DrugKey> {
    let hot = hot7(drug).map(|code| DrugKey::Hot(code.into()));
    let yj = yj(drug).and_then(|code| code.get(..9));
    let yj = yj.map(|code| DrugKey::Yj(code.to_ascii_uppercase().into()));
    // A code in the place of a name is no name.
    let named = drug.original_text.is_some() || drug.codings.iter().any(|c| !c.text.is_empty());
    let name = Some(general_name(drug)).filter(|name| named && !name.is_empty());
    hot.into_iter()
        .chain(yj)
        .chain(name.map(DrugKey::Name))
        .collect()
}

/// Words that end the ingredient in a product's name: forms, and salts that do not change it.
const ENDS: &[&str] = &[
    "塩酸塩",
    "ベシル酸塩",
    "フマル酸塩",
    "マレイン酸塩",
    "トシル酸塩",
    "メシル酸塩",
    "酒石酸塩",
    "臭化水素酸塩",
    "ナトリウム",
    "カリウム",
    "カルシウム",
    "水和物",
    "口腔内崩壊",
    "腸溶",
    "徐放",
    "吸入",
    "点眼",
    "点滴",
    "静注",
    "皮下注",
    "筋注",
    "注射",
    "注",
    "輸液",
    "シロップ",
    "ドライシロップ",
    "カプセル",
    "顆粒",
    "細粒",
    "坐剤",
    "軟膏",
    "クリーム",
    "テープ",
    "パップ",
    "ゼリー",
    "フィルム",
    "錠",
    "散",
    "液",
    "od",
    "na",
    "ca",
    "cr",
    "la",
    "(",
];

/// The ingredient as far as a general name says it: `アムロジピンod錠5mg` gives `アムロジピン`. It
/// serves to point out what may be the same in two lines, never to join them.
#[must_use]
pub fn ingredient(drug: &Coded) -> Option<String> {
    let name = general_name(drug);
    let ends = ENDS.iter().filter_map(|end| name.find(end));
    let digit = name.find(|c: char| c.is_ascii_digit());
    let end = ends.chain(digit).min().unwrap_or(name.len());
    let stem = name.get(..end)?.trim_end_matches('・');
    (stem.chars().count() >= 3).then(|| stem.to_owned())
}
