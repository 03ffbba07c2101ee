//! The parts that every registry object is written with.

use super::super::names::{RIM, TYPE_PREFIX};
use crate::xml::{Start, Writer};
use std::borrow::Cow;
use tasuki_model::Coding;
use tasuki_model::xds::{Author, Header, Slot, Text};

/// An object that is being written.
pub(super) struct Object<'w, 'o> {
    writer: &'w mut Writer,
    id: &'o str,
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
        Self {
            writer,
            id: &header.id,
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
        let start = start.attribute("objectType", &format!("{TYPE_PREFIX}Classification"));
        let start = start.attribute("classifiedObject", self.id);
        drop(start.attribute("classificationNode", node));
    }

    /// A code of a scheme.
    pub(super) fn code(&mut self, scheme: &str, code: &Coding) {
        let id = self.part_id();
        self.classification(&id, scheme, &code.code)
            .content(|inside| {
                slot(inside, "codingScheme", &[code.system.as_str()]);
                let name = Text::of(&code.text);
                texts(
                    inside,
                    "Name",
                    if code.text.is_empty() { &[] } else { &name },
                );
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
            .attribute("objectType", &format!("{TYPE_PREFIX}Classification"))
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
            .attribute("objectType", &format!("{TYPE_PREFIX}ExternalIdentifier"))
            .attribute("registryObject", self.id)
            .attribute("identificationScheme", scheme)
            .attribute("value", value)
            .content(|inside| texts(inside, "Name", &Text::of(name)));
    }

    /// An id for a part: the same each time an object is written, and no other object's.
    fn part_id(&mut self) -> Cow<'static, str> {
        self.parts += 1;
        let own = self.id.strip_prefix("urn:uuid:");
        let number = own.and_then(|uuid| u128::from_str_radix(&uuid.replace('-', ""), 16).ok());
        let Some(number) = number else {
            return format!("{}.{}", self.id, self.parts).into();
        };
        let hex = format!("{:032x}", number ^ (u128::from(self.parts) << 80));
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!(
            "urn:uuid:{}-{}-{}-{}-{}",
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32)
        )
        .into()
    }
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
