//! What the toolkit fills into a submission before it is sent: patients, uniqueIds, entryUUIDs.

use super::plan::{Section, Step};
use super::run::{AUTHORITY, Place, Run};
use std::collections::HashMap;
use tasuki_model::xds::Submission;
use tasuki_wire::ebrim::{Carried, ProvideAndRegister, SubmitObjects};
use tasuki_wire::xml::{Element, Limits, read};

/// What a step says of how it is filled in.
struct Filling {
    place: Place,
    patient: Option<String>,
    /// Objects whose uniqueId stays.
    keeps: Vec<String>,
    uuids: bool,
    assigned: HashMap<String, String>,
}

impl Run {
    /// A submission ready to be sent.
    pub fn filled(&mut self, section: &Section, step: &Step, text: &str) -> SubmitObjects {
        let body = read(text.as_bytes(), &Limits::default()).unwrap();
        // Some plans have the whole message.
        let inner = body.elements().find(|e| *e.name == *"SubmitObjectsRequest");
        let mut submit = SubmitObjects::decode(inner.unwrap_or(&body)).unwrap();
        // What is wrong in its form would be put right by writing it again.
        let problems = &submit.read.problems;
        assert!(
            problems.is_empty() || step.status == "Failure",
            "{problems:?}"
        );
        let mut filling = self.filling(section, step);
        let submission = &mut submit.read.submission;
        for set in &mut submission.sets {
            let header = &mut set.header.id;
            self.assign(
                &mut filling,
                header,
                &mut set.unique_id,
                &mut set.patient_id,
            );
        }
        for entry in &mut submission.entries {
            let header = &mut entry.header.id;
            self.assign(
                &mut filling,
                header,
                &mut entry.unique_id,
                &mut entry.patient_id,
            );
        }
        for folder in &mut submission.folders {
            let header = &mut folder.header.id;
            self.assign(
                &mut filling,
                header,
                &mut folder.unique_id,
                &mut folder.patient_id,
            );
        }
        for association in &mut submission.associations {
            let header = &mut association.header.id;
            self.assign(&mut filling, header, &mut None, &mut None);
        }
        associations(submission, &filling.assigned);
        submit
    }

    /// The documents of a step, as parts of an MTOM message.
    pub fn provided(
        &self,
        section: &Section,
        step: &Step,
        submit: SubmitObjects,
    ) -> (ProvideAndRegister, Vec<(&'static str, Vec<u8>)>) {
        const PARTS: [&str; 3] = ["one@plan", "two@plan", "three@plan"];
        let mut documents = Vec::new();
        let mut contents = Vec::new();
        for (document, part) in step.transaction.all("Document").zip(PARTS) {
            let symbol = document.attribute("id").unwrap();
            let name = format!("{symbol}_uuid");
            let id = self.value(&Self::place(section, &step.id), &name);
            let include = Carried::Include(format!("cid:{part}"));
            documents.push((id.unwrap_or_else(|| symbol.to_owned()), include));
            contents.push((part, section.bytes(document.text().trim())));
        }
        (ProvideAndRegister { submit, documents }, contents)
    }

    fn filling(&self, section: &Section, step: &Step) -> Filling {
        let transaction = &step.transaction;
        let keeps = transaction.all("NoAssignUids");
        let keeps = keeps.map(|e: &Element| e.attribute("id").unwrap_or_default().to_owned());
        Filling {
            place: Self::place(section, &step.id),
            patient: match (transaction.first("NoPatientId").is_some(), step.stranger) {
                (_, true) => Some(format!("NOBODY^^^&{AUTHORITY}&ISO")),
                (true, false) => None,
                // The patient of the session.
                (false, false) => Some(self.register("15817")),
            },
            keeps: keeps.collect(),
            uuids: transaction.first("AssignUuids").is_some(),
            assigned: HashMap::new(),
        }
    }

    fn assign(
        &mut self,
        filling: &mut Filling,
        id: &mut String,
        unique: &mut Option<String>,
        of: &mut Option<String>,
    ) {
        // Without an id all stay.
        let all = filling.keeps.iter().any(String::is_empty)
            && unique.as_ref().is_some_and(|u| u.contains('.'));
        if unique.is_some() && !all && !filling.keeps.contains(id) {
            *unique = Some(format!("1.2.42.{}", self.fresh()));
        }
        if let (Some(patient), true) = (&filling.patient, of.is_some()) {
            *of = Some(patient.clone());
        }
        let symbol = id.clone();
        if filling.uuids && !id.starts_with("urn:uuid:") {
            *id = format!("urn:uuid:00000000-0000-4000-9000-{:012x}", self.fresh());
            filling.assigned.insert(symbol.clone(), id.clone());
        }
        let unique = unique.as_deref().unwrap_or_default();
        let of = of.as_deref().unwrap_or_default();
        for (name, value) in [
            (format!("AssignedUids:{symbol}"), unique),
            (format!("{symbol}_uid"), unique),
            (format!("AssignedPatientId:{symbol}"), of),
            (format!("AssignedUuids:{symbol}"), id),
            (format!("{symbol}_uuid"), id),
        ] {
            self.keep(&filling.place, name, value);
        }
    }
}

fn associations(submission: &mut Submission, assigned: &HashMap<String, String>) {
    for association in &mut submission.associations {
        for end in [&mut association.source, &mut association.target] {
            if let Some(id) = assigned.get(end) {
                end.clone_from(id);
            }
        }
    }
}
