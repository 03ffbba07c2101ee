//! The names that ebRIM and XDS give things (ITI TF-3, tables 4.2.5.1-1 and 4.2.5.2-1).

use crate::xml::Namespace;

/// Registry information model.
pub const RIM: Namespace<'static> =
    Namespace::new("rim", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0");
/// Registry services.
pub const RS: Namespace<'static> =
    Namespace::new("rs", "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0");
/// Life cycle management.
pub const LCM: Namespace<'static> =
    Namespace::new("lcm", "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0");
/// Query management.
pub const QUERY: Namespace<'static> =
    Namespace::new("query", "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0");
/// XDS.b.
pub const XDS: Namespace<'static> = Namespace::new("xds", "urn:ihe:iti:xds-b:2007");
/// Remove Metadata and Documents.
pub const RMD: Namespace<'static> = Namespace::new("rmd", "urn:ihe:iti:rmd:2017");
/// XML-binary optimised packaging.
pub const XOP: Namespace<'static> = Namespace::new("xop", "http://www.w3.org/2004/08/xop/include");

/// `classificationNode` of a submission set.
pub const NODE_SUBMISSION_SET: &str = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
/// `classificationNode` of a folder.
pub const NODE_FOLDER: &str = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2";
/// `classificationNode` of an entry with limited metadata.
pub const NODE_LIMITED_ENTRY: &str = "urn:uuid:ab9b591b-83ab-4d03-8f5d-f93b1fb92e85";
/// `classificationNode` of a submission set with limited metadata.
pub const NODE_LIMITED_SET: &str = "urn:uuid:5003a9db-8d8d-49e6-bf0c-990e34ac7707";
/// `classificationNode` of a folder with limited metadata.
pub const NODE_LIMITED_FOLDER: &str = "urn:uuid:2c144a76-29a9-4b7c-af54-b25409fe7d03";

/// Classification schemes of a document entry.
pub mod entry {
    /// `author`.
    pub const AUTHOR: &str = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d";
    /// `classCode`.
    pub const CLASS: &str = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a";
    /// `confidentialityCode`.
    pub const CONFIDENTIALITY: &str = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f";
    /// `eventCodeList`.
    pub const EVENT: &str = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4";
    /// `formatCode`.
    pub const FORMAT: &str = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d";
    /// `healthcareFacilityTypeCode`.
    pub const FACILITY_TYPE: &str = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1";
    /// `practiceSettingCode`.
    pub const PRACTICE_SETTING: &str = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead";
    /// `typeCode`.
    pub const TYPE: &str = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983";
    /// `patientId`.
    pub const PATIENT_ID: &str = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427";
    /// `uniqueId`.
    pub const UNIQUE_ID: &str = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab";
}

/// Schemes of a submission set.
pub mod set {
    /// `author`.
    pub const AUTHOR: &str = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d";
    /// `contentTypeCode`.
    pub const CONTENT_TYPE: &str = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500";
    /// `patientId`.
    pub const PATIENT_ID: &str = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446";
    /// `sourceId`.
    pub const SOURCE_ID: &str = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832";
    /// `uniqueId`.
    pub const UNIQUE_ID: &str = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8";
}

/// Schemes of a folder.
pub mod folder {
    /// `codeList`.
    pub const CODES: &str = "urn:uuid:1ba97051-7806-41a8-a48b-8fce7af683c5";
    /// `patientId`.
    pub const PATIENT_ID: &str = "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a";
    /// `uniqueId`.
    pub const UNIQUE_ID: &str = "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a";
}

/// `classificationScheme` of association documentation.
pub const ASSOCIATION_DOCUMENTATION: &str = "urn:uuid:abd807a3-4432-4053-87b4-fd82c643d1f3";

/// `objectType` of the objects of ebRIM that carry ours.
pub(super) const TYPE_CLASSIFICATION: &str =
    "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Classification";
pub(super) const TYPE_IDENTIFIER: &str =
    "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:ExternalIdentifier";
pub(super) const TYPE_PREFIX: &str = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:";
/// The slot of `referenceIdList` (ITI TF-3, 4.2.3.2.28).
pub(super) const REFERENCE_IDS: &str = "urn:ihe:iti:xds:2013:referenceIdList";
