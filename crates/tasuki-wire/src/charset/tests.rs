//! Expectations written from the standards' tables, not from our own encoder.

use super::iso2022::{Plane, cell};
use super::*;

fn iso(bytes: &[u8]) -> Decoded<'_> {
    Charset::Iso2022.decode(bytes)
}

fn clean(bytes: &[u8]) -> String {
    let decoded = iso(bytes);
    assert_eq!(decoded.problems.kept(), [], "{bytes:x?}");
    decoded.text.into_owned()
}

#[test]
fn ascii_is_borrowed() {
    let decoded = iso(b"MSH|^~\\&|HIS");
    assert!(matches!(decoded.text, Cow::Borrowed("MSH|^~\\&|HIS")));
}

#[test]
fn each_way_of_designation_is_read() {
    for (bytes, text) in [
        (&b"\x1b$B;3ED\x1b(B^B@O:"[..], "山田^B@O:"),
        (b"\x1b$@;3\x1b(J\\~", "山\\~"),
        (b"\x1b$B;3\x1b(B\x1b$BED\x1b(B", "山田"),
        (b"\x1b$B\x1b(Bx\x1b$B\x1b$B;3\x1b(B", "x山"),
        (b"\x1b(I6]\x1b(B", "ｶﾝ"),
        (b"\x1b)I\xb6\xdd|\xb1", "ｶﾝ|ｱ"),
        (b"\x0e6]\x0f|", "ｶﾝ|"),
        (b"\x1b$(D0!\x1b(B", "丂"),
        (b"\x1b&@\x1b$B;3\x1b(B", "山"),
        (b"\x1b$B-!|b\x1b(B", "①髙"),
        (b"\x1b$B;3 ;3\x1b(B", "山 山"),
    ] {
        assert_eq!(clean(bytes), text);
    }
}

#[test]
fn a_line_end_inside_a_kanji_run_returns_to_ascii() {
    let decoded = iso(b"PID|\x1b$B;3ED\rPV1|O\r");
    assert_eq!(decoded.text, "PID|山田\rPV1|O\r");
    let [problem] = decoded.problems.kept() else {
        panic!()
    };
    assert_eq!((problem.offset, problem.fault.code()), (11, "JIS-006"));
    assert_eq!(decoded.problems.losses(), 0);
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (bytes, offset, code, text) in [
        (&b"a\xfb\xfc"[..], 1, "JIS-001", "a\u{fffd}\u{fffd}"),
        (b"a\x1b$B)!\x1b(B", 4, "JIS-002", "a\u{fffd}"),
        (b"\x1b$B;\x1b(B|", 3, "JIS-003", "\u{fffd}|"),
        (b"\x1b$B;\r|\x1b(B", 3, "JIS-003", "\u{fffd}\r|"),
        (b"ab\x1b-Ac", 2, "JIS-004", "ab\u{fffd}-Ac"),
        (b"ab\x1b$", 2, "JIS-005", "ab\u{fffd}$"),
        (b"\x1b$B;3", 5, "JIS-005", "山"),
        (b"\x1b(Ia\x1b(B", 3, "JIS-002", "\u{fffd}"),
    ] {
        let decoded = iso(bytes);
        let first = decoded.problems.kept()[0];
        assert_eq!(
            (first.offset, first.fault.code()),
            (offset, code),
            "{bytes:x?}"
        );
        assert_eq!(decoded.text, text);
        assert!(decoded.problems.losses() > 0);
    }
}

#[test]
fn problems_are_counted_beyond_those_kept() {
    let decoded = iso(&[0x80; 1000]);
    assert_eq!(decoded.problems.total(), 1000);
    assert_eq!(decoded.problems.kept().len(), KEPT_PROBLEMS);
}

/// The rows of JIS X 0208 that NEC and IBM filled: 13 and 89–92.
fn vendors_row(lead: u8) -> bool {
    matches!(lead - 0x20, 13 | 89..=92)
}

/// Every assigned cell of both planes goes out and comes back, and all cells of the standards come
/// back to the very cell, except kanji of JIS X 0212 that IBM's rows of JIS X 0208 hold as well.
#[test]
fn every_jis_cell_round_trips() {
    let every = || (0x21..=0x7E_u8).flat_map(|lead| (0x21..=0x7E_u8).map(move |t| (lead, t)));
    let vendors: Vec<char> = every()
        .filter(|&(lead, _)| vendors_row(lead))
        .filter_map(|(lead, trail)| cell(Plane::Jisx0208, lead, trail))
        .collect();
    let mut cells = 0;
    for (plane, escape) in [(Plane::Jisx0208, "\x1b$B"), (Plane::Jisx0212, "\x1b$(D")] {
        for (lead, trail) in every() {
            let Some(c) = cell(plane, lead, trail) else {
                continue;
            };
            cells += 1;
            let encoded = Charset::Iso2022.encode(&c.to_string());
            assert!(encoded.problems.is_empty(), "{c}");
            assert_eq!(clean(&encoded.bytes), c.to_string());
            // Unicode has one character for the tilde of JIS X 0212 and the wave dash of 0208.
            let tilde = plane == Plane::Jisx0212 && c == '～';
            if !vendors.contains(&c) && !tilde {
                let expected = [escape.as_bytes(), &[lead, trail], b"\x1b(B"].concat();
                assert_eq!(encoded.bytes, expected, "{c}");
            }
        }
    }
    // 6,879 cells of JIS X 0208, 83 of NEC, 374 of NEC's choice from IBM, 6,067 of JIS X 0212.
    assert_eq!(cells, 6_879 + 83 + 374 + 6_067);
}

#[test]
fn the_standards_own_cells_are_where_they_should_be() {
    for (lead, trail, c) in [
        (0x21, 0x21, '　'),
        (0x30, 0x21, '亜'),
        (0x4F, 0x53, '腕'),
        (0x74, 0x26, '熙'),
    ] {
        assert_eq!(cell(Plane::Jisx0208, lead, trail), Some(c));
    }
    assert_eq!(cell(Plane::Jisx0212, 0x30, 0x21), Some('丂'));
    assert_eq!(cell(Plane::Jisx0212, 0x6D, 0x63), Some('龥'));
    assert_eq!(cell(Plane::Jisx0208, 0x20, 0x21), None);
}

#[test]
fn what_the_set_lacks_becomes_a_mark_and_is_reported() {
    let encoded = Charset::Iso2022.encode("a𠮷b\u{1b}");
    assert_eq!(encoded.bytes, b"a\x1b$B\".\x1b(Bb\x1b$B\".\x1b(B");
    let offsets: Vec<_> = encoded.problems.kept().iter().map(|p| p.offset).collect();
    assert_eq!(offsets, [1, 3]);
    assert_eq!(Charset::ShiftJis.encode("a𠮷").bytes, b"a\x81\xac");
    assert_eq!(Charset::Ascii.encode("aé").bytes, b"a?");
}

#[test]
fn encoding_names_the_sets_it_used() {
    let encoded = Charset::Iso2022.encode("丂山ｶ");
    assert_eq!(encoded.bytes, b"\x1b$(D0!\x1b$B;3\x1b(I6\x1b(B");
    let sets = encoded.sets;
    assert!(sets.kana && sets.jisx0208 && sets.jisx0212);
}

#[test]
fn doubles_of_unicode_are_folded() {
    assert_eq!(clean(&Charset::Iso2022.encode("〜‖−¥").bytes), "～∥－￥");
    // A yen sign must not become HL7's escape character.
    assert!(!Charset::ShiftJis.encode("¥").bytes.contains(&b'\\'));
}

#[test]
fn shift_jis_and_utf8_report_with_offset() {
    let decoded = Charset::ShiftJis.decode(b"\x8e\x52|\xfb\xfc|\x80");
    assert_eq!(decoded.text, "山|髙|\u{80}");
    let decoded = Charset::ShiftJis.decode(b"\x8e\x52\xff|\x81");
    assert_eq!(decoded.text, "山\u{fffd}|\u{fffd}");
    let offsets: Vec<_> = decoded.problems.kept().iter().map(|p| p.offset).collect();
    assert_eq!(offsets, [2, 4]);
    let decoded = Charset::Utf8.decode(b"\xef\xbb\xbfab\xffc");
    assert_eq!(decoded.text, "ab\u{fffd}c");
    let problems: Vec<_> = decoded
        .problems
        .kept()
        .iter()
        .map(|p| (p.offset, p.fault.code()))
        .collect();
    assert_eq!(problems, [(0, "JIS-008"), (5, "JIS-007")]);
}

#[test]
fn declarations_as_real_senders_spell_them() {
    use Declaration::{Absent, Known};
    for (msh18, expected) in [
        ("~ISO IR87", Known(Charset::Iso2022)),
        ("~ISOIR87", Known(Charset::Iso2022)),
        ("ISO IR87", Known(Charset::Iso2022)),
        ("ISO IR14~ISO IR87~ISO IR159", Known(Charset::Iso2022)),
        ("ASCII~ISO IR87", Known(Charset::Iso2022)),
        ("UNICODE UTF-8", Known(Charset::Utf8)),
        ("Shift_JIS", Known(Charset::ShiftJis)),
        ("8859/1", Known(Charset::Latin1)),
        ("ASCII", Known(Charset::Ascii)),
        ("", Absent),
        ("~", Absent),
        ("BIG-5", Declaration::Unknown("BIG-5".into())),
        (
            "UNICODE UTF-8~ISO IR87",
            Declaration::Unknown("UNICODE UTF-8~ISO IR87".into()),
        ),
    ] {
        assert_eq!(Declaration::parse(msh18, '~'), expected, "{msh18}");
    }
}

#[test]
fn the_declaration_is_found_behind_japanese_fields() {
    // 番 is 0x48 0x56, 号 is 0x39 0x66; ｜ as a second byte would be 0x7C.
    let header =
        b"MSH|^~\\&|A|B|C|D|2011||X|1|P|2.5|\x1b$BHV9f0|\x1b(B|||||~ISO IR87||ISO 2022-1994\rPID";
    assert_eq!(declared_in(header), Declaration::Known(Charset::Iso2022));
    let header = b"MSH|^~\\&|\x94\x7c|B|C|D|2011||X|1|P|2.5||||||Shift_JIS\r";
    assert_eq!(declared_in(header), Declaration::Known(Charset::ShiftJis));
    assert_eq!(declared_in(b"MSH|^~\\&|A"), Declaration::Absent);
    assert_eq!(declared_in(b"\xfb\xfc"), Declaration::Absent);
}
