//! An audit message written. The elements are in no namespace (PS3.15 A.5.1).

use super::message::{Access, Coded, Message, Object, Outcome, Participant};
use crate::xml::{Document, Namespace, Writer, document};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const NO: Namespace<'static> = Namespace::NONE;

impl Message {
    /// Writes the message.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(NO, "AuditMessage", |start| {
            start.content(|writer| {
                self.write_event(writer);
                for participant in &self.participants {
                    write_participant(writer, participant);
                }
                let source = writer.element(NO, "AuditSourceIdentification");
                drop(
                    source
                        .attribute_if("AuditEnterpriseSiteID", self.source.site.as_deref())
                        .attribute("AuditSourceID", &self.source.id),
                );
                for object in &self.objects {
                    write_object(writer, object);
                }
            });
        })
    }

    fn write_event(&self, writer: &mut Writer) {
        let at = jiff::Timestamp::from_microsecond(self.at.micros());
        let at = at.map_or_else(|_| String::new(), |at| at.to_string());
        let mut outcomes = Outcome::ALL.iter();
        let outcome = outcomes.find(|(outcome, _)| *outcome == self.outcome);
        writer
            .element(NO, "EventIdentification")
            .attribute("EventActionCode", self.action.encode_utf8(&mut [0; 4]))
            .attribute("EventDateTime", &at)
            .attribute("EventOutcomeIndicator", outcome.map_or("0", |o| o.1))
            .content(|writer| {
                coded(writer, "EventID", &self.event);
                for kind in &self.types {
                    coded(writer, "EventTypeCode", kind);
                }
                if let Some(text) = &self.outcome_text {
                    writer.element(NO, "EventOutcomeDescription").text(text);
                }
                for purpose in &self.purposes {
                    coded(writer, "PurposeOfUse", purpose);
                }
            });
    }
}

fn coded(writer: &mut Writer, name: &str, value: &Coded) {
    drop(
        writer
            .element(NO, name)
            .attribute("csd-code", &value.code)
            .attribute("codeSystemName", &value.system)
            .attribute("originalText", &value.text),
    );
}

fn write_participant(writer: &mut Writer, participant: &Participant) {
    let access = participant.access.as_ref().map(|access| match access {
        Access::Name(text) => (text.as_str(), "1"),
        Access::Address(text) => (text.as_str(), "2"),
        Access::Uri(text) => (text.as_str(), "5"),
    });
    let requestor = if participant.requestor {
        "true"
    } else {
        "false"
    };
    writer
        .element(NO, "ActiveParticipant")
        .attribute("UserID", &participant.user_id)
        .attribute_if("AlternativeUserID", participant.alternative_id.as_deref())
        .attribute_if("UserName", participant.name.as_deref())
        .attribute("UserIsRequestor", requestor)
        .attribute_if("NetworkAccessPointID", access.map(|a| a.0))
        .attribute_if("NetworkAccessPointTypeCode", access.map(|a| a.1))
        .content(|writer| {
            for role in &participant.roles {
                coded(writer, "RoleIDCode", role);
            }
        });
}

fn write_object(writer: &mut Writer, object: &Object) {
    let lifecycle = object.lifecycle.map(|number| number.to_string());
    writer
        .element(NO, "ParticipantObjectIdentification")
        .attribute("ParticipantObjectID", &object.id)
        .attribute("ParticipantObjectTypeCode", &object.kind.to_string())
        .attribute("ParticipantObjectTypeCodeRole", &object.role.to_string())
        .attribute_if("ParticipantObjectDataLifeCycle", lifecycle.as_deref())
        .content(|writer| {
            coded(writer, "ParticipantObjectIDTypeCode", &object.id_type);
            if let Some(query) = &object.query {
                let text = STANDARD.encode(query);
                writer.element(NO, "ParticipantObjectQuery").text(&text);
            }
            for detail in &object.details {
                drop(
                    writer
                        .element(NO, "ParticipantObjectDetail")
                        .attribute("type", &detail.name)
                        .attribute("value", &STANDARD.encode(&detail.value)),
                );
            }
        });
}
