//! Our own assertions: who of us asks, and what for.

use crate::continuation::random_id;
use tasuki_core::policy::{AssertedCode, AssertedCodes, AssertedUser};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, Instant, Purpose};
use tasuki_wire::saml::{Assertion, Concept, Issuing, SigningKey, issue};
use tasuki_wire::xml::Document;

/// How long an assertion of ours holds, in seconds: a fan-out and its retries.
const LIFETIME_SECONDS: i64 = 300;
/// How the users of the portal sign in (SAML authentication context).
const BY_PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// Signs assertions about our users.
pub struct AssertingParty {
    /// The key of the assertions; another one than that of TLS.
    pub key: SigningKey,
    /// Its certificate in DER, as the directory holds it.
    pub certificate: Option<Vec<u8>>,
    /// What we are called as an issuer in the directory.
    pub issuer: String,
    /// Our community.
    pub home: CommunityId,
}

impl AssertingParty {
    /// One assertion for all of `audiences`: home community ids, or addresses.
    ///
    /// # Errors
    /// `SAM-014` where the table has no code for the role or the purpose; a fault where there is
    /// no randomness.
    pub fn assert(
        &self,
        user: &AssertedUser,
        purpose: Purpose,
        audiences: Vec<String>,
        codes: &AssertedCodes,
        signed_in: Instant,
        now: Instant,
    ) -> Result<Document, Fault> {
        let none = |what: &str| Fault::new(Code::AssertionCodes, format!("no code for {what}"));
        let role = codes.of_role(user.role);
        let role = role.ok_or_else(|| none(user.role.code()))?;
        let purpose = codes
            .of_purpose(purpose)
            .ok_or_else(|| none(purpose.code()))?;
        let id = random_id().map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
        let assertion = Assertion {
            // An NCName may not begin with a digit.
            id: format!("_{id}"),
            issuer: self.issuer.clone(),
            issued: now,
            not_before: now,
            not_on_or_after: now.plus_seconds(LIFETIME_SECONDS),
            audiences,
            name_id: user.name_id.to_string(),
            authenticated: signed_in,
            authentication: BY_PASSWORD.to_owned(),
            subject_id: user.name.to_string(),
            organisation: user.organisation.to_string(),
            organisation_id: user.organisation_id.to_string(),
            home: Some(self.home.to_string()),
            role: concept(role),
            purpose: concept(purpose),
            patient: None,
        };
        let with = Issuing {
            key: &self.key,
            certificate: self.certificate.as_deref(),
        };
        issue(&assertion, &with)
            .map_err(|e| Fault::new(Code::InternalFault, format!("assertion: {e}")))
    }
}

fn concept<T>(code: &AssertedCode<T>) -> Concept {
    Concept {
        code: code.code.to_string(),
        system: code.system.to_string(),
        system_name: String::new(),
        text: code.text.to_string(),
    }
}
