//! The transmission wrapper (`MCCI_MT000100UV01`, `…300…`): who sends what to whom.

use super::values::{self, Ii};
use super::{INTERACTIONS, V3, V3Error};
use crate::xml::{Document, Element, Writer, document};
use tasuki_model::Instant;

/// What the wrapper of a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The root element, such as `PRPA_IN201309UV02`.
    pub interaction: String,
    /// Its id.
    pub id: Ii,
    /// The sender's device.
    pub sender: Ii,
    /// The receiver's device, the first of them.
    pub receiver: Ii,
    /// `creationTime`, as sent.
    pub created: String,
}

impl Header {
    /// Reads the wrapper of any of these messages.
    ///
    /// # Errors
    /// [`V3Error`] where it is another element, or an id of the message, its sender or its receiver
    /// is missing.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        if *root.namespace != *V3.uri {
            return Err(V3Error::Interaction);
        }
        let device = |name, path| {
            let id = root.at(&[name, "device", "id"]).map(Ii::of);
            id.filter(|id| !id.root.is_empty())
                .ok_or(V3Error::Missing { path })
        };
        let id = root
            .first("id")
            .map(Ii::of)
            .filter(|id| !id.root.is_empty());
        let created = root
            .first("creationTime")
            .and_then(|t| t.attribute("value"));
        Ok(Self {
            interaction: root.name.to_string(),
            id: id.ok_or(V3Error::Missing { path: "id" })?,
            sender: device("sender", "sender/device/id")?,
            receiver: device("receiver", "receiver/device/id")?,
            created: created.unwrap_or_default().trim().to_owned(),
        })
    }
}

/// What a message that we write says in its wrapper.
#[derive(Debug, Clone)]
pub struct Reply<'a> {
    /// Root of the id of the message: a UUID.
    pub id: &'a str,
    /// When.
    pub at: Instant,
    /// We.
    pub sender: &'a Ii,
    /// The other one.
    pub receiver: &'a Ii,
}

impl Reply<'_> {
    /// Writes a message; `accept` is `acceptAckCode`: `NE` in an answer, `AL` otherwise.
    pub(super) fn write(
        &self,
        interaction: &str,
        accept: &str,
        rest: impl FnOnce(&mut Writer),
    ) -> Document {
        document(V3, interaction, |start| {
            start.attribute("ITSVersion", "XML_1.0").content(|writer| {
                Ii::new(self.id, "").write(writer, "id");
                values::value(writer, "creationTime", &values::stamp(self.at));
                Ii::new(INTERACTIONS, interaction).write(writer, "interactionId");
                values::code(writer, "processingCode", "P");
                values::code(writer, "processingModeCode", "T");
                values::code(writer, "acceptAckCode", accept);
                device(writer, "receiver", "RCV", self.receiver);
                device(writer, "sender", "SND", self.sender);
                rest(writer);
            });
        })
    }
}

fn device(writer: &mut Writer, name: &str, kind: &str, id: &Ii) {
    let start = writer.element(V3, name).attribute("typeCode", kind);
    start.content(|writer| {
        writer
            .element(V3, "device")
            .attribute("classCode", "DEV")
            .attribute("determinerCode", "INSTANCE")
            .content(|writer| id.write(writer, "id"));
    });
}

/// `controlActProcess` of a trigger event.
pub(super) fn control_act(writer: &mut Writer, trigger: &str, rest: impl FnOnce(&mut Writer)) {
    writer
        .element(V3, "controlActProcess")
        .attribute("classCode", "CACT")
        .attribute("moodCode", "EVN")
        .content(|writer| {
            drop(
                writer
                    .element(V3, "code")
                    .attribute("code", trigger)
                    .attribute("codeSystem", INTERACTIONS),
            );
            rest(writer);
        });
}
