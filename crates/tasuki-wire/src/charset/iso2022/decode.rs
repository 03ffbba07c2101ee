//! ISO 2022 bytes to text: a state machine over runs, with ASCII borrowed where that is all there is.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::tables::{Plane, Table, look_up, table};
use super::{ESC, FIRST_KANA, SHIFT_IN, SHIFT_OUT};
use crate::charset::{CharFault, CharProblems, Decoded};

/// What a byte of 0x21–0x7E means at the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    Kana,
    Double(Plane),
}

/// Decodes `bytes`, starting in ASCII. Text that is ASCII throughout is borrowed.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let plain = Encoding::iso_2022_jp_ascii_valid_up_to(bytes);
    if plain == bytes.len()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded {
            text: Cow::Borrowed(text),
            problems: CharProblems::default(),
        };
    }
    let mut machine = Machine {
        bytes,
        at: 0,
        // Kanji grow from two bytes to three; escapes shrink to nothing.
        out: String::with_capacity(bytes.len() + bytes.len() / 4),
        g0: Set::Ascii,
        kana_in_g1: false,
        shifted: false,
        problems: CharProblems::default(),
    };
    machine.run();
    Decoded {
        text: Cow::Owned(machine.out),
        problems: machine.problems,
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    out: String,
    g0: Set,
    /// `ESC ) I` was seen: bytes 0xA1–0xDF are half-width kana.
    kana_in_g1: bool,
    /// SO was seen: G1 stands in the place of G0. Without a designation that can only be kana here.
    shifted: bool,
    problems: CharProblems,
}

impl Machine<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match if self.shifted { Set::Kana } else { self.g0 } {
                Set::Ascii => self.ascii(),
                Set::Kana => self.kana(),
                Set::Double(plane) => self.double(table(plane)),
            }
        }
        if self.g0 != Set::Ascii || self.shifted {
            // The encoder must return to ASCII at the end. Without it nobody can say what is missing.
            self.problems.add(self.at, CharFault::EndsInside);
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn lose(&mut self, fault: CharFault, length: usize) {
        self.problems.add(self.at, fault);
        self.out.push(char::REPLACEMENT_CHARACTER);
        self.at += length;
    }

    fn ascii(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = Encoding::iso_2022_jp_ascii_valid_up_to(rest);
        if let Some(Ok(run)) = rest.get(..length).map(std::str::from_utf8) {
            self.out.push_str(run);
        }
        self.at += length;
        if let Some(&byte) = rest.get(length) {
            self.outside(byte);
        }
    }

    /// A byte that means the same in every set: escape, shift, 8-bit.
    fn outside(&mut self, byte: u8) {
        match byte {
            ESC => self.escape(),
            SHIFT_OUT | SHIFT_IN => {
                self.shifted = byte == SHIFT_OUT;
                self.at += 1;
            }
            0xA1..=0xDF if self.kana_in_g1 => self.push_kana(byte - 0xA1),
            _ => self.lose(CharFault::EightBit(byte), 1),
        }
    }

    fn push_kana(&mut self, index: u8) {
        self.out
            .extend(char::from_u32(FIRST_KANA + u32::from(index)));
        self.at += 1;
    }

    fn kana(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                0x21..=0x5F => self.push_kana(byte - 0x21),
                0x60..=0x7F => self.lose(CharFault::Unassigned(byte.into()), 1),
                ESC | SHIFT_IN | SHIFT_OUT | 0x80.. => return self.outside(byte),
                _ if self.control(byte) => return,
                _ => {}
            }
        }
    }

    fn double(&mut self, table: &Table) {
        while let Some(lead) = self.peek(0) {
            if !(0x21..=0x7E).contains(&lead) {
                match lead {
                    ESC | SHIFT_IN | SHIFT_OUT | 0x80.. => return self.outside(lead),
                    0x7F => self.lose(CharFault::Unassigned(lead.into()), 1),
                    _ if self.control(lead) => return,
                    _ => {}
                }
                continue;
            }
            let trail = self.peek(1).unwrap_or_default();
            match look_up(table, lead, trail) {
                Some(c) => {
                    self.out.push(c);
                    self.at += 2;
                }
                None if (0x21..=0x7E).contains(&trail) => {
                    self.lose(CharFault::Unassigned(u16::from_be_bytes([lead, trail])), 2);
                }
                // The byte after is read again by itself: it may be the CR that ends the segment.
                None => self.lose(CharFault::BrokenPair(lead), 1),
            }
        }
    }

    /// Passes a C0 control or space through. A line end also returns to ASCII: one forgotten escape
    /// must not swallow the segment after it. True if the set changed.
    fn control(&mut self, byte: u8) -> bool {
        let line_end = matches!(byte, b'\r' | b'\n');
        if line_end {
            self.problems.add(self.at, CharFault::LineEndInside);
            self.g0 = Set::Ascii;
            self.shifted = false;
        }
        self.out.push(char::from(byte));
        self.at += 1;
        line_end
    }

    fn escape(&mut self) {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let length = match rest {
            [b'(', b'B' | b'J' | b'H', ..] => self.designate(Set::Ascii, 3),
            [b'(', b'I', ..] => self.designate(Set::Kana, 3),
            [b'$', b'B' | b'@', ..] => self.designate(Set::Double(Plane::Jisx0208), 3),
            [b'$', b'(', b'B' | b'@', ..] => self.designate(Set::Double(Plane::Jisx0208), 4),
            [b'$', b'(', b'D', ..] => self.designate(Set::Double(Plane::Jisx0212), 4),
            [b')', final_byte @ (b'B' | b'J' | b'I'), ..] => {
                self.kana_in_g1 = *final_byte == b'I';
                3
            }
            // The announcer of the 1990 revision; the designation follows by itself.
            [b'&', b'@', ..] => 3,
            _ => return self.unknown_escape(rest),
        };
        self.at += length;
    }

    fn designate(&mut self, set: Set, length: usize) -> usize {
        self.g0 = set;
        length
    }

    fn unknown_escape(&mut self, rest: &[u8]) {
        let complete = match rest {
            [b'$', b'(' | b')'] | [b'$' | b'(' | b')' | b'&'] | [] => false,
            [..] => true,
        };
        let fault = if complete {
            CharFault::UnknownEscape
        } else {
            CharFault::EndsInside
        };
        self.lose(fault, 1);
    }
}
