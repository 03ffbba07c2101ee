//! A registration as the engine holds it: numbers only, under a hundred bytes, with the names in a
//! dictionary beside it.

use super::normalise::Keys;
use std::collections::HashMap;

/// A name's number in the dictionary; 0 = not known.
pub type NameId = u32;

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
    /// [`UNNAMED`], [`TEST`], [`PERSONAL`].
    pub flags: u8,
}

/// A newborn without a name yet.
pub const UNNAMED: u8 = 1;
/// Not a person: a patient that tests a system.
pub const TEST: u8 = 2;
/// The insurance number is one person's own.
pub const PERSONAL: u8 = 4;

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

/// Names by number, with how often each stands as family and as given name.
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashMap<Box<[u8]>, NameId>,
    texts: Vec<Box<[u8]>>,
    family_counts: Vec<u32>,
    given_counts: Vec<u32>,
}

impl Names {
    /// The number of a name; a new one gets the next.
    pub fn number(&mut self, text: &[u8]) -> NameId {
        if text.is_empty() {
            return 0;
        }
        if let Some(&id) = self.numbers.get(text) {
            return id;
        }
        self.texts.push(text.into());
        self.family_counts.push(0);
        self.given_counts.push(0);
        let id = self.texts.len() as NameId;
        self.numbers.insert(text.into(), id);
        id
    }

    /// The text of a number.
    #[must_use]
    pub fn text(&self, id: NameId) -> &[u8] {
        (id as usize)
            .checked_sub(1)
            .and_then(|i| self.texts.get(i))
            .map_or(&[], |t| t)
    }

    fn count(counts: &mut [u32], id: NameId) {
        if let Some(c) = (id as usize).checked_sub(1).and_then(|i| counts.get_mut(i)) {
            *c += 1;
        }
    }

    fn counted(counts: &[u32], id: NameId) -> u32 {
        (id as usize)
            .checked_sub(1)
            .and_then(|i| counts.get(i))
            .copied()
            .unwrap_or(0)
    }

    /// How often a name stands as a family name.
    #[must_use]
    pub fn as_family(&self, id: NameId) -> u32 {
        Self::counted(&self.family_counts, id)
    }

    /// How often a name stands as a given name.
    #[must_use]
    pub fn as_given(&self, id: NameId) -> u32 {
        Self::counted(&self.given_counts, id)
    }

    /// Bytes in use, for the printed figure.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(|t| t.len() * 2 + 64).sum::<usize>() + self.numbers.capacity() * 24
    }
}

impl Row {
    /// Numbers a registration's keys and counts its names.
    pub fn of(keys: &Keys, kana: &mut Names, kanji: &mut Names) -> Self {
        let name = &keys.name;
        let row = Self {
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
            household: keys
                .insurance
                .as_ref()
                .map_or(0, |i| hash64(i.household.as_bytes())),
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
        };
        Names::count(&mut kana.family_counts, row.family_kana);
        Names::count(&mut kana.given_counts, row.given_kana);
        Names::count(&mut kanji.family_counts, row.family);
        Names::count(&mut kanji.given_counts, row.given);
        row
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
