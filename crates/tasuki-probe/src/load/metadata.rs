//! Submissions of full document entries, made up: every attribute that XDS knows has a value.

use crate::node::FACILITY_AUTHORITY;
use crate::soap::Request;
use std::fmt::Write;

const SET: &str = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
const STABLE: &str = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1";
const MEMBER: &str = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember";
/// Classifications of an entry: scheme, code, its coding scheme, its name.
const CODES: [[&str; 4]; 7] = [
    [
        "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
        "REPORT",
        "2.25.51.7",
        "報告書",
    ],
    [
        "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
        "N",
        "2.16.840.1.113883.5.25",
        "normal",
    ],
    [
        "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4",
        "T-D4909",
        "SRT",
        "腹部",
    ],
    [
        "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
        "urn:probe:text",
        "2.25.51.7",
        "文書",
    ],
    [
        "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
        "HOSP",
        "2.25.51.7",
        "病院",
    ],
    [
        "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
        "01",
        "2.25.51.7",
        "内科",
    ],
    [
        "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
        "11502-2",
        "2.16.840.1.113883.6.1",
        "検査報告書",
    ],
];

/// The local id of a patient.
pub fn local(number: usize) -> String {
    format!("L{number:08}")
}

/// The same as XDS writes it.
pub fn patient(number: usize) -> String {
    format!("{}^^^&amp;{FACILITY_AUTHORITY}&amp;ISO", local(number))
}

/// A submission of so many entries of one patient; `repository` where their documents are elsewhere.
pub fn submission(number: usize, entries: usize, repository: Option<&str>) -> String {
    let patient = patient(number);
    let mut objects = String::new();
    let mut members = String::new();
    for at in 0..entries {
        objects.push_str(&entry(&patient, number, at, repository));
        let _ = write!(
            members,
            "<rim:Association id=\"m{at}\" associationType=\"{MEMBER}\" sourceObject=\"set\" \
             targetObject=\"d{at}\"><rim:Slot name=\"SubmissionSetStatus\"><rim:ValueList>\
             <rim:Value>Original</rim:Value></rim:ValueList></rim:Slot></rim:Association>"
        );
    }
    format!(
        "<lcm:SubmitObjectsRequest xmlns:lcm=\"urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0\" \
         xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\"><rim:RegistryObjectList>{objects}\
         <rim:RegistryPackage id=\"set\">{}{}{}{}{}</rim:RegistryPackage>\
         <rim:Classification id=\"c\" classifiedObject=\"set\" classificationNode=\"{SET}\"/>{members}\
         </rim:RegistryObjectList></lcm:SubmitObjectsRequest>",
        slot("submissionTime", &["20260713120000"]),
        class(
            "set",
            "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500",
            "01",
            "2.25.51.7",
            "診療"
        ),
        external(
            "set",
            "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
            &unique(),
            "XDSSubmissionSet.uniqueId"
        ),
        external(
            "set",
            "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
            "2.25.51.8",
            "XDSSubmissionSet.sourceId"
        ),
        external(
            "set",
            "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
            &patient,
            "XDSSubmissionSet.patientId"
        ),
    )
}

fn entry(patient: &str, number: usize, at: usize, repository: Option<&str>) -> String {
    let id = format!("d{at}");
    let (month, day) = (1 + at % 12, 1 + (number + at) % 28);
    let time = format!("2026{month:02}{day:02}093000");
    let mut slots = [
        slot("creationTime", &[&time]),
        slot("languageCode", &["ja-JP"]),
        slot(
            "legalAuthenticator",
            &["2001^架空^医師^^^^^^&amp;2.25.51.7&amp;ISO"],
        ),
        slot("serviceStartTime", &[&time]),
        slot("serviceStopTime", &[&time]),
        slot("sourcePatientId", &[patient]),
        slot(
            "sourcePatientInfo",
            &[
                "PID-5|架空^花子",
                "PID-7|19550302",
                "PID-8|F",
                "PID-11|^^^^1050001^JPN",
            ],
        ),
    ]
    .concat();
    if let Some(repository) = repository {
        slots.push_str(&slot("repositoryUniqueId", &[repository]));
        slots.push_str(&slot("hash", &["da39a3ee5e6b4b0d3255bfef95601890afd80709"]));
        slots.push_str(&slot("size", &["0"]));
    }
    let author = format!(
        "<rim:Classification id=\"a{at}\" classifiedObject=\"{id}\" nodeRepresentation=\"\" \
         classificationScheme=\"urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d\">{}{}{}{}\
         </rim:Classification>",
        slot(
            "authorPerson",
            &["2001^架空^医師^^^^^^&amp;2.25.51.7&amp;ISO"]
        ),
        slot(
            "authorInstitution",
            &["架空総合病院^^^^^^^^^1.2.392.100495.20.3.21.1311234567"]
        ),
        slot("authorRole", &["主治医"]),
        slot("authorSpecialty", &["内科"]),
    );
    let codes: String = CODES
        .iter()
        .map(|[scheme, code, system, name]| class(&id, scheme, code, system, name))
        .collect();
    format!(
        "<rim:ExtrinsicObject id=\"{id}\" objectType=\"{STABLE}\" mimeType=\"text/plain\">{slots}\
         <rim:Name><rim:LocalizedString xml:lang=\"ja-JP\" value=\"検査報告書 {at}\"/></rim:Name>\
         <rim:Description><rim:LocalizedString xml:lang=\"ja-JP\" value=\"測定のために作られた文書\"/>\
         </rim:Description>{author}{codes}{}{}</rim:ExtrinsicObject>",
        external(
            &id,
            "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
            &unique(),
            "XDSDocumentEntry.uniqueId"
        ),
        external(
            &id,
            "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
            patient,
            "XDSDocumentEntry.patientId"
        ),
    )
}

fn unique() -> String {
    format!("2.25.{}", uuid::Uuid::new_v4().as_u128())
}

fn slot(name: &str, values: &[&str]) -> String {
    let values: String = values
        .iter()
        .map(|v| format!("<rim:Value>{v}</rim:Value>"))
        .collect();
    format!("<rim:Slot name=\"{name}\"><rim:ValueList>{values}</rim:ValueList></rim:Slot>")
}

fn class(of: &str, scheme: &str, code: &str, system: &str, name: &str) -> String {
    let id = uuid::Uuid::new_v4().simple();
    format!(
        "<rim:Classification id=\"c{id}\" classifiedObject=\"{of}\" nodeRepresentation=\"{code}\" \
         classificationScheme=\"{scheme}\">{}<rim:Name><rim:LocalizedString value=\"{name}\"/>\
         </rim:Name></rim:Classification>",
        slot("codingScheme", &[system]),
    )
}

fn external(of: &str, scheme: &str, value: &str, name: &str) -> String {
    let id = uuid::Uuid::new_v4().simple();
    format!(
        "<rim:ExternalIdentifier id=\"e{id}\" registryObject=\"{of}\" value=\"{value}\" \
         identificationScheme=\"{scheme}\"><rim:Name><rim:LocalizedString value=\"{name}\"/>\
         </rim:Name></rim:ExternalIdentifier>"
    )
}

/// ITI-42 with such a submission.
pub fn register(number: usize, entries: usize) -> Request {
    Request {
        action: "urn:ihe:iti:2007:RegisterDocumentSet-b".to_owned(),
        body: submission(number, entries, Some("2.25.51.6")),
        ..Request::default()
    }
}

/// FindDocuments of a patient, whole entries; ITI-18, or ITI-38 where it is `across`.
pub fn find(number: usize, across: bool) -> Request {
    let patient = patient(number);
    let name = if across {
        "CrossGatewayQuery"
    } else {
        "RegistryStoredQuery"
    };
    Request {
        action: format!("urn:ihe:iti:2007:{name}"),
        body: format!(
            "<q:AdhocQueryRequest xmlns:q=\"urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0\" \
             xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\"><q:ResponseOption \
             returnComposedObjects=\"true\" returnType=\"LeafClass\"/><rim:AdhocQuery \
             id=\"urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d\">{}{}</rim:AdhocQuery>\
             </q:AdhocQueryRequest>",
            slot("$XDSDocumentEntryPatientId", &[&format!("'{patient}'")]),
            slot(
                "$XDSDocumentEntryStatus",
                &["('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"]
            ),
        ),
        ..Request::default()
    }
}
