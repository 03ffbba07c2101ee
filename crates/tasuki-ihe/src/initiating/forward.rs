//! One stored query goes to one community (ITI-38), and what comes back is held against what was
//! asked: another's objects are taken away, whatever the reason for them is.

use super::gap;
use crate::dialect;
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::iti38::{QUERY, same_patient};
use std::collections::BTreeSet;
use tasuki_core::Released;
use tasuki_core::audit::AuditedQuery;
use tasuki_core::directory::Community;
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{AdhocQuery, QueryResponse, RegistryError, ResponseStatus};
use tasuki_wire::xml::Element;

/// What a community answered, as far as it is one.
#[derive(Default)]
pub(super) struct Forwarded {
    /// Objects of the community that was asked, and of the patient, where one was asked for.
    pub objects: Vec<RegistryObject>,
    /// Objects by id alone.
    pub references: Vec<(String, Option<String>)>,
    /// What it says is wrong, and what is wrong with its answer.
    pub errors: Vec<RegistryError>,
    /// Whether it found out anything at all.
    pub answered: bool,
}

/// Asks. `patient` is whom the query names, as the community knows the patient (CX).
pub(super) fn ask(
    gateway: &Gateway,
    to: &Community,
    query: &Released<AdhocQuery>,
    patient: Option<&str>,
    visit: &Visit,
) -> Result<Forwarded, NoAnswer> {
    let dialect = dialect::of(&to.dialect)?;
    let home = &to.home_community_id;
    let id = query.view().id.clone();
    let body = query
        .clone()
        .map(|query| dialect.asked(home, query).encode());
    let request = Request {
        transaction: "ITI-38",
        action: QUERY.0,
        mtom: false,
        coming: 0,
        audited: Audited {
            patients: patient.iter().map(|cx| (*cx).to_owned()).collect(),
            query: Some(AuditedQuery {
                id,
                text: body.view().as_str().to_owned(),
                home: Some(home.clone()),
            }),
            documents: Vec::new(),
        },
        body,
    };
    let answer = gateway.ask(to, visit, request)?;
    read(to, &answer.envelope.body, patient)
}

fn read(to: &Community, body: &Element, patient: Option<&str>) -> Result<Forwarded, NoAnswer> {
    let dialect = dialect::of(&to.dialect)?;
    let (found, problems) = QueryResponse::decode(body)?;
    // A patient whom it does not know, or does not disclose to us: the same nothing.
    let (nobody, errors): (Vec<_>, Vec<_>) = (found.response.errors.into_iter())
        .partition(|e| patient.is_some() && e.code == "XDSUnknownPatientId");
    let mut forwarded = Forwarded {
        answered: found.response.status != ResponseStatus::Failure || !nobody.is_empty(),
        errors: errors.into_iter().map(|e| gap::said(to, e)).collect(),
        ..Forwarded::default()
    };
    if forwarded.errors.is_empty()
        && nobody.is_empty()
        && found.response.status != ResponseStatus::Success
    {
        forwarded.errors.push(gap::unexplained(to));
    }
    let mut sorting = Sorting::of(to);
    for object in found.found.objects {
        let mut object = match object {
            RegistryObject::Entry(entry) => {
                RegistryObject::Entry(Box::new(dialect.understood(*entry)))
            }
            other => other,
        };
        let header = object.header_mut();
        let ours = sorting.is_its_own(&header.id, header.home.as_deref());
        header.home = Some(sorting.urn.clone());
        let of_patient = match (patient, object.patient_id()) {
            (Some(asked), Some(said)) => same_patient(said, asked),
            // An association is of nobody; everything else says whose it is.
            (Some(_), None) => matches!(object, RegistryObject::Association(_)),
            (None, _) => true,
        };
        match ours && of_patient {
            true => forwarded.objects.push(object),
            false if ours => sorting.foreign += 1,
            false => {}
        }
    }
    for (id, said) in found.found.references {
        if sorting.is_its_own(&id, said.as_deref()) {
            forwarded.references.push((id, Some(sorting.urn.clone())));
        }
    }
    forwarded.errors.extend(sorting.gaps(to, problems.len()));
    Ok(forwarded)
}

/// What cannot be taken of an answer.
struct Sorting {
    urn: String,
    own: String,
    homeless: BTreeSet<String>,
    foreign: usize,
}

impl Sorting {
    fn of(to: &Community) -> Self {
        Self {
            urn: format!("urn:oid:{}", to.home_community_id),
            own: to.home_community_id.to_string(),
            homeless: BTreeSet::new(),
            foreign: 0,
        }
    }

    /// Whether an object is of the community that was asked.
    fn is_its_own(&mut self, id: &str, home: Option<&str>) -> bool {
        match home.map(|said| said.strip_prefix("urn:oid:").unwrap_or(said)) {
            None | Some("") => {
                self.homeless.insert(id.to_owned());
                false
            }
            Some(said) if said == self.own => true,
            Some(_) => {
                self.foreign += 1;
                false
            }
        }
    }

    fn gaps(self, to: &Community, unreadable: usize) -> Vec<RegistryError> {
        let homeless: Vec<String> = self.homeless.into_iter().collect();
        let homeless = (!homeless.is_empty()).then(|| gap::homeless(to, &homeless));
        let foreign = (self.foreign > 0).then(|| gap::foreign(to, self.foreign));
        let unreadable = (unreadable > 0).then(|| gap::unreadable(to, unreadable));
        [homeless, foreign, unreadable]
            .into_iter()
            .flatten()
            .collect()
    }
}
