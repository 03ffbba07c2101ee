//! ISO 2022 as Japanese HL7 v2 and SS-MIX2 use it (ISO/IEC 2022, JIS X 0202, HL7 v2.5 §2.7.2).
//!
//! Sets: ASCII; JIS X 0201 roman (read as ASCII, so that `\` and `~` keep their HL7 meaning) and
//! katakana by `ESC ( I`, by `ESC ) I` with 8-bit bytes, and by SO/SI; JIS X 0208 by `ESC $ B`,
//! `ESC $ @`; JIS X 0212 by `ESC $ ( D`. NEC row 13 and the IBM extensions are read where vendors
//! put them, in the free rows of JIS X 0208.
//!
//! Not here: JIS X 0213, other nations' sets, announcers beyond being skipped.

mod decode;
mod encode;
mod tables;

pub use decode::decode;
pub use encode::{SetsUsed, encode, fold};
pub use tables::{Plane, cell};

pub(crate) const ESC: u8 = 0x1B;
pub(crate) const SHIFT_OUT: u8 = 0x0E;
pub(crate) const SHIFT_IN: u8 = 0x0F;

/// U+FF61, the first half-width katakana; JIS X 0201 puts it at 0x21 (7 bit) and 0xA1 (8 bit).
pub(crate) const FIRST_KANA: u32 = 0xFF61;
