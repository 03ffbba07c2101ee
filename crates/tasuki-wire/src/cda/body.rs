//! The body: sections, or something else in an envelope.

use super::{Body, CdaError, CdaFault, Reading, Section, media, narrative, values};
use crate::xml::Element;

pub(super) fn read(root: &Element, reading: &mut Reading<'_>) -> Result<Body, CdaError> {
    let Some(component) = root.first("component") else {
        reading.note(CdaFault::NoBody, "component");
        return Ok(Body::Missing);
    };
    if let Some(structured) = component.first("structuredBody") {
        return Ok(Body::Structured(sections(structured, reading, 0)?));
    }
    match component.at(&["nonXMLBody", "text"]) {
        Some(text) => Ok(Body::NonXml(media::embedded(text, reading))),
        None => {
            reading.note(CdaFault::NoBody, "component");
            Ok(Body::Missing)
        }
    }
}

fn sections(
    parent: &Element,
    reading: &mut Reading<'_>,
    depth: usize,
) -> Result<Vec<Section>, CdaError> {
    if depth >= reading.limits.sections {
        return Err(CdaError::TooDeep {
            limit: reading.limits.sections,
        });
    }
    let mut found = Vec::new();
    for element in parent
        .all("component")
        .flat_map(|component| component.all("section"))
    {
        found.push(Section {
            code: values::coded(element.first("code")),
            title: element
                .first("title")
                .map(|t| t.text().trim().to_owned())
                .unwrap_or_default(),
            blocks: element
                .first("text")
                .map(|text| narrative::blocks(text, reading))
                .unwrap_or_default(),
            media: media::observed(element, reading),
            sections: sections(element, reading, depth + 1)?,
        });
    }
    Ok(found)
}
