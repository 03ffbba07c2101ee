//! An audit message read. What is not in [`Message`] (descriptions of DICOM objects, media) stays in
//! the original only, which a repository keeps.

use super::message::{Access, Coded, Detail, Message, Object, Outcome, Participant, Source};
use super::{AtnaError, LIMITS};
use crate::xml::{Element, read};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tasuki_model::Instant;

impl Message {
    /// Reads a message of at most [`LIMITS`].
    ///
    /// # Errors
    /// [`AtnaError`] where it is no audit message, or a part that every one has is not there.
    pub fn decode(bytes: &[u8]) -> Result<Self, AtnaError> {
        let root = read(bytes, &LIMITS)?;
        if *root.name != *"AuditMessage" {
            return malformed("the root element is not an AuditMessage");
        }
        let event = root.first("EventIdentification");
        let event = need(event, "no EventIdentification")?;
        let source = root.first("AuditSourceIdentification");
        let source = need(source, "no AuditSourceIdentification")?;
        let participants: Vec<Participant> = root
            .all("ActiveParticipant")
            .map(participant)
            .collect::<Result<_, _>>()?;
        if participants.is_empty() {
            return malformed("no ActiveParticipant");
        }
        let objects = root.all("ParticipantObjectIdentification").map(object);
        let described = event.first("EventOutcomeDescription");
        Ok(Self {
            event: coded(need(event.first("EventID"), "no EventID")?),
            action: action(event)?,
            at: moment(event)?,
            outcome: outcome(event)?,
            outcome_text: described.map(Element::text),
            types: event.all("EventTypeCode").map(coded).collect(),
            purposes: event.all("PurposeOfUse").map(coded).collect(),
            participants,
            source: Source {
                id: text(source, "AuditSourceID"),
                site: optional(source, "AuditEnterpriseSiteID"),
            },
            objects: objects.collect::<Result<_, _>>()?,
        })
    }
}

fn malformed<T>(what: &'static str) -> Result<T, AtnaError> {
    Err(AtnaError::Malformed { what })
}

fn need<T>(part: Option<T>, what: &'static str) -> Result<T, AtnaError> {
    part.ok_or(AtnaError::Malformed { what })
}

fn text(element: &Element, name: &str) -> String {
    optional(element, name).unwrap_or_default()
}

fn optional(element: &Element, name: &str) -> Option<String> {
    element.attribute(name).map(|value| value.trim().to_owned())
}

fn coded(element: &Element) -> Coded {
    // Senders before 2012 wrote `code` and `displayName` (RFC 3881).
    let first = |names: [&str; 2]| {
        let mut found = names.iter().filter_map(|name| optional(element, name));
        found.next().unwrap_or_default()
    };
    Coded {
        code: first(["csd-code", "code"]),
        system: first(["codeSystemName", "codeSystem"]),
        text: first(["originalText", "displayName"]),
    }
}

fn action(event: &Element) -> Result<char, AtnaError> {
    let said = text(event, "EventActionCode");
    let mut chars = said.chars();
    match (chars.next(), chars.next()) {
        (Some(c @ ('C' | 'R' | 'U' | 'D' | 'E')), None) => Ok(c),
        // Nothing said is *execute* (PS3.15 A.5.1.1).
        (None, _) => Ok('E'),
        _ => malformed("EventActionCode"),
    }
}

/// A time without its zone is one of Japan: no sender abroad has reason to leave it out.
fn moment(event: &Element) -> Result<Instant, AtnaError> {
    let said = text(event, "EventDateTime");
    let zoned: Option<jiff::Timestamp> = said.parse().ok();
    let at = zoned.or_else(|| {
        let local: jiff::civil::DateTime = said.parse().ok()?;
        jiff::tz::offset(9).to_timestamp(local).ok()
    });
    let at = need(at, "EventDateTime: not a time")?;
    Ok(Instant::from_micros(at.as_microsecond()))
}

fn outcome(event: &Element) -> Result<Outcome, AtnaError> {
    let said = text(event, "EventOutcomeIndicator");
    let mut known = Outcome::ALL.iter();
    let found = known.find(|(_, indicator)| *indicator == said);
    need(found.map(|o| o.0), "EventOutcomeIndicator")
}

fn participant(element: &Element) -> Result<Participant, AtnaError> {
    let at = optional(element, "NetworkAccessPointID");
    let kind = text(element, "NetworkAccessPointTypeCode");
    let access = at
        .filter(|at| !at.is_empty())
        .and_then(|at| match kind.as_str() {
            "1" => Some(Access::Name(at)),
            "2" => Some(Access::Address(at)),
            "5" => Some(Access::Uri(at)),
            _ => None,
        });
    Ok(Participant {
        user_id: need(
            optional(element, "UserID"),
            "ActiveParticipant without UserID",
        )?,
        alternative_id: optional(element, "AlternativeUserID"),
        name: optional(element, "UserName"),
        requestor: matches!(&*text(element, "UserIsRequestor"), "true" | "1"),
        roles: element.all("RoleIDCode").map(coded).collect(),
        access,
    })
}

fn object(element: &Element) -> Result<Object, AtnaError> {
    let number = |name| text(element, name).parse().unwrap_or(0);
    let id_type = element.first("ParticipantObjectIDTypeCode");
    let query = element.first("ParticipantObjectQuery");
    let details = element.all("ParticipantObjectDetail").map(|detail| {
        Ok(Detail {
            name: text(detail, "type"),
            value: base64(&text(detail, "value"))?,
        })
    });
    Ok(Object {
        id: text(element, "ParticipantObjectID"),
        kind: number("ParticipantObjectTypeCode"),
        role: number("ParticipantObjectTypeCodeRole"),
        lifecycle: text(element, "ParticipantObjectDataLifeCycle").parse().ok(),
        id_type: coded(need(
            id_type,
            "an object without ParticipantObjectIDTypeCode",
        )?),
        query: query.map(|q| base64(&q.text())).transpose()?,
        details: details.collect::<Result<_, AtnaError>>()?,
    })
}

fn base64(text: &str) -> Result<Vec<u8>, AtnaError> {
    let text: String = text.split_ascii_whitespace().collect();
    let what = "a value that is not base64";
    STANDARD
        .decode(text)
        .map_err(|_| AtnaError::Malformed { what })
}
