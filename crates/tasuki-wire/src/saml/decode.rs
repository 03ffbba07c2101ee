//! A verified assertion read. Every part that is read stands exactly once.

use super::assertion::{Assertion, Concept, Moment};
use super::{HL7, SAML, SamlError, names};
use crate::dsig::{Element, Verified};
use std::collections::BTreeMap;
use tasuki_model::Instant;

/// Attributes of one assertion, and characters of one text.
const ATTRIBUTES_MAX: usize = 200;
const TEXT_MAX: usize = 1_024;

pub(super) fn read(verified: &Verified<'_>) -> Result<Assertion, SamlError> {
    let root = verified.element();
    if root.attribute("Version") != Some("2.0") {
        return malformed("Assertion: not of version 2.0");
    }
    let conditions = Conditions::read(one(root, "Conditions")?)?;
    let (authenticated, authentication) = authentication(one(root, "AuthnStatement")?)?;
    let attributes = Attributes::read(one(root, "AttributeStatement")?)?;
    Ok(Assertion {
        id: root.attribute("ID").unwrap_or_default().to_owned(),
        issuer: text(one(root, "Issuer")?, "Issuer: no text")?,
        issued: moment(root, "IssueInstant")?,
        not_before: conditions.not_before,
        not_on_or_after: conditions.not_on_or_after,
        audiences: conditions.audiences,
        name_id: subject(one(root, "Subject")?)?,
        authenticated,
        authentication,
        subject_id: attributes.text(names::SUBJECT_ID)?,
        organisation: attributes.text(names::ORGANISATION)?,
        organisation_id: attributes.text(names::ORGANISATION_ID)?,
        home: attributes.text_if(names::HOME)?.map(|home| {
            let bare = home.strip_prefix("urn:oid:");
            bare.map_or(home.clone(), str::to_owned)
        }),
        role: attributes.concept(names::ROLE, "Role")?,
        purpose: attributes.concept(names::PURPOSE, "PurposeOfUse")?,
        patient: attributes.text_if(names::PATIENT)?,
    })
}

fn malformed<T>(what: &'static str) -> Result<T, SamlError> {
    Err(SamlError::Malformed { what })
}

fn one<'e>(parent: &'e Element, name: &'static str) -> Result<&'e Element, SamlError> {
    let mut found = parent.all(name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => malformed(match name {
            "Issuer" => "no Issuer",
            "Subject" => "no Subject",
            "NameID" => "no NameID",
            "Conditions" => "no Conditions",
            "AuthnStatement" => "no AuthnStatement",
            "AuthnContext" => "no AuthnContext",
            "AuthnContextClassRef" => "no AuthnContextClassRef",
            "AttributeValue" => "an attribute without a value",
            _ => "no AttributeStatement",
        }),
        (Some(_), Some(_)) => Err(SamlError::Ambiguous {
            what: match name {
                "AuthnStatement" => "two AuthnStatement",
                "AuthnContext" => "two AuthnContext",
                "AttributeValue" => "two values of an attribute that has one",
                "AttributeStatement" => "two AttributeStatement",
                _ => "a part that stands twice",
            },
        }),
    }
}

fn text(element: &Element, what: &'static str) -> Result<String, SamlError> {
    let text = element.text().unwrap_or_default();
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_MAX || text.chars().any(char::is_control) {
        return malformed(what);
    }
    Ok(text.to_owned())
}

fn moment(element: &Element, name: &'static str) -> Result<Moment, SamlError> {
    let what = "a time that is none in UTC";
    let text = element.attribute(name).unwrap_or_default();
    let stamp: jiff::Timestamp = text
        .trim()
        .parse()
        .map_err(|_| SamlError::Malformed { what })?;
    Ok(Instant::from_micros(stamp.as_microsecond()))
}

/// `Subject`: one name, confirmed by whoever holds the connection.
fn subject(subject: &Element) -> Result<String, SamlError> {
    let name = text(one(subject, "NameID")?, "NameID: no text")?;
    for confirmation in subject.all("SubjectConfirmation") {
        let method = confirmation.attribute("Method").unwrap_or_default();
        let method = method.strip_prefix("urn:oasis:names:tc:SAML:2.0:cm:");
        if !matches!(method, Some("bearer" | "sender-vouches")) {
            return malformed("SubjectConfirmation: proof of possession is not supported");
        }
    }
    Ok(name)
}

struct Conditions {
    not_before: Moment,
    not_on_or_after: Moment,
    audiences: Vec<String>,
}

impl Conditions {
    fn read(conditions: &Element) -> Result<Self, SamlError> {
        let mut restrictions = conditions.elements();
        // SAML core 2.5.1.1: whoever does not understand a condition does not accept the assertion.
        if restrictions.any(|c| !c.is(SAML.uri, "AudienceRestriction")) {
            return malformed("Conditions: a condition other than AudienceRestriction");
        }
        let restriction = one(conditions, "AudienceRestriction").map_err(|_| {
            let what = "Conditions: not exactly one AudienceRestriction";
            SamlError::Malformed { what }
        })?;
        let audiences = restriction.all("Audience").take(TEXT_MAX);
        let audiences = audiences.map(|a| text(a, "Audience: no text"));
        Ok(Self {
            not_before: moment(conditions, "NotBefore")?,
            not_on_or_after: moment(conditions, "NotOnOrAfter")?,
            audiences: audiences.collect::<Result<_, _>>()?,
        })
    }
}

/// When and how the user signed in.
fn authentication(statement: &Element) -> Result<(Moment, String), SamlError> {
    let context = one(statement, "AuthnContext")?;
    let class = one(context, "AuthnContextClassRef")?;
    let class = text(class, "AuthnContextClassRef: no text")?;
    if !class.contains(':') {
        return malformed("AuthnContextClassRef: not a URI");
    }
    Ok((moment(statement, "AuthnInstant")?, class))
}

struct Attributes<'e>(BTreeMap<&'e str, &'e Element>);

impl<'e> Attributes<'e> {
    fn read(statement: &'e Element) -> Result<Self, SamlError> {
        let mut attributes = BTreeMap::new();
        for attribute in statement.all("Attribute") {
            let name = attribute.attribute("Name").unwrap_or_default();
            if attributes.insert(name, attribute).is_some() {
                let what = "two attributes of one name";
                return Err(SamlError::Ambiguous { what });
            }
            if attributes.len() > ATTRIBUTES_MAX {
                return malformed("AttributeStatement: too many attributes");
            }
        }
        Ok(Self(attributes))
    }

    fn text(&self, name: &str) -> Result<String, SamlError> {
        let what = match name {
            names::SUBJECT_ID => "no subject-id",
            names::ORGANISATION => "no organization",
            _ => "no organization-id",
        };
        self.text_if(name)?.ok_or(SamlError::Malformed { what })
    }

    fn text_if(&self, name: &str) -> Result<Option<String>, SamlError> {
        let Some(attribute) = self.0.get(name) else {
            return Ok(None);
        };
        let value = one(attribute, "AttributeValue")?;
        text(value, "an attribute whose value is no text").map(Some)
    }

    fn concept(&self, name: &str, element: &str) -> Result<Concept, SamlError> {
        let what = match name {
            names::ROLE => "no role as a coded value",
            _ => "no purpose of use as a coded value",
        };
        let none = SamlError::Malformed { what };
        let attribute = self.0.get(name).ok_or_else(|| none.clone())?;
        let value = one(attribute, "AttributeValue")?;
        let mut inside = value.elements();
        let concept = inside.next().filter(|c| c.is(HL7.uri, element));
        let concept = concept.ok_or_else(|| none.clone())?;
        if inside.next().is_some() {
            let what = "two values of an attribute that has one";
            return Err(SamlError::Ambiguous { what });
        }
        let part = |name| {
            concept
                .attribute(name)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let concept = Concept {
            code: part("code"),
            system: part("codeSystem"),
            system_name: part("codeSystemName"),
            text: part("displayName"),
        };
        if concept.code.is_empty() || concept.system.is_empty() {
            return Err(none);
        }
        Ok(concept)
    }
}
