//! ITI-39: the document that was asked for, as its entry describes it.

use super::{Asker, HOME, Other, PATIENT, community, named, visit};
use tasuki_core::Code;
use tasuki_core::ports::Incoming;
use tasuki_ihe::gateway::NoAnswer;
use tasuki_ihe::iti38::RemoteEntry;
use tasuki_ihe::iti39::{Fetched, ask};
use tasuki_model::CommunityId;
use tasuki_model::xds::DocumentEntry;

/// SHA-1 of `abc` (FIPS 180-4).
const ABC: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

fn wanted(n: usize) -> RemoteEntry {
    RemoteEntry {
        asked: CommunityId::new(HOME).unwrap(),
        home: CommunityId::new(HOME).unwrap(),
        entry: DocumentEntry {
            unique_id: Some(format!("1.2.3.99.8.{n}")),
            repository_id: Some("1.2.3.99.7".to_owned()),
            patient_id: Some(PATIENT.to_owned()),
            size: Some("3".to_owned()),
            hash: Some(ABC.to_ascii_uppercase()),
            ..DocumentEntry::default()
        },
    }
}

fn document(n: usize, content: &str) -> String {
    format!(
        "<x:DocumentResponse><x:HomeCommunityId>urn:oid:{HOME}</x:HomeCommunityId>\
         <x:RepositoryUniqueId>1.2.3.99.7</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>1.2.3.99.8.{n}</x:DocumentUniqueId><x:mimeType>text/plain</x:mimeType>\
         <x:Document>{content}</x:Document></x:DocumentResponse>"
    )
}

fn include(id: &str) -> String {
    format!("<i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' href='cid:{id}'/>")
}

fn response(documents: &str) -> String {
    format!(
        "<x:RetrieveDocumentSetResponse xmlns:x='urn:ihe:iti:xds-b:2007'>\
         <r:RegistryResponse xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0' \
         status='urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success'/>{documents}\
         </x:RetrieveDocumentSetResponse>"
    )
}

fn fetched(
    documents: String,
    parts: Vec<(&'static str, Vec<u8>)>,
) -> (Asker, Result<Vec<Fetched>, NoAnswer>) {
    let asker = Asker::new(Other::new(move |_| {
        Ok((response(&documents), parts.clone()))
    }));
    let wanted = named(vec![wanted(1), wanted(2)]);
    let fetched = ask(&asker.gateway, &community(), wanted, &visit());
    (asker, fetched)
}

fn bytes(one: &Fetched) -> Result<&[u8], Code> {
    match &one.content {
        Ok((_, Incoming::Here(bytes))) => Ok(bytes),
        Ok(other) => panic!("{other:?}"),
        Err(no) => Err(no.code),
    }
}

#[test]
fn documents_come_as_parts_or_inside_in_any_order() {
    let documents = document(2, "YWJj") + &document(1, &include("a@b"));
    let (asker, fetched) = fetched(documents, vec![("a@b", b"abc".to_vec())]);
    let fetched = fetched.unwrap();
    assert_eq!(bytes(&fetched[0]), Ok(&b"abc"[..]));
    assert_eq!(bytes(&fetched[1]), Ok(&b"abc"[..]));
    let [event] = &asker.events()[..] else {
        panic!("one event");
    };
    assert_eq!(event.exchange.as_ref().unwrap().documents.len(), 2);
}

#[test]
fn an_altered_document_and_a_missing_one_are_each_said() {
    let (_, fetched) = fetched(document(1, "YWJk"), Vec::new());
    let fetched = fetched.unwrap();
    assert_eq!(bytes(&fetched[0]), Err(Code::DocumentAltered));
    assert_eq!(bytes(&fetched[1]), Err(Code::DocumentNotGiven));
    let (_, fetched) = self::fetched(document(1, "YWJjZA=="), Vec::new());
    assert_eq!(bytes(&fetched.unwrap()[0]), Err(Code::DocumentAltered));
}

#[test]
fn with_a_document_nobody_asked_for_nothing_is_believed() {
    let (_, fetched) = fetched(document(1, "YWJj") + &document(3, "YWJj"), Vec::new());
    assert_eq!(fetched.unwrap_err().code, Code::DocumentNotAskedFor);
    let (_, fetched) = self::fetched(document(1, "YWJj"), vec![("x@y", b"abc".to_vec())]);
    assert_eq!(fetched.unwrap_err().code, Code::AnswerGarbled);
}
