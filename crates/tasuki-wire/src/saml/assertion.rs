//! What an assertion says.

use tasuki_model::Instant;

/// A moment as `xs:dateTime`.
pub type Moment = Instant;

/// A coded value (HL7 v3 CE) of a role or a purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// `code`.
    pub code: String,
    /// `codeSystem`, an OID as sent.
    pub system: String,
    /// `codeSystemName`; may be empty.
    pub system_name: String,
    /// `displayName`; may be empty.
    pub text: String,
}

/// An assertion about a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// `ID`.
    pub id: String,
    /// `Issuer`.
    pub issuer: String,
    /// `IssueInstant`.
    pub issued: Moment,
    /// `Conditions/@NotBefore`.
    pub not_before: Moment,
    /// `Conditions/@NotOnOrAfter`.
    pub not_on_or_after: Moment,
    /// `Audience`, every one.
    pub audiences: Vec<String>,
    /// `Subject/NameID`: the user at the issuer.
    pub name_id: String,
    /// `AuthnStatement/@AuthnInstant`: when the user signed in.
    pub authenticated: Moment,
    /// `AuthnContextClassRef`: how.
    pub authentication: String,
    /// The user's name.
    pub subject_id: String,
    /// The user's organisation.
    pub organisation: String,
    /// Its id.
    pub organisation_id: String,
    /// The community, without `urn:oid:`, where it says one.
    pub home: Option<String>,
    /// The user's role.
    pub role: Concept,
    /// What for.
    pub purpose: Concept,
    /// The patient it is about (CX), where it says one.
    pub patient: Option<String>,
}

impl Assertion {
    /// The user as the audit trail writes one (ITI TF-2 3.20.7.8): `<user@issuer>`.
    #[must_use]
    pub fn audit_name(&self) -> String {
        format!("<{}@{}>", self.name_id, self.issuer)
    }
}
