use super::*;
use crate::charset::Charset;

const HEADER: &str = "MSH|^~\\&|HIS|1311234567|GW|RCV|20260601||ADT^A08^ADT_A01|1|P|2.5";

fn parse(text: &str) -> Message<'_> {
    Message::parse(text, &Limits::default()).unwrap()
}

fn text(message: &Message<'_>, path: &str) -> String {
    message.get(path).unwrap().into_string()
}

#[test]
fn header_fields_count_the_separator() {
    let message = parse(HEADER);
    assert_eq!(text(&message, "MSH-1"), "|");
    assert_eq!(text(&message, "MSH-2"), "^~\\&");
    assert_eq!(text(&message, "MSH-3"), "HIS");
    assert_eq!(text(&message, "MSH-9.3"), "ADT_A01");
    assert_eq!(
        message.first("MSH").unwrap().fields().get(9).raw(),
        "ADT^A08^ADT_A01"
    );
    assert_eq!(message.first("MSH").unwrap().fields().get(1).raw(), "|");
    let kind = message.kind();
    assert_eq!(
        (kind.code, kind.trigger, kind.structure),
        ("ADT", "A08", "ADT_A01")
    );
}

#[test]
fn parts_are_reached_by_the_standards_numbers() {
    let source = format!(
        "{HEADER}\rPID|1||12^^^^PI||東京^花子^^^^^L^I~トウキョウ^ハナコ\rRXE||||||||||||||||||3^TAB&錠&MR9P\r"
    );
    let message = parse(&source);
    assert_eq!(text(&message, "PID-3.1"), "12");
    assert_eq!(text(&message, "PID-3.5"), "PI");
    assert_eq!(text(&message, "PID-5[2].1"), "トウキョウ");
    assert_eq!(text(&message, "PID-5[2]"), "トウキョウ^ハナコ");
    assert_eq!(text(&message, "RXE-18.2.2"), "錠");
    assert_eq!(text(&message, "RXE-18.2"), "TAB");
    assert_eq!(text(&message, "PID-5[3].1"), "");
    assert_eq!(text(&message, "PID(2)-3"), "");
    assert_eq!(text(&message, "ZZZ-3"), "");
    let unit = message.first("RXE").unwrap().field(18).comp(2).lowered();
    let [code, name, system, none] = unit.first_comps();
    let raws = [code, name, system, none].map(|comp| comp.raw());
    assert_eq!(raws, ["TAB", "錠", "MR9P", ""]);
}

#[test]
fn null_is_not_empty() {
    let source = format!("{HEADER}\rRXE|1|\"\"||a^\"\"|\"\"x");
    let message = parse(&source);
    assert!(message.get("RXE-2").unwrap().is_null());
    assert!(message.get("RXE-3").unwrap().is_empty());
    assert!(message.get("RXE-4.2").unwrap().is_null());
    assert_eq!(text(&message, "RXE-5"), "\"\"x");
    assert!(message.first("RXE").unwrap().field(2).is_null());
}

#[test]
fn escapes_are_resolved_and_unknown_ones_kept() {
    for (raw, expected) in [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("\\H\\bold\\N\\", "bold"),
        ("a\\.br\\b\\.sp+2\\c\\.in4\\d", "a\nb\ncd"),
        ("\\X41420D\\", "AB\r"),
        ("\\X4\\\\Xzz\\\\X\\", "\\X4\\\\Xzz\\\\X\\"),
        ("\\X82A0\\", "\\X82A0\\"),
        ("C:\\data\\F\\x", "C:\\data|x"),
        ("\\Zabc\\\\C2842\\", "\\Zabc\\\\C2842\\"),
        ("1000\\", "1000\\"),
    ] {
        let source = format!("{HEADER}\rNTE|1||{raw}");
        assert_eq!(text(&parse(&source), "NTE-3"), expected, "{raw}");
    }
}

#[test]
fn other_delimiters_are_taken_from_the_header() {
    let message = parse("MSH*:%!;*HIS\rPID*1**a:b%c:d;e!F!f");
    assert_eq!(text(&message, "MSH-3"), "HIS");
    assert_eq!(text(&message, "PID-3[2].2.2"), "e*f");
}

#[test]
fn headers_that_are_none() {
    for (source, code) in [
        ("", "HL7-001"),
        ("PID|1", "HL7-001"),
        ("MSH", "HL7-001"),
        ("MSHx", "HL7-001"),
        ("MSH|", "HL7-002"),
        ("MSH|^~\\", "HL7-002"),
        ("MSH|^^\\&|", "HL7-002"),
        ("MSH|^~|&|", "HL7-002"),
        ("MSH|a~\\&|", "HL7-002"),
        ("MSH|^~\\&xy", "HL7-002"),
    ] {
        assert_eq!(
            Message::parse(source, &Limits::default())
                .unwrap_err()
                .code(),
            code,
            "{source}"
        );
    }
    assert!(Message::parse("MSH|^~\\&#|HIS", &Limits::default()).is_ok());
}

#[test]
fn line_feeds_and_lines_that_are_no_segment_are_said() {
    let source = format!("{HEADER}\r\nPID|1\n\rNTE|1||a\rb c\rmsh|x\rMSH|2\rOBX");
    let message = parse(&source);
    let names: Vec<_> = message.segments().iter().map(Segment::name).collect();
    assert_eq!(names, ["MSH", "PID", "NTE", "MSH", "OBX"]);
    let problems: Vec<_> = message
        .problems()
        .iter()
        .map(|p| (p.line, p.what.code()))
        .collect();
    assert_eq!(
        problems,
        [
            (0, "HL7-101"),
            (4, "HL7-102"),
            (5, "HL7-102"),
            (6, "HL7-103")
        ]
    );
}

#[test]
fn the_frame_of_mllp_is_passed_over() {
    let bytes = b"\x0bMSH|^~\\&|HIS\rPID|1\r\x1c\r";
    let text = Text::decode(bytes, &Limits::default()).unwrap();
    let message = text.parse(&Limits::default()).unwrap();
    assert_eq!((message.segments().len(), message.problems()), (2, &[][..]));
}

#[test]
fn limits_are_kept() {
    let limits = Limits {
        bytes: 200,
        segments: 3,
        fields: 10,
    };
    let many = format!("{HEADER}\rA01\rA02\rA03");
    assert_eq!(
        Message::parse(
            &many,
            &Limits {
                fields: 50,
                ..limits
            }
        )
        .unwrap_err()
        .code(),
        "HL7-004"
    );
    let wide = format!("MSH|^~\\&\rPID{}", "|".repeat(11));
    let error = Message::parse(&wide, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "HL7-005 in segment 1 (PID): more than 10 fields"
    );
    let long = "x".repeat(201);
    assert_eq!(
        Text::decode(long.as_bytes(), &limits).unwrap_err().code(),
        "HL7-003"
    );
}

#[test]
fn fields_beyond_those_kept_are_found_too() {
    let source = format!(
        "MSH|^~\\&\rPV1{}",
        (1..=70).map(|n| format!("|{n}")).collect::<String>()
    );
    let message = parse(&source);
    let fields = message.first("PV1").unwrap().fields();
    for n in [1, 54, 55, 56, 57, 70] {
        assert_eq!(fields.get(n).raw(), n.to_string());
    }
    assert_eq!(fields.get(71).raw(), "");
    assert_eq!(fields.get(0).raw(), "");
}

#[test]
fn groups_run_from_one_opening_segment_to_the_next() {
    let source = format!("{HEADER}\rPID|1\rORC|1\rRXE|1\rRXC|B\rRXC|A\rORC|2\rRXE|2");
    let message = parse(&source);
    let body = message.body();
    assert_eq!(body.before("ORC").segments().len(), 2);
    let orders: Vec<_> = body.groups("ORC").collect();
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[0].all("RXC").count(), 2);
    assert_eq!(orders[1].first("RXE").unwrap().field(1).raw(), "2");
    assert_eq!(orders[1].all("RXC").count(), 0);
    assert_eq!(body.groups("OBX").count(), 0);
}

#[test]
fn paths_that_are_none() {
    for path in [
        "",
        "PID",
        "PID-",
        "PID-0",
        "PID-x",
        "PI-3",
        "PID-3.0",
        "PID-3.1.1.1",
        "PID(0)-3",
        "PID-3[0]",
        "PID-3[1",
        "PID-99999",
    ] {
        assert_eq!(Path::parse(path).unwrap_err().code(), "HL7-007", "{path}");
    }
}

#[test]
fn the_declared_charset_decides() {
    let limits = Limits::default();
    let of = |msh18: &str, name: &[u8]| {
        let head = format!("{HEADER}||||||{msh18}\rPID|1||1||");
        [head.as_bytes(), name].concat()
    };
    for (msh18, name) in [
        ("~ISO IR87", &b"\x1b$B;3ED\x1b(B"[..]),
        ("", b"\x1b$B;3ED\x1b(B"),
        ("ASCII", b"\x1b$B;3ED\x1b(B"),
        ("Shift_JIS", b"\x8e\x52\x93\x63"),
        ("UNICODE UTF-8", "山田".as_bytes()),
    ] {
        let bytes = of(msh18, name);
        let decoded = Text::decode(&bytes, &limits).unwrap().lossless().unwrap();
        assert_eq!(text(&decoded.parse(&limits).unwrap(), "PID-5.1"), "山田");
    }
    let bytes = of("~ISO IR87", b"\xfb\xfc");
    let error = Text::decode(&bytes, &limits)
        .unwrap()
        .lossless()
        .unwrap_err();
    assert_eq!(error.code(), "JIS-001");
    let bytes = of("KOI8", b"");
    assert_eq!(Text::decode(&bytes, &limits).unwrap_err().code(), "HL7-006");
}

/// The kanji at 0x5E 0x7C is made of `^` and `|`.
#[test]
fn delimiters_inside_two_byte_characters_do_not_split() {
    let bytes = [
        HEADER.as_bytes(),
        b"||||||~ISO IR87\rPID|1||7||\x1b$B^|\x1b(B^B",
    ]
    .concat();
    let limits = Limits::default();
    let decoded = Text::decode(&bytes, &limits).unwrap();
    assert_eq!(text(&decoded.parse(&limits).unwrap(), "PID-5.2"), "B");
}

#[test]
fn a_built_message_declares_what_it_uses() {
    let mut builder = MessageBuilder::new();
    builder
        .header()
        .set(3, "TSG")
        .set(9, comps(["ADT", "A08", "ADT_A01"]));
    builder
        .segment("PID")
        .set(3, comps(["0012", "", "", "", "PI", ""]))
        .set(5, reps([comps(["山田", "a|b"]), comps(["ﾔﾏﾀﾞ", ""])]))
        .set_null(7)
        .set(
            8,
            comps([Into::<CompValue>::into("3"), subs(["TAB", "錠"])]),
        )
        .set(12, "");
    let encoded = builder.encode(Charset::Iso2022).unwrap();
    assert!(encoded.problems.is_empty());
    let expected =
        b"MSH|^~\\&|TSG||||||ADT^A08^ADT_A01|||||||||~ISO IR14~ISO IR87||ISO 2022-1994\r\
        PID|||0012^^^^PI||\x1b$B;3ED\x1b(B^a\\F\\b~\x1b(ITO@^\x1b(B||\"\"|3^TAB&\x1b$B>{\x1b(B\r";
    assert_eq!(
        encoded.bytes.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mut builder = MessageBuilder::new();
    builder.segment("pid").set(3, "x");
    assert_eq!(builder.encode(Charset::Utf8).unwrap_err().code(), "HL7-008");
    let mut builder = MessageBuilder::new();
    builder.header().set(2, "x");
    assert_eq!(builder.encode(Charset::Utf8).unwrap_err().code(), "HL7-008");
    let mut builder = MessageBuilder::new();
    builder.segment("PID").set(100_000, "x");
    assert_eq!(builder.encode(Charset::Utf8).unwrap_err().code(), "HL7-008");
}
