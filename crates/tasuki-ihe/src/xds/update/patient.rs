//! A new version of another patient (ITI TF-2, 3.57.4.1.3.3.1.7): what was registered under the wrong
//! one is put right. It stays within its facility, whose submitter knows both patients, and takes
//! nothing else with it: what is related to others of the patient is refused as a whole.

use super::{Planning, Refused, There, XdsCode, refused};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{EntryUuid, PatientKey};

impl Planning<'_> {
    /// Whose a new version is.
    pub(super) fn patient_key(
        &mut self,
        new: &RegistryObject,
        before: &There,
        propagate: bool,
    ) -> Result<PatientKey, Refused> {
        if new.patient_id() == before.object.patient_id() {
            return Ok(before.patient_key.clone());
        }
        let id = &new.header().id;
        let wrong = |what: &str| {
            let context = format!("{id}: patientId {what}");
            refused(XdsCode::PatientReconciliation, context)
        };
        let to = self.known(new.patient_id())?;
        if to == before.patient_key {
            return Ok(to);
        }
        let facility = |key: &PatientKey| {
            let found = self.tx.registration(key)?;
            Ok::<_, Refused>(found.map(|record| record.facility))
        };
        if facility(&to)? != facility(&before.patient_key)? {
            return Err(wrong("is another facility's: send it as a new document"));
        }
        let of_set = self.plan.objects.first().map(|set| &set.patient_key);
        if of_set != Some(&to) {
            return Err(wrong("is not that of the SubmissionSet"));
        }
        let header = before.object.header();
        if propagate && !self.relations(&header.id)?.is_empty() {
            let what = "changes, and something else relates to it: remove the relation first, or \
                write AssociationPropagation no";
            return Err(wrong(what));
        }
        if matches!(new, RegistryObject::Entry(_)) {
            let logical = header.logical_id.as_deref().unwrap_or(&header.id);
            let logical =
                EntryUuid::from_urn(logical).map_err(|_| wrong("changes nothing here"))?;
            self.plan.moved.push((logical, to.clone()));
        }
        Ok(to)
    }
}
