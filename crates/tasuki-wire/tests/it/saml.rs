//! Assertions between us and the libraries of others (signxml, xmlsec1), and what one has to say.
//! The unsigned assertion is written out here by hand.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tasuki_model::Instant;
use tasuki_wire::saml::{
    Assertion, Concept, Issuing, SigningKey, Trust, VerifyingKey, issue, security_header, verify,
    verify_alone,
};

const PLACEHOLDER: &str =
    "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"placeholder\"/>";

/// An assertion of 2026-11-22T00:00:00Z for five minutes.
const UNSIGNED: &str = r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    Version="2.0" IssueInstant="2026-11-22T00:00:00Z" ID="_a1">
  <saml:Issuer>urn:east</saml:Issuer>@signature@
  <saml:Subject><saml:NameID>d1</saml:NameID>
    <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml:Subject>
  <saml:Conditions NotBefore="2026-11-22T00:00:00Z" NotOnOrAfter="2026-11-22T00:05:00Z">
    <saml:AudienceRestriction><saml:Audience>urn:oid:1.2.9</saml:Audience></saml:AudienceRestriction>
  </saml:Conditions>
  <saml:AuthnStatement AuthnInstant="2026-11-21T23:30:00Z"><saml:AuthnContext>
    <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
  </saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement>
    <saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:subject-id">
      <saml:AttributeValue xsi:type="xs:string">山田 &amp; 花子</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:organization">
      <saml:AttributeValue>東部病院</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:organization-id">
      <saml:AttributeValue>urn:oid:1.2.3.4</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:ihe:iti:xca:2010:homeCommunityId">
      <saml:AttributeValue>urn:oid:1.2.3</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role"><saml:AttributeValue>
      <Role xmlns="urn:hl7-org:v3" xsi:type="CE" code="Medical Doctor" codeSystem="1.2.392.100495.1.6.1.1"
        displayName="医師"/></saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"><saml:AttributeValue>
      <PurposeOfUse xmlns="urn:hl7-org:v3" xsi:type="CE" code="TREAT" codeSystem="2.16.840.1.113883.5.8"/>
    </saml:AttributeValue></saml:Attribute>
  </saml:AttributeStatement>
</saml:Assertion>"#;

fn unsigned() -> String {
    UNSIGNED.replace("@signature@", PLACEHOLDER)
}

/// 2026-11-22T00:00:00Z and so many seconds.
fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_795_305_600_000_000).plus_seconds(seconds)
}

fn run(command: &mut Command, input: &str) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The library signxml, in the Python environment that the workshop makes (`cargo xtask setup`).
fn signxml(arguments: &[&str], input: &str) -> Result<String, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("peers/bin/python");
    assert!(
        python.exists(),
        "{}: run cargo xtask setup",
        python.display()
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/saml.py");
    run(Command::new(python).arg(script).args(arguments), input)
}

fn xmlsec(arguments: &[&str], input: &str) -> Result<String, String> {
    let id = "--id-attr:ID";
    let assertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
    let (mode, rest) = arguments.split_first().unwrap();
    let mut command = Command::new("xmlsec1");
    run(
        command.arg(mode).args([id, assertion]).args(rest).arg("-"),
        input,
    )
}

/// Keys and certificates that openssl made, of two kinds.
struct Keys {
    folder: PathBuf,
}

impl Keys {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("saml-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (kind, how) in [("rsa", "rsa:2048"), ("ecdsa", "ec"), ("other", "ec")] {
            let mut openssl = Command::new("openssl");
            openssl.args([
                "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=sts", "-newkey", how,
            ]);
            if how == "ec" {
                openssl.args(["-pkeyopt", "ec_paramgen_curve:P-256"]);
            }
            openssl
                .arg("-keyout")
                .arg(folder.join(format!("{kind}.key")));
            openssl.arg("-out").arg(folder.join(format!("{kind}.pem")));
            run(&mut openssl, "").unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn der(&self, name: &str) -> Vec<u8> {
        use base64::Engine;
        let pem = std::fs::read_to_string(self.path(name)).unwrap();
        let text: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap()
    }

    fn public(&self, kind: &str) -> VerifyingKey {
        VerifyingKey::from_certificate(&self.der(&format!("{kind}.pem"))).unwrap()
    }

    fn signed(&self, unsigned: &str) -> String {
        let (key, pem) = (self.path("rsa.key"), self.path("rsa.pem"));
        signxml(&["sign", &key, &pem, "rsa-sha256"], unsigned).unwrap()
    }
}

fn trust(keys: &[VerifyingKey]) -> Trust<'_> {
    Trust {
        issuer: "urn:east",
        home: "1.2.3",
        keys,
        audiences: &["https://west.example/xca", "urn:oid:1.2.9"],
        skew_seconds: 60,
    }
}

fn ours() -> Assertion {
    Assertion {
        id: "_b2".into(),
        issuer: "urn:east".into(),
        issued: at(0),
        not_before: at(0),
        not_on_or_after: at(300),
        audiences: vec!["urn:oid:1.2.9".into()],
        name_id: "d1".into(),
        authenticated: at(-1_800),
        authentication: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password".into(),
        subject_id: "山田 & \"花子\"\r\n\t<医師>".into(),
        organisation: "東部病院".into(),
        organisation_id: "urn:oid:1.2.3.4".into(),
        home: Some("1.2.3".into()),
        role: Concept {
            code: "Medical Doctor".into(),
            system: "1.2.392.100495.1.6.1.1".into(),
            system_name: "hcRole".into(),
            text: "医師".into(),
        },
        purpose: Concept {
            code: "TREAT".into(),
            system: "2.16.840.1.113883.5.8".into(),
            system_name: String::new(),
            text: String::new(),
        },
        patient: Some("1^^^&1.2.3&ISO".into()),
    }
}

#[test]
fn signatures_of_signxml_are_believed() {
    let keys = Keys::new("signxml");
    for (kind, algorithm) in [("rsa", "rsa-sha256"), ("ecdsa", "ecdsa-sha256")] {
        let (key, pem) = (
            keys.path(&format!("{kind}.key")),
            keys.path(&format!("{kind}.pem")),
        );
        let signed = signxml(&["sign", &key, &pem, algorithm], &unsigned()).unwrap();
        let believed = verify_alone(signed.as_bytes(), &trust(&[keys.public(kind)]), at(10));
        let assertion = believed.unwrap();
        assert_eq!(assertion.subject_id, "山田 & 花子");
        assert_eq!(assertion.home.as_deref(), Some("1.2.3"));
        assert_eq!(assertion.role.code, "Medical Doctor");
        assert_eq!(assertion.audit_name(), "<d1@urn:east>");
        let other = verify_alone(signed.as_bytes(), &trust(&[keys.public("other")]), at(10));
        assert!(matches!(other.unwrap_err().code(), "SAM-005" | "SAM-006"));
    }
}

#[test]
fn signatures_of_xmlsec1_are_believed() {
    let keys = Keys::new("xmlsec");
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    for (kind, method, prefixes) in [
        ("rsa", "rsa-sha512", ""),
        ("rsa", "rsa-sha384", "xs xsi"),
        ("rsa", "rsa-sha256", "#default saml ds"),
        ("ecdsa", "ecdsa-sha256", "none-of-them xs"),
    ] {
        let list =
            format!("<e:InclusiveNamespaces xmlns:e=\"{exclusive}\" PrefixList=\"{prefixes}\"/>");
        let list = if prefixes.is_empty() { "" } else { &list };
        let template = format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"{exclusive}\">{list}</ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{method}\"/>\
             <ds:Reference URI=\"#_a1\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
             <ds:Transform Algorithm=\"{exclusive}\">{list}</ds:Transform></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"/><ds:DigestValue/>\
             </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>",
        );
        let unsigned = UNSIGNED.replace("@signature@", &template);
        let key = keys.path(&format!("{kind}.key"));
        let signed = xmlsec(&["--sign", "--privkey-pem", &key], &unsigned).unwrap();
        let believed = verify_alone(signed.as_bytes(), &trust(&[keys.public(kind)]), at(10));
        assert_eq!(believed.unwrap().organisation, "東部病院", "{method}");
    }
}

#[test]
fn what_we_sign_is_believed_by_xmlsec1_signxml_and_us() {
    let keys = Keys::new("ours");
    for kind in ["rsa", "ecdsa"] {
        let key = SigningKey::from_pkcs8(&keys.der(&format!("{kind}.key"))).unwrap();
        let certificate = keys.der(&format!("{kind}.pem"));
        let with = Issuing {
            key: &key,
            certificate: Some(&certificate),
        };
        let mut assertion = ours();
        let issued = issue(&assertion, &with).unwrap();
        let pem = keys.path(&format!("{kind}.pem"));
        xmlsec(&["--verify", "--pubkey-cert-pem", &pem], issued.as_str()).unwrap();
        let tag = signxml(&["verify", &pem], issued.as_str()).unwrap();
        assert_eq!(
            tag.trim(),
            "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"
        );
        // In a message, behind the header that carries it.
        let envelope = in_message(security_header(&issued).as_str());
        let public = [keys.public("other"), keys.public(kind)];
        let believed = verify(envelope.as_bytes(), &trust(&public), at(0));
        assertion.subject_id = assertion.subject_id.replace(['\r', '\n', '\t'], "?");
        // Controls are not taken in a name, whoever signed them.
        assert_eq!(believed.unwrap_err().code(), "SAM-002");
        assertion.subject_id = "山田 花子".into();
        let issued = issue(&assertion, &with).unwrap();
        let envelope = in_message(security_header(&issued).as_str());
        assert_eq!(
            verify(envelope.as_bytes(), &trust(&public), at(0)).unwrap(),
            assertion
        );
    }
}

fn in_message(header: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\">\
         <soap:Header>{header}</soap:Header><soap:Body><x/></soap:Body></soap:Envelope>"
    )
}

#[test]
fn a_clock_five_minutes_off_is_told_with_the_seconds() {
    let keys = Keys::new("clock");
    let signed = keys.signed(&unsigned());
    let public = [keys.public("rsa")];
    let seen = |seconds| verify_alone(signed.as_bytes(), &trust(&public), at(seconds));
    assert!(seen(-60).is_ok() && seen(0).is_ok() && seen(359).is_ok());
    let early = seen(-300).unwrap_err();
    assert_eq!(
        (early.code(), early.to_string().contains("300 s")),
        ("SAM-008", true)
    );
    let expired = seen(600).unwrap_err();
    assert_eq!(
        (expired.code(), expired.to_string().contains("300 s")),
        ("SAM-009", true)
    );
    assert_eq!(seen(360).unwrap_err().code(), "SAM-009");
}

#[test]
fn a_valid_assertion_of_somebody_else_is_refused() {
    let keys = Keys::new("else");
    let signed = keys.signed(&unsigned());
    let public = [keys.public("rsa")];
    let seen = |trust: &Trust<'_>| {
        verify_alone(signed.as_bytes(), trust, at(10))
            .unwrap_err()
            .code()
    };
    let base = trust(&public);
    assert_eq!(
        seen(&Trust {
            issuer: "urn:north",
            ..base
        }),
        "SAM-007"
    );
    assert_eq!(
        seen(&Trust {
            home: "1.2.4",
            ..base
        }),
        "SAM-012"
    );
    assert_eq!(
        seen(&Trust {
            audiences: &["urn:oid:1.2.10"],
            ..base
        }),
        "SAM-011"
    );
    assert_eq!(seen(&Trust { keys: &[], ..base }), "SAM-006");
    assert_eq!(
        verify(b"<x/>", &base, at(10)).unwrap_err().code(),
        "SAM-001"
    );
    let nobody = in_message("");
    assert_eq!(
        verify(nobody.as_bytes(), &base, at(10)).unwrap_err().code(),
        "SAM-001"
    );
    let unsigned = UNSIGNED.replace("@signature@", "");
    assert_eq!(
        verify_alone(unsigned.as_bytes(), &base, at(10))
            .unwrap_err()
            .code(),
        "SAM-004"
    );
}

/// From the start tag of an element, or of the attribute of that name, to its end.
fn part(name: &str) -> &'static str {
    let element = UNSIGNED.find(&format!("<saml:{name}"));
    let (from, end) = match element {
        Some(from) => (from, format!("</saml:{name}>")),
        None => {
            let at = UNSIGNED.find(name).unwrap();
            let from = UNSIGNED[..at].rfind("<saml:Attribute ").unwrap();
            (from, "</saml:Attribute>".to_owned())
        }
    };
    let to = UNSIGNED[from..].find(&end).unwrap() + from + end.len();
    &UNSIGNED[from..to]
}

/// The code with which a signed assertion is refused in which `from` is `to`.
fn refused(keys: &Keys, from: &str, to: &str) -> Option<&'static str> {
    assert!(UNSIGNED.contains(from), "{from}");
    let signed = keys.signed(&unsigned().replacen(from, to, 1));
    let refused = verify_alone(signed.as_bytes(), &trust(&[keys.public("rsa")]), at(10));
    refused.err().map(|e| e.code())
}

/// The variants of the NIST plans: a second role, purpose, authentication context.
#[test]
fn what_is_said_twice_is_refused() {
    let keys = Keys::new("twice");
    for name in [
        "subject:role",
        "purposeofuse",
        "AuthnContext",
        "AuthnStatement",
        "AttributeStatement",
    ] {
        let twice = part(name).repeat(2);
        let code = refused(&keys, part(name), &twice);
        assert_eq!(code, Some("SAM-003"), "{name}");
    }
    let role = "<Role xmlns=\"urn:hl7-org:v3\"";
    let inside = format!("{role} code=\"x\" codeSystem=\"1\"/>{role}");
    assert_eq!(refused(&keys, role, &inside), Some("SAM-003"));
}

#[test]
fn what_is_not_said_at_all_is_refused() {
    let keys = Keys::new("missing");
    for name in [
        "AuthnStatement",
        "subject:role",
        "purposeofuse",
        "subject-id",
        "Subject",
        "Conditions",
        "AudienceRestriction",
    ] {
        assert_eq!(refused(&keys, part(name), ""), Some("SAM-002"), "{name}");
    }
}

#[test]
fn what_is_said_wrongly_is_refused() {
    let keys = Keys::new("wrongly");
    for (from, to, code) in [
        // The NIST variant of an invalid authentication statement, in each way it can be one.
        ("2026-11-21T23:30:00Z", "2026-11-23T00:00:00Z", "SAM-008"),
        ("2026-11-21T23:30:00Z", "yesterday", "SAM-002"),
        (
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            "password",
            "SAM-002",
        ),
        ("<PurposeOfUse ", "<Purpose ", "SAM-002"),
        (
            "<saml:AudienceRestriction>",
            "<saml:OneTimeUse/><saml:AudienceRestriction>",
            "SAM-002",
        ),
        ("cm:bearer", "cm:holder-of-key", "SAM-002"),
        ("2026-11-22T00:05:00Z", "2027-11-22T00:05:00Z", "SAM-010"),
        ("2026-11-22T00:05:00Z", "2026-11-21T00:05:00Z", "SAM-010"),
        ("Version=\"2.0\"", "Version=\"1.1\"", "SAM-002"),
        ("00:05:00Z", "00:05:00", "SAM-002"),
    ] {
        assert_eq!(refused(&keys, from, to), Some(code), "{from} -> {to}");
    }
}

#[test]
fn a_consent_that_stands_beside_is_no_harm() {
    let keys = Keys::new("consent");
    let more = "<saml:AttributeStatement><saml:Attribute Name=\"urn:ihe:iti:bppc:2007:docid\">\
                <saml:AttributeValue>urn:oid:1.2.3.5</saml:AttributeValue></saml:Attribute>";
    let signed = keys.signed(&unsigned().replacen("<saml:AttributeStatement>", more, 1));
    let believed = verify_alone(signed.as_bytes(), &trust(&[keys.public("rsa")]), at(10));
    assert_eq!(believed.unwrap().purpose.code, "TREAT");
}
