//! Embedded data (HL7 v3 data type ED): bytes, text, or the name of a file beside the document.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{CdaFault, Media, Payload, Reading};
use crate::xml::Element;

/// Senders differ in whether they pad the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The `observationMedia` of a section's entries, not those of sections inside it.
pub(super) fn observed(section: &Element, reading: &mut Reading<'_>) -> Vec<Media> {
    let mut found = Vec::new();
    let mut open: Vec<&Element> = section.all("entry").collect();
    open.reverse();
    while let Some(element) = open.pop() {
        if &*element.name == "observationMedia" {
            let mut media = element
                .first("value")
                .map(|v| embedded(v, reading))
                .unwrap_or_default();
            media.id = element.attribute("ID").unwrap_or_default().to_owned();
            found.push(media);
        } else {
            let children: Vec<_> = element.elements().collect();
            open.extend(children.into_iter().rev());
        }
    }
    found
}

/// An element of type ED.
pub(super) fn embedded(element: &Element, reading: &mut Reading<'_>) -> Media {
    let media_type = element
        .attribute("mediaType")
        .unwrap_or("text/plain")
        .trim()
        .to_owned();
    Media {
        id: String::new(),
        media_type,
        payload: payload(element, reading),
    }
}

fn payload(element: &Element, reading: &mut Reading<'_>) -> Payload {
    if element.attribute("compression").is_some() {
        reading.note(CdaFault::Media, &element.name);
        return Payload::Missing;
    }
    let reference = element
        .first("reference")
        .and_then(|reference| reference.attribute("value"));
    let text = element.text();
    if text.trim().is_empty() {
        return match reference {
            Some(name) => Payload::Reference(name.to_owned()),
            None => {
                reading.note(CdaFault::Media, &element.name);
                Payload::Missing
            }
        };
    }
    let encoded = element.attribute("representation") == Some("B64");
    let size = if encoded {
        text.len() / 4 * 3
    } else {
        text.len()
    };
    let Some(left) = reading.payload_left.checked_sub(size) else {
        reading.note(CdaFault::MediaTooLarge, &element.name);
        return Payload::Missing;
    };
    reading.payload_left = left;
    if !encoded {
        return Payload::Text(text);
    }
    let plain: String = text.split_ascii_whitespace().collect();
    match BASE64.decode(plain) {
        Ok(bytes) => Payload::Bytes(bytes),
        Err(_) => {
            reading.note(CdaFault::Media, &element.name);
            Payload::Missing
        }
    }
}
