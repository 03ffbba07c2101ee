//! What a local item may stand for: items that the community's facilities send under a standard code,
//! by likeness of their names. So no code table is shipped, and what is suggested is what is in use
//! here. A suggestion is never applied by itself.

use crate::merge::normal_name;
use std::collections::BTreeSet;
use tasuki_core::ports::SeenItem;
use tasuki_model::{Coding, SmolStr};

/// Suggestions for one item.
const MOST: usize = 3;
/// Likeness below which nothing is suggested, in thousandths.
const LEAST: u32 = 450;

/// The items whose names are most like one name, the likest first; of equally like ones the most
/// frequent. Each code once. A name with other numbers in it is another strength, size or analyte and
/// is never suggested, however like it is.
#[must_use]
pub fn suggestions(name: &str, standard: &[SeenItem]) -> Vec<Coding> {
    let (wanted, wanted_numbers) = (pairs(name), numbers(name));
    let mut like: Vec<(u32, &SeenItem)> = standard
        .iter()
        .filter(|seen| numbers(&seen.item.name) == wanted_numbers)
        .map(|seen| (likeness(&wanted, &pairs(&seen.item.name)), seen))
        .filter(|(likeness, _)| *likeness >= LEAST)
        .collect();
    like.sort_by_key(|(likeness, seen)| std::cmp::Reverse((*likeness, seen.times)));
    let mut codes: BTreeSet<&SmolStr> = BTreeSet::new();
    let new = like
        .into_iter()
        .filter(|(_, seen)| codes.insert(&seen.item.code));
    let coding = |(_, seen): (u32, &SeenItem)| Coding {
        system: seen.system.clone(),
        version: None,
        code: seen.item.code.clone(),
        text: seen.item.name.clone(),
    };
    new.map(coding).take(MOST).collect()
}

/// The numbers in a name, in their order: `2.5` and `5` are two.
fn numbers(name: &str) -> Vec<String> {
    let name = normal_name(name);
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let runs = name
        .split(|c: char| !digit(c))
        .map(|run| run.trim_matches('.'));
    runs.filter(|run| !run.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Letters in pairs, beginning and end included: `CRP` is `^C CR RP P$`.
fn pairs(name: &str) -> BTreeSet<(char, char)> {
    let name = normal_name(name).to_lowercase();
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let letters: Vec<char> = std::iter::once('^').chain(letters).chain(['$']).collect();
    letters
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((*a, *b)),
            _ => None,
        })
        .collect()
}

/// Dice's coefficient of two sets of pairs, in thousandths.
fn likeness(a: &BTreeSet<(char, char)>, b: &BTreeSet<(char, char)>) -> u32 {
    let common = a.intersection(b).count();
    let all = (a.len() + b.len()).max(1);
    u32::try_from(2_000 * common / all).unwrap_or(0)
}
