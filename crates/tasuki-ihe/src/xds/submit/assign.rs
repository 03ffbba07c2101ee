//! Ids: a symbolic id becomes an `entryUUID` of ours wherever it stands; one that the sender gave
//! must be new (ITI TF-3, 4.2.3.1.1).

use super::{Refused, uuid};
use crate::xds::XdsProblem;
use std::collections::HashMap;
use tasuki_core::ports::Reading;
use tasuki_model::AvailabilityStatus;
use tasuki_model::xds::{Header, Submission};

pub(super) fn ids(tx: &dyn Reading, mut submission: Submission) -> Result<Submission, Refused> {
    let mut names: HashMap<String, String> = HashMap::new();
    for header in headers(&mut submission) {
        let urn = if header.id.starts_with("urn:uuid:") {
            let id = uuid(&header.id)?;
            if tx.find_object(&id)?.is_some() || tx.locate(&id)?.is_some() {
                let context = format!(
                    "{}: an object with this entryUUID is there already: send a \
                     symbolic id, or a new UUID",
                    header.id
                );
                return Err(XdsProblem::metadata(context).into());
            }
            id.urn()
        } else {
            tx.new_entry_uuid()?.0.urn()
        };
        names.insert(header.id.clone(), urn.clone());
        header.id = urn.clone();
        header.logical_id = Some(urn);
        header.version = Some("1".to_owned());
        header.status = Some(AvailabilityStatus::Approved);
        header.home = None;
    }
    for association in &mut submission.associations {
        association.header.logical_id = None;
        association.header.version = None;
        for end in [&mut association.source, &mut association.target] {
            *end = match names.get(end) {
                Some(urn) => urn.clone(),
                None => uuid(end)?.urn(),
            };
        }
    }
    Ok(submission)
}

fn headers(submission: &mut Submission) -> impl Iterator<Item = &mut Header> {
    let sets = submission.sets.iter_mut().map(|s| &mut s.header);
    let entries = submission.entries.iter_mut().map(|e| &mut e.header);
    let folders = submission.folders.iter_mut().map(|f| &mut f.header);
    let associations = submission.associations.iter_mut().map(|a| &mut a.header);
    sets.chain(entries).chain(folders).chain(associations)
}
