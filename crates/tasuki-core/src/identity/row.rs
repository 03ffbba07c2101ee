//! A registration as the engine holds it: numbers only, under a hundred bytes, with the names in a
//! dictionary beside it.

use super::dictionary::{Dictionary, NameId};
use super::normalise::Keys;

/// [`Row::holders`] of a value that two hold, or of which nothing is known yet.
pub const HOLDERS_FEW: u8 = 8;

/// The comparable numbers of one registration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// Reading of the family name.
    pub family_kana: NameId,
    /// Reading of the given name.
    pub given_kana: NameId,
    /// Writing of the family name, folded.
    pub family: NameId,
    /// Writing of the given name, folded.
    pub given: NameId,
    /// Writing of the family name as it is.
    pub family_plain: NameId,
    /// Writing of the given name as it is.
    pub given_plain: NameId,
    /// `YYYYMMDD`, 0 = not known.
    pub birth: u32,
    /// Postal code, 0 = not known.
    pub postal: u32,
    /// 保険者番号, 0 = not known.
    pub insurer: u32,
    /// Hash of the town, 0 = not known.
    pub town: u32,
    /// Hash of town and house numbers, 0 = not known.
    pub place: u64,
    /// Telephone number, 0 = not known.
    pub phone: u64,
    /// Hash of insurer, symbol and number, 0 = not known.
    pub household: u64,
    /// Number of the insurance alone, 0 = not known.
    pub number: u64,
    /// 1 male, 2 female, 0 not known.
    pub sex: u8,
    /// 枝番; 255 = not known.
    pub branch: u8,
    /// [`UNNAMED`], [`TEST`], [`PERSONAL`]; in an index also [`SHARED`] and [`LIVE`].
    pub flags: u8,
    /// Values it had before.
    pub former: Former,
    /// How many hold its place, telephone and household, the present ones and the former ones, as
    /// of the last time the whole index was settled: log2 in eighths.
    pub holders: [[u8; 2]; 3],
}

/// What a registration said before: hashes as in [`Row`], 0 = nothing. A former value agrees like a
/// present one, for people move and change insurers at different times at different hospitals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Former {
    /// Hash of town and house numbers.
    pub place: u64,
    /// Telephone number.
    pub phone: u64,
    /// Hash of insurer, symbol and number.
    pub household: u64,
}

/// A newborn without a name yet.
pub const UNNAMED: u8 = 1;
/// Not a person: a patient that tests a system.
pub const TEST: u8 = 2;
/// The insurance number is one person's own.
pub const PERSONAL: u8 = 4;

/// In an index: its facility discloses the patient.
pub const SHARED: u8 = 8;
/// In an index: the place is taken.
pub const LIVE: u8 = 16;
/// Compared by [`super::general`]: place and telephone are a sketch of the address.
pub const GENERAL: u8 = 32;

/// FNV-1a: small, stable across releases, good enough for keys that are compared again by name.
#[must_use]
pub fn hash64(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for b in bytes {
        hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
    }
    // A final mix: the low bits of FNV alone are poor for short texts.
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^= hash >> 29;
    hash.max(1)
}

fn hash32(bytes: &[u8]) -> u32 {
    ((hash64(bytes) >> 32) as u32).max(1)
}

impl Row {
    /// Numbers a registration's keys.
    pub fn of(keys: &Keys, former: Option<Former>, names: &mut Dictionary) -> Self {
        let (kana, kanji) = (&mut names.kana, &mut names.kanji);
        let name = &keys.name;
        let mut row = Self {
            family_kana: kana.number(&name.family_kana),
            given_kana: kana.number(&name.given_kana),
            family: kanji.number(name.family.as_bytes()),
            given: kanji.number(name.given.as_bytes()),
            family_plain: kanji.number(name.family_plain.as_bytes()),
            given_plain: kanji.number(name.given_plain.as_bytes()),
            birth: keys.birth.map_or(0, |b| b.packed()),
            postal: keys.postal,
            insurer: keys.insurance.as_ref().map_or(0, |i| i.insurer),
            town: text_hash32(&keys.address.town),
            place: text_hash64(&keys.address.place),
            phone: keys.phone,
            household: household_hash(keys),
            number: keys.insurance.as_ref().map_or(0, |i| i.number),
            sex: keys.sex,
            branch: keys
                .insurance
                .as_ref()
                .and_then(|i| i.branch)
                .unwrap_or(255),
            flags: flags(
                name.unnamed,
                name.test,
                keys.insurance.as_ref().is_some_and(|i| i.personal),
            ),
            former: former.unwrap_or_default(),
            holders: [[HOLDERS_FEW; 2]; 3],
        };
        // What it still has is not former.
        for [now, before] in row.homes_mut() {
            if *before == *now {
                *before = 0;
            }
        }
        row
    }

    /// Place, telephone and household: the present value and the former one of each.
    #[must_use]
    pub fn homes(&self) -> [[u64; 2]; 3] {
        [
            [self.place, self.former.place],
            [self.phone, self.former.phone],
            [self.household, self.former.household],
        ]
    }

    fn homes_mut(&mut self) -> [[&mut u64; 2]; 3] {
        [
            [&mut self.place, &mut self.former.place],
            [&mut self.phone, &mut self.former.phone],
            [&mut self.household, &mut self.former.household],
        ]
    }

    /// Whether both say the same insurance now: a former one proves nobody's own number.
    #[must_use]
    pub fn same_insurance(&self, other: &Self) -> bool {
        self.household != 0 && self.household == other.household
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

fn flags(unnamed: bool, test: bool, personal: bool) -> u8 {
    [(unnamed, UNNAMED), (test, TEST), (personal, PERSONAL)]
        .into_iter()
        .filter(|(on, _)| *on)
        .fold(0, |flags, (_, flag)| flags | flag)
}

fn text_hash32(text: &str) -> u32 {
    if text.is_empty() {
        0
    } else {
        hash32(text.as_bytes())
    }
}

fn text_hash64(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        hash64(text.as_bytes())
    }
}

fn household_hash(keys: &Keys) -> u64 {
    keys.insurance
        .as_ref()
        .map_or(0, |i| hash64(i.household.as_bytes()))
}

impl Former {
    /// What becomes former when a registration is stated anew: values that changed, else what was
    /// former before. A value that is merely no longer sent stays as former too.
    #[must_use]
    pub fn after(known: &Keys, before: Option<Self>, stated: &Keys) -> Option<Self> {
        let before = before.unwrap_or_default();
        let one = |known: u64, before: u64, stated: u64| {
            if known != 0 && known != stated {
                known
            } else {
                before
            }
        };
        let former = Self {
            place: one(
                text_hash64(&known.address.place),
                before.place,
                text_hash64(&stated.address.place),
            ),
            phone: one(known.phone, before.phone, stated.phone),
            household: one(
                household_hash(known),
                before.household,
                household_hash(stated),
            ),
        };
        (former != Self::default()).then_some(former)
    }

    /// The values of one registration as former ones of another statement.
    #[must_use]
    pub fn of(keys: &Keys) -> Option<Self> {
        Self::after(keys, None, &Keys::default())
    }
}
