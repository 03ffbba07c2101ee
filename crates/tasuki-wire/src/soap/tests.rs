use super::*;
use crate::xml::{Document, document, read};

const HEAD: &str = "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
    xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header>";

fn message(headers: &str, body: &str) -> Vec<u8> {
    format!("{HEAD}{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>").into_bytes()
}

const ASKED: &str = "<a:Action s:mustUnderstand='1'> urn:ihe:iti:2007:RegistryStoredQuery\n</a:Action>
    <a:MessageID>urn:uuid:1</a:MessageID><a:To>https://x/</a:To>
    <a:ReplyTo><a:Address>https://reply/</a:Address><a:ReferenceParameters><r:R xmlns:r='urn:r'>7</r:R>
    </a:ReferenceParameters></a:ReplyTo>";

fn code(bytes: &[u8]) -> &'static str {
    Envelope::decode(bytes).unwrap_err().code()
}

#[test]
fn a_message_is_taken_apart() {
    let security = "<w:Security xmlns:w='urn:w' s:mustUnderstand='true'/>\
        <o:Other xmlns:o='urn:o' s:mustUnderstand='0'/>\
        <p:Proxy xmlns:p='urn:p' s:mustUnderstand='1' s:role='urn:somebody'/>";
    let bytes = message(&format!("{ASKED}{security}"), "\n<q:Q xmlns:q='urn:q'/>\n");
    let envelope = Envelope::decode(&bytes).unwrap();
    let addressing = &envelope.addressing;
    assert_eq!(addressing.action, "urn:ihe:iti:2007:RegistryStoredQuery");
    assert_eq!(addressing.message_id.as_deref(), Some("urn:uuid:1"));
    let elsewhere = addressing.reply_elsewhere().unwrap();
    assert_eq!(elsewhere.address, "https://reply/");
    assert_eq!(addressing.fault_elsewhere(), Some(elsewhere));
    assert_eq!(
        (&*envelope.body.namespace, &*envelope.body.name),
        ("urn:q", "Q")
    );
    let names: Vec<_> = envelope.headers.iter().map(|h| &*h.element.name).collect();
    assert_eq!(names, ["Security", "Other"]);
    let wanting: Vec<_> = envelope.not_understood(&[]).map(|e| &*e.name).collect();
    assert_eq!(wanting, ["Security"]);
    assert_eq!(envelope.not_understood(&[("urn:w", "Security")]).count(), 0);
    assert_eq!(envelope.all("urn:o", "Other").count(), 1);
}

#[test]
fn what_is_no_message_has_a_code() {
    assert_eq!(code(b"<a/>"), "SOP-001");
    assert_eq!(
        code(b"<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>"),
        "SOP-002"
    );
    let action = "<a:Action>urn:x</a:Action>";
    assert_eq!(code(&message(action, "")), "SOP-003");
    assert_eq!(code(&message(action, "<x/><y/>")), "SOP-003");
    assert_eq!(code(&message(action, "text")), "SOP-003");
    assert_eq!(
        code(&message(&format!("{action}<plain/>"), "<x/>")),
        "SOP-003"
    );
    let odd = format!("{action}<o:O xmlns:o='urn:o' s:mustUnderstand='maybe'/>");
    assert_eq!(code(&message(&odd, "<x/>")), "SOP-003");
    assert_eq!(
        code(format!("{HEAD}</s:Header></s:Envelope>").as_bytes()),
        "SOP-003"
    );
    assert_eq!(code(&message("", "<x/>")), "SOP-004");
    for twice in [
        "<a:Action>urn:x</a:Action>",
        "<a:MessageID>urn:uuid:2</a:MessageID><a:MessageID>urn:uuid:2</a:MessageID>",
        "<a:ReplyTo/>",
        "<a:ReplyTo><a:Address>a</a:Address><a:Address>b</a:Address></a:ReplyTo>",
        "<a:To> </a:To>",
        "<a:ReplyTo><a:Address>a</a:Address><a:ReferenceParameters><a:Action>urn:y</a:Action>\
         </a:ReferenceParameters></a:ReplyTo>",
        "<a:ReplyTo><a:Address>a</a:Address><a:ReferenceParameters>\
         <r:R xmlns:r='urn:r' s:mustUnderstand='maybe'/></a:ReferenceParameters></a:ReplyTo>",
        "<a:FaultTo><a:Address>a</a:Address><a:ReferenceParameters><plain/>\
         </a:ReferenceParameters></a:FaultTo>",
    ] {
        assert_eq!(
            code(&message(&format!("{action}{twice}"), "<x/>")),
            "SOP-005",
            "{twice}"
        );
    }
    assert_eq!(code(b"<!DOCTYPE x><x/>"), "XML-004");
    let deep = format!("{}{}", "<x>".repeat(65), "</x>".repeat(65));
    assert_eq!(code(&message(action, &deep)), "XML-005");
    let many: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
    assert_eq!(code(&message(action, &format!("<x{many}/>"))), "XML-006");
}

#[test]
fn an_answer_goes_where_it_was_asked_for() {
    let asked = Envelope::decode(&message(ASKED, "<x/>")).unwrap();
    let body = document(crate::xml::Namespace::new("q", "urn:q"), "A", |a| {
        a.text("&")
    });
    let reply = Reply::to(&asked.addressing, "urn:uuid:2").encode("urn:answer", &body);
    let answer = Envelope::decode(reply.as_str().as_bytes()).unwrap();
    let addressing = &answer.addressing;
    assert_eq!(addressing.action, "urn:answer");
    assert_eq!(addressing.to.as_deref(), Some("https://reply/"));
    assert_eq!(addressing.relates_to, ["urn:uuid:1"]);
    let parameter = answer.all("urn:r", "R").next().unwrap();
    assert_eq!(
        (
            parameter.text().as_str(),
            parameter.attributes[0].value.as_str()
        ),
        ("7", "true")
    );
    assert_eq!(answer.body.text(), "&");
    assert_eq!(answer.fault(), None);
}

#[test]
fn a_fault_says_in_both_languages_what_to_change() {
    let asked = Envelope::decode(&message(ASKED, "<x/>")).unwrap();
    let both = |ja: &str, en: &str| {
        let pair = |language: &str, text: &str| (language.to_owned(), text.to_owned());
        vec![pair("ja", ja), pair("en", en)]
    };
    let mut fault = Fault::new(
        FaultCode::Sender,
        both("宛先が違います", "wrong endpoint"),
        Problem {
            code: "SOP-104".to_owned(),
            place: "wsa:ReplyTo".to_owned(),
            advice: both("登録された宛先を使う", "use a registered endpoint"),
        },
    );
    fault.subcode = Some(Subcode::addressing("InvalidAddressingHeader"));
    fault.not_understood = vec![("urn:w".to_owned(), "Security".to_owned())];
    let written = Reply::to(&asked.addressing, "urn:uuid:2").fault(&fault);
    let answer = Envelope::decode(written.as_str().as_bytes()).unwrap();
    assert_eq!(answer.addressing.action, ADDRESSING_FAULT);
    let read = answer.fault().unwrap();
    assert_eq!(
        (read.code, read.reasons),
        (fault.code, fault.reasons.clone())
    );
    assert_eq!(read.problem, fault.problem);
    assert_eq!(read.subcodes, ["InvalidAddressingHeader"]);
    let named = answer.all(SOAP.uri, "NotUnderstood").next().unwrap();
    assert_eq!(named.attribute("qname"), Some("h:Security"));
    let unread = Reply::unread("urn:uuid:3").fault(&fault);
    let unread = Envelope::decode(unread.as_str().as_bytes()).unwrap();
    assert_eq!(unread.addressing.to.as_deref(), Some(ANONYMOUS));
    assert!(unread.addressing.relates_to.is_empty());
}

#[test]
fn a_signed_header_is_sent_byte_for_byte() {
    let assertion = "<saml:Assertion xmlns:saml='urn:saml' ID='_1' ><saml:X/></saml:Assertion>";
    let header = Document::check(assertion.as_bytes(), &LIMITS).unwrap();
    let body = document(crate::xml::Namespace::NONE, "x", |x| drop(x));
    let outgoing = Outgoing {
        headers: &[header],
        ..Outgoing::request("urn:x", "urn:uuid:1", "https://x/", &body)
    };
    let written = outgoing.encode();
    assert!(written.as_str().contains(assertion));
    assert!(read(written.as_str().as_bytes(), &LIMITS).is_ok());
}

#[test]
fn the_halves_around_a_body_are_the_envelope() {
    let body = crate::xml::document(crate::xml::Namespace::NONE, "x", |x| x.text("<&"));
    let message = Outgoing::request("urn:act", "urn:uuid:1", "https://a.example.jp", &body);
    let (before, after) = message.around();
    let whole = [before.as_str(), body.as_str(), after.as_str()].concat();
    assert_eq!(whole, message.encode().as_str());
    assert!(before.ends_with(":Body>"), "{before}");
}
