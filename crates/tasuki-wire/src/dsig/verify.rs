//! An enveloped signature checked (XML Signature §3.2), in the one form that is accepted.

use super::c14n::canonical;
use super::tree::{Element, Node};
use super::{DSIG, DsigError, ENVELOPED, EXC_C14N, VerifyingKey, digest_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::digest;

/// An element whose enveloped signature was found good. What is read of it was signed.
#[derive(Debug)]
pub(crate) struct Verified<'e>(&'e Element);

impl<'e> Verified<'e> {
    /// The element.
    pub(crate) fn element(&self) -> &'e Element {
        self.0
    }
}

/// Checks that `element` holds one signature, directly, over all of itself but the signature, by
/// one of `keys`.
pub(crate) fn verify<'e>(
    element: &'e Element,
    keys: &[VerifyingKey],
) -> Result<Verified<'e>, DsigError> {
    let (place, signature) = only_signature(element)?;
    let [info, value, ..] = signature.elements().collect::<Vec<_>>()[..] else {
        return shape("Signature without SignedInfo and SignatureValue");
    };
    let names: Vec<&str> = signature.elements().map(|e| &*e.name).collect();
    if !matches!(
        names[..],
        ["SignedInfo", "SignatureValue"] | ["SignedInfo", "SignatureValue", "KeyInfo"]
    ) || signature.elements().any(|e| *e.uri != *DSIG)
    {
        return shape("Signature with other parts than SignedInfo, SignatureValue and KeyInfo");
    }
    let info = SignedInfo::read(info)?;
    let id = element.attribute("ID").unwrap_or_default();
    if id.is_empty() || info.uri.strip_prefix('#') != Some(id) {
        return shape("the reference is not to the element that holds the signature");
    }
    let covered = canonical(element, &info.inclusive, Some(place));
    if digest(info.digest, covered.as_bytes()).as_ref() != info.value {
        return Err(DsigError::Digest);
    }
    let signed = canonical(info.element, &info.own_inclusive, None);
    let signature = base64(value)?;
    let mut algorithm = Ok(());
    for key in keys {
        match key.verifies(info.method, signed.as_bytes(), &signature) {
            Ok(true) => return Ok(Verified(element)),
            Ok(false) => {}
            Err(error) => algorithm = Err(error),
        }
    }
    // Two keys at a rollover may be of two kinds: only if none could be tried is it the algorithm.
    if keys.len() == 1 {
        algorithm?;
    }
    Err(DsigError::Key)
}

fn shape<T>(what: &'static str) -> Result<T, DsigError> {
    Err(DsigError::Shape { what })
}

fn only_signature(element: &Element) -> Result<(usize, &Element), DsigError> {
    let all = element.every().filter(|e| e.is(DSIG, "Signature")).count();
    let mut direct = element.children.iter().enumerate();
    let found = direct.find_map(|(place, child)| match child {
        Node::Element(child) if child.is(DSIG, "Signature") => Some((place, child)),
        _ => None,
    });
    match (found, all) {
        (Some(found), 1) => Ok(found),
        (_, 0) => Err(DsigError::Unsigned),
        _ => shape("more than one signature, or one that is not its own"),
    }
}

struct SignedInfo<'e> {
    element: &'e Element,
    /// `PrefixList` for the canonicalisation of `SignedInfo` itself.
    own_inclusive: Vec<&'e str>,
    method: &'e str,
    uri: &'e str,
    inclusive: Vec<&'e str>,
    digest: &'static ring::digest::Algorithm,
    value: Vec<u8>,
}

impl<'e> SignedInfo<'e> {
    fn read(element: &'e Element) -> Result<Self, DsigError> {
        let parts = named(
            element,
            &["CanonicalizationMethod", "SignatureMethod", "Reference"],
        )?;
        let [canonicalisation, method, reference] = parts[..] else {
            return shape("SignedInfo without exactly one reference");
        };
        let parts = named(reference, &["Transforms", "DigestMethod", "DigestValue"])?;
        let [transforms, digest, value] = parts[..] else {
            return shape("a reference without transforms");
        };
        let steps: Vec<&Element> = transforms.elements().collect();
        let [enveloped, exclusive] = steps[..] else {
            return shape(
                "other transforms than enveloped signature and exclusive canonicalisation",
            );
        };
        let what = "a transform";
        if steps.iter().any(|step| !step.is(DSIG, "Transform"))
            || enveloped.attribute("Algorithm") != Some(ENVELOPED)
            || enveloped.elements().next().is_some()
        {
            return Err(DsigError::Algorithm { what });
        }
        let algorithm = digest.attribute("Algorithm").and_then(digest_of);
        Ok(Self {
            element,
            own_inclusive: prefixes(canonicalisation)?,
            method: method.attribute("Algorithm").unwrap_or_default(),
            uri: reference.attribute("URI").unwrap_or_default(),
            inclusive: prefixes(exclusive)?,
            digest: algorithm.ok_or(DsigError::Algorithm { what: "the digest" })?,
            value: base64(value)?,
        })
    }
}

/// The children, which have to be these and no others.
fn named<'e>(element: &'e Element, names: &[&str]) -> Result<Vec<&'e Element>, DsigError> {
    let parts: Vec<&Element> = element.elements().collect();
    let as_named = parts
        .iter()
        .zip(names)
        .all(|(part, name)| part.is(DSIG, name));
    if !as_named || parts.len() != names.len() {
        return shape("parts of a signature that are not expected there");
    }
    Ok(parts)
}

/// The `PrefixList` of an exclusive canonicalisation, which it has to be.
fn prefixes(method: &Element) -> Result<Vec<&str>, DsigError> {
    if method.attribute("Algorithm") != Some(EXC_C14N) {
        let what = "canonicalisation";
        return Err(DsigError::Algorithm { what });
    }
    let parts: Vec<&Element> = method.elements().collect();
    match parts[..] {
        [] => Ok(Vec::new()),
        [list] if list.is(EXC_C14N, "InclusiveNamespaces") => {
            let list = list.attribute("PrefixList").unwrap_or_default();
            Ok(list.split_ascii_whitespace().collect())
        }
        _ => shape("a canonicalisation with parts that are not known"),
    }
}

fn base64(element: &Element) -> Result<Vec<u8>, DsigError> {
    let text = element.text().unwrap_or_default();
    let text: String = text.split_ascii_whitespace().collect();
    let what = "a value that is not base64";
    STANDARD.decode(text).map_err(|_| DsigError::Shape { what })
}
