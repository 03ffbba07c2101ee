//! How two registrations compare, field by field, before any weight is given to it.

use super::dictionary::{Dictionary, Names};
use super::row::Row;
use serde::{Deserialize, Serialize};

/// Agreement of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameLevel {
    /// Not known on one side.
    Unknown,
    /// Writing and reading equal.
    Both,
    /// Keys equal, written with another character (斎 and 斉), or a character was lost.
    OtherCharacter,
    /// Writing equal, reading differs or is missing.
    Kanji,
    /// Reading equal, a writing is missing.
    KanaOnly,
    /// Reading equal, writing differs.
    KanaOtherKanji,
    /// Family and given name stand in each other's field.
    Swapped,
    /// Reading one slip apart.
    Close,
    /// Different.
    Differ,
}

/// Agreement of birth dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BirthLevel {
    /// Not known on one side.
    Unknown,
    /// Equal.
    Equal,
    /// Month and day equal, the year under another era.
    Era,
    /// Month and day exchanged.
    MonthDay,
    /// One digit off, or two neighbours exchanged.
    OneDigit,
    /// Same year, one of them the first of January.
    DayUnknown,
    /// Two digits off.
    TwoDigits,
    /// Different.
    Differ,
}

/// Agreement of something that is equal or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Equal {
    /// Not known on one side.
    Unknown,
    /// Equal.
    Yes,
    /// Different.
    No,
}

/// What of home and household agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HomeLevel {
    /// Insurance of the household.
    pub insurance: Equal,
    /// Telephone.
    pub phone: Equal,
    /// Town and house number.
    pub place: Equal,
    /// Town, postal code, number of the insurance alone, or telephone but for a slip.
    pub near: bool,
    /// Insurer.
    pub insurer: Equal,
}

impl HomeLevel {
    /// How many of insurance, telephone and address agree.
    #[must_use]
    pub fn agreements(self) -> u32 {
        [self.insurance, self.phone, self.place]
            .iter()
            .map(|e| u32::from(*e == Equal::Yes))
            .sum()
    }

    /// Something could be compared and does not agree.
    #[must_use]
    pub fn differs(self) -> bool {
        [self.insurance, self.phone, self.place].contains(&Equal::No)
    }
}

/// Every comparison of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Levels {
    /// Family name.
    pub family: NameLevel,
    /// Given name.
    pub given: NameLevel,
    /// Birth date.
    pub birth: BirthLevel,
    /// Sex.
    pub sex: Equal,
    /// Household.
    pub home: HomeLevel,
    /// 枝番, where the insurance is the same.
    pub branch: Equal,
}

fn equal<T: PartialEq + Default>(a: T, b: T) -> Equal {
    if a == T::default() || b == T::default() {
        Equal::Unknown
    } else if a == b {
        Equal::Yes
    } else {
        Equal::No
    }
}

/// Kanji keys that are equal but for characters that one side could not print.
fn equal_but_lost(a: &[u8], b: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (std::str::from_utf8(a), std::str::from_utf8(b)) else {
        return false;
    };
    if !a.contains('*') && !b.contains('*') {
        return false;
    }
    let mut pairs = a.chars().zip(b.chars());
    a.chars().count() == b.chars().count()
        && a.chars().zip(b.chars()).any(|(x, y)| x == y)
        && pairs.all(|(x, y)| x == y || x == '*' || y == '*')
}

/// One insertion, deletion, replacement or exchange of neighbours (optimal string alignment ≤ 1).
#[must_use]
pub fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || short.is_empty() {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (Some(s), Some(l)) = (short.get(head..), long.get(head..)) else {
        return false;
    };
    if s.len() < l.len() {
        return l.get(1..) == Some(s);
    }
    match (s, l) {
        ([], []) => true,
        ([_, s1 @ ..], [_, l1 @ ..]) if s1 == l1 => true,
        ([a, b, s2 @ ..], [c, d, l2 @ ..]) => a == d && b == c && s2 == l2,
        _ => false,
    }
}

struct NameSide {
    kana: u32,
    kanji: u32,
    plain: u32,
}

fn name(kana: &Names, kanji: &Names, a: &NameSide, b: &NameSide) -> NameLevel {
    let writing = equal(a.kanji, b.kanji);
    let reading = equal(a.kana, b.kana);
    match (writing, reading) {
        (Equal::Unknown, Equal::Unknown) => NameLevel::Unknown,
        (Equal::Yes, _) if a.plain != b.plain => NameLevel::OtherCharacter,
        (Equal::Yes, Equal::Yes) => NameLevel::Both,
        (Equal::Yes, _) => NameLevel::Kanji,
        (Equal::Unknown, Equal::Yes) => NameLevel::KanaOnly,
        (Equal::No, Equal::Yes) => {
            if equal_but_lost(kanji.text(a.kanji), kanji.text(b.kanji)) {
                NameLevel::OtherCharacter
            } else {
                NameLevel::KanaOtherKanji
            }
        }
        (_, Equal::No) if one_edit(kana.text(a.kana), kana.text(b.kana)) => NameLevel::Close,
        _ => NameLevel::Differ,
    }
}

/// Years by which the same year of another era is off.
const ERA_OFFSETS: &[u32] = &[14, 30, 44, 63, 77, 93];

fn digits(n: u32) -> [u8; 8] {
    let mut digits = [0; 8];
    let mut rest = n;
    for d in digits.iter_mut().rev() {
        *d = (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

fn birth(a: u32, b: u32) -> BirthLevel {
    if a == 0 || b == 0 {
        return BirthLevel::Unknown;
    }
    if a == b {
        return BirthLevel::Equal;
    }
    let (ya, yb) = (a / 10_000, b / 10_000);
    let (ma, da) = (a / 100 % 100, a % 100);
    let (mb, db) = (b / 100 % 100, b % 100);
    if a % 10_000 == b % 10_000 && ERA_OFFSETS.contains(&ya.abs_diff(yb)) {
        return BirthLevel::Era;
    }
    if ya == yb && ma == db && da == mb {
        return BirthLevel::MonthDay;
    }
    let (x, y) = (digits(a), digits(b));
    let off = x.iter().zip(&y).filter(|(p, q)| p != q).count();
    if off == 1 || one_edit(&x, &y) {
        return BirthLevel::OneDigit;
    }
    if ya == yb && (a % 10_000 == 101 || b % 10_000 == 101) {
        return BirthLevel::DayUnknown;
    }
    if off == 2 {
        BirthLevel::TwoDigits
    } else {
        BirthLevel::Differ
    }
}

/// Two numbers one slip of a digit apart.
fn slip(a: u64, b: u64) -> bool {
    a != 0 && b != 0 && a != b && one_edit(a.to_string().as_bytes(), b.to_string().as_bytes())
}

/// Equal now or formerly; different only by what both say now.
fn equal_ever(a: [u64; 2], b: [u64; 2]) -> Equal {
    if a.iter().any(|x| *x != 0 && b.contains(x)) {
        return Equal::Yes;
    }
    let ([now_a, _], [now_b, _]) = (a, b);
    equal(now_a, now_b)
}

fn home(a: &Row, b: &Row) -> HomeLevel {
    let ([place_a, phone_a, household_a], [place_b, phone_b, household_b]) = (a.homes(), b.homes());
    let insurer = equal(a.insurer, b.insurer);
    // Numbers of four digits and fewer are one slip apart too often to say anything.
    let numbers = a.number > 9_999 && b.number > 9_999;
    HomeLevel {
        insurance: equal_ever(household_a, household_b),
        phone: equal_ever(phone_a, phone_b),
        place: equal_ever(place_a, place_b),
        near: equal(a.town, b.town) == Equal::Yes
            || equal(a.postal, b.postal) == Equal::Yes
            || (numbers && a.number == b.number)
            || (numbers && insurer == Equal::Yes && slip(a.number, b.number))
            || slip(a.phone, b.phone),
        insurer,
    }
}

/// Compares two registrations.
#[must_use]
pub fn compare(names: &Dictionary, a: &Row, b: &Row) -> Levels {
    let (kana, kanji) = (&names.kana, &names.kanji);
    let family = |r: &Row| NameSide {
        kana: r.family_kana,
        kanji: r.family,
        plain: r.family_plain,
    };
    let given = |r: &Row| NameSide {
        kana: r.given_kana,
        kanji: r.given,
        plain: r.given_plain,
    };
    let mut levels = Levels {
        family: name(kana, kanji, &family(a), &family(b)),
        given: name(kana, kanji, &given(a), &given(b)),
        birth: birth(a.birth, b.birth),
        sex: equal(a.sex, b.sex),
        home: home(a, b),
        branch: Equal::Unknown,
    };
    let crossed = |x: u32, y: u32| x != 0 && x == y;
    let swapped = (crossed(a.family_kana, b.given_kana) && crossed(a.given_kana, b.family_kana))
        || (crossed(a.family, b.given) && crossed(a.given, b.family));
    if swapped && a.family_kana != a.given_kana {
        levels.family = NameLevel::Swapped;
        levels.given = NameLevel::Swapped;
    }
    if a.same_insurance(b) && a.branch != 255 && b.branch != 255 {
        levels.branch = if a.branch == b.branch {
            Equal::Yes
        } else {
            Equal::No
        };
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_one_slip_of_a_clerk() {
        for (a, b) in [
            ("abc", "abd"),
            ("abc", "ab"),
            ("abc", "acb"),
            ("abc", "xabc"),
            ("a", "b"),
        ] {
            assert!(one_edit(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
        for (a, b) in [("abc", "cab"), ("abcd", "ab"), ("abc", "xyc"), ("", "a")] {
            assert!(!one_edit(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn birth_dates_have_levels_between_equal_and_different() {
        assert_eq!(birth(19_470_312, 19_470_312), BirthLevel::Equal);
        assert_eq!(birth(19_470_312, 20_100_312), BirthLevel::Era);
        assert_eq!(birth(19_470_312, 19_471_203), BirthLevel::MonthDay);
        assert_eq!(birth(19_470_312, 19_470_313), BirthLevel::OneDigit);
        assert_eq!(birth(19_470_312, 19_470_101), BirthLevel::DayUnknown);
        assert_eq!(birth(19_470_312, 19_560_710), BirthLevel::Differ);
        assert_eq!(birth(0, 19_560_710), BirthLevel::Unknown);
    }
}
