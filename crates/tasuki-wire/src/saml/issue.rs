//! An assertion of ours, and the header block it travels in.

use super::{Assertion, Concept, HL7, SAML, SamlError, SigningKey, WSSE, XS, XSI, names};
use crate::dsig;
use crate::xml::{Document, Namespace, Writer, document};
use tasuki_model::Instant;

/// What we sign with.
pub struct Issuing<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Its certificate in DER, for readers that want to see it.
    pub certificate: Option<&'a [u8]>,
}

/// Signs what an assertion says. The result is put into messages byte for byte.
///
/// # Errors
/// [`SamlError::Signature`] where there is no randomness to sign with.
pub fn issue(assertion: &Assertion, with: &Issuing<'_>) -> Result<Document, SamlError> {
    let unsigned = write(assertion, None);
    let signature = dsig::signature(&unsigned, with.key, with.certificate)?;
    Ok(write(assertion, Some(&signature)))
}

/// The header block of WS-Security that holds an assertion.
#[must_use]
pub fn security_header(assertion: &Document) -> Document {
    const SOAP: Namespace<'static> = crate::soap::SOAP;
    document(WSSE, "Security", |start| {
        start
            .qualified(SOAP, "mustUnderstand", "true")
            .content(|writer| writer.verbatim(assertion));
    })
}

fn time(moment: Instant) -> String {
    jiff::Timestamp::from_microsecond(moment.micros() / 1_000 * 1_000)
        .map_or_else(|_| String::new(), |stamp| stamp.to_string())
}

/// Order of parts as the schema has it.
fn write(assertion: &Assertion, signature: Option<&Document>) -> Document {
    document(SAML, "Assertion", |start| {
        start
            .declare(XS)
            .declare(XSI)
            .attribute("ID", &assertion.id)
            .attribute("IssueInstant", &time(assertion.issued))
            .attribute("Version", "2.0")
            .content(|writer| {
                writer.element(SAML, "Issuer").text(&assertion.issuer);
                if let Some(signature) = signature {
                    writer.verbatim(signature);
                }
                write_subject(writer, assertion);
                write_conditions(writer, assertion);
                write_authentication(writer, assertion);
                writer
                    .element(SAML, "AttributeStatement")
                    .content(|writer| {
                        write_attributes(writer, assertion);
                    });
            });
    })
}

fn write_subject(writer: &mut Writer, assertion: &Assertion) {
    writer.element(SAML, "Subject").content(|writer| {
        writer.element(SAML, "NameID").text(&assertion.name_id);
        let bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
        drop(
            writer
                .element(SAML, "SubjectConfirmation")
                .attribute("Method", bearer),
        );
    });
}

fn write_conditions(writer: &mut Writer, assertion: &Assertion) {
    writer
        .element(SAML, "Conditions")
        .attribute("NotBefore", &time(assertion.not_before))
        .attribute("NotOnOrAfter", &time(assertion.not_on_or_after))
        .content(|writer| {
            writer
                .element(SAML, "AudienceRestriction")
                .content(|writer| {
                    for audience in &assertion.audiences {
                        writer.element(SAML, "Audience").text(audience);
                    }
                });
        });
}

fn write_authentication(writer: &mut Writer, assertion: &Assertion) {
    writer
        .element(SAML, "AuthnStatement")
        .attribute("AuthnInstant", &time(assertion.authenticated))
        .content(|writer| {
            writer.element(SAML, "AuthnContext").content(|writer| {
                let class = writer.element(SAML, "AuthnContextClassRef");
                class.text(&assertion.authentication);
            });
        });
}

fn write_attributes(writer: &mut Writer, assertion: &Assertion) {
    text(writer, names::SUBJECT_ID, &assertion.subject_id);
    text(writer, names::ORGANISATION, &assertion.organisation);
    text(writer, names::ORGANISATION_ID, &assertion.organisation_id);
    if let Some(home) = &assertion.home {
        text(writer, names::HOME, &format!("urn:oid:{home}"));
    }
    concept(writer, names::ROLE, "Role", &assertion.role);
    concept(writer, names::PURPOSE, "PurposeOfUse", &assertion.purpose);
    if let Some(patient) = &assertion.patient {
        text(writer, names::PATIENT, patient);
    }
}

const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";

fn text(writer: &mut Writer, name: &str, value: &str) {
    let attribute = writer.element(SAML, "Attribute");
    let attribute = attribute
        .attribute("Name", name)
        .attribute("NameFormat", URI);
    attribute.content(|writer| {
        let start = writer.element(SAML, "AttributeValue");
        start.qualified(XSI, "type", "xs:string").text(value);
    });
}

fn concept(writer: &mut Writer, name: &str, element: &str, concept: &Concept) {
    let filled = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let attribute = writer.element(SAML, "Attribute");
    let attribute = attribute
        .attribute("Name", name)
        .attribute("NameFormat", URI);
    attribute.content(|writer| {
        writer.element(SAML, "AttributeValue").content(|writer| {
            drop(
                writer
                    .element(HL7, element)
                    .qualified(XSI, "type", "hl7:CE")
                    .attribute("code", &concept.code)
                    .attribute("codeSystem", &concept.system)
                    .attribute_if("codeSystemName", filled(&concept.system_name).as_deref())
                    .attribute_if("displayName", filled(&concept.text).as_deref()),
            );
        });
    });
}
