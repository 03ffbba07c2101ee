//! An assertion of a peer against what is known of the peer.

use super::{Assertion, LIFETIME_MAX_SECONDS, LIMITS, SAML, SamlError, VerifyingKey, WSSE, decode};
use crate::dsig::{self, Element};
use crate::soap::SOAP;
use std::collections::BTreeSet;
use tasuki_model::Instant;

/// What is known of a peer before its message is believed: its TLS certificate said which one it is.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The issuer of its assertions.
    pub issuer: &'a str,
    /// Its home community id, without `urn:oid:`.
    pub home: &'a str,
    /// The keys that sign them.
    pub keys: &'a [VerifyingKey],
    /// What we are called as an audience: the address that was asked, our home community id.
    pub audiences: &'a [&'a str],
    /// How far the clocks may be apart, in seconds.
    pub skew_seconds: i64,
}

/// Verifies the assertion in the security header of a SOAP message and reads it. Only the header is
/// looked at.
///
/// # Errors
/// [`SamlError`]; the first thing that is wrong.
pub fn verify(envelope: &[u8], trust: &Trust<'_>, now: Instant) -> Result<Assertion, SamlError> {
    let root = dsig::parse(envelope, &LIMITS, Some((SOAP.uri, "Header")))?;
    let assertion = in_header(&root)?;
    believe(&root, assertion, trust, now)
}

/// The same for an assertion that stands by itself, as a token service hands it out.
///
/// # Errors
/// As [`verify`].
pub fn verify_alone(bytes: &[u8], trust: &Trust<'_>, now: Instant) -> Result<Assertion, SamlError> {
    let root = dsig::parse(bytes, &LIMITS, None)?;
    if !root.is(SAML.uri, "Assertion") {
        return Err(SamlError::Missing);
    }
    believe(&root, &root, trust, now)
}

/// The one assertion, by its path from the root: nothing is looked for anywhere else.
pub(super) fn in_header(root: &Element) -> Result<&Element, SamlError> {
    if !root.is(SOAP.uri, "Envelope") {
        return Err(SamlError::Missing);
    }
    let header = root.elements().find(|e| e.is(SOAP.uri, "Header"));
    let header = header.ok_or(SamlError::Missing)?;
    let mut blocks = header.elements().filter(|e| e.is(WSSE.uri, "Security"));
    let block = blocks.next().ok_or(SamlError::Missing)?;
    if blocks.next().is_some() {
        let what = "two security headers";
        return Err(SamlError::Ambiguous { what });
    }
    let mut assertions = block.elements().filter(|e| e.is(SAML.uri, "Assertion"));
    assertions.next().ok_or(SamlError::Missing)
}

/// Everything in order: nothing of the content is read before the signature is found good.
fn believe(
    root: &Element,
    assertion: &Element,
    trust: &Trust<'_>,
    now: Instant,
) -> Result<Assertion, SamlError> {
    alone(root)?;
    let verified = dsig::verify(assertion, trust.keys)?;
    let assertion = decode::read(&verified)?;
    if assertion.issuer != trust.issuer {
        return Err(SamlError::Issuer);
    }
    if assertion
        .home
        .as_deref()
        .is_some_and(|home| home != trust.home)
    {
        return Err(SamlError::Home);
    }
    in_time(&assertion, trust.skew_seconds, now)?;
    let ours = |audience: &String| trust.audiences.contains(&audience.as_str());
    if !assertion.audiences.iter().any(ours) {
        return Err(SamlError::Audience);
    }
    Ok(assertion)
}

/// One assertion in all that was read, and no id twice.
pub(super) fn alone(root: &Element) -> Result<(), SamlError> {
    let mut ids = BTreeSet::new();
    let mut assertions = 0;
    for element in root.every() {
        assertions += usize::from(element.is(SAML.uri, "Assertion"));
        let named = element.attributes.iter();
        let named = named.filter(|a| a.name.eq_ignore_ascii_case("id"));
        for id in named {
            if !ids.insert(id.value.as_str()) {
                let what = "an id that stands twice";
                return Err(SamlError::Ambiguous { what });
            }
        }
    }
    if assertions > 1 {
        let what = "more than one assertion";
        return Err(SamlError::Ambiguous { what });
    }
    Ok(())
}

fn in_time(assertion: &Assertion, skew: i64, now: Instant) -> Result<(), SamlError> {
    let lifetime = assertion
        .not_on_or_after
        .seconds_since(assertion.not_before);
    if !(0..=LIFETIME_MAX_SECONDS).contains(&lifetime) {
        return Err(SamlError::Long { seconds: lifetime });
    }
    let starts = [
        assertion.not_before,
        assertion.issued,
        assertion.authenticated,
    ];
    let ahead = starts
        .map(|start| start.seconds_since(now))
        .into_iter()
        .max();
    if let Some(seconds) = ahead.filter(|ahead| *ahead > skew) {
        return Err(SamlError::Early { seconds });
    }
    let seconds = now.seconds_since(assertion.not_on_or_after);
    if seconds >= skew {
        return Err(SamlError::Expired { seconds });
    }
    Ok(())
}
