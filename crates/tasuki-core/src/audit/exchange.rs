//! What a transaction between systems adds to its audit event: enough to write the message of
//! DICOM PS3.15 A.5 that the transaction's chapter of the framework asks for, on either side.

use serde::{Deserialize, Serialize};
use tasuki_model::CommunityId;

/// Which side of a transaction this node was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// We asked, or sent.
    Asked,
    /// We were asked, or were sent something.
    Answered,
}

/// A system as a transaction saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// What it is called on the wire: the address of its endpoint, the `wsa:ReplyTo` of a caller, or
    /// MSH-3 and MSH-4 with a bar between them.
    pub id: String,
    /// Its network address or host name; empty if it is not known.
    pub address: String,
}

/// What was asked, as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedQuery {
    /// The id of a stored query; empty for a query that has none.
    pub id: String,
    /// The query as it stood on the wire: an element, or a segment.
    pub text: String,
    /// The community it was for, where it named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<CommunityId>,
}

/// A document that was sent or fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedDocument {
    /// `uniqueId`.
    pub unique_id: String,
    /// `repositoryUniqueId`; empty where none was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repository_id: String,
    /// Its community, where one was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<CommunityId>,
}

/// What a patient ID is in a link change (ITI TF-2 3.64.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkPart {
    /// The hospital's ID.
    Local,
    /// An ID of the same hospital that is merged into that one.
    Subsumed,
    /// The patient of the affinity domain from now on.
    New,
    /// The patient of the affinity domain until now.
    Previous,
}

/// A patient ID of a link change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedLink {
    /// What it is there.
    pub part: LinkPart,
    /// The ID (CX).
    pub id: String,
}

/// What the auditor is told of a transaction between systems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its number, such as `ITI-38`.
    pub transaction: String,
    /// Which side we were.
    pub side: Side,
    /// We.
    pub own: Node,
    /// The other system.
    pub peer: Node,
    /// The other community, where the directory knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<CommunityId>,
    /// The user behind it as ITI TF-2 3.20.7 writes one: `alias<user@issuer>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Patient IDs as they stood on the wire (CX).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<String>,
    /// The IDs of a link change, each by what it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<AuditedLink>,
    /// What was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<AuditedQuery>,
    /// Documents that were sent or fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<AuditedDocument>,
    /// Unique ids of submission sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submission_sets: Vec<String>,
    /// Objects of the registry that were removed, by their ids (`entryUUID`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// `wsa:MessageID`, MSH-10, or the id of an HL7 v3 message.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message_id: String,
}

impl Exchange {
    /// A transaction about which nothing more is known yet.
    #[must_use]
    pub fn new(transaction: &str, side: Side, own: Node, peer: Node) -> Self {
        Self {
            transaction: transaction.to_owned(),
            side,
            own,
            peer,
            community: None,
            user: None,
            patients: Vec::new(),
            links: Vec::new(),
            query: None,
            documents: Vec::new(),
            submission_sets: Vec::new(),
            objects: Vec::new(),
            message_id: String::new(),
        }
    }
}
