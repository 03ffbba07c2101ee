//! What a query has found so far, and under which patient id it is told.

use super::Registry;
use crate::xds::patient::{Known, PatientCx, subject};
use crate::xds::render;
use std::collections::{BTreeSet, HashMap, HashSet};
use tasuki_core::policy::Subject;
use tasuki_core::ports::{Leaf, PatientRecord, Reading};
use tasuki_core::{Fault, Labelled};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{
    DocumentEntry, EntryUuid, Facility, FacilityId, PatientKey, PersonId, UniqueId,
};

/// A search in progress.
pub(super) struct Finding<'t> {
    pub(super) registry: &'t Registry,
    pub(super) tx: &'t dyn Reading,
    records: HashMap<PatientKey, Option<PatientRecord>>,
    facilities: Option<HashMap<FacilityId, Facility>>,
    seen: HashSet<String>,
    found: Found,
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) objects: Vec<Labelled<RegistryObject>>,
    /// Entries of whom was asked, in their written form.
    pub(super) leaves: Vec<Labelled<Leaf>>,
    /// Every registration that has anything in it.
    pub(super) subjects: Vec<Subject>,
    /// Whose each object is, by its id.
    pub(super) owners: HashMap<String, PersonId>,
    /// The id under which was asked: everything is told under it.
    pub(super) asked: Option<PatientCx>,
    /// Whether objects of several patients are an error.
    pub(super) single: bool,
}

impl<'t> Finding<'t> {
    pub(super) fn new(registry: &'t Registry, tx: &'t dyn Reading) -> Self {
        Self {
            registry,
            tx,
            records: HashMap::new(),
            facilities: None,
            seen: HashSet::new(),
            found: Found::default(),
        }
    }

    /// Adds an object, once.
    pub(super) fn add(&mut self, object: Labelled<RegistryObject>) -> Result<(), Fault> {
        let key = object.labels().patient_key.clone();
        let Some(record) = self.record(&key)? else {
            return Ok(());
        };
        let (object, id) = look(object, |object| object.header().id.clone());
        if self.seen.insert(id.clone()) {
            self.found.owners.insert(id, record.person);
            self.found.objects.push(object);
        }
        Ok(())
    }

    /// Adds an entry in its written form. It is told under the id that was asked.
    pub(super) fn add_leaf(&mut self, leaf: Labelled<Leaf>) {
        self.found.leaves.push(leaf);
    }

    /// Adds an object where it fits.
    pub(super) fn add_if(
        &mut self,
        object: Labelled<RegistryObject>,
        fits: impl FnOnce(&RegistryObject) -> bool,
    ) -> Result<(), Fault> {
        let (object, fits) = look(object, fits);
        if fits { self.add(object) } else { Ok(()) }
    }

    /// Adds the summary that is made of these registrations where it fits: under each of them, so that
    /// any that is open tells it, and once in the answer.
    pub(super) fn offer(
        &mut self,
        known: &Known,
        fits: impl Fn(&RegistryObject) -> bool,
    ) -> Result<(), Fault> {
        for object in self.registry.offered(known) {
            let key = object.labels().patient_key.clone();
            let (object, fits) = look(object, &fits);
            let (object, id) = look(object, |object| object.header().id.clone());
            if fits && let Some(record) = self.record(&key)? {
                self.found.owners.insert(id, record.person);
                self.found.objects.push(object);
            }
        }
        Ok(())
    }

    pub(super) fn record(&mut self, key: &PatientKey) -> Result<Option<PatientRecord>, Fault> {
        if let Some(known) = self.records.get(key) {
            return Ok(known.clone());
        }
        let record = self.tx.registration(key)?;
        if let Some(record) = &record {
            let now = self.registry.clock.now();
            self.found.subjects.push(subject(record, now));
        }
        self.records.insert(key.clone(), record.clone());
        Ok(record)
    }

    /// A row as full metadata.
    pub(super) fn rendered(
        &mut self,
        row: Labelled<DocumentEntry>,
    ) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        self.rendered_as(row, |registry, row, record, facility| {
            let entry = render::entry(registry, row, record, facility);
            RegistryObject::Entry(Box::new(entry))
        })
    }

    /// A row as something that is told of it.
    pub(super) fn rendered_as<T>(
        &mut self,
        row: Labelled<DocumentEntry>,
        make: impl FnOnce(&Registry, &DocumentEntry, &PatientRecord, &Facility) -> T,
    ) -> Result<Option<Labelled<T>>, Fault> {
        let key = row.labels().patient_key.clone();
        let Some(record) = self.record(&key)? else {
            return Ok(None);
        };
        if self.facilities.is_none() {
            let all = self.tx.facilities()?.into_iter();
            self.facilities = Some(all.map(|f| (f.id.clone(), f)).collect());
        }
        let facilities = self.facilities.as_ref();
        let Some(facility) = facilities.and_then(|all| all.get(&record.facility)) else {
            return Ok(None);
        };
        let registry = self.registry;
        Ok(Some(
            row.map(|_, row| make(registry, &row, &record, facility)),
        ))
    }

    /// An object by its id, submitted or imported.
    pub(super) fn by_id(
        &mut self,
        id: &EntryUuid,
    ) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        if let Some(found) = self.tx.find_object(id)? {
            return Ok(Some(found));
        }
        match self.tx.find_entry(id)? {
            Some(row) => self.rendered(row),
            None => self.imported(id),
        }
    }

    /// Objects by their uniqueId, submitted or imported.
    pub(super) fn by_name(&mut self, unique: &str) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        let mut found = self.tx.find_objects_named(unique)?;
        if found.is_empty()
            && let Ok(id) = UniqueId::new(unique)
            && let Some(row) = self.tx.find_unique(&id)?
        {
            found.extend(self.rendered(row)?);
        }
        if found.is_empty()
            && let Some(set) = super::imported::set_named(unique)
        {
            found.extend(self.imported(&set)?);
        }
        Ok(found)
    }

    /// Everything was found under this id.
    pub(super) fn asked(&mut self, cx: PatientCx) {
        self.found.asked = Some(cx);
    }

    /// Objects of several patients are an error.
    pub(super) fn of_one_patient(&mut self) {
        self.found.single = true;
    }

    pub(super) fn done(self) -> Found {
        self.found
    }
}

/// What can be said of an object without letting it go.
pub(super) fn look<O, T>(object: Labelled<O>, see: impl FnOnce(&O) -> T) -> (Labelled<O>, T)
where
    T: Default,
{
    let mut seen = T::default();
    let object = object.map(|_, object| {
        seen = see(&object);
        object
    });
    (object, seen)
}

/// The documents that were found, so that nothing that is told refers to one that is withheld.
pub(super) struct Ends(BTreeSet<String>);

impl Found {
    pub(super) fn ends(&self) -> Ends {
        let entries = self
            .objects
            .iter()
            .filter_map(|o| o.labels().document.as_ref());
        Ends(entries.map(EntryUuid::urn).collect())
    }
}

impl Ends {
    /// Takes away associations with a document that the policy took away.
    pub(super) fn without_the_withheld(&self, objects: Vec<RegistryObject>) -> Vec<RegistryObject> {
        let told: BTreeSet<String> = objects
            .iter()
            .filter(|o| matches!(o, RegistryObject::Entry(_)))
            .map(|o| o.header().id.clone())
            .collect();
        let withheld = |id: &String| self.0.contains(id) && !told.contains(id);
        let keeps = |object: &RegistryObject| match object {
            RegistryObject::Association(a) => !withheld(&a.source) && !withheld(&a.target),
            _ => true,
        };
        objects.into_iter().filter(keeps).collect()
    }
}

/// The patient id of each object, by the object's id.
#[derive(Debug, Default)]
pub(super) struct PatientIds {
    ids: HashMap<String, String>,
}

impl PatientIds {
    /// Whether there is more than one patient.
    pub(super) fn several(&self) -> bool {
        let mut ids = self.ids.values();
        let first = ids.next();
        ids.any(|id| Some(id) != first)
    }
}

impl Registry {
    /// Under which id each object is told: the one that was asked, else a facility's as submitted,
    /// else the community's present one of the person. To `outside` a facility's own number is not
    /// told where it was not asked: other communities know the community's.
    pub(super) fn patient_ids(
        &self,
        objects: &[RegistryObject],
        owners: &HashMap<String, PersonId>,
        asked: Option<&PatientCx>,
        outside: bool,
    ) -> Result<PatientIds, Fault> {
        let mut told = PatientIds::default();
        let mut of_persons: HashMap<&PersonId, String> = HashMap::new();
        for object in objects {
            if matches!(object, RegistryObject::Association(_)) {
                continue;
            }
            let id = object.header().id.clone();
            let submitted = object.patient_id().and_then(PatientCx::parse);
            let own = submitted.filter(|cx| !outside && cx.authority != self.authority.as_str());
            let cx = match (asked, own, owners.get(&id)) {
                (Some(asked), _, _) => asked.to_string(),
                (None, Some(own), _) => own.to_string(),
                (None, None, Some(person)) => match of_persons.get(person) {
                    Some(known) => known.clone(),
                    None => {
                        let cx = self.xad_cx(person)?.to_string();
                        of_persons.insert(person, cx.clone());
                        cx
                    }
                },
                (None, None, None) => continue,
            };
            told.ids.insert(id, cx);
        }
        Ok(told)
    }
}

/// Fills in what only the answer knows.
pub(super) fn complete(
    objects: Vec<RegistryObject>,
    ids: &PatientIds,
    home: Option<&str>,
) -> Vec<RegistryObject> {
    let mut objects = objects;
    for object in &mut objects {
        let header = object.header_mut();
        header.home = home.map(str::to_owned);
        let patient = ids.ids.get(&header.id).cloned();
        match object {
            RegistryObject::Set(set) => set.patient_id = patient,
            RegistryObject::Entry(entry) => entry.patient_id = patient,
            RegistryObject::Folder(folder) => folder.patient_id = patient,
            RegistryObject::Association(_) => {}
        }
    }
    objects
}
