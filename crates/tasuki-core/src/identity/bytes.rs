//! Keys as bytes: the durable copy of the index, so that a start need not normalise again.
//!
//! `version, sex, flags, birth, postal, phone, former (place, phone, household), insurance, texts`;
//! numbers little-endian, texts with their length in front. Another version is not read: the caller
//! normalises anew from what the facility said.

use super::normalise::{AddressKey, BirthKey, InsuranceKey, Keys, NameKeys};
use super::row::Former;

/// Version of the normalisation and of this format. Raised with every change to
/// [`normalise`](super::normalise) that gives any registration another key, and with the table of
/// 異体字.
pub const NORMALISATION: u8 = 1;

/// Longest text written; keys are cut shorter when they are made.
const TEXT_MAX: usize = 4_096;

const UNNAMED: u8 = 1;
const TEST: u8 = 2;
const INSURED: u8 = 4;
const PERSONAL: u8 = 8;
const BRANCH: u8 = 16;

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    let text = text.get(..text.len().min(TEXT_MAX)).unwrap_or(text);
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text);
}

/// Keys and former values as bytes.
#[must_use]
pub fn keys_to_bytes(keys: &Keys, former: Option<&Former>) -> Vec<u8> {
    let mut out = Vec::with_capacity(160);
    let insurance = keys.insurance.as_ref();
    let branch = insurance.and_then(|i| i.branch);
    let flags = [
        (keys.name.unnamed, UNNAMED),
        (keys.name.test, TEST),
        (insurance.is_some(), INSURED),
        (insurance.is_some_and(|i| i.personal), PERSONAL),
        (branch.is_some(), BRANCH),
    ];
    let flags = flags.iter().filter(|f| f.0).fold(0, |all, f| all | f.1);
    out.extend_from_slice(&[NORMALISATION, keys.sex, flags, branch.unwrap_or(0)]);
    let birth = keys.birth.map_or(0, BirthKey::packed);
    for number in [birth, keys.postal, insurance.map_or(0, |i| i.insurer)] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let former = former.copied().unwrap_or_default();
    let number = insurance.map_or(0, |i| i.number);
    for number in [
        keys.phone,
        number,
        former.place,
        former.phone,
        former.household,
    ] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let name = &keys.name;
    for text in [
        &name.family_kana[..],
        &name.given_kana,
        name.family.as_bytes(),
        name.given.as_bytes(),
        name.family_plain.as_bytes(),
        name.given_plain.as_bytes(),
        keys.address.town.as_bytes(),
        keys.address.place.as_bytes(),
        insurance.map_or(&[], |i| i.household.as_bytes()),
    ] {
        put_text(&mut out, text);
    }
    out
}

/// What is left to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.array().map(u16::from_le_bytes)?;
        self.take(length.into())
    }

    fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }
}

/// Keys and former values read back; nothing if they were written by another normalisation, or are
/// not whole.
#[must_use]
pub fn keys_from_bytes(bytes: &[u8]) -> Option<(Keys, Option<Former>)> {
    let mut rest = Rest(bytes);
    let [version, sex, flags, branch] = rest.array()?;
    if version != NORMALISATION {
        return None;
    }
    let has = |flag: u8| flags & flag != 0;
    let (birth, postal, insurer) = (rest.u32()?, rest.u32()?, rest.u32()?);
    let (phone, number) = (rest.u64()?, rest.u64()?);
    let former = Former {
        place: rest.u64()?,
        phone: rest.u64()?,
        household: rest.u64()?,
    };
    let name = NameKeys {
        family_kana: rest.bytes()?.to_vec(),
        given_kana: rest.bytes()?.to_vec(),
        family: rest.text()?,
        given: rest.text()?,
        family_plain: rest.text()?,
        given_plain: rest.text()?,
        unnamed: has(UNNAMED),
        test: has(TEST),
    };
    let address = AddressKey {
        town: rest.text()?,
        place: rest.text()?,
    };
    let household = rest.text()?;
    let keys = Keys {
        name,
        sex,
        birth: BirthKey::unpacked(birth),
        postal,
        address,
        phone,
        insurance: has(INSURED).then_some(InsuranceKey {
            insurer,
            household,
            number,
            branch: has(BRANCH).then_some(branch),
            personal: has(PERSONAL),
        }),
    };
    rest.0
        .is_empty()
        .then_some((keys, (former != Former::default()).then_some(former)))
}
