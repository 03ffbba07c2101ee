//! From what a facility states of a patient to what the index takes, and whether a number that is
//! known can still be the same person's.

use super::dictionary::Dictionary;
use super::levels::{BirthLevel, NameLevel, compare};
use super::normalise::{Keys, Raw, keys};
use super::row::{Former, Row};
use crate::Code;
use tasuki_model::person::NameParts;
use tasuki_model::{Demographics, JstDay, Sex};

fn parts(name: Option<&NameParts>) -> (&str, &str) {
    name.map_or(("", ""), |n| (&n.family, &n.given))
}

/// The keys of the address, telephone and insurance at one place of their lists, with the rest.
fn keys_at(stated: &Demographics, at: usize) -> Keys {
    let (family_kanji, given_kanji) = parts(stated.name.ideographic.as_ref());
    let (family_kana, given_kana) = parts(stated.name.phonetic.as_ref());
    let (family_roman, given_roman) = parts(stated.name.alphabetic.as_ref());
    let birth = match stated.birth {
        Some(day) => format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()),
        None => stated.birth_text.clone(),
    };
    let address = stated.addresses.get(at);
    let insurance = stated.insurances.get(at);
    keys(&Raw {
        family_kanji,
        given_kanji,
        family_kana,
        given_kana,
        family_roman,
        given_roman,
        sex: match stated.sex {
            Sex::Male => "M",
            Sex::Female => "F",
            Sex::Other | Sex::Unknown => "",
        },
        birth: &birth,
        postal: address.map_or("", |a| &a.postal),
        address: address.map_or("", |a| &a.text),
        phone: stated.phones.get(at).map_or("", |p| p),
        insurer: insurance.map_or("", |i| &i.insurer),
        symbol: insurance.map_or("", |i| &i.symbol),
        number: insurance.map_or("", |i| &i.number),
        branch: insurance.and_then(|i| i.branch.as_deref()).unwrap_or(""),
    })
}

/// What a facility states, normalised: the first address, telephone and insurance as the present
/// ones, the second ones as former where nothing is known to be ([`Former::after`]).
#[must_use]
pub fn keys_of(stated: &Demographics) -> (Keys, Option<Former>) {
    (keys_at(stated, 0), Former::of(&keys_at(stated, 1)))
}

/// Longest name of one person, in characters; more in a field is a list or a remark.
const NAME_CHARS_MAX: usize = 100;

/// What about a registration limits its identification, as stable codes; none for most. Nothing of
/// it is an error of the message: such a patient is registered, and linked by nothing that is
/// doubtful.
#[must_use]
pub fn limits(stated: &Demographics, today: JstDay) -> Vec<Code> {
    let all = keys_at(stated, 0);
    let name = &stated.name;
    let written = [&name.ideographic, &name.phonetic, &name.alphabetic];
    let overlong = written.into_iter().flatten().any(|n| {
        n.joined().chars().count() > NAME_CHARS_MAX || n.joined().contains(['、', '，', ';'])
    });
    let kana_only = all.name.given.is_empty() && !all.name.given_kana.is_empty();
    let (known, past) = (
        all.birth.is_some(),
        all.clone().born_by(today).birth.is_some(),
    );
    let limits = [
        (!known, Code::BirthNotKnown),
        (known && !past, Code::BirthInFuture),
        (kana_only, Code::KanaOnly),
        (all.name.unnamed, Code::NameAwaited),
        (overlong, Code::NameOverlong),
        (all.name.test, Code::TestPatient),
    ];
    limits
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, code)| code)
        .collect()
}

/// Whether a local ID whose demographics are known has been given to somebody else: the given name
/// differs in every writing that both have, and the birth date by more than a slip. A surname says
/// nothing (marriage); a newborn that was named is the same child.
#[must_use]
pub fn reused(known: &Demographics, stated: &Demographics) -> bool {
    let mut names = Dictionary::default();
    let (known, stated) = (keys_at(known, 0), keys_at(stated, 0));
    if known.name.unnamed || stated.name.unnamed {
        return false;
    }
    let a = Row::of(&known, None, &mut names);
    let b = Row::of(&stated, None, &mut names);
    let levels = compare(&names, &a, &b);
    let other_writing = a.given != b.given || a.given == 0;
    let other_reading = a.given_kana != b.given_kana || a.given_kana == 0;
    levels.given == NameLevel::Differ
        && other_writing
        && other_reading
        && matches!(levels.birth, BirthLevel::TwoDigits | BirthLevel::Differ)
}
