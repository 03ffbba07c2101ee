//! Frames and messages of others, and what is no such thing.

use super::syslog::{FRAME_BYTES_MAX, frame, message, take};
use super::*;
use std::path::Path;
use tasuki_model::Instant;

fn sample(name: &str) -> Vec<u8> {
    let folder = "../../../shared/data/ihe/samples/ipf/fhir-audit/commons/ihe/fhir/r4/audit/src/test/resources";
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join(name),
    )
    .unwrap()
}

#[test]
fn messages_of_other_systems_are_read() {
    let read = Message::decode(&sample("atna-record-2.xml")).unwrap();
    assert_eq!((&*read.event.code, &*read.event.system), ("110107", "DCM"));
    assert_eq!((&*read.types[0].code, read.action), ("ITI-43", 'C'));
    assert_eq!(read.purposes[0].code, "NORM");
    assert_eq!(read.participants.len(), 4);
    assert_eq!(
        read.participants[1].access,
        Some(Access::Address("10.0.1.42".into()))
    );
    let requestors: Vec<bool> = read.participants.iter().map(|p| p.requestor).collect();
    assert_eq!(requestors, [false, false, false, true]);
    assert_eq!(read.objects[0].details[0].value, b"2.16.756.4.5.6");
    assert_eq!(
        read.objects[1].id,
        "PATIENT1^^^&2.16.756.5.30.1.191.1.0.2.1&ISO"
    );
    for name in ["atna-record-1.xml", "audit-message-iti55.xml"] {
        let read = Message::decode(&sample(name)).unwrap();
        assert_eq!(
            Message::decode(read.encode().as_str().as_bytes()).unwrap(),
            read,
            "{name}"
        );
    }
}

#[test]
fn what_is_no_audit_message_is_refused() {
    let text = String::from_utf8(sample("atna-record-2.xml")).unwrap();
    let code = |text: &str| Message::decode(text.as_bytes()).unwrap_err().code();
    assert_eq!(code("<Audit/>"), "ATN-001");
    assert_eq!(code("no XML"), "XML-003");
    for (from, to) in [
        ("<EventID ", "<Event "),
        ("EventOutcomeIndicator=\"0\"", "EventOutcomeIndicator=\"1\""),
        ("EventActionCode=\"C\"", "EventActionCode=\"X\""),
        ("2025-01-21T11:05:39.3842263+01:00", "yesterday"),
        ("<AuditSourceIdentification ", "<Source "),
        ("UserID=\"https", "User=\"https"),
        ("Mi4xNi43NTYuNC41LjY=", "!"),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(code(&text.replacen(from, to, 1)), "ATN-001", "{from}");
    }
}

#[test]
fn a_frame_is_found_however_the_bytes_come() {
    let text = "<AuditMessage>長い</AuditMessage>";
    let both = [
        frame(Instant::from_micros(0), "node 1", text),
        frame(Instant::from_micros(0), "", "b"),
    ]
    .concat();
    assert!(both.starts_with(
        b"95 <85>1 1970-01-01T00:00:00Z node1 tasuki - IHE+RFC-3881 - \xEF\xBB\xBF<A"
    ));
    let (mut buffer, mut found) = (Vec::new(), Vec::new());
    for byte in both {
        buffer.push(byte);
        while let Some(frame) = take(&mut buffer).unwrap() {
            found.push(String::from_utf8(message(&frame).unwrap().to_vec()).unwrap());
        }
    }
    assert_eq!(found, [text, "b"]);
    assert!(buffer.is_empty());
}

#[test]
fn what_is_no_frame_is_refused_before_it_is_held() {
    let code = |bytes: &[u8]| take(&mut bytes.to_vec()).unwrap_err().code();
    assert_eq!(code(b"<85>1 - - - - - - x"), "ATN-002");
    assert_eq!(code(b"012345678"), "ATN-002");
    assert_eq!(code(b"0 x"), "ATN-002");
    assert_eq!(
        code(format!("{} x", FRAME_BYTES_MAX + 1).as_bytes()),
        "ATN-003"
    );
    assert_eq!(take(&mut b"123".to_vec()), Ok(None));
    let code = |frame: &[u8]| message(frame).map(<[u8]>::to_vec).map_err(|e| e.code());
    assert_eq!(code(b"<85>1 - h a - m - x"), Ok(b"x".to_vec()));
    assert_eq!(
        code(b"<85>1 - h a - m [a@1 b=\"]\\\"\"][c@1] \xEF\xBB\xBFx"),
        Ok(b"x".to_vec())
    );
    for bad in [
        &b"<85>2 - h a - m - x"[..],
        b"<85>1 - h",
        b"<85>1 - h a - m x",
        b"",
    ] {
        assert_eq!(code(bad), Err("ATN-002"));
    }
}
