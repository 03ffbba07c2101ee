//! Objects of the registry as submitted, and the ids under which patients are exchanged.

use super::entries::{status_number, status_of};
use super::packed::{pack, unpack};
use super::rows::{day_number, day_of, id};
use super::{Tx, damaged, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::ports::{Leaf, Metadata, MetadataWrite, NewObject, ObjectKind, Registry};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{DocumentEntry, RegistryObject};
use tasuki_model::{
    AvailabilityStatus, Category, EntryUuid, FacilityId, Instant, Labels, PatientKey, PersonId,
    XadPid,
};

/// Columns and tables that [`read`] expects; ids are in the order of time, so rows are as well.
const SELECT: &str = "SELECT o.body, o.status, o.entry_uuid, o.patient_key, r.facility_id, \
     o.category, o.confidentiality, o.day, o.kind, o.put, o.packed FROM xds_object o JOIN registration r \
     ON r.community_id = o.community_id AND r.patient_key = o.patient_key";
/// The most objects that one id or end can have.
const SHARED_MAX: usize = 20_000;

/// When it was put, and the object.
type Dated = (i64, Labelled<RegistryObject>);

fn read(row: &dyn Row) -> Result<Dated, Fault> {
    let mut object: RegistryObject = match row.opt_bytes(10)? {
        Some(packed) => from_json("metadata", &unpack(packed)?)?,
        None => from_json("metadata", row.text(0)?)?,
    };
    object.header_mut().status = Some(status_of(row.int(1)?)?);
    let confidentiality = Confidentiality::from_code(row.text(6)?);
    let entry: EntryUuid = id(row.text(2)?, EntryUuid::new)?;
    let is_entry = row.int(8)? == kind_number(ObjectKind::Entry);
    let labels = Labels {
        patient_key: id(row.text(3)?, PatientKey::new)?,
        facility: id(row.text(4)?, FacilityId::new)?,
        category: Category::from_code(row.text(5)?).ok_or_else(|| damaged("category"))?,
        department: None,
        day: day_of(row.int(7)?)?,
        author: None,
        confidentiality,
        document: is_entry.then_some(entry),
    };
    Ok((row.int(9)?, Labelled::new(labels, object)))
}

const fn kind_number(kind: ObjectKind) -> i64 {
    match kind {
        ObjectKind::Set => 1,
        ObjectKind::Entry => 2,
        ObjectKind::Folder => 3,
        ObjectKind::Association => 4,
    }
}

fn in_order<T>(mut found: Vec<(i64, Labelled<T>)>) -> Vec<Labelled<T>> {
    found.sort_by_key(|(put, _)| *put);
    found.into_iter().map(|(_, object)| object).collect()
}

fn uuid_of(urn: &str) -> Result<EntryUuid, Fault> {
    EntryUuid::from_urn(urn)
        .map_err(|e| Fault::new(Code::InternalFault, format!("an object's {e}")))
}

impl Tx<'_> {
    fn objects(
        &self,
        condition: &str,
        params: &[Param<'_>],
        limit: usize,
    ) -> Result<Vec<Dated>, Fault> {
        let sql = format!("{SELECT} WHERE {condition} ORDER BY o.put, o.entry_uuid LIMIT {limit}");
        self.all(&sql, params, read)
    }

    fn objects_by(
        &self,
        column: &'static str,
        value: &str,
    ) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        let condition = format!("o.community_id = $1 AND o.{column} = $2");
        let params = [self.community(), value.into()];
        let found = self.objects(&condition, &params, SHARED_MAX)?;
        Ok(in_order(found))
    }
}

impl Metadata for Tx<'_> {
    fn find_leaves(
        &self,
        patients: &[PatientKey],
        limit: u32,
    ) -> Result<Vec<Labelled<Leaf>>, Fault> {
        let most = limit as usize + 1;
        let mut found = Vec::new();
        for patient in patients {
            found.extend(self.leaves(patient, most)?);
        }
        // Rows came by id, and those put at once stay so.
        let mut found = in_order(found);
        found.truncate(most);
        Ok(found)
    }

    fn find_objects(
        &self,
        patients: &[PatientKey],
        kind: ObjectKind,
        limit: u32,
    ) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        let most = limit as usize + 1;
        let mut found = Vec::new();
        for patient in patients {
            let condition = "o.community_id = $1 AND o.patient_key = $2 AND o.kind = $3";
            let params = [
                self.community(),
                patient.as_str().into(),
                kind_number(kind).into(),
            ];
            found.extend(self.objects(condition, &params, most)?);
        }
        let mut found = in_order(found);
        found.truncate(most);
        Ok(found)
    }

    fn find_object(&self, id: &EntryUuid) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        let found = self.objects_by("entry_uuid", id.as_str())?;
        Ok(found.into_iter().next())
    }

    fn find_objects_named(&self, unique_id: &str) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        self.objects_by("unique_id", unique_id)
    }

    fn find_object_versions(
        &self,
        logical_id: &EntryUuid,
    ) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        self.objects_by("logical_id", logical_id.as_str())
    }

    fn find_associations(&self, end: &EntryUuid) -> Result<Vec<Labelled<RegistryObject>>, Fault> {
        let mut found = Vec::new();
        for column in ["source", "target"] {
            let condition = format!("o.community_id = $1 AND o.{column} = $2");
            let params = [self.community(), end.as_str().into()];
            found.extend(self.objects(&condition, &params, SHARED_MAX)?);
        }
        Ok(in_order(found))
    }

    fn xad_pid(&self, person: &PersonId) -> Result<Option<XadPid>, Fault> {
        self.first(
            "SELECT xad_pid FROM xad_pid WHERE community_id = $1 AND person_id = $2",
            &[self.community(), person.as_str().into()],
            |row| id(row.text(0)?, XadPid::new),
        )
    }

    fn person_of_xad_pid(&self, pid: &XadPid) -> Result<Option<PersonId>, Fault> {
        self.first(
            "SELECT person_id FROM xad_pid WHERE community_id = $1 AND xad_pid = $2",
            &[self.community(), pid.as_str().into()],
            |row| id(row.text(0)?, PersonId::new),
        )
    }
}

/// The columns that a body's own words fill.
struct Columns {
    entry: EntryUuid,
    logical: Option<EntryUuid>,
    source: Option<EntryUuid>,
    target: Option<EntryUuid>,
    status: AvailabilityStatus,
}

impl Columns {
    fn of(object: &RegistryObject) -> Result<Self, Fault> {
        let header = object.header();
        let (source, target) = match object {
            RegistryObject::Association(a) => {
                (Some(uuid_of(&a.source)?), Some(uuid_of(&a.target)?))
            }
            _ => (None, None),
        };
        Ok(Self {
            entry: uuid_of(&header.id)?,
            logical: header.logical_id.as_deref().map(uuid_of).transpose()?,
            source,
            target,
            status: header.status.unwrap_or(AvailabilityStatus::Approved),
        })
    }
}

impl MetadataWrite for Tx<'_> {
    fn put_object(&self, new: &NewObject, written: Option<&[u8]>) -> Result<(), Fault> {
        let columns = Columns::of(&new.object)?;
        let text = |id: &'_ Option<EntryUuid>| id.as_ref().map(|id| id.as_str().to_owned());
        let (logical, source, target) = (
            text(&columns.logical),
            text(&columns.source),
            text(&columns.target),
        );
        let packed = pack(&to_json(&new.object)?);
        let kind = ObjectKind::of(&new.object);
        let put = self.shared.clock.now().micros();
        if kind == ObjectKind::Entry {
            let ids = (&columns.entry, logical.as_deref());
            self.put_leaf(new, ids, columns.status, (put, written))?;
        }
        self.execute(
            "INSERT INTO xds_object (community_id, patient_key, entry_uuid, kind, status,
             unique_id, logical_id, source, target, put, category, confidentiality, day, packed,
             body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '')",
            &[
                self.community(),
                new.patient_key.as_str().into(),
                columns.entry.as_str().into(),
                kind_number(kind).into(),
                status_number(columns.status).into(),
                new.object.unique_id().into(),
                logical.as_deref().into(),
                source.as_deref().into(),
                target.as_deref().into(),
                put.into(),
                new.category.code().into(),
                new.confidentiality.code().into(),
                day_number(new.day).into(),
                packed.as_slice().into(),
            ],
        )
        .map(drop)
    }

    fn change_object(&self, object: &RegistryObject) -> Result<(), Fault> {
        let entry = uuid_of(&object.header().id)?;
        let packed = pack(&to_json(object)?);
        self.unwrite_leaf(&entry)?;
        self.execute(
            "UPDATE xds_object SET packed = $1, body = ''
             WHERE community_id = $2 AND entry_uuid = $3",
            &[
                packed.as_slice().into(),
                self.community(),
                entry.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn set_object_status(&self, id: &EntryUuid, status: AvailabilityStatus) -> Result<(), Fault> {
        self.execute(
            "UPDATE xds_object SET status = $1 WHERE community_id = $2 AND entry_uuid = $3",
            &[
                status_number(status).into(),
                self.community(),
                id.as_str().into(),
            ],
        )?;
        self.set_leaf_status(id, status)?;
        self.set_row_status(id, status)
    }

    fn supersede_object(&self, id: &EntryUuid) -> Result<(), Fault> {
        self.execute(
            "UPDATE xds_object SET status = 2 WHERE community_id = $1 AND entry_uuid = $2",
            &[self.community(), id.as_str().into()],
        )?;
        self.set_leaf_status(id, AvailabilityStatus::Deprecated)
    }

    fn relabel_document(
        &self,
        entry: &DocumentEntry,
        category: Category,
        confidentiality: Confidentiality,
    ) -> Result<(), Fault> {
        let logical = entry
            .header
            .logical_id
            .as_deref()
            .map(uuid_of)
            .transpose()?;
        let Some(logical) = logical else {
            return Ok(());
        };
        // The row is that of the first version that came with the document.
        let versions = self.all(
            "SELECT entry_uuid FROM xds_object WHERE community_id = $1 AND logical_id = $2",
            &[self.community(), logical.as_str().into()],
            |row| id(row.text(0)?, EntryUuid::new),
        )?;
        for version in versions {
            let Some(mut row) = self
                .raw_entry(&version)?
                .map(|raw| self.coded(raw))
                .transpose()?
            else {
                continue;
            };
            let code = |code: &Option<tasuki_model::Coding>| code.clone().unwrap_or_default();
            row.class_code = code(&entry.class_code);
            row.type_code = code(&entry.type_code);
            row.format_code = code(&entry.format_code);
            row.practice_setting.clone_from(&entry.practice_setting);
            row.category = category;
            row.confidentiality = confidentiality;
            row.status = entry.header.status.unwrap_or(AvailabilityStatus::Approved);
            self.recode(&row)?;
        }
        Ok(())
    }

    fn move_document(&self, logical_id: &EntryUuid, to: &PatientKey) -> Result<(), Fault> {
        let versions = self.all(
            "SELECT entry_uuid FROM xds_object WHERE community_id = $1 AND logical_id = $2",
            &[self.community(), logical_id.as_str().into()],
            |row| id(row.text(0)?, EntryUuid::new),
        )?;
        for version in versions {
            let Some(from) = self.locate(&version)? else {
                continue;
            };
            self.execute(
                "UPDATE document SET patient_key = $1 WHERE community_id = $2
                 AND patient_key = $3 AND entry_uuid = $4",
                &[
                    to.as_str().into(),
                    self.community(),
                    from.as_str().into(),
                    version.as_str().into(),
                ],
            )?;
            self.execute(
                "UPDATE locator SET patient_key = $1 WHERE entry_uuid = $2",
                &[to.as_str().into(), version.as_str().into()],
            )?;
        }
        Ok(())
    }

    fn remove_content(&self, id: &EntryUuid, at: Instant) -> Result<(), Fault> {
        match self.locate(id)? {
            Some(patient) => self.bury(&patient, id, at),
            None => Ok(()),
        }
    }

    fn remove_metadata(&self, id: &EntryUuid) -> Result<(), Fault> {
        self.remove_leaf(id)?;
        self.execute(
            "DELETE FROM xds_object WHERE community_id = $1 AND entry_uuid = $2",
            &[self.community(), id.as_str().into()],
        )
        .map(drop)
    }

    fn issue_xad_pid(&self, person: &PersonId) -> Result<XadPid, Fault> {
        if let Some(issued) = self.xad_pid(person)? {
            return Ok(issued);
        }
        let fresh = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
        self.execute(
            "INSERT INTO xad_pid (community_id, person_id, xad_pid, issued)
             VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, person_id) DO NOTHING",
            &[
                self.community(),
                person.as_str().into(),
                fresh.as_str().into(),
                self.shared.clock.now().micros().into(),
            ],
        )?;
        // Another process may have issued one meanwhile: that one holds.
        let issued = self.xad_pid(person)?;
        issued.ok_or_else(|| Fault::new(Code::StoreBroken, "an id that was issued is not there"))
    }
}
