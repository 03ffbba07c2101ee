//! A document that names another patient inside: whoever gave it is told, and its clerks see it on their desk.
//! Only the document's own number is said; whether the recipient has such a document is not answered.

use super::{Statement, Told, statement, wrong};
use crate::communities::Communities;
use crate::gateway::{Audited, NoAnswer, Request, Visit};
use crate::soap::{Change, Exchange, Message, Stated, Stop};
use crate::xds::Registry;
use tasuki_core::Code;
use tasuki_core::directory::Community;
use tasuki_core::policy::release_misfiled_notice;
use tasuki_core::ports::{Misfiled, MisfiledSide, Writing};
use tasuki_model::{CopyId, Instant, UniqueId};

/// Reports that one round tells.
const BATCH: u32 = 100;

/// Another community says that a document of ours is so.
struct Report {
    statement: Statement,
    document: UniqueId,
    id: CopyId,
}

pub(super) fn taken(
    statement: &Statement,
    document: &str,
    message: &mut Message<'_>,
) -> Result<Box<dyn Change>, Stop> {
    let forged = |_| wrong(Code::StatementForged, "document");
    message.audited.detail = format!("statement {}: misfiled", statement.id);
    Ok(Box::new(Report {
        document: UniqueId::new(document).map_err(forged)?,
        id: CopyId::new(&statement.id).map_err(forged)?,
        statement: statement.clone(),
    }))
}

impl Change for Report {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let from = exchange.caller.caller().community();
        let forget = statement::forgotten(exchange.now);
        if !tx.first_statement(from, &self.statement.id, exchange.now, forget)? {
            return Err(wrong(Code::StatementRepeated, "id"));
        }
        let found = tx.find_unique(&self.document)?;
        let mut patients = Vec::new();
        if let Some(found) = &found {
            let labels = found.labels();
            patients.push(labels.patient_key.clone());
            tx.report_misfiled(&Misfiled {
                id: self.id.clone(),
                side: MisfiledSide::Given,
                facility: labels.facility.clone(),
                patient: labels.patient_key.clone(),
                community: from.clone(),
                document: self.document.as_str().into(),
                institution: "".into(),
                at: exchange.now,
                told: None,
                dealt: None,
            })?;
        }
        Ok(Stated {
            body: statement::taken(),
            items: 1,
            patients,
            settles: false,
        })
    }
}

/// Tells a community of documents that it gave; gives how many reports it has taken.
pub(super) fn tell(
    communities: &Communities,
    to: &Community,
    visit: &Visit,
    now: Instant,
) -> Result<usize, NoAnswer> {
    let gateway = communities.gateway();
    let network = gateway.network();
    let (store, registry) = (&network.store, Registry::of(network)?);
    let untold = store.reading(|tx| tx.misfiled_untold(BATCH))?;
    let peer = &to.home_community_id;
    let mut told = 0;
    for misfiled in untold.iter().filter(|m| m.community == *peer) {
        let what = Told::Misfiled {
            document: misfiled.document.to_string(),
        };
        let statement = Statement::new(&registry.home, peer, what, now)?;
        let request = Request {
            transaction: "TASUKI-1",
            action: "urn:tasuki:withdrawal",
            body: release_misfiled_notice(misfiled, communities.signed(&statement)?),
            mtom: false,
            coming: 0,
            audited: Audited::default(),
        };
        gateway.ask(to, visit, request)?;
        store.writing(|tx| {
            tx.put_misfiled(&Misfiled {
                told: Some(now),
                ..misfiled.clone()
            })
        })?;
        told += 1;
    }
    Ok(told)
}
