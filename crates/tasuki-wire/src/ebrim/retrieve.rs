//! Retrieving documents (ITI TF-2, 3.43.4).

use super::names::{RS, XDS, XOP};
use super::{EbrimError, OBJECTS_MAX, RegistryResponse};
use crate::xml::{Document, Element, Writer, document};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Where the bytes of a document are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// In a part of the MIME package: the `href` of `xop:Include` as it stands there.
    Include(String),
    /// In the message, as base64; here decoded.
    Inline(Vec<u8>),
}

impl Carried {
    /// Reads the inside of a `Document`.
    pub(super) fn decode(element: &Element) -> Result<Self, EbrimError> {
        if let Some(child) = element.elements().next() {
            let is_include = *child.namespace == *XOP.uri && *child.name == *"Include";
            let href = child.attribute("href").filter(|_| is_include);
            return href
                .map(|href| Self::Include(href.to_owned()))
                .ok_or(EbrimError::Document);
        }
        let mut text = element.text();
        text.retain(|c| !c.is_ascii_whitespace());
        STANDARD
            .decode(text)
            .map(Self::Inline)
            .map_err(|_| EbrimError::Document)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Include(href) => drop(writer.element(XOP, "Include").attribute("href", href)),
            Self::Inline(bytes) => writer.text(&STANDARD.encode(bytes)),
        }
    }
}

/// Which document is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRequest {
    /// `HomeCommunityId`, with `urn:oid:`.
    pub home: Option<String>,
    /// `RepositoryUniqueId`.
    pub repository_id: String,
    /// `DocumentUniqueId`.
    pub unique_id: String,
}

impl DocumentRequest {
    pub(super) fn decode(element: &Element) -> Result<Self, EbrimError> {
        let text = |name| element.first(name).map(|e| e.text().trim().to_owned());
        Ok(Self {
            home: text("HomeCommunityId").filter(|home| !home.is_empty()),
            repository_id: text("RepositoryUniqueId").ok_or(EbrimError::Missing {
                what: "xds:RepositoryUniqueId",
            })?,
            unique_id: text("DocumentUniqueId").ok_or(EbrimError::Missing {
                what: "xds:DocumentUniqueId",
            })?,
        })
    }

    /// Reads every `DocumentRequest` inside an element.
    pub(super) fn all(body: &Element) -> Result<Vec<Self>, EbrimError> {
        let of_xds = |e: &&Element| *e.namespace == *XDS.uri && *e.name == *"DocumentRequest";
        let requests = body.elements().filter(of_xds).take(OBJECTS_MAX + 1);
        let requests = requests.map(Self::decode).collect::<Result<Vec<_>, _>>()?;
        if requests.len() > OBJECTS_MAX {
            return Err(EbrimError::TooMany {
                what: "documents",
                limit: OBJECTS_MAX,
            });
        }
        if requests.is_empty() {
            return Err(EbrimError::Missing {
                what: "xds:DocumentRequest",
            });
        }
        Ok(requests)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.element(XDS, "DocumentRequest").content(|inside| {
            self.write_ids(inside);
        });
    }

    /// Writes the ids, as they stand in a request and in the answer to it.
    pub fn write_ids(&self, writer: &mut Writer) {
        if let Some(home) = &self.home {
            writer.element(XDS, "HomeCommunityId").text(home);
        }
        let repository = writer.element(XDS, "RepositoryUniqueId");
        repository.text(&self.repository_id);
        writer
            .element(XDS, "DocumentUniqueId")
            .text(&self.unique_id);
    }
}

/// `xds:RetrieveDocumentSetRequest`: ITI-43 and ITI-39.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetrieveRequest {
    /// The documents asked for, at least one.
    pub documents: Vec<DocumentRequest>,
}

impl RetrieveRequest {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no document asked for, one without its ids, too many.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        let name = "RetrieveDocumentSetRequest";
        if *body.name != *name || *body.namespace != *XDS.uri {
            return Err(EbrimError::unexpected(name, &body.name));
        }
        Ok(Self {
            documents: DocumentRequest::all(body)?,
        })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(XDS, "RetrieveDocumentSetRequest", |start| {
            start.content(|inside| {
                for request in &self.documents {
                    request.write(inside);
                }
            });
        })
    }
}

/// One document in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentAnswer {
    /// What was asked for.
    pub asked: DocumentRequest,
    /// On-demand: the repository and the id under which what was made can be had again.
    pub stored_as: Option<(String, String)>,
    /// `mimeType`.
    pub mime_type: String,
    /// The bytes.
    pub content: Carried,
}

/// `xds:RetrieveDocumentSetResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetrieveResponse {
    /// Status and errors.
    pub response: RegistryResponse,
    /// The documents.
    pub documents: Vec<DocumentAnswer>,
}

impl RetrieveResponse {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no status, an unreadable document, too many.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        let name = "RetrieveDocumentSetResponse";
        if *body.name != *name || *body.namespace != *XDS.uri {
            return Err(EbrimError::unexpected(name, &body.name));
        }
        let of_rs = |e: &&Element| *e.namespace == *RS.uri;
        let response = body.elements().find(of_rs).ok_or(EbrimError::Missing {
            what: "rs:RegistryResponse",
        })?;
        let mut documents = Vec::new();
        for element in body.all("DocumentResponse") {
            if documents.len() >= OBJECTS_MAX {
                return Err(EbrimError::TooMany {
                    what: "documents",
                    limit: OBJECTS_MAX,
                });
            }
            documents.push(answer(element)?);
        }
        Ok(Self {
            response: RegistryResponse::decode(response)?,
            documents,
        })
    }

    /// As a document; each document where it is carried.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(XDS, "RetrieveDocumentSetResponse", |start| {
            start.content(|inside| {
                self.response.write(inside);
                for one in &self.documents {
                    inside.element(XDS, "DocumentResponse").content(|words| {
                        one.asked.write_ids(words);
                        if let Some((repository, id)) = &one.stored_as {
                            words.element(XDS, "NewRepositoryUniqueId").text(repository);
                            words.element(XDS, "NewDocumentUniqueId").text(id);
                        }
                        words.element(XDS, "mimeType").text(&one.mime_type);
                        let document = words.element(XDS, "Document");
                        document.content(|bytes| one.content.write(bytes));
                    });
                }
            });
        })
    }
}

fn answer(element: &Element) -> Result<DocumentAnswer, EbrimError> {
    let text = |name| element.first(name).map(|e| e.text().trim().to_owned());
    let content = element.first("Document").ok_or(EbrimError::Missing {
        what: "xds:Document",
    })?;
    Ok(DocumentAnswer {
        asked: DocumentRequest::decode(element)?,
        stored_as: text("NewDocumentUniqueId")
            .map(|id| (text("NewRepositoryUniqueId").unwrap_or_default(), id)),
        mime_type: text("mimeType").unwrap_or_default(),
        content: Carried::decode(content)?,
    })
}
