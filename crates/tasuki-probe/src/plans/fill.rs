//! What the toolkit fills into a submission before it is sent: patients, uniqueIds, entryUUIDs. The
//! rest of the text stays as the plan has it, also where it is wrong on purpose.

use super::plan::{Section, Step};
use super::values::{Patients, Place, Values};
use crate::failure::Done;
use crate::node::FACILITY_AUTHORITY;
use crate::tree::{Edits, all, parse};
use roxmltree::Node;
use std::collections::HashMap;

/// Schemes of `uniqueId` of submission sets, entries and folders.
const UNIQUE: [&str; 3] = [
    "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
    "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
    "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a",
];
/// Schemes of `patientId` of the same.
const PATIENT: [&str; 3] = [
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a",
];
/// Attributes in which an object names another of the same submission.
const NAMING: [&str; 4] = [
    "sourceObject",
    "targetObject",
    "classifiedObject",
    "registryObject",
];

/// What a step says of how it is filled in.
struct Filling {
    place: Place,
    patient: Option<String>,
    /// Objects whose uniqueId stays.
    keeps: Vec<String>,
    uuids: bool,
}

/// The text of a submission, ready to be sent.
///
/// # Errors
/// Where it is no XML, or the node does not take the patient.
pub fn filled(
    values: &mut Values,
    (section, step): (&Section, &Step),
    text: &str,
    patients: &mut dyn Patients,
) -> Done<String> {
    let transaction = &step.transaction;
    let keeps = transaction.all("NoAssignUids");
    let filling = Filling {
        place: (section.test.clone(), section.name.clone(), step.id.clone()),
        patient: match (transaction.first("NoPatientId").is_some(), step.stranger) {
            (_, true) => Some(format!("NOBODY^^^&{FACILITY_AUTHORITY}&ISO")),
            (true, false) => None,
            (false, false) => Some(values.current(patients)?),
        },
        keeps: keeps
            .map(|k| k.get("id").unwrap_or_default().to_owned())
            .collect(),
        uuids: transaction.first("AssignUuids").is_some(),
    };
    let document = parse(text)?;
    let mut edits = Edits::default();
    let mut assigned = HashMap::new();
    let objects = document.descendants().filter(|node| {
        let name = node.tag_name().name();
        matches!(name, "RegistryPackage" | "ExtrinsicObject" | "Association")
    });
    for object in objects {
        filling.object(values, object, &mut assigned, &mut edits);
    }
    for node in document.descendants().filter(Node::is_element) {
        for name in NAMING {
            let named = node.attribute(name).and_then(|id| assigned.get(id));
            if let Some(id) = named {
                edits.attribute(node, name, id);
            }
        }
    }
    Ok(edits.apply(text))
}

impl Filling {
    fn object(
        &self,
        values: &mut Values,
        object: Node<'_, '_>,
        assigned: &mut HashMap<String, String>,
        edits: &mut Edits,
    ) {
        let symbol = object.attribute("id").unwrap_or_default().to_owned();
        let (mut unique, mut patient) = (String::new(), String::new());
        for external in all(object, "ExternalIdentifier") {
            let value = external.attribute("value").unwrap_or_default();
            let scheme = external
                .attribute("identificationScheme")
                .unwrap_or_default();
            let place = if UNIQUE.contains(&scheme) {
                unique = self.unique(&symbol, value);
                &unique
            } else if PATIENT.contains(&scheme) {
                patient = self.patient.clone().unwrap_or_else(|| value.to_owned());
                &patient
            } else {
                continue;
            };
            edits.attribute(external, "value", place);
        }
        let mut id = symbol.clone();
        if self.uuids && !symbol.is_empty() && !symbol.starts_with("urn:uuid:") {
            id = uuid::Uuid::new_v4().urn().to_string();
            edits.attribute(object, "id", &id);
            assigned.insert(symbol.clone(), id.clone());
        }
        for (name, value) in [
            (format!("AssignedUids:{symbol}"), &unique),
            (format!("{symbol}_uid"), &unique),
            (format!("AssignedPatientId:{symbol}"), &patient),
            (format!("AssignedUuids:{symbol}"), &id),
            (format!("{symbol}_uuid"), &id),
        ] {
            values.leave(&self.place, name, value);
        }
    }

    fn unique(&self, symbol: &str, value: &str) -> String {
        // Without an id all stay.
        let all = self.keeps.iter().any(String::is_empty) && value.contains('.');
        if all || self.keeps.iter().any(|kept| kept == symbol) {
            return value.to_owned();
        }
        format!("2.25.{}", uuid::Uuid::new_v4().as_u128())
    }
}
