//! The documents that come with a submission (ITI TF-2, 3.41.4.1.3): each has its entry and each
//! entry its document; what metadata says of size and hash is what the bytes are.

use crate::xds::{Refused, Registry, XdsCode, XdsProblem};
use std::collections::HashMap;
use tasuki_core::ports::{Incoming, NewDocument, Writing};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use tasuki_model::DocumentEntry;
use tasuki_model::xds::Submission;

/// The documents of a message, each with the id that its entry has there; none where the message
/// carries none because another repository has them.
#[derive(Debug, Default)]
pub struct Documents {
    carried: bool,
    parts: Vec<Part>,
}

/// One document that came.
#[derive(Debug)]
struct Part {
    /// The id that its entry has in the message.
    name: String,
    content: Incoming,
    /// Taken before the transaction begins, in which everybody else would wait for it.
    sha1: [u8; 20],
}

fn part((name, content): (String, Incoming)) -> Part {
    let sha1 = content.sha1();
    Part {
        name,
        content,
        sha1,
    }
}

/// Where the document of each entry is, by the entry's place in the submission.
pub(super) type Places = HashMap<usize, usize>;

impl Documents {
    /// A message that carries metadata only.
    #[must_use]
    pub fn elsewhere() -> Self {
        Self::default()
    }

    /// A message that carries its documents.
    #[must_use]
    pub fn carried(parts: Vec<(String, Incoming)>) -> Self {
        Self {
            carried: true,
            parts: parts.into_iter().map(part).collect(),
        }
    }

    /// Keeps the content of a place as the document of an entry.
    pub(super) fn keep(
        &self,
        tx: &dyn Writing,
        entry: DocumentEntry,
        place: usize,
    ) -> Result<(), Fault> {
        match self.parts.get(place).map(|part| &part.content) {
            Some(Incoming::Here(bytes)) => {
                let file = None;
                tx.put_document(&NewDocument { entry, bytes, file })?;
            }
            Some(Incoming::Spooled(spooled)) => {
                tx.put_spooled(entry, spooled)?;
            }
            None => return Err(Fault::new(Code::InternalFault, "a document without bytes")),
        }
        Ok(())
    }

    /// Compares each document with its entry by the ids of the message, and fills in what the
    /// repository knows.
    pub(super) fn check(
        &self,
        registry: &Registry,
        submission: &mut Submission,
    ) -> Result<Places, Refused> {
        let mut places = Places::new();
        if !self.carried {
            return Ok(places);
        }
        let mut problems = Vec::new();
        let mut taken = vec![false; self.parts.len()];
        for (number, entry) in submission.entries.iter_mut().enumerate() {
            let name = entry.header.id.clone();
            let mut parts = self.parts.iter().enumerate();
            let found = parts.find(|(_, part)| part.name == name);
            let Some((place, part)) = found else {
                let context = format!("DocumentEntry {name}: no document came with this id");
                let code = Code::XdsDocumentMissing;
                problems.push(XdsProblem::new(XdsCode::MissingDocument, code, context));
                continue;
            };
            if let Some(taken) = taken.get_mut(place) {
                *taken = true;
            }
            let (hash, size) = (hex(&part.sha1), part.content.size().to_string());
            let mut differs = |attribute: &str, said: Option<&String>, is: &str| {
                if said.is_some_and(|said| !said.eq_ignore_ascii_case(is)) {
                    problems.push(XdsProblem::new(
                        XdsCode::RepositoryMetadata,
                        Code::XdsContentDiffers,
                        format!("DocumentEntry {name}: {attribute} is not that of the document"),
                    ));
                }
            };
            differs("hash", entry.hash.as_ref(), &hash);
            differs("size", entry.size.as_ref(), &size);
            entry.hash = Some(hash);
            entry.size = Some(size);
            entry.repository_id = Some(registry.repository.as_str().to_owned());
            places.insert(number, place);
        }
        for (part, taken) in self.parts.iter().zip(taken) {
            if !taken {
                let id: String = part.name.chars().take(64).collect();
                let context = format!("document {id}: no DocumentEntry has this id");
                let code = Code::XdsDocumentMissing;
                problems.push(XdsProblem::new(XdsCode::MissingMetadata, code, context));
            }
        }
        if problems.is_empty() {
            Ok(places)
        } else {
            Err(Refused::Problems(problems))
        }
    }
}
