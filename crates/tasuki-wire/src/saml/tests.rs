//! Signatures made by others: believed as they are, refused once anything is moved, doubled,
//! wrapped or changed. What an assertion has to say is in `tests/it/saml.rs`.

use super::verify::{alone, in_header};
use super::{LIMITS, SamlError, VerifyingKey, WSSE};
use crate::dsig::{self, Element};
use crate::soap::SOAP;
use base64::Engine;
use std::path::{Path, PathBuf};

fn shared(path: &str) -> PathBuf {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    shared.join(path)
}

fn file(name: &str) -> String {
    std::fs::read_to_string(shared("saml").join(name)).unwrap()
}

fn key(name: &str) -> VerifyingKey {
    let pem: String = file(name).lines().filter(|l| !l.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(pem)
        .unwrap();
    VerifyingKey::from_certificate(&der).unwrap()
}

/// A message with `blocks` in its security header.
fn message(blocks: &str) -> String {
    in_envelope(
        &format!("<w:Security xmlns:w=\"{}\">{blocks}</w:Security>", WSSE.uri),
        "",
    )
}

fn in_envelope(headers: &str, body: &str) -> String {
    let soap = SOAP.uri;
    format!(
        "<s:Envelope xmlns:s=\"{soap}\"><s:Header>{headers}</s:Header>\
         <s:Body>{body}</s:Body></s:Envelope>"
    )
}

/// What of a message would be read: the text of the assertion that was found good.
fn believed(envelope: &str) -> Result<String, SamlError> {
    let root = dsig::parse(envelope.as_bytes(), &LIMITS, Some((SOAP.uri, "Header")))?;
    let assertion = in_header(&root)?;
    alone(&root)?;
    let verified = dsig::verify(assertion, &[key("c.pem")])?;
    Ok(name_of(verified.element()))
}

fn name_of(assertion: &Element) -> String {
    let value = assertion.every().find(|e| *e.name == *"AttributeValue");
    value.and_then(Element::text).unwrap()
}

fn refused(envelope: &str) -> &'static str {
    believed(envelope).expect_err("believed").code()
}

#[test]
fn what_another_library_signed_is_believed() {
    assert_eq!(believed(&message(&file("good.xml"))).unwrap(), "Dr. Yamada");
    assert_eq!(believed(&file("soap.xml")).unwrap(), "Dr. Yamada");
}

#[test]
fn a_comment_in_a_text_cuts_nothing_off() {
    assert!(file("comment.xml").contains("<!--"));
    assert_eq!(
        believed(&message(&file("comment.xml"))).unwrap(),
        "Dr. Yamada"
    );
}

#[test]
fn the_cases_of_the_collection_that_have_to_be_refused() {
    for (name, code) in [
        ("evil.xml", "SAM-006"),
        ("tamper.xml", "SAM-006"),
        ("xsw.xml", "SAM-003"),
        ("dupid.xml", "SAM-003"),
    ] {
        let text = file(name);
        let inner = text
            .trim()
            .strip_prefix("<r>")
            .and_then(|t| t.strip_suffix("</r>"));
        assert_eq!(refused(&message(inner.unwrap_or(&text))), code, "{name}");
    }
    let error = dsig::parse(file("xxe.xml").as_bytes(), &LIMITS, None).unwrap_err();
    assert_eq!(error.code(), "XML-004");
}

/// The parts of the genuine assertion that the wrapping attacks move about.
struct Parts {
    genuine: String,
    unsigned: String,
    signature: String,
    forged: String,
}

fn parts() -> Parts {
    let genuine = file("good.xml");
    let from = genuine.find("<ds:Signature ").unwrap();
    let to = genuine.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = genuine[from..to].to_owned();
    let unsigned = genuine.replace(&signature, "");
    let forged = unsigned
        .replace("Yamada", "Mallory")
        .replace("\"_a1\"", "\"_f1\"");
    Parts {
        genuine,
        unsigned,
        signature,
        forged,
    }
}

/// Puts `inner` into an element before its end tag.
fn within(outer: &str, inner: &str) -> String {
    let at = outer.rfind("</").unwrap();
    format!("{}{inner}{}", &outer[..at], &outer[at..])
}

#[test]
fn the_whole_wrapping_family_is_refused() {
    let Parts {
        genuine,
        unsigned,
        signature,
        forged,
    } = parts();
    let security =
        |inner: &str| format!("<w:Security xmlns:w=\"{}\">{inner}</w:Security>", WSSE.uri);
    let holder = |inner: &str| format!("<x:Extensions xmlns:x=\"urn:x\">{inner}</x:Extensions>");
    let object = |inner: &str| {
        let object = format!(
            "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{inner}</ds:Object>"
        );
        within(&signature, &object)
    };
    let same_id = forged.replace("\"_f1\"", "\"_a1\"");
    let family = [
        // 1: the forged one around the genuine one, which stands inside the signature.
        (
            "XSW1",
            message(&within(&forged, &within(&signature, &unsigned))),
        ),
        // 2: the signature detached, before the genuine one that it is of; both in the forged one.
        (
            "XSW2",
            message(&within(&forged, &format!("{signature}{unsigned}"))),
        ),
        // 3 and its mirror: side by side.
        ("XSW3", message(&format!("{forged}{genuine}"))),
        ("XSW3 after", message(&format!("{genuine}{forged}"))),
        // 4: the genuine one as a child of the forged one.
        ("XSW4", message(&within(&forged, &genuine))),
        // 5: the signature in the forged one, the genuine one beside it.
        (
            "XSW5",
            message(&format!("{}{unsigned}", within(&forged, &signature))),
        ),
        // 6: the forged one with the signature that has the genuine one inside.
        (
            "XSW6",
            message(&within(&forged, &within(&signature, &unsigned))),
        ),
        // 7: the forged one under the id of the genuine one, out of sight of a schema.
        ("XSW7", message(&format!("{}{genuine}", holder(&same_id)))),
        // 8: the genuine one inside an Object of the signature of the forged one.
        ("XSW8", message(&within(&same_id, &object(&unsigned)))),
        (
            "two headers",
            in_envelope(&format!("{}{}", security(&forged), security(&genuine)), ""),
        ),
        (
            "signed in another header",
            in_envelope(&format!("{}{}", security(&forged), holder(&genuine)), ""),
        ),
        (
            "signed in the body",
            in_envelope(&security(&forged), &genuine),
        ),
        ("only in the body", in_envelope("", &genuine)),
        (
            "one level down",
            in_envelope(&security(&holder(&genuine)), ""),
        ),
    ];
    for (name, envelope) in &family {
        let code = refused(envelope);
        assert!(
            matches!(code, "SAM-001" | "SAM-003" | "SAM-004"),
            "{name}: {code}"
        );
    }
}

#[test]
fn a_signature_of_another_form_is_refused() {
    let genuine = file("good.xml");
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let transform = format!("<ds:Transform Algorithm=\"{exclusive}\"/>");
    for (from, to, code) in [
        (
            "xmldsig-more#rsa-sha256",
            "xmldsig-more#hmac-sha256",
            "SAM-005",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "SAM-005",
        ),
        (
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2000/09/xmldsig#sha1",
            "SAM-005",
        ),
        ("#enveloped-signature", "#base64", "SAM-005"),
        (&transform, "", "SAM-003"),
        (&transform, &format!("{transform}{transform}"), "SAM-003"),
        (
            exclusive,
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            "SAM-005",
        ),
        ("URI=\"#_a1\"", "URI=\"\"", "SAM-003"),
        (
            "URI=\"#_a1\"",
            "URI=\"http://elsewhere.example/a\"",
            "SAM-003",
        ),
        ("<ds:SignatureValue>", "<ds:SignatureValue>!", "SAM-003"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", "SAM-006"),
        ("<ds:SignedInfo>", "<ds:SignedInfo Id=\"_a1\">", "SAM-003"),
        (
            "</ds:Signature>",
            "</ds:Signature><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
            "SAM-003",
        ),
        ("<saml2:Issuer>", "<?x y?><saml2:Issuer>", "XML-003"),
        ("_a1\" IssueInstant", "_a2\" IssueInstant", "SAM-003"),
    ] {
        assert!(genuine.contains(from), "{from}");
        let changed = genuine.replacen(from, to, 1);
        assert_eq!(refused(&message(&changed)), code, "{from} -> {to}");
    }
}

#[test]
fn every_changed_character_of_the_content_is_found() {
    let genuine = file("good.xml");
    let from = genuine.find("<saml2:Subject>").unwrap();
    for (at, c) in genuine
        .char_indices()
        .filter(|(at, c)| *at >= from && c.is_ascii_alphanumeric())
    {
        let other = if c == 'x' { "y" } else { "x" };
        let changed = format!("{}{other}{}", &genuine[..at], &genuine[at + 1..]);
        assert!(believed(&message(&changed)).is_err(), "byte {at}");
    }
}

#[test]
fn bombs_of_xml_are_refused() {
    let many: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(refused(&message(&format!("<x{many}/>"))), "XML-006");
    let spaces: String = (0..100_000).map(|n| format!(" xmlns:a{n}=\"u\"")).collect();
    assert_eq!(refused(&message(&format!("<x{spaces}/>"))), "XML-006");
    let deep = format!("{}{}", "<x>".repeat(100_000), "</x>".repeat(100_000));
    assert_eq!(refused(&message(&deep)), "XML-005");
    assert_eq!(refused(&message(&"<x/>".repeat(100_000))), "XML-006");
    let bomb = "<!DOCTYPE b [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>";
    assert_eq!(refused(&format!("{bomb}{}", message("&b;"))), "XML-004");
    assert_eq!(refused(&message("&b;")), "XML-004");
}

#[test]
fn assertions_of_running_networks_are_believed_or_refused_for_a_reason() {
    // Norwegian tokens as sent, with their line breaks: the certificate inside is only looked at here.
    let sample =
        std::fs::read_to_string(shared("ihe/samples/balp-saml/SAML_KJ_20220203.txt")).unwrap();
    let root = dsig::parse(sample.as_bytes(), &LIMITS, None).unwrap();
    let certificate = root.every().find(|e| *e.name == *"X509Certificate");
    let text: String = certificate
        .and_then(Element::text)
        .unwrap()
        .split_whitespace()
        .collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    let key = VerifyingKey::from_certificate(&der).unwrap();
    let found = dsig::verify(&root, &[key])
        .map(|_| ())
        .map_err(|e| e.code());
    // The sample was laid out anew after it was signed, so its digest cannot hold.
    assert_eq!(found, Err("SAM-006"));
}
