//! Stored queries and their answers (ITI TF-2, 3.18.4.1).

use super::encode::write_list;
use super::names::{QUERY, RIM};
use super::values::{Value, parse};
use super::{EbrimError, Read, RegistryResponse, Told, read_objects};
use crate::xml::{Document, Element, Writer, document, document_of};
use tasuki_model::xds::RegistryObject;

/// The most parameters of a query, and the most values of one.
const PARAMETERS_MAX: usize = 1_000;
/// Bytes of an object with its metadata: room that is set aside for an answer.
const OBJECT_BYTES: usize = 7 * 1024;

/// What comes back of each object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnType {
    /// All of its metadata.
    LeafClass,
    /// Only its id.
    ObjectRef,
}

/// One slot of a query. A parameter sent in several slots stands here several times: its values are
/// alternatives inside a slot, and conditions that all hold across slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name, such as `$XDSDocumentEntryPatientId`.
    pub name: String,
    /// The values.
    pub values: Vec<Value>,
    /// Whether they stood in brackets.
    pub list: bool,
}

/// `query:AdhocQueryRequest`: ITI-18, 38, 51, 63.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdhocQuery {
    /// The id of the stored query, with `urn:uuid:`.
    pub id: String,
    /// `home`: the community that is asked, with `urn:oid:`.
    pub home: Option<String>,
    /// What comes back.
    pub returns: ReturnType,
    /// The parameters in the order sent.
    pub parameters: Vec<Parameter>,
}

impl AdhocQuery {
    /// Reads the body of the message.
    ///
    /// # Errors
    /// Another element, no query, an unknown return type, unreadable or too many values.
    pub fn decode(body: &Element) -> Result<Self, EbrimError> {
        if *body.name != *"AdhocQueryRequest" || *body.namespace != *QUERY.uri {
            let expected = "query:AdhocQueryRequest";
            return Err(EbrimError::unexpected(expected, &body.name));
        }
        let option = body.first("ResponseOption");
        let returns = match option.and_then(|o| o.attribute("returnType")) {
            Some("LeafClass") => ReturnType::LeafClass,
            Some("ObjectRef") => ReturnType::ObjectRef,
            Some(other) => return Err(EbrimError::unexpected("LeafClass or ObjectRef", other)),
            None => {
                let what = "returnType of query:ResponseOption";
                return Err(EbrimError::Missing { what });
            }
        };
        let of_rim = |e: &&Element| *e.namespace == *RIM.uri && *e.name == *"AdhocQuery";
        let query = body.elements().find(of_rim).ok_or(EbrimError::Missing {
            what: "rim:AdhocQuery",
        })?;
        let id = query.attribute("id").unwrap_or_default();
        Ok(Self {
            id: id.to_ascii_lowercase(),
            home: query.attribute("home").map(str::to_owned),
            returns,
            parameters: parameters(query)?,
        })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        let returns = match self.returns {
            ReturnType::LeafClass => "LeafClass",
            ReturnType::ObjectRef => "ObjectRef",
        };
        document(QUERY, "AdhocQueryRequest", |start| {
            start.content(|inside| {
                let option = inside.element(QUERY, "ResponseOption");
                let option = option.attribute("returnComposedObjects", "true");
                drop(option.attribute("returnType", returns));
                inside
                    .element(RIM, "AdhocQuery")
                    .attribute("id", &self.id)
                    .attribute_if("home", self.home.as_deref())
                    .content(|slots| {
                        for parameter in &self.parameters {
                            super::encode::slot(slots, &parameter.name, &parameter.texts());
                        }
                    });
            });
        })
    }
}

impl Parameter {
    /// As it is written: one `Value` element each.
    fn texts(&self) -> Vec<String> {
        if self.list {
            let values: Vec<String> = self.values.iter().map(Value::encode).collect();
            vec![format!("({})", values.join(","))]
        } else {
            self.values.iter().map(Value::encode).collect()
        }
    }
}

fn parameters(query: &Element) -> Result<Vec<Parameter>, EbrimError> {
    let too_many = |what| EbrimError::TooMany {
        what,
        limit: PARAMETERS_MAX,
    };
    let mut parameters = Vec::new();
    for slot in query.all("Slot") {
        if parameters.len() >= PARAMETERS_MAX {
            return Err(too_many("parameters"));
        }
        let mut parameter = Parameter {
            name: slot.attribute("name").unwrap_or_default().to_owned(),
            values: Vec::new(),
            list: false,
        };
        let values = slot.first("ValueList").into_iter();
        for value in values.flat_map(|list| list.all("Value")) {
            let (values, list) = parse(&value.text(), &parameter.name)?;
            parameter.values.extend(values);
            parameter.list |= list;
            if parameter.values.len() > PARAMETERS_MAX {
                return Err(too_many("values of one parameter"));
            }
        }
        parameters.push(parameter);
    }
    Ok(parameters)
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Objects with all of their metadata.
    pub objects: Vec<RegistryObject>,
    /// Document entries in their written form, told after those. Never where an answer was read.
    pub told: Vec<Told>,
    /// Objects by id alone, with their home community.
    pub references: Vec<(String, Option<String>)>,
}

impl Found {
    fn write(&self, writer: &mut Writer) {
        write_list(writer, &self.objects, &self.references, |list| {
            for told in &self.told {
                told.write(list);
            }
        });
    }
}

/// `query:AdhocQueryResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryResponse {
    /// Status and errors.
    pub response: RegistryResponse,
    /// What was found.
    pub found: Found,
}

impl QueryResponse {
    /// Reads the body of the message. What is wrong with the metadata comes beside it.
    ///
    /// # Errors
    /// Another element, no status, too many objects.
    pub fn decode(body: &Element) -> Result<(Self, Vec<super::Problem>), EbrimError> {
        if *body.name != *"AdhocQueryResponse" || *body.namespace != *QUERY.uri {
            let expected = "query:AdhocQueryResponse";
            return Err(EbrimError::unexpected(expected, &body.name));
        }
        let response = RegistryResponse::decode_within(body)?;
        let of_rim = |e: &&Element| *e.namespace == *RIM.uri && *e.name == *"RegistryObjectList";
        let list = body.elements().find(of_rim);
        let Read {
            submission,
            references,
            problems,
        } = list.map(read_objects).transpose()?.unwrap_or_default();
        let found = Found {
            objects: submission.into_objects(),
            told: Vec::new(),
            references,
        };
        Ok((Self { response, found }, problems))
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        let objects = self.found.objects.len() + self.found.told.len();
        let bytes = objects * OBJECT_BYTES;
        document_of(bytes, QUERY, "AdhocQueryResponse", |start| {
            let start = start.attribute("status", self.response.status.urn());
            start.content(|inside| {
                self.response.write_errors(inside);
                self.found.write(inside);
            });
        })
    }
}
