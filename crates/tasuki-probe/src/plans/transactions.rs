//! What the names of transactions in the plans mean: action, and how a body comes about.

/// How the body of a transaction is made of the plan's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// As it is, symbols apart.
    AsItIs,
    /// A submission that is filled in.
    Submission,
    /// A submission that is filled in, with its documents beside it.
    Provided,
}

/// A transaction over SOAP.
#[derive(Debug, Clone, Copy)]
pub struct Transaction {
    /// Its name in the plans.
    pub name: &'static str,
    /// `wsa:Action` (ITI TF-2).
    pub action: &'static str,
    /// Its body.
    pub body: Body,
    /// Whether another community asks, and not a system of the node's own.
    pub other: bool,
}

const fn of(name: &'static str, action: &'static str, body: Body) -> Transaction {
    Transaction {
        name,
        action,
        body,
        other: false,
    }
}

/// The same, asked by another community.
const fn across(name: &'static str, action: &'static str) -> Transaction {
    Transaction {
        other: true,
        ..of(name, action, Body::AsItIs)
    }
}

/// Those that are sent to the node under test.
pub const TRANSACTIONS: &[Transaction] = &[
    of(
        "StoredQueryTransaction",
        "urn:ihe:iti:2007:RegistryStoredQuery",
        Body::AsItIs,
    ),
    of(
        "MPQTransaction",
        "urn:ihe:iti:2009:MultiPatientStoredQuery",
        Body::AsItIs,
    ),
    of(
        "RetrieveTransaction",
        "urn:ihe:iti:2007:RetrieveDocumentSet",
        Body::AsItIs,
    ),
    of(
        "RemoveMetadataTransaction",
        "urn:ihe:iti:2010:DeleteDocumentSet",
        Body::AsItIs,
    ),
    of(
        "RdTransaction",
        "urn:ihe:iti:2017:RemoveDocuments",
        Body::AsItIs,
    ),
    of(
        "RegisterTransaction",
        "urn:ihe:iti:2007:RegisterDocumentSet-b",
        Body::Submission,
    ),
    of(
        "RegisterODDETransaction",
        "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry",
        Body::Submission,
    ),
    of(
        "MuTransaction",
        "urn:ihe:iti:2010:UpdateDocumentSet",
        Body::Submission,
    ),
    of(
        "RmuTransaction",
        "urn:ihe:iti:2018:RestrictedUpdateDocumentSet",
        Body::Submission,
    ),
    of(
        "ProvideAndRegisterTransaction",
        "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        Body::Provided,
    ),
    of(
        "XCRmuTransaction",
        "urn:ihe:iti:2018:RestrictedUpdateDocumentSet",
        Body::Submission,
    ),
    of(
        "XDRProvideAndRegisterTransaction",
        "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        Body::Provided,
    ),
    of(
        "IGQTransaction",
        "urn:ihe:iti:2007:RegistryStoredQuery",
        Body::AsItIs,
    ),
    of(
        "IGRTransaction",
        "urn:ihe:iti:2007:RetrieveDocumentSet",
        Body::AsItIs,
    ),
    across("XCQTransaction", "urn:ihe:iti:2007:CrossGatewayQuery"),
    across("XCRTransaction", "urn:ihe:iti:2007:CrossGatewayRetrieve"),
    across(
        "XcpdTransaction",
        "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery",
    ),
];

/// The transaction of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Transaction> {
    TRANSACTIONS.iter().find(|t| t.name == name)
}

/// The transaction of a name for a node that is the initiating gateway: what the toolkit's page tells
/// the operator to make it send to others is asked of it by a system of its own.
#[must_use]
pub fn initiated(name: &str) -> Option<&'static Transaction> {
    find(match name {
        "XCQTransaction" => "IGQTransaction",
        "XCRTransaction" => "IGRTransaction",
        name => name,
    })
}
