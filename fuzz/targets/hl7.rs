//! Any bytes: decoded, parsed and walked, or refused with a code. What was read, written again and
//! read again is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Comp, Text, Value};
use tasuki_wire::hl7::{
    CompValue, FieldValue, Limits, Message, MessageBuilder, RepValue, SubValue,
};

/// Fields looked at; the writer takes no more than 200.
const FIELDS: usize = 80;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let Ok(text) = Text::decode(bytes, &limits) else {
        return;
    };
    let Ok(message) = text.parse(&limits) else {
        return;
    };
    let _ = message.kind();
    let _ = message.get("PID-3.1");
    let read = parts(&message);
    let mut builder = MessageBuilder::new();
    for (name, fields) in &read {
        let segment = builder.segment(name);
        for (n, field) in fields.iter().enumerate() {
            segment.set(n + 1, field.clone());
        }
    }
    let written = builder
        .encode(Charset::Utf8)
        .expect("names and numbers were read");
    let text = Text::decode(&written.bytes, &limits).expect("it declares UTF-8");
    let message = text.parse(&limits).expect("it has a header");
    assert_eq!(parts(&message), read);
});

/// Segments behind the header with their values; what is empty at an end says nothing and is cut.
fn parts(message: &Message<'_>) -> Vec<(String, Vec<FieldValue>)> {
    let segments = message.segments().iter().skip(1);
    // A second header would count its fields differently.
    let segments = segments.filter(|segment| segment.name() != "MSH").take(200);
    segments
        .map(|segment| {
            let fields = segment.fields();
            let field = |n| {
                let reps = fields.get(n).reps().map(|rep| {
                    RepValue(cut(rep.comps().map(subs).collect(), |comp: &CompValue| {
                        comp.0.is_empty()
                    }))
                });
                FieldValue(reps.filter(|rep: &RepValue| !rep.0.is_empty()).collect())
            };
            let fields = cut((1..FIELDS).map(field).collect(), |field| field.0.is_empty());
            (segment.name().to_owned(), fields)
        })
        .collect()
}

fn subs(comp: Comp<'_>) -> CompValue {
    let count = comp.lowered().comps().count();
    let value = |n| match comp.sub(n) {
        Value::Empty => SubValue::Empty,
        Value::Null => SubValue::Null,
        Value::Text(text) => SubValue::from(text.into_owned()),
    };
    CompValue(cut((1..=count).map(value).collect(), |sub| {
        *sub == SubValue::Empty
    }))
}

fn cut<T>(mut items: Vec<T>, is_empty: impl Fn(&T) -> bool) -> Vec<T> {
    while items.last().is_some_and(&is_empty) {
        items.pop();
    }
    items
}
