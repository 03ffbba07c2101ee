//! Metadata of the registry as they lie in a row: JSON by LZ4, with a dictionary of the words that every
//! object has. Two thirds of an entry are such words.
//!
//! Form 1: one byte `1`, the length of the JSON (4 bytes, little-endian), an LZ4 block. The dictionary is a
//! part of the form and is never changed: another one is another form.

use super::damaged;
use tasuki_core::Fault;

const FORM: u8 = 1;
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");
/// Bytes of JSON of one object.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Packs the JSON of an object.
pub(super) fn pack(json: &str) -> Vec<u8> {
    let mut packed = vec![FORM];
    packed.extend((json.len() as u32).to_le_bytes());
    let block = lz4_flex::block::compress_with_dict(json.as_bytes(), DICTIONARY);
    packed.extend(block);
    packed
}

/// What [`pack`] was given.
pub(super) fn unpack(packed: &[u8]) -> Result<String, Fault> {
    let unpacked = || {
        let (&[form, a, b, c, d], block) = packed.split_first_chunk::<5>()?;
        let size = u32::from_le_bytes([a, b, c, d]) as usize;
        if form != FORM || size > BYTES_MAX {
            return None;
        }
        let json = lz4_flex::block::decompress_with_dict(block, size, DICTIONARY).ok()?;
        String::from_utf8(json)
            .ok()
            .filter(|json| json.len() == size)
    };
    unpacked().ok_or_else(|| damaged("packed metadata"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back() {
        let long = "\"値\",".repeat(100_000);
        for json in ["", "{}", "{\"version\":1,\"body\":{\"Entry\":{}}}", &long] {
            assert_eq!(unpack(&pack(json)).unwrap(), json);
        }
        let usual = std::str::from_utf8(DICTIONARY).unwrap();
        assert!(pack(usual).len() < usual.len() / 10);
    }

    #[test]
    fn what_was_not_packed_is_damage_and_nothing_worse() {
        let whole = pack("{\"version\":1,\"body\":{\"Entry\":{}}}");
        for end in 0..whole.len() {
            assert!(unpack(&whole[..end]).is_err(), "{end}");
        }
        for at in 0..5 {
            let mut other = whole.clone();
            other[at] ^= 0x7f;
            assert!(unpack(&other).is_err(), "{at}");
        }
    }
}
