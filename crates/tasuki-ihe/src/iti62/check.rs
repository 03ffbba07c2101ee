//! Whether objects can go (ITI TF-2, 3.62.4.1.3).

use crate::xds::{Refused, XdsCode, XdsProblem};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Code;
use tasuki_core::ports::Reading;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject};
use tasuki_model::{EntryUuid, FacilityId, PatientKey};

fn problem(xds: XdsCode, context: String) -> Refused {
    XdsProblem::new(xds, Code::XdsStillReferenced, context).into()
}

/// The objects, each with its registration, if all of them are there and can go together.
pub(super) fn objects(
    tx: &dyn Reading,
    feeds: Option<&BTreeSet<FacilityId>>,
    ids: &[String],
) -> Result<Vec<(EntryUuid, PatientKey)>, Refused> {
    let mut going: BTreeMap<EntryUuid, PatientKey> = BTreeMap::new();
    let mut ends: BTreeSet<String> = BTreeSet::new();
    for urn in ids {
        let id = EntryUuid::from_urn(urn).ok();
        let found = match &id {
            Some(id) => tx.find_object(id)?,
            None => None,
        };
        let own = |found: &tasuki_core::Labelled<RegistryObject>| {
            feeds.is_some_and(|feeds| feeds.contains(&found.labels().facility))
        };
        let (Some(id), Some(found)) = (id, found.filter(own)) else {
            let context = format!("{urn} is not in the registry");
            return Err(problem(XdsCode::UnresolvedReference, context));
        };
        going.insert(id, found.labels().patient_key.clone());
        let _ = found.map(|_, object| {
            if let RegistryObject::Association(a) = object {
                ends.extend([a.source, a.target]);
            }
        });
    }
    for id in going.keys() {
        for association in associations(tx, id)? {
            let own = EntryUuid::from_urn(&association.header.id).ok();
            if !own.is_some_and(|own| going.contains_key(&own)) {
                let context = format!(
                    "{}: {} refers to it: remove that as well",
                    id.urn(),
                    association.header.id
                );
                return Err(problem(XdsCode::ReferencesExist, context));
            }
        }
    }
    for end in ends.iter().filter_map(|urn| EntryUuid::from_urn(urn).ok()) {
        if !going.contains_key(&end) && !belongs(tx, &end, &going)? {
            let context = format!("{} would belong to nothing: remove it as well", end.urn());
            return Err(problem(XdsCode::Unreferenced, context));
        }
    }
    // Associations first: what they refer to is there as long as they are.
    Ok(going.into_iter().collect())
}

fn associations(tx: &dyn Reading, id: &EntryUuid) -> Result<Vec<Association>, Refused> {
    let mut found = Vec::new();
    for object in tx.find_associations(id)? {
        let _ = object.map(|_, object| {
            if let RegistryObject::Association(a) = object {
                found.push(*a);
            }
        });
    }
    Ok(found)
}

/// Whether an object that stays still has a place: a set its members, all else its set.
fn belongs(
    tx: &dyn Reading,
    id: &EntryUuid,
    going: &BTreeMap<EntryUuid, PatientKey>,
) -> Result<bool, Refused> {
    let mut kind = "";
    if let Some(object) = tx.find_object(id)? {
        let _ = object.map(|_, object| kind = object.kind());
    }
    let urn = id.urn();
    let stays = |a: &Association| {
        let own = EntryUuid::from_urn(&a.header.id).ok();
        !own.is_some_and(|own| going.contains_key(&own)) && a.kind == AssociationKind::HasMember
    };
    let left = associations(tx, id)?.into_iter().filter(stays);
    Ok(match kind {
        "SubmissionSet" => left.filter(|a| a.source == urn).count() > 0,
        "DocumentEntry" | "Folder" => {
            let mut of_set = false;
            for association in left.filter(|a| a.target == urn) {
                if let Ok(source) = EntryUuid::from_urn(&association.source)
                    && let Some(object) = tx.find_object(&source)?
                {
                    let _ = object.map(|_, object| {
                        of_set |= matches!(object, RegistryObject::Set(_));
                    });
                }
            }
            of_set
        }
        _ => true,
    })
}
