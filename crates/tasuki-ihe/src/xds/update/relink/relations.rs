//! What relates to an entry that goes over: it goes with it where both ends are of one patient
//! afterwards, and is ended where they are not (ITI TF-2 3.64.4.1.3.1.4 and .5). An entry that was
//! replaced is deprecated and stays, and so does its relation.

use super::Relinking;
use crate::xds::update::{Refused, There};
use std::collections::BTreeMap;
use tasuki_core::Fault;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject, SubmissionSetStatus};
use tasuki_model::{AvailabilityStatus, EntryUuid};

/// Memberships of entries that go over, by their folder.
pub(super) type Folders = BTreeMap<String, (There, Vec<There>)>;

impl Relinking<'_> {
    pub(super) fn relations(&mut self, meant: &[There]) -> Result<Folders, Refused> {
        let mut folders = Folders::new();
        for there in meant {
            let id = there.object.header().id.clone();
            for relation in self.of(&id)? {
                let RegistryObject::Association(it) = &relation.object else {
                    continue;
                };
                if !self.seen.insert(it.header.id.clone()) {
                    continue;
                }
                let of_member = it.kind == AssociationKind::HasMember && it.target == id;
                match self.there(&it.source)?.filter(|_| of_member) {
                    Some(set) if matches!(set.object, RegistryObject::Set(_)) => {
                        if it.set_status == Some(SubmissionSetStatus::Reference) {
                            self.again(&relation, it)?;
                        }
                    }
                    Some(folder) => {
                        let of = folders.entry(it.source.clone());
                        of.or_insert((folder, Vec::new())).1.push(relation);
                    }
                    None => self.between(&relation, it)?,
                }
            }
        }
        Ok(folders)
    }

    /// A relation between two documents.
    fn between(&mut self, relation: &There, it: &Association) -> Result<(), Refused> {
        let both = [&it.source, &it.target];
        let mut others = both.iter().filter(|end| !self.moved.contains_key(**end));
        let Some(other) = others.next() else {
            return self.again(relation, it);
        };
        match self.there(other)? {
            Some(other) if other.status() == AvailabilityStatus::Approved => {
                match self.change.moves {
                    false => self.again(relation, it),
                    true => {
                        self.end(it);
                        Ok(())
                    }
                }
            }
            _ => Ok(()),
        }
    }

    /// Nothing relates across patients.
    pub(super) fn end(&mut self, it: &Association) {
        self.plan
            .superseded
            .extend(EntryUuid::from_urn(&it.header.id).ok());
        self.done.ended += 1;
    }

    /// The same relation between what is there now.
    fn again(&mut self, relation: &There, it: &Association) -> Result<(), Refused> {
        let now = |end: &String| self.moved.get(end).unwrap_or(end).clone();
        let new = Association {
            documentation: it.documentation.clone(),
            set_status: it.set_status,
            ..self.association(it.kind, &now(&it.source), &now(&it.target))?
        };
        self.plan
            .superseded
            .extend(EntryUuid::from_urn(&it.header.id).ok());
        let labels = (relation.category, relation.confidentiality);
        self.put(RegistryObject::Association(Box::new(new)), labels);
        Ok(())
    }

    /// Relations of an object that hold.
    pub(super) fn of(&self, urn: &str) -> Result<Vec<There>, Fault> {
        let Ok(id) = EntryUuid::from_urn(urn) else {
            return Ok(Vec::new());
        };
        let found = self.tx.find_associations(&id)?.into_iter();
        let found = found.filter_map(There::of);
        Ok(found
            .filter(|r| r.status() == AvailabilityStatus::Approved)
            .collect())
    }

    pub(super) fn there(&self, urn: &str) -> Result<Option<There>, Fault> {
        let Ok(id) = EntryUuid::from_urn(urn) else {
            return Ok(None);
        };
        Ok(self.tx.find_object(&id)?.and_then(There::of))
    }

    pub(super) fn association(
        &self,
        kind: AssociationKind,
        source: &str,
        target: &str,
    ) -> Result<Association, Fault> {
        let id = self.tx.new_entry_uuid()?.0.urn();
        Ok(Association::current(id, kind, source, target))
    }
}
