//! The query for identifiers (`PRPA_IN201309UV02`, ITI TF-2 3.45.4.1).

use super::values::{self, Ii, copy};
use super::wrapper::{Reply, control_act};
use super::{Header, V3, V3Error};
use crate::xml::{Document, Element, Writer};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixQuery {
    /// The wrapper.
    pub header: Header,
    /// `queryId`.
    pub query_id: Ii,
    /// `patientIdentifier/value`: the ID that is known.
    pub patient: Ii,
    /// `dataSource/value`: the authorities whose IDs are wanted; all where there are none.
    pub sources: Vec<Ii>,
    /// `queryByParameter`, to be repeated in the answer.
    pub(super) question: Element,
}

/// Authorities that one query may name.
const SOURCES_MAX: usize = 200;

impl PixQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// [`V3Error`] where it is another message, or asks for nobody.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        let header = Header::decode(root)?;
        if *root.name != *"PRPA_IN201309UV02" {
            return Err(V3Error::Interaction);
        }
        let question = root.at(&["controlActProcess", "queryByParameter"]);
        let path = "controlActProcess/queryByParameter";
        let question = question.ok_or(V3Error::Missing { path })?;
        let path = "queryByParameter/parameterList/patientIdentifier/value";
        let list = question.first("parameterList");
        let list = list.ok_or(V3Error::Missing { path })?;
        let mut asked = list
            .all("patientIdentifier")
            .filter_map(|p| p.first("value"));
        let patient = asked.next().ok_or(V3Error::Missing { path })?;
        if asked.next().is_some() {
            return Err(V3Error::TooMany { path });
        }
        let sources = list.all("dataSource").filter_map(|s| s.first("value"));
        let sources: Vec<Ii> = sources.take(SOURCES_MAX + 1).map(Ii::of).collect();
        if sources.len() > SOURCES_MAX {
            let path = "parameterList/dataSource";
            return Err(V3Error::TooMany { path });
        }
        Ok(Self {
            header,
            query_id: question.first("queryId").map(Ii::of).unwrap_or_default(),
            patient: Ii::of(patient),
            sources,
            question: question.clone(),
        })
    }

    /// Writes a query for the IDs of `patient` that `sources` issued.
    #[must_use]
    pub fn encode(reply: &Reply<'_>, query_id: &Ii, patient: &Ii, sources: &[Ii]) -> Document {
        reply.write("PRPA_IN201309UV02", "AL", |writer| {
            control_act(writer, "PRPA_TE201309UV02", |writer| {
                author(writer, reply.sender);
                writer.element(V3, "queryByParameter").content(|writer| {
                    query_id.write(writer, "queryId");
                    values::code(writer, "statusCode", "new");
                    values::code(writer, "responsePriorityCode", "I");
                    writer.element(V3, "parameterList").content(|writer| {
                        for source in sources {
                            parameter(writer, "dataSource", source, "DataSource.id");
                        }
                        parameter(writer, "patientIdentifier", patient, "Patient.id");
                    });
                });
            });
        })
    }

    /// The question as it came.
    pub(super) fn repeat(&self, writer: &mut Writer) {
        copy(writer, &self.question);
    }
}

pub(super) fn author(writer: &mut Writer, device: &Ii) {
    let start = writer
        .element(V3, "authorOrPerformer")
        .attribute("typeCode", "AUT");
    start.content(|writer| {
        writer
            .element(V3, "assignedDevice")
            .attribute("classCode", "ASSIGNED")
            .content(|writer| device.write(writer, "id"));
    });
}

fn parameter(writer: &mut Writer, name: &str, id: &Ii, semantics: &str) {
    writer.element(V3, name).content(|writer| {
        id.write(writer, "value");
        writer.element(V3, "semanticsText").text(semantics);
    });
}
