//! Any bytes as a message with an assertion, or put into one: refused with a code. None of them can
//! be signed, so nothing may be believed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use tasuki_model::Instant;
use tasuki_wire::saml::{SigningKey, Trust, VerifyingKey, verify, verify_alone};

const MESSAGE: &str = r##"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>
<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="x" Version="2.0"><a:Issuer>i</a:Issuer>
<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:SignedInfo>
<d:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<d:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<d:Reference URI="#x"><d:Transforms>
<d:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<d:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></d:Transforms>
<d:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><d:DigestValue>AA==</d:DigestValue>
</d:Reference></d:SignedInfo><d:SignatureValue>AA==</d:SignatureValue></d:Signature>
<a:Subject><a:NameID>n</a:NameID></a:Subject></a:Assertion></w:Security></s:Header><s:Body/></s:Envelope>"##;

static NO_KEYS: LazyLock<Vec<VerifyingKey>> = LazyLock::new(Vec::new);

fn never_believed(bytes: &[u8]) {
    let trust = Trust {
        issuer: "i",
        home: "1.2.3",
        keys: &NO_KEYS,
        audiences: &["a"],
        skew_seconds: 60,
    };
    let now = Instant::from_micros(0);
    assert!(verify(bytes, &trust, now).is_err());
    assert!(verify_alone(bytes, &trust, now).is_err());
}

fuzz_target!(|bytes: &[u8]| {
    never_believed(bytes);
    // The same bytes in the place of some of a message that is right in form.
    if let [a, b, length, rest @ ..] = bytes {
        let from = usize::from(u16::from_be_bytes([*a, *b])) % MESSAGE.len();
        let to = (from + usize::from(*length)).min(MESSAGE.len());
        let text = MESSAGE.as_bytes();
        never_believed(&[&text[..from], rest, &text[to..]].concat());
    }
    let _ = VerifyingKey::from_certificate(bytes);
    let _ = SigningKey::from_pkcs8(bytes);
});
