//! A community that does not answer, or not to us.

use super::{Asker, Other, PATIENT, community, named, visit};
use tasuki_core::audit::Ending;
use tasuki_core::{Code, SourceState};
use tasuki_ihe::gateway::NoAnswer;
use tasuki_ihe::iti38::ask;
use tasuki_model::Instant;

fn refused(asker: &Asker) -> NoAnswer {
    let patient = named(PATIENT.to_owned());
    ask(&asker.gateway, &community(), &patient, &visit()).unwrap_err()
}

#[test]
fn one_that_is_away_is_asked_three_times_and_then_left_alone() {
    let asker = Asker::new(Other::new(|_| Err(Code::PeerLate)));
    let noon = Instant::from_micros(1_783_911_600_000_000);
    for _ in 0..3 {
        let no = refused(&asker);
        assert_eq!((no.code, no.since), (Code::PeerLate, Some(noon)));
    }
    let no = refused(&asker);
    assert_eq!(no.code, Code::PeerLeftAlone);
    let since = SourceState::Unavailable { since: noon };
    assert_eq!(no.state(noon.plus_seconds(9)), since);
    let events = asker.events();
    assert_eq!(asker.other.asked.lock().unwrap().len(), 3);
    assert_eq!(events.len(), 3, "one event for each that left");
    assert!(events.iter().all(|e| e.ending == Ending::Fault));
}

#[test]
fn an_answer_to_another_request_is_not_used() {
    let mut other = Other::new(|_| Ok(("<x/>".to_owned(), Vec::new())));
    other.relates_to = Some("urn:uuid:somebody-elses");
    assert_eq!(refused(&Asker::new(other)).code, Code::AnswerUnrelated);
}

#[test]
fn one_that_rejects_us_is_not_in_trouble() {
    let fault = "<s:Fault xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Code>\
                 <s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>no</s:Text>\
                 </s:Reason></s:Fault>";
    let asker = Asker::new(Other::new(move |_| Ok((fault.to_owned(), Vec::new()))));
    for _ in 0..5 {
        let no = refused(&asker);
        assert_eq!(no.code, Code::PeerRejectsUs);
        assert_eq!(no.state(Instant::from_micros(0)), SourceState::Refused);
    }
    assert!(asker.events().iter().all(|e| e.ending == Ending::Refused));
}

#[test]
fn garbage_says_nothing_of_what_it_held() {
    let asker = Asker::new(Other::new(|_| Ok(("<x>花子</x>".to_owned(), Vec::new()))));
    let no = refused(&asker);
    assert_eq!(no.code, Code::AnswerGarbled);
    assert!(!no.what.contains("花子"), "{}", no.what);
}

#[test]
fn what_the_directory_names_no_endpoint_for_is_not_asked() {
    let asker = Asker::new(Other::new(|_| panic!("asked")));
    let mut community = community();
    community.endpoints.clear();
    let patient = named(PATIENT.to_owned());
    let no = ask(&asker.gateway, &community, &patient, &visit()).unwrap_err();
    assert_eq!(no.state(Instant::from_micros(0)), SourceState::NotAsked);
    assert!(asker.events().is_empty());
}
