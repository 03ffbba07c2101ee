//! The query by demographics (`PRPA_IN201305UV02`, ITI TF-2 3.47.4.1, 3.55.4.1).

use super::person::{self, MANY};
use super::pix::author;
use super::values::{self, Ii, copy};
use super::wrapper::{Reply, control_act};
use super::{Header, V3, V3Error};
use crate::xml::{Document, Element, Writer};
use tasuki_model::Demographics;
use tasuki_model::person::{Address, NameParts};

/// What is asked. Every part that is given has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdqQuery {
    /// The wrapper.
    pub header: Header,
    /// `queryId`.
    pub query_id: Ii,
    /// `initialQuantity`: patients wanted at first.
    pub quantity: Option<usize>,
    /// `livingSubjectId`, any of which fits.
    pub ids: Vec<Ii>,
    /// `livingSubjectName`, the first that has any letters.
    pub name: Option<NameParts>,
    /// `livingSubjectAdministrativeGender`.
    pub gender: Option<String>,
    /// `livingSubjectBirthTime`.
    pub birth: Option<String>,
    /// `patientAddress`.
    pub address: Option<Address>,
    /// `patientTelecom`.
    pub phone: Option<String>,
    /// `otherIDsScopingOrganization`: authorities whose IDs are wanted.
    pub scopes: Vec<Ii>,
    /// Names of parameters that are not read: the answer would not be what was asked for.
    pub unknown: Vec<String>,
    /// `queryByParameter`, to be repeated in the answer.
    pub(super) question: Element,
}

impl PdqQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// [`V3Error`] where it is another message, or has no parameters.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        let header = Header::decode(root)?;
        if *root.name != *"PRPA_IN201305UV02" {
            return Err(V3Error::Interaction);
        }
        let path = "controlActProcess/queryByParameter";
        let question = root.at(&["controlActProcess", "queryByParameter"]);
        let question = question.ok_or(V3Error::Missing { path })?;
        let path = "queryByParameter/parameterList";
        let list = question.first("parameterList");
        let list = list.ok_or(V3Error::Missing { path })?;
        if list.elements().count() > MANY {
            return Err(V3Error::TooMany { path });
        }
        let mut query = Self {
            header,
            query_id: question.first("queryId").map(Ii::of).unwrap_or_default(),
            quantity: quantity(question)?,
            ids: Vec::new(),
            name: None,
            gender: None,
            birth: None,
            address: None,
            phone: None,
            scopes: Vec::new(),
            unknown: Vec::new(),
            question: question.clone(),
        };
        for parameter in list.elements() {
            query.take(parameter);
        }
        Ok(query)
    }

    /// Writes a query for whoever is of this name, birth and sex. `own` is the asker's ID for the
    /// patient, where there is one. Of the writings of a name the first on record is sent: kanji, kana, Latin letters.
    #[must_use]
    pub fn encode(
        reply: &Reply<'_>,
        query_id: &Ii,
        said: &Demographics,
        own: Option<&Ii>,
    ) -> Document {
        let name = &said.name;
        let writings = [&name.ideographic, &name.phonetic, &name.alphabetic];
        let name = writings.into_iter().flatten().next();
        reply.write("PRPA_IN201305UV02", "AL", |writer| {
            control_act(writer, "PRPA_TE201305UV02", |writer| {
                author(writer, reply.sender);
                writer.element(V3, "queryByParameter").content(|writer| {
                    query_id.write(writer, "queryId");
                    values::code(writer, "statusCode", "new");
                    values::code(writer, "responseModalityCode", "R");
                    values::code(writer, "responsePriorityCode", "I");
                    writer.element(V3, "parameterList").content(|writer| {
                        let sex = said.sex.code();
                        parameter(writer, "livingSubjectAdministrativeGender", |writer| {
                            values::code(writer, "value", sex);
                        });
                        parameter(writer, "livingSubjectBirthTime", |writer| {
                            values::value(writer, "value", &said.birth_text);
                        });
                        if let Some(own) = own {
                            parameter(writer, "livingSubjectId", |writer| {
                                own.write(writer, "value")
                            });
                        }
                        parameter(writer, "livingSubjectName", |writer| {
                            write_name(writer, name);
                        });
                    });
                });
            });
        })
    }

    fn take(&mut self, parameter: &Element) {
        let Some(value) = parameter.first("value") else {
            return;
        };
        let attribute = |name| {
            let said = value.attribute(name).unwrap_or_default().trim();
            (!said.is_empty()).then(|| said.to_owned())
        };
        match &*parameter.name {
            "livingSubjectId" => self.ids.push(Ii::of(value)),
            "otherIDsScopingOrganization" => self.scopes.push(Ii::of(value)),
            "livingSubjectName" => {
                let mut names = parameter.all("value").map(person::name_parts);
                let name = names.find(|parts| !parts.joined().is_empty());
                self.name = self.name.take().or(name);
            }
            "livingSubjectAdministrativeGender" => self.gender = attribute("code"),
            "livingSubjectBirthTime" => self.birth = birth(value),
            "patientAddress" => self.address = person::address(value),
            "patientTelecom" => {
                let said = attribute("value").unwrap_or_default();
                let number = said.strip_prefix("tel:").unwrap_or(&said);
                self.phone = (!number.is_empty()).then(|| number.to_owned());
            }
            name => self.unknown.push(name.to_owned()),
        }
    }

    /// The question as it came.
    pub(super) fn repeat(&self, writer: &mut Writer) {
        copy(writer, &self.question);
    }
}

fn parameter(writer: &mut Writer, name: &str, value: impl FnOnce(&mut Writer)) {
    writer.element(V3, name).content(|writer| {
        value(writer);
        writer.element(V3, "semanticsText").text(name);
    });
}

fn write_name(writer: &mut Writer, name: Option<&NameParts>) {
    writer.element(V3, "value").content(|writer| {
        for (part, text) in name
            .into_iter()
            .flat_map(|n| [("family", &n.family), ("given", &n.given)])
        {
            writer.element(V3, part).text(text);
        }
    });
}

fn quantity(question: &Element) -> Result<Option<usize>, V3Error> {
    let path = "queryByParameter/initialQuantity";
    let Some(element) = question.first("initialQuantity") else {
        return Ok(None);
    };
    match element
        .attribute("value")
        .unwrap_or_default()
        .trim()
        .parse()
    {
        Ok(quantity @ 1..) => Ok(Some(quantity)),
        _ => Err(V3Error::Unreadable { path }),
    }
}

/// A day, or an interval that is one day.
fn birth(value: &Element) -> Option<String> {
    let said = |element: &Element| element.attribute("value").map(|v| v.trim().to_owned());
    let low = value.first("low").and_then(said);
    said(value).or(low).filter(|day| !day.is_empty())
}
