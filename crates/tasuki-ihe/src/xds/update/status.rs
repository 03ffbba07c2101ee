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
        // A version of the same message has its id only now.
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

    /// The status of the one new version of this message.
    fn status_of_new(
        &mut self,
        target: &str,
        from: AvailabilityStatus,
        to: AvailabilityStatus,
    ) -> Result<(), Refused> {
        let no = |what: &str| refused(XdsCode::Update, format!("{target}: {what}"));
        let versions = self.plan.objects.iter_mut().filter(|new| {
            matches!(
                new.object,
                RegistryObject::Entry(_) | RegistryObject::Folder(_)
            )
        });
        let versions: Vec<_> = versions.collect();
        let Ok([new]) = <[_; 1]>::try_from(versions) else {
            return Err(no("is not in the registry"));
        };
        if new.object.header().status != Some(from) {
            return Err(no("does not have OriginalStatus"));
        }
        new.object.header_mut().status = Some(to);
        if let Some(entry) = self.plan.entries.first_mut() {
            entry.header_mut().status = Some(to);
        }
        Ok(())
    }
}
