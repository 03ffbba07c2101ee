//! How a link request ended where it was asked: tied to an ID there, or sent back with a reason. Taken from the
//! community that was asked only, and while the request waits.

use super::link::named;
use super::{By, Effect, Telling, Told, bounded, wrong};
use crate::gateway::{Audited, NoAnswer};
use crate::soap::{Members, Stop};
use serde::{Deserialize, Serialize};
use tasuki_core::linking::across::{self, Answer};
use tasuki_core::policy::release_link_answer;
use tasuki_core::ports::{LinkSide, LinkWaiting, RequestState, Writing};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, LocalPatientId, Oid, PatientKey, Registration, RequestId};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkAnswer {
    /// The request, as who asked calls it.
    pub request: String,
    /// What became of it.
    pub outcome: LinkOutcome,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "as", deny_unknown_fields)]
pub enum LinkOutcome {
    /// The IDs are tied, and the patient is disclosed to the community that asked.
    Approved {
        /// The sender's assigning authority.
        authority: Oid,
        /// The patient's ID there.
        patient: String,
    },
    /// Sent back.
    Returned {
        /// Why.
        reason: String,
    },
    /// There is no such facility, or it discloses nothing.
    Nowhere {},
}

struct Ended {
    request: RequestId,
    answer: Answer,
}

pub(super) fn read(
    told: &LinkAnswer,
    from: &CommunityId,
    members: &Members,
) -> Result<Box<dyn Effect>, Stop> {
    let forged = |place: &str| wrong(Code::StatementForged, place);
    let answer = match &told.outcome {
        LinkOutcome::Approved { authority, patient } => {
            let directory = members.directory();
            let theirs = directory.as_ref().and_then(|d| d.community(from));
            // A community ties to what is its own, and nobody else's.
            if !theirs.is_some_and(|theirs| theirs.authorities.contains(authority)) {
                return Err(forged("authority"));
            }
            Answer::Tied(Registration {
                authority: authority.clone(),
                local_id: LocalPatientId::new(patient).map_err(|_| forged("patient"))?,
            })
        }
        LinkOutcome::Returned { reason } => {
            bounded([reason], "reason")?;
            Answer::Returned(reason.clone())
        }
        LinkOutcome::Nowhere {} => Answer::Nowhere,
    };
    Ok(Box::new(Ended {
        request: RequestId::new(&told.request).map_err(|_| forged("request"))?,
        answer,
    }))
}

impl Effect for Ended {
    fn write(&self, _: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        let about = across::answered(tx, by.from, &self.request, &self.answer, by.now)?;
        Ok(Vec::from_iter(about))
    }
}

/// The answer to a request of another community, and whom it ties.
fn answer(
    telling: &Telling<'_>,
    waiting: &LinkWaiting,
) -> Result<Option<(LinkAnswer, Option<PatientKey>)>, Fault> {
    if waiting.side == LinkSide::Unknown {
        let request = waiting.request.to_string();
        let outcome = LinkOutcome::Nowhere {};
        return Ok(Some((LinkAnswer { request, outcome }, None)));
    }
    let store = telling.communities.gateway().network().store();
    store.writing(|tx| {
        let Some(request) = tx.foreign_request(&waiting.request)? else {
            return Ok(None);
        };
        let end = request.end.clone();
        let tied = end.as_ref().and_then(|end| end.tied.clone());
        let outcome = match (request.state, &tied) {
            (RequestState::Approved, Some(tied)) => {
                let Some(record) = tx.registration(tied)? else {
                    return Ok(None);
                };
                LinkOutcome::Approved {
                    authority: telling.registry.authority.clone(),
                    patient: tx.issue_xad_pid(&record.person)?.to_string(),
                }
            }
            (RequestState::Returned, _) => LinkOutcome::Returned {
                reason: end.map_or_else(String::new, |end| end.reason),
            },
            _ => return Ok(None),
        };
        let request = request.named.to_string();
        Ok(Some((LinkAnswer { request, outcome }, tied)))
    })
}

/// Whether it waits no more. One that opens a patient waits for the withdrawal of what was open before: told after
/// it, that would take back what the answer gives.
pub(super) fn tell(telling: &Telling<'_>, waiting: &LinkWaiting) -> Result<bool, NoAnswer> {
    let Some((answer, tied)) = answer(telling, waiting)? else {
        return Ok(true);
    };
    let mut audited = Audited::default();
    if let LinkOutcome::Approved { authority, patient } = &answer.outcome {
        if telling.withheld().iter().any(|id| id.as_str() == patient) {
            return Ok(false);
        }
        audited.patients = vec![format!("{patient}^^^&{authority}&ISO")];
    }
    let release = |text| release_link_answer(tied.as_ref(), text);
    telling.state(&named(waiting), Told::LinkAnswer(answer), release, audited)
}
