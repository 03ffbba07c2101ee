//! A stand-in token service: SAML 2.0 assertions of one user (XUA, ITI TF-2 3.40), signed by
//! `xmlsec1`. The variants are those that the toolkit's plans name for the service it uses, which is
//! not public; what each has wrong is said at [`Variant`].

use crate::fail;
use crate::failure::{Done, Failure};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is wrong with an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// Nothing.
    Valid,
    /// Nothing; it also has an authorisation decision with the patient's consent.
    WithAuthzConsent,
    /// It ended an hour ago.
    Expired,
    /// It begins in an hour.
    NotYetValid,
    /// It is for somebody else.
    UnknownAudience,
    /// It has no signature.
    Unsigned,
    /// It has two roles.
    SecondRole,
    /// It has two purposes.
    SecondPurposeOfUse,
    /// Its statement has two contexts.
    SecondAuthnContext,
    /// Its statement names no class of authentication.
    InvalidAuthnStatement,
}

impl Variant {
    /// The variant that a test's name ends with; valid where it names none.
    #[must_use]
    pub fn of(test: &str) -> Self {
        match test.rsplit_once('_').map_or("", |(_, name)| name) {
            "withauthzconsent" => Self::WithAuthzConsent,
            "expired" => Self::Expired,
            "notyetvalid" => Self::NotYetValid,
            "unknownaudience" => Self::UnknownAudience,
            "unsigned" => Self::Unsigned,
            "secondrole" => Self::SecondRole,
            "secondpurposeofuse" => Self::SecondPurposeOfUse,
            "secondauthncontext" => Self::SecondAuthnContext,
            "invalidauthnstatement" => Self::InvalidAuthnStatement,
            _ => Self::Valid,
        }
    }

    /// The same where nothing is wrong with it, else a valid one.
    #[must_use]
    pub fn or_valid(self) -> Self {
        match self {
            Self::WithAuthzConsent => self,
            _ => Self::Valid,
        }
    }
}

/// A token service: `<name>.key` and `<name>.pem` of a folder.
#[derive(Debug, Clone)]
pub struct TokenService {
    /// Where its key lies.
    pub folder: PathBuf,
    /// The name of its files.
    pub name: String,
    /// `saml:Issuer`.
    pub issuer: String,
    /// The home community id of its users.
    pub home: String,
    /// Who the assertions are for.
    pub audience: String,
}

const ROLE: &str = "<hl7:Role xmlns:hl7=\"urn:hl7-org:v3\" code=\"Medical Doctor\" \
    codeSystem=\"1.2.392.100495.1.6.1.1\" displayName=\"医師\"/>";
const PURPOSE: &str = "<hl7:PurposeOfUse xmlns:hl7=\"urn:hl7-org:v3\" code=\"TREAT\" \
    codeSystem=\"2.16.840.1.113883.5.8\" displayName=\"診療\"/>";
const SECOND_ROLE: &str = "<hl7:Role xmlns:hl7=\"urn:hl7-org:v3\" code=\"General Nurse\" \
    codeSystem=\"1.2.392.100495.1.6.1.1\"/>";
const SECOND_PURPOSE: &str = "<hl7:PurposeOfUse xmlns:hl7=\"urn:hl7-org:v3\" code=\"BTG\" \
    codeSystem=\"2.16.840.1.113883.5.8\"/>";
const CONTEXT: &str = "<saml2:AuthnContext><saml2:AuthnContextClassRef>\
    urn:oasis:names:tc:SAML:2.0:ac:classes:X509</saml2:AuthnContextClassRef></saml2:AuthnContext>";
const CONSENT: &str = "<saml2:AuthzDecisionStatement Decision=\"Permit\" Resource=\"urn:probe\">\
    <saml2:Action Namespace=\"urn:oasis:names:tc:SAML:1.0:action:rwedc\">Execute</saml2:Action>\
    <saml2:Evidence><saml2:AssertionURIRef>urn:probe:consent</saml2:AssertionURIRef>\
    </saml2:Evidence></saml2:AuthzDecisionStatement>";
/// An enveloped signature to be filled in by `xmlsec1`: exclusive canonical XML, RSA and SHA-256.
const SIGNATURE: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
    <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
    <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\
    <ds:Reference URI=\"#ID\"><ds:Transforms>\
    <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
    <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>\
    </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>";
const WSSE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

impl TokenService {
    /// The security header with a new assertion.
    ///
    /// # Errors
    /// Where `xmlsec1` cannot sign it.
    pub fn header(&self, variant: Variant) -> Done<String> {
        let id = format!("_{}", uuid::Uuid::new_v4().simple());
        let mut assertion = self.assertion(variant, &id);
        if variant != Variant::Unsigned {
            assertion = self.signed(&assertion, &id)?;
        }
        Ok(format!(
            "<wsse:Security xmlns:wsse=\"{WSSE}\">{assertion}</wsse:Security>"
        ))
    }

    fn assertion(&self, variant: Variant, id: &str) -> String {
        let hours = |hours| (Timestamp::now() + SignedDuration::from_hours(hours)).to_string();
        let now = Timestamp::now().to_string();
        let (from, until) = match variant {
            Variant::Expired => (hours(-3), hours(-1)),
            Variant::NotYetValid => (hours(1), hours(3)),
            _ => (now.clone(), hours(1)),
        };
        let issued = if variant == Variant::Expired {
            &from
        } else {
            &now
        };
        let audience = match variant {
            Variant::UnknownAudience => "urn:oid:2.25.404",
            _ => &self.audience,
        };
        let contexts = match variant {
            Variant::SecondAuthnContext => CONTEXT.repeat(2),
            Variant::InvalidAuthnStatement => "<saml2:AuthnContext/>".to_owned(),
            _ => CONTEXT.to_owned(),
        };
        let Self { issuer, .. } = self;
        let attributes = self.attributes(variant);
        let signature = match variant {
            Variant::Unsigned => String::new(),
            _ => SIGNATURE.replace("#ID", &format!("#{id}")),
        };
        let consent = match variant {
            Variant::WithAuthzConsent => CONSENT,
            _ => "",
        };
        format!(
            "<saml2:Assertion xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" \
             IssueInstant=\"{issued}\" Version=\"2.0\"><saml2:Issuer>{issuer}</saml2:Issuer>\
             {signature}<saml2:Subject><saml2:NameID>physician</saml2:NameID>\
             <saml2:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>\
             </saml2:Subject><saml2:Conditions NotBefore=\"{from}\" NotOnOrAfter=\"{until}\">\
             <saml2:AudienceRestriction><saml2:Audience>{audience}</saml2:Audience>\
             </saml2:AudienceRestriction></saml2:Conditions>\
             <saml2:AuthnStatement AuthnInstant=\"{issued}\">{contexts}</saml2:AuthnStatement>\
             {consent}<saml2:AttributeStatement>{attributes}</saml2:AttributeStatement>\
             </saml2:Assertion>"
        )
    }

    fn attributes(&self, variant: Variant) -> String {
        let roles = [ROLE, SECOND_ROLE];
        let purposes = [PURPOSE, SECOND_PURPOSE];
        let of = |values: &[&str], twice: bool| -> String {
            let count = if twice { 2 } else { 1 };
            let values = values.iter().take(count);
            values
                .map(|value| format!("<saml2:AttributeValue>{value}</saml2:AttributeValue>"))
                .collect()
        };
        let attribute = |name: &str, values: &str| {
            format!("<saml2:Attribute Name=\"{name}\">{values}</saml2:Attribute>")
        };
        let text = |name: &str, value: &str| {
            let value = format!("<saml2:AttributeValue>{value}</saml2:AttributeValue>");
            attribute(
                &format!("urn:oasis:names:tc:xspa:1.0:subject:{name}"),
                &value,
            )
        };
        let home = &self.home;
        [
            text("subject-id", "架空 医師"),
            text("organization", "架空総合病院"),
            text("organization-id", &format!("urn:oid:{home}.1")),
            attribute(
                "urn:oasis:names:tc:xacml:2.0:subject:role",
                &of(&roles, variant == Variant::SecondRole),
            ),
            attribute(
                "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse",
                &of(&purposes, variant == Variant::SecondPurposeOfUse),
            ),
        ]
        .concat()
    }

    fn signed(&self, assertion: &str, id: &str) -> Done<String> {
        let file = self.folder.join(format!("{id}.xml"));
        std::fs::write(&file, assertion).map_err(|e| Failure::io(file.display(), &e))?;
        let path = |end: &str| self.folder.join(format!("{}.{end}", self.name));
        let keys = format!("{},{}", path("key").display(), path("pem").display());
        let output = Command::new("xmlsec1")
            .args(["--sign", "--privkey-pem", &keys, "--id-attr:ID"])
            .arg("urn:oasis:names:tc:SAML:2.0:assertion:Assertion")
            .arg(&file)
            .output()
            .map_err(|error| Failure::io("xmlsec1", &error))?;
        remove(&file)?;
        if !output.status.success() {
            fail!(
                "xmlsec1: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let signed = String::from_utf8(output.stdout).map_err(|e| Failure::io("xmlsec1", &e))?;
        let root = signed.find("?>").map_or(0, |at| at + 2);
        Ok(signed.get(root..).unwrap_or_default().trim().to_owned())
    }
}

fn remove(file: &Path) -> Done {
    std::fs::remove_file(file).map_err(|e| Failure::io(file.display(), &e))
}
