//! What one transaction leaves behind. The stored bytes are this, as JSON, and are what is hashed.

use super::Exchange;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tasuki_model::{
    Category, CommunityId, FacilityId, Instant, PatientKey, PersonId, Purpose, Role, UserId,
};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A user signed in or failed to.
    SignIn,
    /// A user signed out, or a session was ended.
    SignOut,
    /// Patients were searched for or listed.
    PatientSearch,
    /// A page of a chart was opened.
    ChartView,
    /// A document was opened or downloaded.
    DocumentView,
    /// Patient data was printed or exported.
    Export,
    /// Documents came in.
    Import,
    /// A file went into or out of quarantine.
    Quarantine,
    /// Registrations were linked, parted, disclosed or withdrawn.
    Identity,
    /// A patient was found, or a record opened, in an emergency.
    Emergency,
    /// Accounts, facilities or settings were changed.
    Administration,
    /// The audit trail itself was read.
    AuditView,
    /// The node started or stopped.
    Node,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Done.
    Success,
    /// Refused by policy.
    Refused,
    /// Broken off by a fault.
    Fault,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// A signed-in user.
    User {
        /// Account.
        user: UserId,
        /// Role in force.
        role: Role,
        /// Facility in force.
        facility: FacilityId,
    },
    /// Someone who is not signed in, by the name typed, if any.
    Anyone {
        /// As typed.
        name: Option<String>,
    },
    /// Another system, by the name it has in the configuration of this node.
    System {
        /// Which.
        name: String,
    },
    /// Somebody of another community, or a system of our own that speaks SOAP.
    Peer {
        /// Its community.
        community: CommunityId,
        /// The user that it asserts, as `saml:NameID` says; nobody where it asserts none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The user's organisation as asserted, or the name of the system.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
        /// The user's role as asserted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// This node itself: a feed, a job, a command at its console.
    Process {
        /// Which, such as `import`.
        name: String,
    },
}

/// Copies of another community's documents that were shown: it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesSeen {
    /// Whose documents.
    pub community: CommunityId,
    /// The patient's ID there.
    pub patient: String,
    /// Kinds that were read; none where documents were only listed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Category>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Version of this shape.
    pub version: u8,
    /// When, by the node's clock.
    pub at: Instant,
    /// What.
    pub action: Action,
    /// How it ended.
    pub ending: Ending,
    /// Stable code of a refusal or fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who.
    pub actor: Actor,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The person whose record it was, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The registrations whose data left or came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<PatientKey>,
    /// How many items left or came.
    pub items: u64,
    /// SHA-256 over the ids of the items in order, lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Which page, transaction or command.
    pub subject: String,
    /// Query or change in words, for the auditor. May hold patient data; never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's id, as in the log and at peers.
    pub request: String,
    /// What a transaction between systems adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Box<Exchange>>,
    /// Copies of other communities' documents that were shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopiesSeen>,
}

impl AuditEvent {
    /// The version written now.
    pub const VERSION: u8 = 1;

    /// An event of this node itself that succeeded.
    #[must_use]
    pub fn of_process(at: Instant, action: Action, process: &str, subject: &str) -> Self {
        Self {
            version: Self::VERSION,
            at,
            action,
            ending: Ending::Success,
            code: None,
            actor: Actor::Process {
                name: process.to_owned(),
            },
            purpose: None,
            person: None,
            patients: Vec::new(),
            items: 0,
            digest: None,
            subject: subject.to_owned(),
            detail: None,
            request: String::new(),
            exchange: None,
            copies: Vec::new(),
        }
    }

    /// The bytes that are stored and hashed.
    pub fn to_bytes(&self) -> Result<Vec<u8>, crate::Fault> {
        serde_json::to_vec(self)
            .map_err(|e| crate::Fault::new(crate::Code::AuditAway, format!("audit event: {e}")))
    }
}
