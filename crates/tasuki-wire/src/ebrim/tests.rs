use super::*;
use crate::xml::{Element, Limits, read};

fn body(text: &str) -> Element {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

const SPACES: &str = "xmlns:lcm='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0' \
     xmlns:query='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
     xmlns:rs='urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0' xmlns:xds='urn:ihe:iti:xds-b:2007' \
     xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'";

fn query(values: &str) -> Result<AdhocQuery, EbrimError> {
    AdhocQuery::decode(&body(&format!(
        "<query:AdhocQueryRequest {SPACES}><query:ResponseOption returnType='LeafClass'/>\
         <AdhocQuery id='urn:uuid:1'><Slot name='$x'><ValueList>{values}</ValueList></Slot>\
         </AdhocQuery></query:AdhocQueryRequest>"
    )))
}

fn texts(values: &str) -> Vec<String> {
    let query = query(values).unwrap();
    let values = query.parameters.iter().flat_map(|p| &p.values);
    values.map(|v| v.as_str().to_owned()).collect()
}

#[test]
fn values_are_quoted_listed_and_repeated() {
    assert_eq!(texts("<Value>'a'</Value>"), ["a"]);
    assert_eq!(texts("<Value>('a', 'b''c' )</Value>"), ["a", "b'c"]);
    assert_eq!(
        texts("<Value>('a')</Value><Value>('b')</Value>"),
        ["a", "b"]
    );
    assert_eq!(texts("<Value> 2004 </Value>"), ["2004"]);
    assert_eq!(texts("<Value>(1,2)</Value>"), ["1", "2"]);
    assert_eq!(texts("<Value>()</Value>"), [""; 0]);
    assert_eq!(texts("<Value>''</Value>"), [""]);
    let found = query("<Value>('a','b''c')</Value>").unwrap();
    assert_eq!(
        AdhocQuery::decode(&body(found.encode().as_str())),
        Ok(found)
    );
}

#[test]
fn a_value_that_is_not_closed_is_refused() {
    for wrong in [
        "'a",
        "('a'",
        "('a' 'b')",
        "'a'b",
        "a'b'",
        "(,)",
        "('a',)",
        "",
        "())",
    ] {
        let error = query(&format!("<Value>{wrong}</Value>")).unwrap_err();
        assert_eq!(error.code(), "EBX-004", "{wrong}");
    }
}

#[test]
fn another_message_is_told_from_the_one_expected() {
    let other = body(&format!("<lcm:RemoveObjectsRequest {SPACES}/>"));
    assert_eq!(SubmitObjects::decode(&other).unwrap_err().code(), "EBX-001");
    assert_eq!(AdhocQuery::decode(&other).unwrap_err().code(), "EBX-001");
    assert_eq!(RemoveObjects::decode(&other).unwrap_err().code(), "EBX-002");
    let empty = body(&format!("<xds:RetrieveDocumentSetRequest {SPACES}/>"));
    assert_eq!(
        RetrieveRequest::decode(&empty).unwrap_err().code(),
        "EBX-002"
    );
}

#[test]
fn more_objects_than_a_message_may_have_are_refused() {
    let list = "<ObjectRef id='a'/>".repeat(OBJECTS_MAX + 1);
    let remove = format!(
        "<lcm:RemoveObjectsRequest {SPACES}><ObjectRefList>{list}</ObjectRefList>\
         </lcm:RemoveObjectsRequest>"
    );
    assert_eq!(
        RemoveObjects::decode(&body(&remove)).unwrap_err().code(),
        "EBX-003"
    );
    let submit = format!(
        "<lcm:SubmitObjectsRequest {SPACES}><RegistryObjectList>{list}</RegistryObjectList>\
         </lcm:SubmitObjectsRequest>"
    );
    assert_eq!(
        SubmitObjects::decode(&body(&submit)).unwrap_err().code(),
        "EBX-003"
    );
}

#[test]
fn a_document_is_a_part_or_base64_and_nothing_else() {
    let provide = |document: &str| {
        ProvideAndRegister::decode(&body(&format!(
            "<xds:ProvideAndRegisterDocumentSetRequest {SPACES}><lcm:SubmitObjectsRequest>\
             <RegistryObjectList/></lcm:SubmitObjectsRequest>\
             <xds:Document id='d'>{document}</xds:Document>\
             </xds:ProvideAndRegisterDocumentSetRequest>"
        )))
        .map(|read| read.documents)
    };
    let include = "<i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' href='cid:1'/>";
    let part = Carried::Include("cid:1".to_owned());
    assert_eq!(provide(include).unwrap(), [("d".to_owned(), part)]);
    let bytes = Carried::Inline(b"abc".to_vec());
    assert_eq!(provide("\n YW\nJj ").unwrap(), [("d".to_owned(), bytes)]);
    for wrong in ["?", "YWJ", "<x/>", "<Include href='cid:1'/>"] {
        assert_eq!(provide(wrong).unwrap_err().code(), "EBX-005", "{wrong}");
    }
}

#[test]
fn what_is_wrong_with_the_form_is_named() {
    let submit = format!(
        "<lcm:SubmitObjectsRequest {SPACES}><RegistryObjectList><ExtrinsicObject id='Document01' \
         objectType='urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1' mimeType='text/plain'>\
         <Slot name='size'><ValueList><Value>1</Value><Value>2</Value></ValueList></Slot>\
         <Slot name='hash'><ValueList/></Slot><Slot name='languageCode'><ValueList><Value>ja-JP\
         </Value></ValueList></Slot><Slot name='languageCode'/>\
         <Slot name='urn:example:ward'><ValueList><Value>5W</Value></ValueList></Slot>\
         <Classification id='c' classifiedObject='Document01' nodeRepresentation='' \
         classificationScheme='{}'/></ExtrinsicObject><RegistryPackage id='p'/>\
         <Association id='a' associationType='urn:x' sourceObject='b' targetObject='c'/>\
         </RegistryObjectList></lcm:SubmitObjectsRequest>",
        names::entry::CLASS
    );
    let read = SubmitObjects::decode(&body(&submit)).unwrap().read;
    let found: Vec<_> = read
        .problems
        .iter()
        .map(|p| (p.kind, p.object.as_str(), p.attribute.as_str(), p.what))
        .collect();
    assert_eq!(
        found,
        [
            ("DocumentEntry", "Document01", "classCode", What::NoCode),
            (
                "DocumentEntry",
                "Document01",
                "classCode",
                What::NoCodingScheme
            ),
            (
                "DocumentEntry",
                "Document01",
                "languageCode",
                What::Repeated
            ),
            ("DocumentEntry", "Document01", "size", What::ManyValues),
            ("DocumentEntry", "Document01", "hash", What::NoValue),
            ("RegistryPackage", "p", "classificationNode", What::Missing),
            ("Association", "a", "urn:x", What::Unknown),
        ]
    );
    let [entry] = &*read.submission.entries else {
        panic!()
    };
    assert_eq!(entry.header.extra[0].values, ["5W"]);
}

#[test]
fn a_long_address_goes_in_pieces_and_comes_back_whole() {
    let uri = format!("https://example.org/{}", "a/".repeat(300));
    let entry = tasuki_model::xds::DocumentEntry {
        uri: Some(uri.clone()),
        ..Default::default()
    };
    let submission = Submission {
        entries: vec![entry],
        ..Submission::default()
    };
    let document = SubmitObjects::of(submission).encode();
    assert!(document.as_str().contains("<rim:Value>2|"));
    let read = SubmitObjects::decode(&body(document.as_str()))
        .unwrap()
        .read;
    assert_eq!(read.submission.entries[0].uri, Some(uri));
}
