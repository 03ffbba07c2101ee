//! From levels and bits to one of three outcomes. Guards stand above every score: they name the
//! ways in which two people look like one.

use super::levels::{BirthLevel, Equal, Levels, NameLevel};
use super::row::{PERSONAL, Row, TEST, UNNAMED};
use super::score::Bits;
use super::weights::Weights;
use serde::{Deserialize, Serialize};

/// What is decided of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Not one person, as far as can be told.
    No,
    /// A person has to look.
    Review,
    /// One person.
    Automatic,
}

/// Why a pair is not linked automatically whatever its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// A patient that tests a system is nobody.
    TestPatient,
    /// A newborn without a name, or twins of one.
    Unnamed,
    /// The given names are not the same.
    GivenName,
    /// Same reading, other writing.
    OtherKanji,
    /// Same household and birth date, given names alike: twins?
    Twins,
    /// Same insurance, other 枝番: two members of one household.
    Branch,
    /// Birth dates differ by more than a known slip, or one is not known.
    Birth,
    /// Sex differs.
    Sex,
    /// Name and birth date agree, and nothing else does: 同姓同名同生年月日.
    NothingElse,
    /// One of them fits two who cannot be one person.
    FitsTwo,
}

/// The decision on a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Which of the three.
    pub outcome: Outcome,
    /// What held it back.
    pub guards: Vec<Guard>,
}

fn given_is_same(level: NameLevel) -> bool {
    matches!(
        level,
        NameLevel::Both
            | NameLevel::OtherCharacter
            | NameLevel::Kanji
            | NameLevel::KanaOnly
            | NameLevel::Swapped
    )
}

fn birth_is_slip(level: BirthLevel) -> bool {
    matches!(
        level,
        BirthLevel::Era | BirthLevel::MonthDay | BirthLevel::OneDigit | BirthLevel::DayUnknown
    )
}

/// The guards that a pair runs into.
#[must_use]
pub fn guards(a: &Row, b: &Row, levels: &Levels) -> Vec<Guard> {
    let mut guards = Vec::new();
    let mut guard = |on: bool, which| {
        if on {
            guards.push(which);
        }
    };
    let home = levels.home;
    let own_insurance = a.same_insurance(b)
        && (levels.branch == Equal::Yes || (a.has(PERSONAL) && b.has(PERSONAL)));
    let family_same = !matches!(levels.family, NameLevel::Differ | NameLevel::Unknown);
    guard(a.has(TEST) || b.has(TEST), Guard::TestPatient);
    guard(a.has(UNNAMED) || b.has(UNNAMED), Guard::Unnamed);
    // A clerk's homophone: only the person's own insurance number tells it from a relative.
    let other_kanji = levels.given == NameLevel::KanaOtherKanji;
    guard(
        other_kanji && !(own_insurance && family_same),
        Guard::OtherKanji,
    );
    guard(
        !given_is_same(levels.given) && !other_kanji,
        Guard::GivenName,
    );
    let alike = !given_is_same(levels.given) && levels.birth == BirthLevel::Equal;
    guard(
        alike && home.agreements() > 0 && !own_insurance,
        Guard::Twins,
    );
    // Names of both in each other's field: what stands as the given name is the family's. Whoever
    // marries changes the household with the surname.
    let exchanged = levels.family == NameLevel::Differ
        && levels.birth == BirthLevel::Equal
        && (home.insurance == Equal::Yes || home.place == Equal::Yes);
    guard(
        exchanged && given_is_same(levels.given) && !own_insurance,
        Guard::Twins,
    );
    guard(levels.branch == Equal::No, Guard::Branch);
    let whole_name = family_same && given_is_same(levels.given);
    let birth_ok = match levels.birth {
        BirthLevel::Equal => true,
        // Without a birth date a relative of the same name is the danger, father and son: nothing
        // that a family shares tells them apart, be it insurance, telephone and address together.
        BirthLevel::Unknown => whole_name && levels.sex == Equal::Yes && own_insurance,
        level if birth_is_slip(level) => family_same && home.agreements() > 0,
        _ => whole_name && levels.sex == Equal::Yes && own_insurance,
    };
    guard(!birth_ok, Guard::Birth);
    // A slip of the key: the same full name and birth date in the same household.
    let sex_slip = whole_name && levels.birth == BirthLevel::Equal && home.agreements() > 0;
    guard(levels.sex == Equal::No && !sex_slip, Guard::Sex);
    // A namesake of the same day may live in the same town: near alone is too little where the
    // house is another one, or both insurance and telephone are.
    let same_house = home.place != Equal::No;
    let elsewhere = if std::env::var_os("V1").is_some() {
        home.insurance == Equal::No || home.phone == Equal::No
    } else {
        home.insurance == Equal::No && home.phone == Equal::No
    };
    let near = home.near && same_house && !elsewhere;
    guard(home.agreements() == 0 && !near, Guard::NothingElse);
    guards
}

impl Decision {
    /// By the score alone.
    pub(super) fn by_score(bits: &Bits, weights: &Weights) -> Self {
        let total = bits.total();
        let outcome = if total >= weights.decision.automatic {
            Outcome::Automatic
        } else if total >= weights.decision.review {
            Outcome::Review
        } else {
            Outcome::No
        };
        let guards = Vec::new();
        Self { outcome, guards }
    }
}

/// Decides on a pair.
#[must_use]
pub fn decide(a: &Row, b: &Row, levels: &Levels, bits: &Bits, weights: &Weights) -> Decision {
    let guards = guards(a, b, levels);
    let total = bits.total();
    let no = guards.contains(&Guard::TestPatient)
        || (guards.contains(&Guard::Sex)
            && matches!(levels.given, NameLevel::Differ | NameLevel::KanaOtherKanji));
    let outcome = if no || total < weights.decision.review {
        Outcome::No
    } else if guards.is_empty() && total >= weights.decision.automatic {
        Outcome::Automatic
    } else {
        Outcome::Review
    };
    Decision { outcome, guards }
}

/// Whether two registrations may not stand in one cluster although nothing links them directly:
/// checked for every pair across before two clusters join.
#[must_use]
pub fn conflict(a: &Row, b: &Row, levels: &Levels) -> bool {
    let named = !a.has(UNNAMED) && !b.has(UNNAMED);
    let given = named && levels.given == NameLevel::Differ;
    // A slip in one registration's birth date does not part a household's one bearer of a name.
    let one_bearer = given_is_same(levels.given) && levels.home.agreements() > 0;
    // Two whole dates that have little in common are two people's: father and son of one name.
    let own = a.same_insurance(b) && (levels.branch == Equal::Yes || a.has(PERSONAL));
    let birth = match levels.birth {
        BirthLevel::Differ => !(one_bearer && own),
        BirthLevel::TwoDigits => !one_bearer,
        _ => false,
    };
    let sex = levels.sex == Equal::No && !given_is_same(levels.given);
    // A slip in one registration, or one without kanji, can make it look like the twin's: the
    // others still tell them apart.
    let written = a.given != 0 && b.given != 0;
    let other = matches!(levels.given, NameLevel::Close | NameLevel::KanaOtherKanji);
    let alike = named && written && other;
    let twins = alike && levels.birth == BirthLevel::Equal && levels.home.agreements() > 0 && !own;
    given || twins || birth || sex || levels.branch == Equal::No || a.has(TEST) || b.has(TEST)
}
