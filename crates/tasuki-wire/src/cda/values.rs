//! Data types of the header: II, CD, TS and IVL_TS, PN (HL7 v3 Data Types R1).

use tasuki_model::person::NameParts;
use tasuki_model::{Coded, Coding, JstTime, PersonName};

use super::{CdaFault, InstanceId, Period, Reading};
use crate::xml::Element;

pub(super) fn id(element: &Element) -> Option<InstanceId> {
    let part = |name| {
        element
            .attribute(name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let id = InstanceId {
        root: part("root"),
        extension: part("extension"),
    };
    (!id.root.is_empty() || !id.extension.is_empty()).then_some(id)
}

pub(super) fn ids(parent: &Element) -> Vec<InstanceId> {
    parent.all("id").filter_map(id).collect()
}

/// A concept with its translations.
pub(super) fn coded(element: Option<&Element>) -> Coded {
    let Some(element) = element else {
        return Coded::default();
    };
    let original = element
        .first("originalText")
        .map(|text| text.text().trim().to_owned());
    let codings = std::iter::once(element)
        .chain(element.all("translation"))
        .filter_map(coding);
    Coded {
        codings: codings.collect(),
        original_text: original.filter(|text| !text.is_empty()),
    }
}

fn coding(element: &Element) -> Option<Coding> {
    let part = |name| {
        element
            .attribute(name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let coding = Coding {
        system: part("codeSystem").into(),
        version: element.attribute("codeSystemVersion").map(Into::into),
        code: part("code").into(),
        text: part("displayName").into(),
    };
    (!coding.code.is_empty() || !coding.text.is_empty()).then_some(coding)
}

/// `@value` of a point in time.
pub(super) fn time(element: Option<&Element>, reading: &mut Reading<'_>) -> Option<JstTime> {
    let element = element?;
    let text = element.attribute("value")?.trim();
    if text.is_empty() {
        return None;
    }
    let time = JstTime::parse_hl7(text).ok();
    if time.is_none() {
        reading.note(CdaFault::Time, &element.name);
    }
    time
}

/// An interval, or a point in time as its start.
pub(super) fn period(element: Option<&Element>, reading: &mut Reading<'_>) -> Period {
    let Some(element) = element else {
        return Period::default();
    };
    let low = element.first("low").or_else(|| element.first("center"));
    Period {
        start: time(Some(element), reading).or_else(|| time(low, reading)),
        end: time(element.first("high"), reading),
    }
}

/// The names of an entity. Japanese documents mark each writing with `use` (IDE, SYL, ABC); a name
/// without mark is taken as Latin if it is ASCII and as kanji otherwise.
pub(super) fn name(entity: Option<&Element>) -> PersonName {
    let mut name = PersonName::default();
    for element in entity.into_iter().flat_map(|entity| entity.all("name")) {
        let Some(parts) = parts(element) else {
            continue;
        };
        let uses = element.attribute("use").unwrap_or_default();
        let slot = match uses {
            _ if uses.contains("IDE") => &mut name.ideographic,
            _ if uses.contains("SYL") || uses.contains("PHON") => &mut name.phonetic,
            _ if uses.contains("ABC") => &mut name.alphabetic,
            _ if parts.joined().is_ascii() => &mut name.alphabetic,
            _ => &mut name.ideographic,
        };
        slot.get_or_insert(parts);
    }
    name
}

fn parts(element: &Element) -> Option<NameParts> {
    let joined = |name: &str| {
        let parts: Vec<_> = element
            .all(name)
            .map(|part| part.text().trim().to_owned())
            .collect();
        parts.join(" ").trim().to_owned()
    };
    let mut parts = NameParts {
        family: joined("family"),
        given: joined("given"),
    };
    if parts.family.is_empty() && parts.given.is_empty() {
        parts.family = element
            .text()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
    }
    (!parts.joined().is_empty()).then_some(parts)
}
