//! Folders with entries that go over (ITI TF-2 3.64.4.1.3.1.6): a folder whose every current member
//! does, goes with them as a new version. Another keeps what stays; what went over stays its member
//! only where the patient is the same.

use super::Relinking;
use super::relations::Folders;
use crate::xds::update::{Refused, There};
use tasuki_model::xds::{AssociationKind, Folder, RegistryObject};
use tasuki_model::{AvailabilityStatus, EntryUuid};

impl Relinking<'_> {
    pub(super) fn folders(&mut self, folders: Folders) -> Result<(), Refused> {
        for (id, (there, memberships)) in folders {
            let RegistryObject::Folder(folder) = &there.object else {
                continue;
            };
            if there.status() != AvailabilityStatus::Approved {
                continue;
            }
            if self.all_move(&id)? {
                self.folder(&there, folder, &memberships)?;
            } else if !self.change.moves {
                let mut folder = folder.clone();
                folder.last_update = Some(self.registry.now());
                self.plan.changed.push(RegistryObject::Folder(folder));
                self.supersede(&memberships);
                self.join(&id, &memberships)?;
            } else {
                for membership in &memberships {
                    if let RegistryObject::Association(it) = &membership.object {
                        self.end(it);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether every current member of a folder goes over.
    fn all_move(&self, folder: &str) -> Result<bool, Refused> {
        for membership in self.of(folder)? {
            let RegistryObject::Association(it) = &membership.object else {
                continue;
            };
            let member = it.kind == AssociationKind::HasMember && it.source == folder;
            if !member || self.moved.contains_key(&it.target) {
                continue;
            }
            let stays = self.there(&it.target)?;
            if stays.is_none_or(|s| s.status() == AvailabilityStatus::Approved) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The next version of a folder, with what is in it now. The one before keeps its own.
    fn folder(
        &mut self,
        there: &There,
        before: &Folder,
        memberships: &[There],
    ) -> Result<(), Refused> {
        let mut folder = before.clone();
        folder.last_update = Some(self.registry.now());
        if self.change.moves {
            folder.patient_id = Some(self.change.patient.to_string());
        }
        let id = self.next(&mut folder.header, there)?;
        let labels = (there.category, there.confidentiality);
        self.put(RegistryObject::Folder(Box::new(folder)), labels);
        self.done.folders += 1;
        self.join(&id, memberships)
    }

    /// Members of a folder by the ids that they have now; the set names each membership.
    fn join(&mut self, folder: &str, memberships: &[There]) -> Result<(), Refused> {
        for membership in memberships {
            let RegistryObject::Association(it) = &membership.object else {
                continue;
            };
            let Some(target) = self.moved.get(&it.target).cloned() else {
                continue;
            };
            let new = self.association(AssociationKind::HasMember, folder, &target)?;
            let id = new.header.id.clone();
            let of_set = self.association(AssociationKind::HasMember, &self.set, &id)?;
            let labels = (membership.category, membership.confidentiality);
            for association in [new, of_set] {
                self.put(RegistryObject::Association(Box::new(association)), labels);
            }
        }
        Ok(())
    }

    fn supersede(&mut self, memberships: &[There]) {
        let ids = memberships.iter().map(|m| &m.object.header().id);
        let ids = ids.filter_map(|id| EntryUuid::from_urn(id).ok());
        self.plan.superseded.extend(ids);
    }
}
