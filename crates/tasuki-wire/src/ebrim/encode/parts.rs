//! The parts that every registry object is written with.

use super::super::names::{RIM, TYPE_CLASSIFICATION, TYPE_IDENTIFIER};
use crate::xml::{Start, Writer};
use tasuki_model::Coding;
use tasuki_model::xds::{Author, Header, Slot, Text};

/// An object that is being written.
pub(super) struct Object<'w, 'o> {
    writer: &'w mut Writer,
    id: &'o str,
    /// The id as a number, where it is a UUID.
    number: Option<u128>,
    /// Classifications and identifiers written so far: each has an id of its own.
    parts: u32,
}

/// Begins an object: its element with what every object has as attributes.
pub(super) fn object<'w>(
    writer: &'w mut Writer,
    name: &'static str,
    header: &Header,
) -> Start<'w, 'static> {
    writer
        .element(RIM, name)
        .attribute("id", &header.id)
        .attribute_if("home", header.home.as_deref())
        .attribute_if("lid", header.logical_id.as_deref())
        .attribute_if("status", header.status.map(|s| s.urn()))
}

impl<'w, 'o> Object<'w, 'o> {
    pub(super) fn new(writer: &'w mut Writer, header: &'o Header) -> Self {
        let own = header.id.strip_prefix("urn:uuid:");
        Self {
            writer,
            id: &header.id,
            number: own.and_then(number),
            parts: 0,
        }
    }

    /// A slot with values, where there are any.
    pub(super) fn slot<S: AsRef<str>>(&mut self, name: &str, values: &[S]) {
        slot(self.writer, name, values);
    }

    /// A slot with one value, where there is one.
    pub(super) fn value(&mut self, name: &str, value: Option<&String>) {
        slot(self.writer, name, value.as_slice());
    }

    /// Slots that XDS does not define.
    pub(super) fn extra(&mut self, slots: &[Slot]) {
        for extra in slots {
            slot(self.writer, &extra.name, &extra.values);
        }
    }

    /// `Name`, `Description` and `VersionInfo`, which stand between slots and classifications.
    pub(super) fn words(&mut self, title: &[Text], comments: &[Text], version: Option<&str>) {
        texts(self.writer, "Name", title);
        texts(self.writer, "Description", comments);
        if let Some(version) = version {
            let info = self.writer.element(RIM, "VersionInfo");
            drop(info.attribute("versionName", version));
        }
    }

    /// The node that says what the object is.
    pub(super) fn node(&mut self, node: &str) {
        let id = self.part_id();
        let start = self.writer.element(RIM, "Classification");
        let start = start.attribute("id", &id);
        let start = start.attribute("objectType", TYPE_CLASSIFICATION);
        let start = start.attribute("classifiedObject", self.id);
        drop(start.attribute("classificationNode", node));
    }

    /// A code of a scheme.
    pub(super) fn code(&mut self, scheme: &str, code: &Coding) {
        let id = self.part_id();
        self.classification(&id, scheme, &code.code)
            .content(|inside| {
                slot(inside, "codingScheme", &[code.system.as_str()]);
                if !code.text.is_empty() {
                    name(inside, &code.text);
                }
            });
    }

    /// An author of a scheme.
    pub(super) fn author(&mut self, scheme: &str, author: &Author) {
        let id = self.part_id();
        self.classification(&id, scheme, "").content(|inside| {
            slot(inside, "authorPerson", author.person.as_slice());
            slot(inside, "authorInstitution", &author.institutions);
            slot(inside, "authorRole", &author.roles);
            slot(inside, "authorSpecialty", &author.specialties);
            slot(inside, "authorTelecommunication", &author.telecoms);
        });
    }

    fn classification(&mut self, id: &str, scheme: &str, code: &str) -> Start<'_, 'static> {
        self.writer
            .element(RIM, "Classification")
            .attribute("id", id)
            .attribute("objectType", TYPE_CLASSIFICATION)
            .attribute("classificationScheme", scheme)
            .attribute("classifiedObject", self.id)
            .attribute("nodeRepresentation", code)
    }

    /// An external identifier, where there is one.
    pub(super) fn identifier(&mut self, scheme: &str, name: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        let id = self.part_id();
        self.writer
            .element(RIM, "ExternalIdentifier")
            .attribute("id", &id)
            .attribute("objectType", TYPE_IDENTIFIER)
            .attribute("registryObject", self.id)
            .attribute("identificationScheme", scheme)
            .attribute("value", value)
            .content(|inside| self::name(inside, name));
    }

    /// An id for a part: the same each time an object is written, and no other object's.
    fn part_id(&mut self) -> String {
        self.parts += 1;
        let Some(number) = self.number else {
            return format!("{}.{}", self.id, self.parts);
        };
        let number = number ^ (u128::from(self.parts) << 80);
        let mut urn = String::with_capacity(45);
        urn.push_str("urn:uuid:");
        for (at, byte) in number.to_be_bytes().into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                urn.push('-');
            }
            urn.push(digit(byte >> 4));
            urn.push(digit(byte & 0xf));
        }
        urn
    }
}

const fn digit(of: u8) -> char {
    (if of < 10 { b'0' + of } else { b'a' + of - 10 }) as char
}

/// The number of a UUID in its usual writing.
fn number(uuid: &str) -> Option<u128> {
    let mut number = 0;
    let mut digits = 0;
    for digit in uuid.chars().filter(|c| *c != '-') {
        number = number << 4 | u128::from(digit.to_digit(16)?);
        digits += 1;
    }
    (digits == 32).then_some(number)
}

/// Writes a slot, where it has values.
pub(in super::super) fn slot<S: AsRef<str>>(writer: &mut Writer, name: &str, values: &[S]) {
    if values.is_empty() {
        return;
    }
    let start = writer.element(RIM, "Slot").attribute("name", name);
    start.content(|slot| {
        slot.element(RIM, "ValueList").content(|list| {
            for value in values {
                list.element(RIM, "Value").text(value.as_ref());
            }
        });
    });
}

/// A name whose language is not said.
fn name(writer: &mut Writer, text: &str) {
    writer.element(RIM, "Name").content(|inside| {
        drop(
            inside
                .element(RIM, "LocalizedString")
                .attribute("value", text),
        );
    });
}

fn texts(writer: &mut Writer, name: &'static str, texts: &[Text]) {
    if texts.is_empty() {
        return;
    }
    let xml = crate::xml::Namespace::new("xml", "http://www.w3.org/XML/1998/namespace");
    writer.element(RIM, name).content(|inside| {
        for text in texts {
            let mut start = inside.element(RIM, "LocalizedString");
            if let Some(language) = &text.language {
                start = start.qualified(xml, "lang", language);
            }
            drop(start.attribute("value", &text.value));
        }
    });
}
