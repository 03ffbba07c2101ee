//! Under which IDs one community is asked: those that the network's index has; else, where that is
//! agreed with it, one that it has for somebody of that name, birth date and sex.

use super::gatherer::Inner;
use super::gathering::Shared;
use super::identify::Identity;
use crate::gateway::NoAnswer;
use crate::iti55::{self, Discovered};
use tasuki_core::directory::Community;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{Purpose, Registration};

/// Under which IDs one community is asked.
pub(super) enum Whom {
    /// These; several are several registrations there.
    Ids(Vec<Registration>),
    /// One that fits what is said of the patient: unconfirmed.
    Fits(Registration),
    /// Nobody there is known to be meant.
    Nobody,
    /// Which one is meant could not be found out: whoever knows did not answer.
    Unknown(NoAnswer),
    /// It was asked who is meant, and did not answer itself.
    Away(NoAnswer),
}

impl Inner {
    /// Whom to ask one community about.
    pub(super) fn whom(&self, shared: &Shared, to: &Community) -> Whom {
        let mut ids = match self.tied(shared) {
            Ok(tied) => tied,
            Err(fault) => return Whom::Unknown(fault.into()),
        };
        if let Identity::Known(known, _) = &shared.identity {
            ids.extend(known.iter().cloned());
        }
        ids.retain(|id| id.authority == to.patient_authority);
        ids.dedup();
        match &shared.identity {
            _ if !ids.is_empty() => Whom::Ids(ids),
            Identity::Known(..) | Identity::Nowhere => self.discover(shared, to),
            Identity::Away(no) => Whom::Unknown(no.clone()),
        }
    }

    /// The IDs that clerks of other communities have tied the asker's registration to.
    fn tied(&self, shared: &Shared) -> Result<Vec<Registration>, Fault> {
        let patient = &shared.errand.named.view().patient;
        let store = self.communities.gateway.network().store();
        store.reading(|tx| tx.tied_elsewhere(patient))
    }

    fn discover(&self, shared: &Shared, to: &Community) -> Whom {
        let urgent = shared.errand.behalf.purpose == Purpose::Emergency && to.in_emergencies();
        if !(to.discovery || urgent) || to.endpoint("ITI-55").is_none() {
            return Whom::Nobody;
        }
        let named = &shared.errand.named;
        match iti55::ask(&self.communities.gateway, to, named, &shared.visit) {
            Ok(Discovered::One(id)) => Whom::Fits(id),
            Ok(Discovered::Nobody) => Whom::Nobody,
            Ok(Discovered::Strange) => Whom::Away(NoAnswer::new(Code::AnswerGarbled, "")),
            Ok(Discovered::Failed(_)) => Whom::Away(NoAnswer::new(Code::PeerFaults, "")),
            Err(no) => Whom::Away(no),
        }
    }
}

/// The patient under each ID (CX), released to be named.
pub(super) fn patients(shared: &Shared, ids: &[Registration]) -> Vec<Released<String>> {
    let named = &shared.errand.named;
    let cx = |id: &Registration| format!("{}^^^&{}&ISO", id.local_id, id.authority);
    ids.iter().map(|id| named.clone().map(|_| cx(id))).collect()
}
