//! Withdrawals beyond the community: a patient of its own is disclosed no more, or less than before. Whoever is
//! told drops its copies of that patient at once. It opens nothing and says nothing but that something was
//! withdrawn.

use super::{By, Effect, Telling, Told, wrong};
use crate::gateway::{Audited, NoAnswer};
use crate::soap::{Members, Stop};
use serde::{Deserialize, Serialize};
use tasuki_core::Code;
use tasuki_core::policy::release_withdrawal;
use tasuki_core::ports::Writing;
use tasuki_model::{CommunityId, LocalPatientId, Oid, PatientKey, Registration};

/// Notices that one round tells, and what each is called.
const BATCH: u32 = 100;
const NAMED: &str = "withdrawal ";
/// After so many seconds a community that was never there is not told any more: no copy lives as long (31 days), and
/// whoever comes back asks anew.
const GIVEN_UP_SECONDS: i64 = 32 * 86_400;

/// A patient of the sender's is disclosed no more, or less: copies are to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The sender's assigning authority.
    pub authority: Oid,
    /// The patient's ID there.
    pub patient: String,
}

/// Whose copies go.
struct Notice(Registration);

pub(super) fn read(
    told: &Withdrawn,
    from: &CommunityId,
    members: &Members,
    audited: &mut crate::soap::Audited,
) -> Result<Box<dyn Effect>, Stop> {
    let directory = members.directory();
    let theirs = directory.as_ref().and_then(|d| d.community(from));
    // A community withdraws what is its own, and nobody else's.
    if !theirs.is_some_and(|theirs| theirs.authorities.contains(&told.authority)) {
        return Err(wrong(Code::StatementForged, "authority"));
    }
    let patient = LocalPatientId::new(&told.patient);
    let patient = Registration {
        authority: told.authority.clone(),
        local_id: patient.map_err(|_| wrong(Code::StatementForged, "patient"))?,
    };
    audited.patients = vec![format!("{}^^^&{}&ISO", patient.local_id, patient.authority)];
    Ok(Box::new(Notice(patient)))
}

impl Effect for Notice {
    fn write(&self, _: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        Ok(tx.take_withdrawal(by.from, &self.0, by.now)?)
    }
}

/// Tells a community of withdrawals.
pub(super) fn tell(telling: &Telling<'_>) -> Result<usize, NoAnswer> {
    let store = telling.communities.gateway().network().store();
    let peer = &telling.to.home_community_id;
    let before = telling.now.plus_seconds(-GIVEN_UP_SECONDS);
    let waiting = store.reading(|tx| tx.withdrawals_to(peer, telling.batch(NAMED, BATCH)))?;
    if waiting.iter().any(|w| w.at < before) {
        let count = store.writing(|tx| tx.give_up_withdrawals(peer, before))?;
        let code = Code::WithdrawalGivenUp.id();
        tracing::error!(code, community = %peer, count, "withdrawals were given up");
    }
    let authority = &telling.registry.authority;
    let mut told = 0;
    for withdrawal in waiting.iter().filter(|w| w.at >= before) {
        let what = Told::Withdrawal(Withdrawn {
            authority: authority.clone(),
            patient: withdrawal.id.to_string(),
        });
        let audited = Audited {
            patients: vec![format!("{}^^^&{authority}&ISO", withdrawal.id)],
            ..Audited::default()
        };
        let name = format!("{NAMED}{}", withdrawal.id);
        let release = |body| release_withdrawal(withdrawal, body);
        if telling.state(&name, what, release, audited)? {
            store.writing(|tx| tx.withdrawal_told(peer, withdrawal))?;
            told += 1;
        } else {
            telling.withheld().insert(withdrawal.id.clone());
        }
    }
    Ok(told)
}
