//! A change of status: of the newest version, from the status that it has (ITI TF-2,
//! 3.57.4.1.3.3.3).

use super::{Planning, Refused, There, XdsCode, refused};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{AvailabilityStatus, EntryUuid};

impl Planning<'_> {
    pub(super) fn status(
        &mut self,
        target: &str,
        from: AvailabilityStatus,
        to: AvailabilityStatus,
    ) -> Result<(), Refused> {
        let no = |what: &str| refused(XdsCode::Update, format!("{target}: {what}"));
        if self.restricted {
            let context = format!("{target}: a status does not change by a restricted update");
            return Err(refused(XdsCode::UpdateOperation, context));
        }
        // What the same message brings has its id only now.
        if !target.starts_with("urn:uuid:") || EntryUuid::from_urn(target).is_err() {
            return self.status_of_new(target, from, to);
        }
        let id = EntryUuid::from_urn(target).map_err(|_| no("is no urn:uuid:"))?;
        let Some(there) = self.there(&id)? else {
            return self.status_of_new(target, from, to);
        };
        if matches!(there.object, RegistryObject::Set(_)) {
            return Err(no("the status of a SubmissionSet does not change"));
        }
        if there.status() != from {
            return Err(no("does not have OriginalStatus"));
        }
        let lid = there.object.header().logical_id.as_deref();
        if let Some(lid) = lid.and_then(|lid| EntryUuid::from_urn(lid).ok()) {
            let versions = self.tx.find_object_versions(&lid)?.into_iter();
            let newest = versions.filter_map(There::of).map(|v| v.version()).max();
            if newest.is_some_and(|newest| newest > there.version()) {
                return Err(no("is not the newest version"));
            }
        }
        self.plan.statuses.push((id, to));
        Ok(())
    }

    /// The status of something that this message brings.
    fn status_of_new(
        &mut self,
        target: &str,
        from: AvailabilityStatus,
        to: AvailabilityStatus,
    ) -> Result<(), Refused> {
        let no = |what: &str| refused(XdsCode::Update, format!("{target}: {what}"));
        // What the message calls it, and what it is called now.
        let named = self.plan.named.get(target).map_or(target, String::as_str);
        let mut objects = self.plan.objects.iter_mut();
        let Some(new) = objects.find(|new| new.object.header().id == named) else {
            return Err(no("is not in the registry"));
        };
        if new.object.header().status != Some(from) {
            return Err(no("does not have OriginalStatus"));
        }
        new.object.header_mut().status = Some(to);
        let mut entries = self.plan.entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.header().id == named) {
            entry.header_mut().status = Some(to);
        }
        Ok(())
    }
}
