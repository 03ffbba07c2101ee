//! Any bytes as a SOAP message: an envelope within its limits, or refused with a code; what was read
//! can be answered, and the answer is a message again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::soap::{Envelope, Fault, FaultCode, Problem, Reply};
use tasuki_wire::xml::Document;

fuzz_target!(|bytes: &[u8]| {
    let Ok(envelope) = Envelope::decode(bytes) else {
        return;
    };
    let body = Document::of(&envelope.body);
    let reply = Reply::to(&envelope.addressing, "urn:uuid:1");
    let answer = reply.encode("urn:answer", &body);
    let read = Envelope::decode(answer.as_str().as_bytes()).map(|answer| answer.body);
    assert_eq!(read.as_ref(), Ok(&envelope.body));
    let fault = Fault::new(FaultCode::Sender, Vec::new(), Problem::default());
    let answer = reply.fault(&fault);
    assert!(Envelope::decode(answer.as_str().as_bytes()).is_ok_and(|a| a.fault().is_some()));
});
