//! An association submitted by itself (ITI TF-2, 3.57.4.1.3.3.4): both ends are there, current, and
//! of one patient.

use super::{Planning, Refused, There, XdsCode, refused};
use crate::xds::XdsProblem;
use tasuki_core::ports::NewObject;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject};
use tasuki_model::{AvailabilityStatus, EntryUuid};

impl Planning<'_> {
    pub(super) fn relation(&mut self, sent: &Association) -> Result<(), Refused> {
        if self.restricted {
            let context = "an association is not submitted by a restricted update";
            return Err(refused(XdsCode::UpdateOperation, context));
        }
        if sent.header.logical_id.is_some() || sent.header.version.is_some() {
            let context = format!(
                "Association {}: associations have no versions",
                sent.header.id
            );
            return Err(XdsProblem::metadata(context).into());
        }
        let source = self.end(sent, &sent.source)?;
        let target = self.end(sent, &sent.target)?;
        fits(sent, &source, &target)?;
        self.not_there_yet(sent)?;
        let mut new = sent.clone();
        new.header.id = self.fresh(&sent.header.id)?;
        let named = (sent.header.id.clone(), new.header.id.clone());
        self.plan.named.insert(named.0, named.1);
        (new.source, new.target) = (
            source.object.header().id.clone(),
            target.object.header().id.clone(),
        );
        new.header.status = Some(AvailabilityStatus::Approved);
        new.header.logical_id = None;
        new.header.home = None;
        let set = self
            .plan
            .objects
            .first()
            .map(|n| n.object.header().id.clone());
        let kind = AssociationKind::HasMember;
        let of_set = self.association(kind, &set.unwrap_or_default(), &new.header.id)?;
        for association in [new, of_set] {
            self.plan.objects.push(NewObject {
                patient_key: source.patient_key.clone(),
                category: source.category,
                confidentiality: source.confidentiality.max(target.confidentiality),
                day: None,
                object: RegistryObject::Association(Box::new(association)),
            });
        }
        Ok(())
    }

    /// The same is not said twice.
    fn not_there_yet(&self, sent: &Association) -> Result<(), Refused> {
        let Ok(source) = EntryUuid::from_urn(&sent.source) else {
            return Ok(());
        };
        let target = EntryUuid::from_urn(&sent.target).ok();
        for there in self
            .tx
            .find_associations(&source)?
            .into_iter()
            .filter_map(There::of)
        {
            let RegistryObject::Association(known) = &there.object else {
                continue;
            };
            let same = known.kind == sent.kind
                && EntryUuid::from_urn(&known.source).ok() == Some(source.clone())
                && EntryUuid::from_urn(&known.target).ok() == target;
            if same && there.status() == AvailabilityStatus::Approved {
                let context = format!("Association {}: is there already", sent.header.id);
                return Err(refused(XdsCode::Update, context));
            }
        }
        Ok(())
    }

    fn end(&self, sent: &Association, urn: &str) -> Result<There, Refused> {
        let named = self.plan.named.get(urn).map_or(urn, String::as_str);
        let mut planned = self.plan.objects.iter();
        if let Some(new) = planned.find(|new| new.object.header().id == named) {
            return Ok(There {
                object: new.object.clone(),
                patient_key: new.patient_key.clone(),
                category: new.category,
                confidentiality: new.confidentiality,
            });
        }
        let found = match EntryUuid::from_urn(urn) {
            Ok(id) => self.there(&id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| {
            let context = format!(
                "Association {}: {urn} is not in the registry",
                sent.header.id
            );
            XdsProblem::metadata(context).into()
        })
    }
}

/// Whether an association may stand between its ends.
fn fits(sent: &Association, source: &There, target: &There) -> Result<(), Refused> {
    let kinds = (source.object.kind(), target.object.kind());
    let right = match sent.kind {
        AssociationKind::HasMember => kinds == ("Folder", "DocumentEntry"),
        kind => kind.is_relationship() && kinds == ("DocumentEntry", "DocumentEntry"),
    };
    if !right
        || sent.kind.replaces()
        || sent.set_status.is_some()
        || sent.previous_version.is_some()
    {
        let context = format!(
            "Association {}: not between a {} and a {}",
            sent.header.id, kinds.0, kinds.1
        );
        return Err(XdsProblem::metadata(context).into());
    }
    if source.object.patient_id() != target.object.patient_id() {
        let context = format!(
            "Association {}: its ends are of two patients",
            sent.header.id
        );
        return Err(refused(XdsCode::PatientReconciliation, context));
    }
    if [source, target]
        .iter()
        .any(|end| end.status() == AvailabilityStatus::Deprecated)
    {
        let context = format!("Association {}: an end is deprecated", sent.header.id);
        return Err(refused(XdsCode::Update, context));
    }
    Ok(())
}
