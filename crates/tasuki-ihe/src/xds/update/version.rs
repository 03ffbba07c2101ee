//! A new version of an entry or folder: of the one that is newest, with what identifies it unchanged
//! (ITI TF-2, 3.57.4.1.3.3.1; 3.92.4.1.3).

use super::{Planning, Refused, There, XdsCode, refused};
use crate::xds::submit::day;
use tasuki_core::ports::NewObject;
use tasuki_model::xds::{
    Association, AssociationKind, DocumentEntry, RegistryObject, Submission, SubmissionSetStatus,
};
use tasuki_model::{AvailabilityStatus, EntryUuid};

impl Planning<'_> {
    pub(super) fn version(
        &mut self,
        submission: &Submission,
        id: &str,
        previous: u64,
        propagate: bool,
    ) -> Result<(), Refused> {
        let entry = submission.entries.iter().find(|e| e.header.id == id);
        let folder = submission.folders.iter().find(|f| f.header.id == id);
        let mut new = match (entry, folder) {
            (Some(entry), _) => RegistryObject::Entry(Box::new(entry.clone())),
            (None, Some(folder)) => RegistryObject::Folder(Box::new(folder.clone())),
            (None, None) => return Ok(()),
        };
        let before = self.newest(&new, previous)?;
        self.unchanged(&new, &before)?;
        let patient_key = self.patient_key(&new, &before, propagate)?;
        if let RegistryObject::Folder(folder) = &mut new {
            folder.last_update = Some(self.registry.now());
        }
        let fresh = self.fresh(&new.header().id)?;
        let sent = new.header().id.clone();
        self.plan.named.insert(sent, fresh.clone());
        let header = new.header_mut();
        header.id = fresh;
        header.version = Some((previous + 1).to_string());
        header.logical_id = before.object.header().logical_id.clone();
        header.status = Some(before.status());
        header.home = None;
        let urn = header.id.clone();
        let (category, confidentiality) = match &new {
            RegistryObject::Entry(entry) => (
                self.registry.affinity.category(entry),
                self.registry.affinity.confidentiality(entry),
            ),
            _ => (before.category, before.confidentiality),
        };
        if matches!(new, RegistryObject::Entry(_)) {
            self.plan.entries.push(new.clone());
        }
        let membership = self.membership(&urn, previous)?;
        let days = match &new {
            RegistryObject::Entry(entry) => [day(entry), None],
            _ => [None, None],
        };
        for (object, day) in [new, membership].into_iter().zip(days) {
            self.plan.objects.push(NewObject {
                patient_key: patient_key.clone(),
                category,
                confidentiality,
                day,
                object,
            });
        }
        let old = before.object.header().id.clone();
        if propagate {
            self.propagate(&old, &urn)?;
        }
        self.plan.superseded.extend(EntryUuid::from_urn(&old).ok());
        Ok(())
    }

    /// The newest version of a logicalID, if it is the one that the update goes out from.
    fn newest(&self, new: &RegistryObject, previous: u64) -> Result<There, Refused> {
        let lid = new.header().logical_id.as_deref().unwrap_or_default();
        let mismatch = |what: &str| refused(XdsCode::Version, format!("{lid}: {what}"));
        let id = EntryUuid::from_urn(lid).map_err(|_| mismatch("lid is no urn:uuid:"))?;
        let versions = self.tx.find_object_versions(&id)?.into_iter();
        let own = versions.filter(|v| self.from.feeds.contains(&v.labels().facility));
        let newest = own.filter_map(There::of).max_by_key(There::version);
        let newest = newest.filter(|there| there.object.kind() == new.kind());
        let newest = newest.ok_or_else(|| mismatch("no object has this logicalID"))?;
        if newest.version() != previous {
            let context = format!(
                "PreviousVersion is {previous}, the newest is {}",
                newest.version()
            );
            return Err(mismatch(&context));
        }
        // Under restriction a deprecated version may be updated (3.92, CP 1190); else it is first
        // made approved again.
        if !self.restricted && newest.status() == AvailabilityStatus::Deprecated {
            return Err(mismatch(
                "the newest version is deprecated: approve it first",
            ));
        }
        Ok(newest)
    }

    /// What identifies an object does not change; under restriction nothing that binds it.
    fn unchanged(&self, new: &RegistryObject, before: &There) -> Result<(), Refused> {
        let fixed = if self.restricted {
            XdsCode::Unmodifiable
        } else {
            XdsCode::Update
        };
        let id = &new.header().id;
        let differs = |xds, what: &str| refused(xds, format!("{id}: {what} may not change"));
        if new.unique_id() != before.object.unique_id() {
            return Err(differs(XdsCode::Identifier, "uniqueId"));
        }
        if self.restricted && new.patient_id() != before.object.patient_id() {
            return Err(differs(XdsCode::PatientReconciliation, "patientId"));
        }
        if self.restricted && new.header().status.is_some_and(|s| s != before.status()) {
            return Err(differs(fixed, "availabilityStatus"));
        }
        let (RegistryObject::Entry(new), RegistryObject::Entry(old)) = (new, &before.object) else {
            return if self.restricted {
                Err(differs(XdsCode::UpdateOperation, "a Folder"))
            } else {
                Ok(())
            };
        };
        match changed(new, old, self.restricted, self.registry.repository.as_str()) {
            Some(what) => Err(differs(fixed, what)),
            None => Ok(()),
        }
    }

    fn membership(&self, target: &str, previous: u64) -> Result<RegistryObject, Refused> {
        let set = self
            .plan
            .objects
            .first()
            .map(|new| new.object.header().id.clone());
        let of_set = Association {
            set_status: Some(SubmissionSetStatus::Original),
            previous_version: Some(previous.to_string()),
            ..self.association(AssociationKind::HasMember, &set.unwrap_or_default(), target)?
        };
        Ok(RegistryObject::Association(Box::new(of_set)))
    }

    pub(super) fn association(
        &self,
        kind: AssociationKind,
        source: &str,
        target: &str,
    ) -> Result<Association, Refused> {
        let id = self.tx.new_entry_uuid()?.0.urn();
        Ok(Association::current(id, kind, source, target))
    }

    /// What relates to an object now, but for its own set.
    pub(super) fn relations(&self, urn: &str) -> Result<Vec<There>, Refused> {
        let Ok(id) = EntryUuid::from_urn(urn) else {
            return Ok(Vec::new());
        };
        let mut relations = Vec::new();
        let found = self.tx.find_associations(&id)?.into_iter();
        for there in found.filter_map(There::of) {
            let RegistryObject::Association(relation) = &there.object else {
                continue;
            };
            let source = EntryUuid::from_urn(&relation.source).ok();
            let source = source.map(|id| self.there(&id)).transpose()?.flatten();
            let of_set = source.is_some_and(|s| matches!(s.object, RegistryObject::Set(_)));
            if !of_set && there.status() != AvailabilityStatus::Deprecated {
                relations.push(there);
            }
        }
        Ok(relations)
    }

    /// Relations of the version before go over to the new one, but for that to its own set.
    fn propagate(&mut self, old: &str, new: &str) -> Result<(), Refused> {
        for there in self.relations(old)? {
            let RegistryObject::Association(before) = &there.object else {
                continue;
            };
            let end = |urn: &str| {
                if urn == old {
                    new.to_owned()
                } else {
                    urn.to_owned()
                }
            };
            let moved = Association {
                documentation: before.documentation.clone(),
                ..self.association(before.kind, &end(&before.source), &end(&before.target))?
            };
            self.plan.objects.push(NewObject {
                patient_key: there.patient_key.clone(),
                category: there.category,
                confidentiality: there.confidentiality,
                day: None,
                object: RegistryObject::Association(Box::new(moved)),
            });
            self.plan
                .superseded
                .extend(EntryUuid::from_urn(&before.header.id).ok());
        }
        Ok(())
    }
}

/// The first attribute that has changed and may not. What our repository holds stays what it is.
fn changed(
    new: &DocumentEntry,
    old: &DocumentEntry,
    restricted: bool,
    ours: &str,
) -> Option<&'static str> {
    let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        (a, b) => a == b,
    };
    let here = |entry: &DocumentEntry| entry.repository_id.as_deref() == Some(ours);
    let moves = here(new) != here(old);
    let held = here(old);
    let fixed = [
        ("objectType", new.object_type == old.object_type),
        (
            "repositoryUniqueId",
            !(moves || restricted && new.repository_id != old.repository_id),
        ),
        ("hash", !held || same(&new.hash, &old.hash)),
        ("size", !held || same(&new.size, &old.size)),
        (
            "sourcePatientId",
            !restricted || new.source_patient_id == old.source_patient_id,
        ),
        (
            "documentAvailability",
            !restricted || new.availability == old.availability,
        ),
    ];
    let mut differing = fixed.into_iter().filter(|(_, same)| !same);
    differing.next().map(|(name, _)| name)
}
