//! What an audit message says (DICOM PS3.15 A.5.1).

use tasuki_model::Instant;

/// A coded value: `csd-code`, `codeSystemName`, `originalText`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// The code.
    pub code: String,
    /// The system it is of, by name or OID.
    pub system: String,
    /// What it means, in words.
    pub text: String,
}

impl Coded {
    /// A coded value.
    #[must_use]
    pub fn new(code: &str, system: &str, text: &str) -> Self {
        Self {
            code: code.to_owned(),
            system: system.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// `EventOutcomeIndicator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0.
    Success,
    /// 4: refused, or the message was wrong.
    Minor,
    /// 8: broken off.
    Serious,
    /// 12: not available any more.
    Major,
}

impl Outcome {
    /// Every outcome with its indicator.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Success, "0"),
        (Self::Minor, "4"),
        (Self::Serious, "8"),
        (Self::Major, "12"),
    ];
}

/// `NetworkAccessPointID` by its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// 1: a host name.
    Name(String),
    /// 2: an IP address.
    Address(String),
    /// 5: a URI.
    Uri(String),
}

/// `ActiveParticipant`: a system or a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Participant {
    /// `UserID`: the address of an endpoint, or the user.
    pub user_id: String,
    /// `AlternativeUserID`: a process id.
    pub alternative_id: Option<String>,
    /// `UserName`.
    pub name: Option<String>,
    /// `UserIsRequestor`.
    pub requestor: bool,
    /// `RoleIDCode`.
    pub roles: Vec<Coded>,
    /// Where on the network.
    pub access: Option<Access>,
}

/// `AuditSourceIdentification`: who reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// `AuditSourceID`.
    pub id: String,
    /// `AuditEnterpriseSiteID`.
    pub site: Option<String>,
}

/// `ParticipantObjectDetail`: a name and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// `type`.
    pub name: String,
    /// `value`, base64 on the wire.
    pub value: Vec<u8>,
}

/// `ParticipantObjectIdentification`: a patient, a document, a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// `ParticipantObjectID`.
    pub id: String,
    /// `ParticipantObjectTypeCode`: 1 person, 2 system object, 3 organisation, 4 other.
    pub kind: u8,
    /// `ParticipantObjectTypeCodeRole`: 1 patient, 3 report, 20 job, 24 query.
    pub role: u8,
    /// `ParticipantObjectDataLifeCycle`: 1 creation, 14 logical deletion.
    pub lifecycle: Option<u8>,
    /// `ParticipantObjectIDTypeCode`.
    pub id_type: Coded,
    /// `ParticipantObjectQuery`, base64 on the wire.
    pub query: Option<Vec<u8>>,
    /// `ParticipantObjectDetail`.
    pub details: Vec<Detail>,
}

/// One audit message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `EventID`.
    pub event: Coded,
    /// `EventActionCode`: `C`, `R`, `U`, `D` or `E`.
    pub action: char,
    /// `EventDateTime`.
    pub at: Instant,
    /// `EventOutcomeIndicator`.
    pub outcome: Outcome,
    /// `EventOutcomeDescription`.
    pub outcome_text: Option<String>,
    /// `EventTypeCode`.
    pub types: Vec<Coded>,
    /// `PurposeOfUse`.
    pub purposes: Vec<Coded>,
    /// `ActiveParticipant`, one at least.
    pub participants: Vec<Participant>,
    /// `AuditSourceIdentification`.
    pub source: Source,
    /// `ParticipantObjectIdentification`.
    pub objects: Vec<Object>,
}
