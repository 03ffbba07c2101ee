//! Removing metadata and documents (ITI TF-2, 3.62.4.1, 3.86.4.1).

use super::names::{LCM, RIM, RMD};
use super::{DocumentRequest, EbrimError, OBJECTS_MAX};
use crate::xml::{Document, Element, document};

/// `lcm:RemoveObjectsRequest`: ITI-62. The objects by `entryUUID`, with `urn:uuid:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveObjects {
    /// The ids, in the order sent.
    pub ids: Vec<String>,
}

impl RemoveObjects {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no list of references, too many.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        if *body.name != *"RemoveObjectsRequest" || *body.namespace != *LCM.uri {
            let expected = "lcm:RemoveObjectsRequest";
            return Err(EbrimError::unexpected(expected, &body.name));
        }
        let mut lists = body.elements().filter(|e| *e.namespace == *RIM.uri);
        let list = lists.find(|e| *e.name == *"ObjectRefList");
        let list = list.ok_or(EbrimError::Missing {
            what: "rim:ObjectRefList",
        })?;
        let ids: Vec<String> = list
            .all("ObjectRef")
            .take(OBJECTS_MAX + 1)
            .map(|e| e.attribute("id").unwrap_or_default().to_owned())
            .collect();
        if ids.len() > OBJECTS_MAX {
            return Err(EbrimError::TooMany {
                what: "references",
                limit: OBJECTS_MAX,
            });
        }
        Ok(Self { ids })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(LCM, "RemoveObjectsRequest", |start| {
            start.content(|inside| {
                inside.element(RIM, "ObjectRefList").content(|list| {
                    for id in &self.ids {
                        drop(list.element(RIM, "ObjectRef").attribute("id", id));
                    }
                });
            });
        })
    }
}

/// `rmd:RemoveDocumentsRequest`: ITI-86.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveDocuments {
    /// The documents.
    pub documents: Vec<DocumentRequest>,
}

impl RemoveDocuments {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no document named, too many.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        if *body.name != *"RemoveDocumentsRequest" || *body.namespace != *RMD.uri {
            let expected = "rmd:RemoveDocumentsRequest";
            return Err(EbrimError::unexpected(expected, &body.name));
        }
        Ok(Self {
            documents: DocumentRequest::all(body)?,
        })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(RMD, "RemoveDocumentsRequest", |start| {
            start.content(|inside| {
                for request in &self.documents {
                    request.write(inside);
                }
            });
        })
    }
}
