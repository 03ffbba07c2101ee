//! The two code tables, built once from `encoding_rs`'s EUC-JP.
//!
//! EUC-JP is the only codec at hand that reaches every cell of both planes: a pair with the high
//! bits set for JIS X 0208, the same after `0x8F` for JIS X 0212. Every character of both lies in
//! the basic plane, so 16 bits hold it; 0 means unassigned.

use std::sync::OnceLock;

use encoding_rs::EUC_JP;

/// One of the two 94 × 94 planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plane {
    /// JIS X 0208 with the vendors' rows (ISO IR87).
    Jisx0208,
    /// JIS X 0212, the supplementary kanji (ISO IR159).
    Jisx0212,
}

const CELLS: usize = 94 * 94;

pub(super) type Table = [u16; CELLS];

/// Bit that marks a JIS X 0212 code in the reverse table; JIS codes themselves are 7 bit + 7 bit.
pub(super) const PLANE_0212: u16 = 0x8000;

static FORWARD: [OnceLock<Box<Table>>; 2] = [OnceLock::new(), OnceLock::new()];
static REVERSE: OnceLock<Box<[u16]>> = OnceLock::new();

pub(super) fn table(plane: Plane) -> &'static Table {
    let [first, second] = &FORWARD;
    match plane {
        Plane::Jisx0208 => first.get_or_init(|| build(&[])),
        Plane::Jisx0212 => second.get_or_init(|| build(&[0x8F])),
    }
}

fn build(prefix: &[u8]) -> Box<Table> {
    let mut table = Box::new([0_u16; CELLS]);
    let mut bytes = prefix.to_vec();
    for (index, slot) in table.iter_mut().enumerate() {
        let (Ok(row), Ok(column)) = (u8::try_from(index / 94), u8::try_from(index % 94)) else {
            continue;
        };
        bytes.truncate(prefix.len());
        bytes.extend_from_slice(&[0xA1 + row, 0xA1 + column]);
        let Some(text) = EUC_JP.decode_without_bom_handling_and_without_replacement(&bytes) else {
            continue;
        };
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            *slot = u16::try_from(u32::from(c)).unwrap_or(0);
        }
    }
    table
}

/// The character at a pair of 7-bit bytes (0x21–0x7E each), if the plane assigns one.
pub fn cell(plane: Plane, lead: u8, trail: u8) -> Option<char> {
    look_up(table(plane), lead, trail)
}

#[inline]
pub(super) fn look_up(table: &Table, lead: u8, trail: u8) -> Option<char> {
    let row = lead.wrapping_sub(0x21);
    let column = trail.wrapping_sub(0x21);
    if row >= 94 || column >= 94 {
        return None;
    }
    match table.get(usize::from(row) * 94 + usize::from(column)) {
        Some(&code) if code != 0 => char::from_u32(u32::from(code)),
        _ => None,
    }
}

/// The JIS code of a character, JIS X 0208 before JIS X 0212 (then with [`PLANE_0212`] set).
/// Where vendors doubled a character, the lower row wins.
pub(super) fn code(c: char) -> Option<u16> {
    let reverse = REVERSE.get_or_init(|| {
        let mut reverse = vec![0_u16; 0x1_0000].into_boxed_slice();
        fill(&mut reverse, table(Plane::Jisx0208), 0);
        fill(&mut reverse, table(Plane::Jisx0212), PLANE_0212);
        reverse
    });
    let code = reverse.get(usize::try_from(u32::from(c)).ok()?).copied()?;
    (code != 0).then_some(code)
}

fn fill(reverse: &mut [u16], table: &Table, mark: u16) {
    for (index, &unit) in table.iter().enumerate() {
        let (Ok(row), Ok(column)) = (u16::try_from(index / 94), u16::try_from(index % 94)) else {
            continue;
        };
        if let Some(slot) = reverse.get_mut(usize::from(unit))
            && unit != 0
            && *slot == 0
        {
            *slot = mark | ((0x21 + row) << 8) | (0x21 + column);
        }
    }
}
