//! A message that was built reads back as it was, in every charset that can carry it; any text
//! at all is read or refused, never a panic.

use proptest::prelude::*;
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{
    CompValue, FieldValue, Limits, MessageBuilder, RepValue, SubValue, Text, Value,
};

use super::charset_properties::japanese;

fn value() -> impl Strategy<Value = SubValue> {
    prop_oneof![
        2 => Just(SubValue::Empty),
        1 => Just(SubValue::Null),
        6 => japanese().prop_map(SubValue::from),
        1 => "[\\x00-\\x7f]{0,12}".prop_map(SubValue::from),
        1 => Just(SubValue::from("\"\"")),
    ]
}

fn field() -> impl Strategy<Value = FieldValue> {
    let comp = prop::collection::vec(value(), 1..3).prop_map(CompValue);
    let rep = prop::collection::vec(comp, 1..4).prop_map(RepValue);
    prop::collection::vec(rep, 0..3).prop_map(FieldValue)
}

proptest! {
    #[test]
    fn a_built_message_reads_back(
        segments in prop::collection::vec(
            ("[A-Z][A-Z0-9]{2}", prop::collection::vec(field(), 0..6)), 0..6),
        utf8 in any::<bool>(),
    ) {
        let mut builder = MessageBuilder::new();
        builder.header().set(9, "ACK");
        for (name, fields) in &segments {
            let segment = builder.segment(name);
            for (n, field) in fields.iter().enumerate() {
                segment.set(n + 1, field.clone());
            }
        }
        let charset = if utf8 { Charset::Utf8 } else { Charset::Iso2022 };
        let encoded = builder.encode(charset).unwrap();
        prop_assert!(encoded.problems.is_empty());
        let text = Text::decode(&encoded.bytes, &Limits::default()).unwrap().lossless().unwrap();
        prop_assert_eq!(text.charset(), charset);
        let message = text.parse(&Limits::default()).unwrap();
        prop_assert_eq!(message.segments().len(), segments.len() + 1);
        for ((name, fields), read) in segments.iter().zip(message.segments().iter().skip(1)) {
            prop_assert_eq!(name, read.name());
            // A generated segment may itself be called MSH, whose fields count differently.
            let shift = usize::from(name == "MSH");
            for (n, field) in fields.iter().enumerate() {
                for (r, rep) in field.0.iter().enumerate() {
                    for (c, comp) in rep.0.iter().enumerate() {
                        for (s, sub) in comp.0.iter().enumerate() {
                            let found = read.fields().get(n + 1 + shift).rep(r).comp(c + 1).sub(s + 1);
                            prop_assert_eq!(found, expected(sub));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn anything_behind_a_header_is_read(body in "[|^~&\\\\\r\nA-Z0-9\"X. ]{0,300}") {
        read_all(format!("MSH|^~\\&|{body}").as_bytes());
    }
}

fn expected(sub: &SubValue) -> Value<'_> {
    match sub {
        SubValue::Empty => Value::Empty,
        SubValue::Null => Value::Null,
        SubValue::Text(text) => Value::Text(text.as_str().into()),
    }
}

fn read_all(bytes: &[u8]) {
    let limits = Limits {
        bytes: 10_000,
        segments: 50,
        fields: 100,
    };
    let Ok(text) = Text::decode(bytes, &limits) else {
        return;
    };
    let Ok(message) = text.parse(&limits) else {
        return;
    };
    for segment in message.segments() {
        let fields = segment.fields();
        for n in 0..60 {
            let field = fields.get(n);
            assert_eq!(field.raw(), segment.field(n).raw());
            for rep in field.reps() {
                for comp in rep.comps() {
                    let _ = (
                        comp.value(),
                        comp.sub(2),
                        comp.whole(),
                        comp.lowered().comp(1).value(),
                    );
                }
            }
        }
    }
}
