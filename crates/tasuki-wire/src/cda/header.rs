//! The header: whose document, by whom, when, about what.

use tasuki_model::Sex;

use super::{
    Author, CdaFault, ClinicalDocument, Organization, Patient, Reading, ServiceEvent, values,
};
use crate::xml::Element;

pub(super) fn read(root: &Element, reading: &mut Reading<'_>) -> ClinicalDocument {
    let text = |name| {
        root.first(name)
            .map(|element| element.text().trim().to_owned())
    };
    let patients: Vec<_> = root
        .all("recordTarget")
        .filter_map(|target| target.first("patientRole"))
        .map(|role| patient(role, reading))
        .collect();
    if patients.iter().all(|patient| patient.ids.is_empty()) {
        reading.note(CdaFault::NoPatient, "recordTarget");
    }
    let encounter = root.at(&["componentOf", "encompassingEncounter", "effectiveTime"]);
    ClinicalDocument {
        id: root.first("id").and_then(values::id),
        set_id: root.first("setId").and_then(values::id),
        version: root
            .first("versionNumber")
            .and_then(|e| e.attribute("value"))
            .map(str::to_owned),
        code: values::coded(root.first("code")),
        title: text("title").unwrap_or_default(),
        effective: values::time(root.first("effectiveTime"), reading),
        confidentiality: root
            .first("confidentialityCode")
            .and_then(|element| element.attribute("code"))
            .map(str::to_owned),
        patients,
        authors: root
            .all("author")
            .map(|element| author(element, reading))
            .collect(),
        custodian: root
            .at(&[
                "custodian",
                "assignedCustodian",
                "representedCustodianOrganization",
            ])
            .and_then(organization),
        services: root
            .all("documentationOf")
            .filter_map(|element| element.first("serviceEvent"))
            .map(|event| service(event, reading))
            .collect(),
        encounter: encounter.map(|period| values::period(Some(period), reading)),
        ..ClinicalDocument::default()
    }
}

fn patient(role: &Element, reading: &mut Reading<'_>) -> Patient {
    let person = role.first("patient");
    let sex = person
        .and_then(|person| person.first("administrativeGenderCode")?.attribute("code"))
        // HL7 v3 writes UN (undifferentiated) where v2 writes O.
        .map(|code| {
            if code == "UN" {
                Sex::Other
            } else {
                Sex::from_code(code)
            }
        });
    let birth = person.and_then(|person| person.first("birthTime"));
    Patient {
        ids: values::ids(role),
        name: values::name(person),
        birth: values::time(birth, reading),
        sex,
    }
}

fn author(element: &Element, reading: &mut Reading<'_>) -> Author {
    let assigned = element.first("assignedAuthor");
    Author {
        time: values::period(element.first("time"), reading).start,
        ids: assigned.map(values::ids).unwrap_or_default(),
        name: values::name(assigned.and_then(|assigned| assigned.first("assignedPerson"))),
        organization: assigned
            .and_then(|assigned| assigned.first("representedOrganization"))
            .and_then(organization),
    }
}

fn organization(element: &Element) -> Option<Organization> {
    let name = element
        .first("name")
        .map(|name| name.text().trim().to_owned());
    let found = Organization {
        ids: values::ids(element),
        name: name.unwrap_or_default(),
    };
    (found != Organization::default()).then_some(found)
}

fn service(event: &Element, reading: &mut Reading<'_>) -> ServiceEvent {
    ServiceEvent {
        class: event.attribute("classCode").unwrap_or_default().to_owned(),
        code: values::coded(event.first("code")),
        period: values::period(event.first("effectiveTime"), reading),
    }
}
