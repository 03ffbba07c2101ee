//! Submissions: `SubmitObjectsRequest` and what wraps it with documents (ITI TF-2, 3.41.4.1,
//! 3.42.4.1).

use super::encode::write_objects;
use super::names::{LCM, XDS};
use super::retrieve::Carried;
use super::{EbrimError, OBJECTS_MAX, Read, Submission, read_objects};
use crate::xml::{Document, Element, Writer, document};

/// `lcm:SubmitObjectsRequest`: ITI-42, and with other rules ITI-57, 61 and 92.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmitObjects {
    /// What is submitted.
    pub read: Read,
}

impl SubmitObjects {
    /// A request with this submission.
    #[must_use]
    pub fn of(submission: Submission) -> Self {
        Self {
            read: Read {
                submission,
                ..Read::default()
            },
        }
    }

    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no list of objects, too many objects.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        if *body.name != *"SubmitObjectsRequest" || *body.namespace != *LCM.uri {
            let expected = "lcm:SubmitObjectsRequest";
            return Err(EbrimError::unexpected(expected, &body.name));
        }
        let mut lists = body.elements();
        let list = lists.find(|e| *e.name == *"RegistryObjectList");
        let list = list.ok_or(EbrimError::Missing {
            what: "rim:RegistryObjectList",
        })?;
        Ok(Self {
            read: read_objects(list)?,
        })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(LCM, "SubmitObjectsRequest", |start| {
            start.content(|inside| self.inside(inside));
        })
    }

    fn inside(&self, writer: &mut Writer) {
        let objects = self.read.submission.clone().into_objects();
        write_objects(writer, &objects, &[]);
    }
}

/// `xds:ProvideAndRegisterDocumentSetRequest`: ITI-41.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProvideAndRegister {
    /// The metadata.
    pub submit: SubmitObjects,
    /// The documents: the id of the entry each belongs to, and where its bytes are.
    pub documents: Vec<(String, Carried)>,
}

impl ProvideAndRegister {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no submission, too many or unreadable documents.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        let name = "ProvideAndRegisterDocumentSetRequest";
        if *body.name != *name || *body.namespace != *XDS.uri {
            return Err(EbrimError::unexpected(name, &body.name));
        }
        let submit =
            body.elements()
                .find(|e| *e.namespace == *LCM.uri)
                .ok_or(EbrimError::Missing {
                    what: "lcm:SubmitObjectsRequest",
                })?;
        let mut documents = Vec::new();
        for element in body.all("Document") {
            if documents.len() >= OBJECTS_MAX {
                return Err(EbrimError::TooMany {
                    what: "documents",
                    limit: OBJECTS_MAX,
                });
            }
            let id = element.attribute("id").ok_or(EbrimError::Missing {
                what: "the id of a document",
            })?;
            documents.push((id.to_owned(), Carried::decode(element)?));
        }
        Ok(Self {
            submit: SubmitObjects::decode(submit)?,
            documents,
        })
    }

    /// As a document; the documents themselves where they are carried.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(XDS, "ProvideAndRegisterDocumentSetRequest", |start| {
            start.content(|inside| {
                let submit = inside.element(LCM, "SubmitObjectsRequest");
                submit.content(|objects| self.submit.inside(objects));
                for (id, carried) in &self.documents {
                    let one = inside.element(XDS, "Document").attribute("id", id);
                    one.content(|bytes| carried.write(bytes));
                }
            });
        })
    }
}
