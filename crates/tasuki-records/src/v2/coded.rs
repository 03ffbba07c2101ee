//! CE and CWE (HL7 v2.5 §2.A.10, 2.A.13): two codings and an original text.

use tasuki_model::{Coded, Coding, Quantity, SmolStr};
use tasuki_wire::hl7::{Comp, Rep, Value};

/// A repetition as a coded value; empty if nothing was sent.
pub(crate) fn coded(rep: Rep<'_>) -> Coded {
    if rep.is_empty() || rep.is_null() {
        return Coded::default();
    }
    let [
        code,
        text,
        system,
        code2,
        text2,
        system2,
        version,
        version2,
        original,
    ] = rep.first_comps::<9>();
    let second = coding(code2, text2, system2, version2);
    let mut codings = Vec::with_capacity(1 + usize::from(second.is_some()));
    codings.extend(coding(code, text, system, version));
    codings.extend(second);
    let original_text = (!original.is_empty()).then(|| original.whole().into_string());
    Coded {
        codings,
        original_text,
    }
}

fn coding(code: Comp<'_>, text: Comp<'_>, system: Comp<'_>, version: Comp<'_>) -> Option<Coding> {
    if code.is_empty() && text.is_empty() {
        return None;
    }
    Some(Coding {
        system: trimmed(system),
        version: (!version.is_empty()).then(|| trimmed(version)),
        code: trimmed(code),
        text: short(text.whole()),
    })
}

/// Codes and systems come with blanks around them (` ISO+`), which no table has.
fn trimmed(comp: Comp<'_>) -> SmolStr {
    match comp.whole() {
        Value::Text(text) if text.starts_with(' ') || text.ends_with(' ') => text.trim().into(),
        value => short(value),
    }
}

/// A number with the unit that stands in another place; none if there is no number.
pub(crate) fn quantity(value: Value<'_>, unit: Coded) -> Option<Quantity> {
    let value = short(value);
    (!value.is_empty()).then(|| Quantity {
        value,
        unit: (!unit.is_empty()).then_some(unit),
    })
}

/// A value as short text.
#[inline]
pub(crate) fn short(value: Value<'_>) -> SmolStr {
    match value {
        Value::Text(text) => SmolStr::new(text),
        Value::Empty | Value::Null => SmolStr::default(),
    }
}
