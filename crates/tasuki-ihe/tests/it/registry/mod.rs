//! Registry and repository over SOAP: what nobody learns, what was imported, what the auditor sees.

mod consented;
mod imported;
mod on_demand;
mod published;
mod raced;
mod refused;
pub mod relinked;
mod secrecy;
mod updated;

use crate::soap::{Answer, Sent, post};
use crate::world::{World, facility};
use std::sync::atomic::{AtomicU32, Ordering};
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_model::LocalPatientId;
use tasuki_wire::ebrim::{QueryResponse, RegistryResponse, RetrieveResponse};

pub const RIM: &str = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";

/// A CX of the hospital `hzln`.
pub fn cx(id: &str) -> String {
    format!("{id}^^^&2.16.840.1.113883.3.37.4.1.1.2.411.1&ISO")
}

/// Registers a patient of that hospital.
pub fn patient(world: &World, id: &str, disclosed: bool) {
    let id = LocalPatientId::new(id).unwrap();
    let done = world.store.writing(|tx| {
        let key = tx.ensure_registration(&facility("hzln"), &id)?;
        tx.set_disclosed(&key, disclosed)
    });
    done.unwrap();
}

/// Sends a body with a message id of its own.
pub fn send(
    world: &World,
    action: &str,
    body: String,
    parts: Option<Vec<(&'static str, Vec<u8>)>>,
) -> Answer {
    send_as(world, Sent::default().certificate, action, body, parts)
}

/// The same with a certificate.
pub fn send_as(
    world: &World,
    certificate: Option<[u8; 32]>,
    action: &str,
    body: String,
    parts: Option<Vec<(&'static str, Vec<u8>)>>,
) -> Answer {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let headers =
        format!("<a:MessageID>urn:uuid:00000000-0000-4000-8000-{number:012x}</a:MessageID>");
    let sent = Sent {
        certificate,
        headers,
        body,
        parts,
        ..Sent::default()
    };
    post(world, TRANSACTIONS, action, sent)
}

/// A stored query: its id, and its parameters with their values as they stand.
pub fn query(world: &World, id: &str, parameters: &[(&str, &str)]) -> QueryResponse {
    let slots: String = parameters
        .iter()
        .map(|(name, value)| {
            let value = value.replace('&', "&amp;");
            format!("<Slot name='{name}'><ValueList><Value>{value}</Value></ValueList></Slot>")
        })
        .collect();
    let body = format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' xmlns='{RIM}'>\
         <q:ResponseOption returnType='LeafClass' returnComposedObjects='true'/>\
         <AdhocQuery id='urn:uuid:{id}'>{slots}</AdhocQuery></q:AdhocQueryRequest>"
    );
    let answer = send(world, "urn:ihe:iti:2007:RegistryStoredQuery", body, None);
    QueryResponse::decode(&answer.envelope.body).unwrap().0
}

pub const FIND_DOCUMENTS: &str = "14d4debf-8f97-4251-9a74-a90016b0af0d";
pub const GET_DOCUMENTS: &str = "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4";
pub const APPROVED: &str = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')";

/// FindDocuments of a patient.
pub fn find(world: &World, cx: &str) -> QueryResponse {
    let patient = format!("'{cx}'");
    let parameters = [
        ("$XDSDocumentEntryPatientId", patient.as_str()),
        ("$XDSDocumentEntryStatus", APPROVED),
    ];
    query(world, FIND_DOCUMENTS, &parameters)
}

/// ITI-43 of one document of our repository; the parts that came.
pub fn retrieve(world: &World, repository: &str, unique: &str) -> (RetrieveResponse, Vec<Vec<u8>>) {
    let body = format!(
        "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
         <x:RepositoryUniqueId>{repository}</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>{unique}</x:DocumentUniqueId></x:DocumentRequest>\
         </x:RetrieveDocumentSetRequest>"
    );
    let answer = send(
        world,
        "urn:ihe:iti:2007:RetrieveDocumentSet",
        body,
        Some(Vec::new()),
    );
    let read = RetrieveResponse::decode(&answer.envelope.body).unwrap();
    (
        read,
        answer.parts.into_iter().map(|(_, bytes)| bytes).collect(),
    )
}

/// A code as a classification.
fn code(scheme: &str, node: &str, system: &str) -> String {
    format!(
        "<Classification id='c{scheme}' classifiedObject='D' classificationScheme='urn:uuid:{scheme}' \
         nodeRepresentation='{node}'><Slot name='codingScheme'><ValueList><Value>{system}</Value>\
         </ValueList></Slot><Name><LocalizedString value='{node}'/></Name></Classification>"
    )
}

fn identifier(of: &str, scheme: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;");
    format!(
        "<ExternalIdentifier id='e{scheme}' registryObject='{of}' identificationScheme='urn:uuid:{scheme}' value='{value}'/>"
    )
}

pub fn slot(name: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;");
    format!("<Slot name='{name}'><ValueList><Value>{value}</Value></ValueList></Slot>")
}

fn author(of: &str, scheme: &str) -> String {
    let institution = slot(
        "authorInstitution",
        "架空病院^^^^^&1.2.392.100495.20.3.23&ISO^^^^1311234501",
    );
    format!(
        "<Classification id='a{of}' classifiedObject='{of}' classificationScheme='urn:uuid:{scheme}' nodeRepresentation=''>{institution}</Classification>"
    )
}

/// What one document is sent with.
pub struct Document<'a> {
    pub patient: &'a str,
    pub unique: &'a str,
    pub confidentiality: &'a str,
    /// More inside the list of objects.
    pub more: &'a str,
}

/// ITI-41 of one document, as Japan's profile has it.
pub fn provide(world: &World, document: &Document<'_>, bytes: &[u8]) -> RegistryResponse {
    let text = submission(document);
    let body = format!(
        "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{text}\
         <x:Document id='D'><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' \
         href='cid:d@test'/></x:Document></x:ProvideAndRegisterDocumentSetRequest>"
    );
    let action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
    let answer = send(world, action, body, Some(vec![("d@test", bytes.to_vec())]));
    RegistryResponse::decode(&answer.envelope.body).unwrap()
}

/// What a submission set holds.
fn set(patient: &str, unique: &str) -> [String; 6] {
    [
        slot("submissionTime", "20260712150000"),
        author("S", "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"),
        code(
            "aa543740-bdda-424e-8c96-df4873be8500",
            "01",
            "urn:tasuki:content-type",
        ),
        identifier(
            "S",
            "96fdda7c-d067-4183-912e-bf5ee74998a8",
            &format!("{unique}.1"),
        ),
        identifier("S", "554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.3.4"),
        identifier("S", "6b5aea1a-874d-4603-a4bc-96a0a7b38446", patient),
    ]
}

pub fn submission(document: &Document<'_>) -> String {
    let Document {
        patient,
        unique,
        confidentiality,
        more,
    } = document;
    let entry = [
        slot("creationTime", "20260712150000"),
        slot("languageCode", "ja-JP"),
        slot("sourcePatientId", patient),
        author("D", "93606bcf-9494-43ec-9b4e-a7748d1a838d"),
        code(
            "41a5887f-8865-4c09-adf7-e362475b143a",
            "18842-5",
            "2.16.840.1.113883.6.1",
        ),
        code(
            "f0306f51-975f-434e-a61c-c59651d33983",
            "18842-5",
            "2.16.840.1.113883.6.1",
        ),
        code(
            "a09d5840-386c-46f2-b5ad-9c3699a4309d",
            "urn:ihe:iti:xds:2017:mimeTypeSufficient",
            "1.3.6.1.4.1.19376.1.2.3",
        ),
        code(
            "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
            "medical",
            "urn:tasuki:facility-type",
        ),
        code(
            "cccf5598-8b07-4b77-a05e-ae952c785ead",
            "01",
            "1.2.392.200250.2.2.2",
        ),
        code(
            "f4f85eac-e6cb-4883-b524-f2705394840f",
            confidentiality,
            "2.16.840.1.113883.5.25",
        ),
        identifier("D", "58a6f841-87b3-4a3e-92fd-a8ffeff98427", patient),
        identifier("D", "2e82c1f6-a085-4c72-9da3-8640a32e42ab", unique),
    ];
    let set = set(patient, unique);
    format!(
        "<l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0' xmlns='{RIM}'>\
         <RegistryObjectList><ExtrinsicObject id='D' mimeType='text/plain' \
         objectType='urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1'>{}</ExtrinsicObject>\
         <RegistryPackage id='S'>{}<Classification id='n' classifiedObject='S' \
         classificationNode='urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd'/></RegistryPackage>\
         <Association id='A' associationType='urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember' \
         sourceObject='S' targetObject='D'>{}</Association>{more}</RegistryObjectList>\
         </l:SubmitObjectsRequest>",
        entry.concat(),
        set.concat(),
        slot("SubmissionSetStatus", "Original"),
    )
}
