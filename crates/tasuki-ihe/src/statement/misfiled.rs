//! A document that names another patient inside: whoever gave it is told, and its clerks see it on their desk.
//! Only the document's own number is said; whether the recipient has such a document is not answered.

use super::{By, Effect, Telling, Told, wrong};
use crate::gateway::{Audited, NoAnswer};
use crate::soap::Stop;
use serde::{Deserialize, Serialize};
use tasuki_core::Code;
use tasuki_core::policy::release_misfiled_notice;
use tasuki_core::ports::{Misfiled, MisfiledSide, Writing};
use tasuki_model::{CopyId, PatientKey, UniqueId};

/// Reports that one round tells, and what each is called.
const BATCH: u32 = 100;
const NAMED: &str = "misfiled ";

/// A document of the recipient's names another patient inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MisfiledDocument {
    /// Its `uniqueId`.
    pub document: String,
}

/// Another community says that a document of ours is so.
struct Report(UniqueId);

pub(super) fn read(told: &MisfiledDocument) -> Result<Box<dyn Effect>, Stop> {
    let document = UniqueId::new(&told.document);
    let document = document.map_err(|_| wrong(Code::StatementForged, "document"))?;
    Ok(Box::new(Report(document)))
}

impl Effect for Report {
    fn write(&self, id: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        let Some(found) = tx.find_unique(&self.0)? else {
            return Ok(Vec::new());
        };
        let labels = found.labels();
        tx.report_misfiled(&Misfiled {
            id: CopyId::new(id).map_err(|_| wrong(Code::StatementForged, "id"))?,
            side: MisfiledSide::Given,
            facility: labels.facility.clone(),
            patient: labels.patient_key.clone(),
            community: by.from.clone(),
            document: self.0.as_str().into(),
            institution: "".into(),
            at: by.now,
            told: None,
            dealt: None,
        })?;
        Ok(vec![labels.patient_key.clone()])
    }
}

/// Tells a community of documents that it gave.
pub(super) fn tell(telling: &Telling<'_>) -> Result<usize, NoAnswer> {
    let store = telling.communities.gateway().network().store();
    let peer = &telling.to.home_community_id;
    let untold = store.reading(|tx| tx.misfiled_untold(peer, telling.batch(NAMED, BATCH)))?;
    let mut count = 0;
    for misfiled in &untold {
        let told = Told::Misfiled(MisfiledDocument {
            document: misfiled.document.to_string(),
        });
        let release = |notice| release_misfiled_notice(misfiled, notice);
        let name = format!("{NAMED}{}", misfiled.id);
        if !telling.state(&name, told, release, Audited::default())? {
            continue;
        }
        let told = Misfiled {
            told: Some(telling.now),
            ..misfiled.clone()
        };
        store.writing(|tx| tx.put_misfiled(&told))?;
        count += 1;
    }
    Ok(count)
}
