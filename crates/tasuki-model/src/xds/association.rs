//! Relations between objects of the registry (ITI TF-3, 4.2.2).

use super::{AvailabilityStatus, Header};
use crate::Coding;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $urn:literal),+ $(,)?) => {
        /// `associationType` (ITI TF-3, tables 4.2.2-1 and 4.2.2.2-1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AssociationKind { $($(#[$doc])* $name),+ }

        impl AssociationKind {
            /// The URN that is exchanged.
            #[must_use]
            pub const fn urn(self) -> &'static str {
                match self { $(Self::$name => $urn),+ }
            }

            /// The kind of a URN.
            #[must_use]
            pub fn from_urn(urn: &str) -> Option<Self> {
                match urn { $($urn => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// Membership of a submission set or folder.
    HasMember = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember",
    /// Replacement.
    Rplc = "urn:ihe:iti:2007:AssociationType:RPLC",
    /// Transformation.
    Xfrm = "urn:ihe:iti:2007:AssociationType:XFRM",
    /// Addendum.
    Apnd = "urn:ihe:iti:2007:AssociationType:APND",
    /// Replacement by a transformation.
    XfrmRplc = "urn:ihe:iti:2007:AssociationType:XFRM_RPLC",
    /// Signature.
    Signs = "urn:ihe:iti:2007:AssociationType:signs",
    /// A stored document is a snapshot of an on-demand one.
    IsSnapshotOf = "urn:ihe:iti:2010:AssociationType:IsSnapshotOf",
    /// Metadata Update: a status is changed.
    UpdateAvailabilityStatus = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus",
    /// Metadata Update: an association is submitted by itself.
    SubmitAssociation = "urn:ihe:iti:2010:AssociationType:SubmitAssociation",
}

impl AssociationKind {
    /// Whether it relates a document to one that was there before.
    #[must_use]
    pub const fn is_relationship(self) -> bool {
        matches!(
            self,
            Self::Rplc
                | Self::Xfrm
                | Self::Apnd
                | Self::XfrmRplc
                | Self::Signs
                | Self::IsSnapshotOf
        )
    }

    /// Whether its target is superseded by it.
    #[must_use]
    pub const fn replaces(self) -> bool {
        matches!(self, Self::Rplc | Self::XfrmRplc)
    }
}

/// `SubmissionSetStatus` of a membership (ITI TF-3, 4.2.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SubmissionSetStatus {
    /// The document entry comes with this submission.
    Original,
    /// It was there before.
    Reference,
}

/// One relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// Ids, status, extra slots.
    pub header: Header,
    /// What it says.
    pub kind: AssociationKind,
    /// From which object: the set, the folder, or the newer document.
    pub source: String,
    /// To which object.
    pub target: String,
    /// `SubmissionSetStatus`, where it is a membership of a document in a set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_status: Option<SubmissionSetStatus>,
    /// `PreviousVersion` (Metadata Update).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_version: Option<String>,
    /// `OriginalStatus` (Metadata Update), a URN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_status: Option<String>,
    /// `NewStatus` (Metadata Update), a URN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_status: Option<String>,
    /// `AssociationPropagation` (Metadata Update); yes where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagation: Option<String>,
    /// Association documentation: the reason of the relation (ITI TF-3, 4.2.2.1.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<Coding>,
}

impl Association {
    /// A relation that holds from now on, and says no more than that.
    #[must_use]
    pub fn current(id: String, kind: AssociationKind, source: &str, target: &str) -> Self {
        Self {
            header: Header {
                id,
                status: Some(AvailabilityStatus::Approved),
                ..Header::default()
            },
            kind,
            source: source.to_owned(),
            target: target.to_owned(),
            set_status: None,
            previous_version: None,
            original_status: None,
            new_status: None,
            propagation: None,
            documentation: None,
        }
    }
}
