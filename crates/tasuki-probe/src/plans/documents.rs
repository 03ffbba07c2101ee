//! Documents of a retrieve: the bytes that were submitted, by their uniqueIds, in the media type that
//! is expected, wherever in the message they stand (`ReferenceDocument`, `ExpectedMimeType`), and as the
//! entries of an earlier query describe them (`ReferenceMetadata`).

use super::plan::{Section, Step};
use crate::failure::{Done, Failure};
use crate::soap::Answer;
use crate::tree::{all, first, parse, text};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roxmltree::Node;

/// What is wrong with the documents of an answer.
///
/// # Errors
/// Where the answer cannot be read.
pub fn judge(
    section: &Section,
    step: &Step,
    answer: &Answer,
    symbols: &[(String, String)],
    known: Option<&str>,
) -> Done<Vec<String>> {
    let document = parse(&answer.body)?;
    let given: Vec<_> = all(document.root_element(), "DocumentResponse").collect();
    let of = |response: Node<'_, '_>, name| first(response, name).map(text).unwrap_or_default();
    let mut wrong = Vec::new();
    let refused = step.status == "Failure";
    for reference in step.transaction.all("ReferenceDocument") {
        let uid = reference.get("uid").map(|uid| {
            let known = symbols.iter().find(|(symbol, _)| symbol == uid);
            known.map_or(uid, |(_, value)| value.as_str())
        });
        // A symbol that the plan never fills (12308) is whichever document came.
        let uid = uid.filter(|uid| !(uid.starts_with('$') && given.len() == 1));
        let Some(expected) = section.document(&reference.text) else {
            // The file is not there to compare with: the entry's hash and size have to do.
            if known.is_none() && !refused {
                wrong.push(format!("{} cannot be judged", reference.text));
            }
            continue;
        };
        let mut named = given
            .iter()
            .filter(|response| uid.is_none_or(|uid| of(**response, "DocumentUniqueId") == uid));
        match named.next() {
            None if refused => {}
            None => wrong.push(format!("{} is not there", reference.text)),
            Some(response) if content(*response, answer)? != expected => {
                wrong.push(format!("{} is not what was submitted", reference.text));
            }
            Some(_) => {}
        }
    }
    for expected in step.transaction.all("ExpectedMimeType") {
        for response in &given {
            let is = of(*response, "mimeType");
            if is != expected.text {
                wrong.push(format!("{} expected, not {is}", expected.text));
            }
        }
    }
    if let Some(known) = known {
        if given.is_empty() && !refused {
            wrong.push("no document".to_owned());
        }
        let known = parse(known)?;
        for response in &given {
            let bytes = content(*response, answer)?;
            let is = Described {
                unique_id: of(*response, "DocumentUniqueId"),
                media_type: of(*response, "mimeType"),
                size: bytes.len().to_string(),
                hash: sha1(&bytes),
            };
            if !known
                .descendants()
                .any(|entry| Described::of(entry).as_ref() == Some(&is))
            {
                wrong.push(format!("{} is not what its entry says", is.unique_id));
            }
        }
    }
    Ok(wrong)
}

/// What an entry says of its document.
#[derive(PartialEq, Eq)]
struct Described {
    unique_id: String,
    media_type: String,
    size: String,
    hash: String,
}

impl Described {
    fn of(entry: Node<'_, '_>) -> Option<Self> {
        if entry.tag_name().name() != "ExtrinsicObject" {
            return None;
        }
        let slot = |name| {
            let slot = all(entry, "Slot").find(|slot| slot.attribute("name") == Some(name));
            slot.map(text).unwrap_or_default()
        };
        let unique = all(entry, "ExternalIdentifier").find(|id| {
            id.attribute("identificationScheme")
                == Some("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab")
        });
        Some(Self {
            unique_id: unique?.attribute("value")?.to_owned(),
            media_type: entry.attribute("mimeType")?.to_owned(),
            size: slot("size"),
            hash: slot("hash").to_lowercase(),
        })
    }
}

fn sha1(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The bytes of one document: a part beside the envelope, or base64 in it.
fn content(response: Node<'_, '_>, answer: &Answer) -> Done<Vec<u8>> {
    let document = first(response, "Document");
    let document = document.ok_or_else(|| Failure("an answer without a document".to_owned()))?;
    let Some(include) = first(document, "Include") else {
        let inline: String = text(document).split_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(inline);
        return bytes.map_err(|error| Failure::io("document", &error));
    };
    let href = include.attribute("href").unwrap_or_default();
    let id = href.strip_prefix("cid:").unwrap_or(href);
    let id = id.replace("%40", "@");
    let found = answer.parts.iter().find(|(name, _)| *name == id);
    let found = found.ok_or_else(|| Failure(format!("no part {id}")))?;
    Ok(found.1.clone())
}
