//! Whatever bytes come, decoding ends, keeps ASCII and says what it lost; what can be encoded
//! comes back.

use proptest::prelude::*;
use tasuki_wire::charset::{Charset, iso2022};

/// Characters that ISO 2022 can carry, in the form in which decoding gives them.
pub fn japanese() -> impl Strategy<Value = String> {
    let kanji = (0x21..=0x7E_u8, 0x21..=0x7E_u8).prop_filter_map("assigned", |(lead, trail)| {
        iso2022::cell(iso2022::Plane::Jisx0208, lead, trail)
    });
    let supplementary = (0x21..=0x7E_u8, 0x21..=0x7E_u8)
        .prop_filter_map("assigned", |(lead, trail)| {
            iso2022::cell(iso2022::Plane::Jisx0212, lead, trail)
        });
    let half_width = (0xFF61..=0xFF9F_u32).prop_filter_map("kana", char::from_u32);
    let ascii = (0x20..=0x7E_u8).prop_map(char::from);
    let one = prop_oneof![4 => kanji, 1 => supplementary, 1 => half_width, 4 => ascii];
    prop::collection::vec(one, 0..40).prop_map(String::from_iter)
}

/// What steers the decoder, and a little text.
const SOUP: &[&[u8]] = &[
    b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x1b$(D", b"\x1b)I", b"\x0e", b"\x0f", b"\x1b", b"\x1b$",
    b"\r", b"|", b";3", b"a", b"\xb1", b"\x7f",
];

proptest! {
    #[test]
    fn iso_2022_round_trips(text in japanese()) {
        let encoded = Charset::Iso2022.encode(&text);
        prop_assert!(encoded.problems.is_empty());
        prop_assert!(encoded.bytes.is_ascii());
        let decoded = Charset::Iso2022.decode(&encoded.bytes);
        prop_assert!(decoded.problems.is_empty());
        prop_assert_eq!(decoded.text, text);
    }

    #[test]
    fn any_text_can_be_encoded_with_an_account(text in any::<String>()) {
        for charset in [Charset::Iso2022, Charset::ShiftJis, Charset::Ascii, Charset::Latin1] {
            let encoded = charset.encode(&text);
            let back = charset.decode(&encoded.bytes);
            // One character out for each character in, losses included, and never a reference.
            prop_assert_eq!(back.text.chars().count(), text.chars().count());
            prop_assert!(encoded.problems.total() > 0 || charset.encode(&back.text).bytes == encoded.bytes);
        }
        prop_assert_eq!(Charset::Utf8.decode(text.as_bytes()).text, text.strip_prefix('\u{feff}').unwrap_or(&text));
    }

    #[test]
    fn any_bytes_decode_with_an_account(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for charset in [Charset::Iso2022, Charset::ShiftJis, Charset::Utf8, Charset::Ascii, Charset::Latin1] {
            let decoded = charset.decode(&bytes);
            let lost = decoded.text.chars().filter(|&c| c == '\u{fffd}').count();
            prop_assert!(lost <= decoded.problems.total());
            prop_assert!(decoded.problems.kept().iter().all(|problem| problem.offset <= bytes.len()));
        }
    }

    /// Bytes of an escape-rich kind, which reach the states that random bytes do not.
    #[test]
    fn escape_soup_decodes_with_an_account(
        parts in prop::collection::vec(prop::sample::select(SOUP), 0..60)
    ) {
        let bytes = parts.concat();
        let decoded = Charset::Iso2022.decode(&bytes);
        let ends = |text: &[u8]| text.iter().filter(|&&b| b == b'\r').count();
        prop_assert_eq!(ends(decoded.text.as_bytes()), ends(&bytes));
    }
}
