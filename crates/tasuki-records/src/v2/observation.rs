//! OBX: one observation (HL7 v2.5 §7.4.2; JAHIS 臨床検査データ交換規約).
//!
//! Numbers stay text as sent. Japanese systems may not send SN, so `< 0.5`, `>= 10`, ` 3 +` and
//! `  -` come as ST with a blank for `^`; they are read like SN.

use serde::{Deserialize, Serialize};
use tasuki_model::{Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::hl7::{Field, Segment};

use super::{Line, Reader, Staff, coded, quantity, short};
use crate::problem::{NUMBER, VALUE_TYPE};

/// How a result stands to the number beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Comparator {
    fn parse(text: &str) -> Option<(Self, &str)> {
        [
            ("<=", Self::AtMost),
            (">=", Self::AtLeast),
            ("<", Self::Below),
            (">", Self::Above),
        ]
        .into_iter()
        .find_map(|(sign, found)| Some((found, text.strip_prefix(sign)?)))
    }

    /// As written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ObservedValue {
    /// Nothing yet: an order, or a result that is pending.
    #[default]
    None,
    /// A number, digits as sent.
    Number(SmolStr),
    /// Beyond a limit of detection: `< 0.5`.
    Limit(Comparator, SmolStr),
    /// Words, or a grade such as `3+`.
    Text(SmolStr),
    /// A coded answer (blood group, organism); repetitions are further answers.
    Coded(Vec<Coded>),
    /// A time.
    Time(JstTime),
    /// A person.
    Person(Staff),
    /// A drug or material with its amount (JAHIS ZRD).
    Material(Box<Material>),
}

/// A drug or material that was used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Material {
    /// What.
    pub what: Coded,
    /// How much.
    pub amount: Option<Quantity>,
}

impl ObservedValue {
    /// The words or digits to show, without unit.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(text) | Self::Text(text) => text.to_string(),
            Self::Limit(comparator, number) => format!("{} {number}", comparator.sign()),
            Self::Coded(answers) => answers
                .iter()
                .map(Coded::display)
                .collect::<Vec<_>>()
                .join(", "),
            Self::Time(time) => time.to_string(),
            Self::Person(staff) => staff.display(),
            Self::Material(material) => material.what.display().to_owned(),
        }
    }

    /// True if nothing was observed.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// OBR-26: which result of another panel this one hangs on (the organism of a susceptibility test).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Parent {
    /// The parent's OBX-3.
    pub item: Coded,
    /// The parent's OBX-4.
    pub sub_id: SmolStr,
    /// The parent's OBX-5 in words.
    pub text: SmolStr,
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Observation {
    /// OBX-3: JLAC10 and local code.
    pub item: Coded,
    /// OBX-4: ties observations that belong together.
    pub sub_id: SmolStr,
    /// OBX-5.
    pub value: ObservedValue,
    /// OBX-6.
    pub unit: Coded,
    /// OBX-7 as sent: `3.7-5.5`, `<130`.
    pub range: SmolStr,
    /// OBX-8: `H`, `L`, `HH`, `LL`, `A`, `S`, `I`, `R` …
    pub flags: Vec<SmolStr>,
    /// OBX-11: `F` final, `P` preliminary, `C` corrected, `X` cannot be had, `O` ordered.
    pub status: SmolStr,
    /// OBX-14.
    pub at: Option<JstTime>,
    /// OBX-16.
    pub observer: Option<Staff>,
    /// OBX-17.
    pub method: Coded,
    /// NTE that follow.
    pub comments: Vec<String>,
}

impl Observation {
    pub(crate) fn read(segment: &Segment<'_>, reader: &mut Reader<'_, '_>) -> Self {
        let obx = Line::new(segment);
        obx.need(3, reader);
        let value = value(&obx, reader);
        Self {
            item: obx.coded(3),
            sub_id: obx.text(4),
            value,
            unit: obx.coded(6),
            range: obx.whole(7),
            flags: obx.field(8).reps().map(|rep| short(rep.value())).collect(),
            status: obx.text(11),
            at: obx.time(14, reader),
            observer: obx.staff(16),
            method: obx.coded(17),
            comments: Vec::new(),
        }
    }

    /// Reads the OBX of a run of segments, each with the NTE that follow it.
    pub(crate) fn read_all<'s, 'm: 's>(
        segments: impl IntoIterator<Item = &'s Segment<'m>, IntoIter: Clone>,
        reader: &mut Reader<'_, '_>,
    ) -> Vec<Self> {
        let segments = segments.into_iter();
        let count = segments
            .clone()
            .filter(|segment| segment.name() == "OBX")
            .count();
        let mut found: Vec<Self> = Vec::with_capacity(count);
        for segment in segments {
            match segment.name() {
                "OBX" => found.push(Self::read(segment, reader)),
                "NTE" => {
                    if let Some(last) = found.last_mut() {
                        last.comments.push(Line::new(segment).lines(3));
                    }
                }
                _ => {}
            }
        }
        found
    }
}

fn value(obx: &Line<'_, '_>, reader: &mut Reader<'_, '_>) -> ObservedValue {
    let field = obx.field(5);
    if field.is_empty() || field.is_null() {
        return ObservedValue::None;
    }
    match obx.field(2).raw() {
        "NM" => number(obx, field, reader),
        "ST" | "TX" | "FT" | "" | "ED" | "RP" => text(field),
        "SN" => text_like(&structured(field)),
        "CE" | "CWE" | "CNE" | "IS" | "ID" => ObservedValue::Coded(obx.codeds(5)),
        "TS" | "DT" | "DTM" => match obx.time(5, reader) {
            Some(time) => ObservedValue::Time(time),
            None => text(field),
        },
        "XCN" | "XPN" => match obx.staff(5) {
            Some(staff) => ObservedValue::Person(staff),
            None => text(field),
        },
        "ZRD" => {
            let rep = field.rep(0);
            let unit = coded(rep.comp(5).lowered());
            let amount = quantity(rep.comp(4).value(), unit);
            let [code, name, system] = rep.first_comps::<3>().map(|comp| short(comp.whole()));
            let coding = tasuki_model::Coding {
                system,
                version: None,
                code,
                text: name,
            };
            let what = Coded {
                codings: vec![coding],
                original_text: None,
            };
            ObservedValue::Material(Box::new(Material { what, amount }))
        }
        _ => {
            reader.note(VALUE_TYPE, obx.segment, 2);
            text(field)
        }
    }
}

fn number(obx: &Line<'_, '_>, field: Field<'_>, reader: &mut Reader<'_, '_>) -> ObservedValue {
    let Some(digits) = field.whole().text() else {
        return ObservedValue::None;
    };
    let trimmed = digits.trim();
    if is_number(trimmed) {
        return ObservedValue::Number(trimmed.into());
    }
    // `<0.5` under NM is wrong and common; its meaning is plain.
    let value = text_like(&digits);
    if !matches!(value, ObservedValue::Limit(..)) {
        reader.note(NUMBER, obx.segment, 5);
    }
    value
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut dots = 0;
    let valid = digits.bytes().all(|byte| {
        dots += usize::from(byte == b'.');
        byte.is_ascii_digit() || byte == b'.'
    });
    valid && dots <= 1 && digits.bytes().any(|byte| byte.is_ascii_digit())
}

/// Text with its repetitions as lines.
fn text(field: Field<'_>) -> ObservedValue {
    let mut lines = field
        .reps()
        .map(|rep| rep.whole().text().unwrap_or_default());
    match (lines.next(), lines.next()) {
        (Some(one), None) => text_like(&one),
        (first, second) => {
            let lines: Vec<_> = first.into_iter().chain(second).chain(lines).collect();
            ObservedValue::Text(lines.join("\n").into())
        }
    }
}

fn structured(field: Field<'_>) -> String {
    let parts: Vec<_> = field
        .rep(0)
        .comps()
        .map(|comp| comp.value().into_string())
        .collect();
    parts.join(" ")
}

fn text_like(text: &str) -> ObservedValue {
    let trimmed = text.trim();
    if let Some((comparator, rest)) = Comparator::parse(trimmed)
        && is_number(rest.trim())
    {
        return ObservedValue::Limit(comparator, rest.trim().into());
    }
    // ` 3 +` is the grade 3+, `  -` is negative: SN's empty components, not words with blanks.
    let grade = text.starts_with(' ') && trimmed.len() <= 6 && trimmed.is_ascii();
    ObservedValue::Text(if grade {
        trimmed.replace(' ', "").into()
    } else {
        text.into()
    })
}
