//! Somebody without an ID here is looked for at the others, by surname, given name, birth date and sex:
//! the network's index is asked by ITI-47, which knows who is disclosed; then each community that takes
//! part in emergencies, or agreed to discovery, and has no ID yet, by ITI-55. Each tells one person or
//! nobody; where the index knows two, it is nobody anywhere. Whoever is not asked is named by screens.

use super::Communities;
use super::gatherer::Inner;
use crate::abreast::{Line, abreast};
use crate::gateway::Visit;
use crate::iti47;
use crate::iti55::{self, Discovered};
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::{Named, Sought};
use tasuki_core::pressure::Gate;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{Demographics, LocalPatientId, Oid, PatientKey, PersonId, Registration};

/// Communities that are asked at once.
const AT_ONCE: usize = 16;

/// Who is still to be asked, and what the others said.
struct Seeking {
    communities: Arc<Communities>,
    named: Released<Named>,
    visit: Visit,
    asked: Mutex<Vec<Community>>,
    ids: Mutex<Vec<Registration>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line for Seeking {
    type Piece = Community;

    fn next(&self) -> Option<Community> {
        lock(&self.asked).pop()
    }

    fn work(&self, to: Community) {
        let gateway = &self.communities.gateway;
        if let Ok(Discovered::One(id)) = iti55::ask(gateway, &to, &self.named, &self.visit) {
            lock(&self.ids).push(id);
        }
    }
}

impl Inner {
    /// Under which IDs others know the one person whom all of it fits.
    pub(super) fn seek(&self, sought: &Sought) -> Result<Vec<Registration>, Fault> {
        let communities = &self.communities;
        let patience = self.settings.patience;
        let visit = communities.visit(Some(&sought.behalf), sought.event.clone(), patience)?;
        let ids = match communities.indexed(&sought.named, &visit) {
            Indexed::One(ids) => ids,
            Indexed::Nobody => Vec::new(),
            Indexed::Several => return Ok(Vec::new()),
        };
        let known: Vec<Oid> = ids.iter().map(|id| id.authority.clone()).collect();
        let others = communities.others().into_iter().filter(is_sought);
        let asked = others.filter(|c| !known.contains(&c.patient_authority));
        let asked: Vec<Community> = asked.collect();
        let gate = Gate::new(AT_ONCE - 1);
        let places = (1..asked.len()).map_while(|_| gate.enter()).collect();
        let seeking = Arc::new(Seeking {
            named: communities.meant(sought)?,
            communities: Arc::clone(communities),
            visit,
            asked: Mutex::new(asked),
            ids: Mutex::new(ids),
        });
        abreast(&self.spawn, places, &seeking);
        let ids = lock(&seeking.ids).clone();
        Ok(ids)
    }
}

impl Communities {
    /// Somebody of whom we know nothing but what is said: our own ID for them is none.
    fn meant(&self, sought: &Sought) -> Result<Released<Named>, Fault> {
        let wrong = |what: String| Fault::new(Code::InternalFault, what);
        let own = Registration {
            authority: Oid::new(self.own.as_str()).map_err(|e| wrong(e.to_string()))?,
            local_id: LocalPatientId::new("0").map_err(|e| wrong(e.to_string()))?,
        };
        let patient = sought.named.receipt().patients.first().cloned();
        let patient = patient.ok_or_else(|| wrong("nobody is named".to_owned()))?;
        let person = person(&patient)?;
        Ok(sought.named.clone().map(|demographics| Named {
            person,
            patient,
            own,
            demographics,
        }))
    }

    /// Whom the index of the network knows. One that does not answer knows nobody: each community is
    /// asked itself.
    fn indexed(&self, named: &Released<Demographics>, visit: &Visit) -> Indexed {
        let directory = self.directory();
        let managers = directory.iter().flat_map(|d| d.managers());
        for manager in managers.filter(|m| m.endpoint("ITI-47").is_some()) {
            let Ok(persons) = iti47::ask(&self.gateway, manager, named, visit) else {
                continue;
            };
            return match persons.len() {
                0 => Indexed::Nobody,
                1 => Indexed::One(self.of_others(persons.into_iter().flatten().collect())),
                _ => Indexed::Several,
            };
        }
        Indexed::Nobody
    }

    /// IDs by which other communities are asked.
    fn of_others(&self, ids: Vec<Registration>) -> Vec<Registration> {
        let others = self.others();
        let asked_by =
            |id: &Registration| others.iter().any(|c| c.patient_authority == id.authority);
        ids.into_iter().filter(asked_by).collect()
    }

    /// Who is not asked for somebody without an ID.
    pub(super) fn not_sought(&self) -> Vec<Community> {
        let others = self.others().into_iter();
        others.filter(|community| !is_sought(community)).collect()
    }
}

/// What the index of the network says.
enum Indexed {
    One(Vec<Registration>),
    Nobody,
    Several,
}

/// Asked only where it is agreed, and as somebody: an emergency has to be somebody's.
fn is_sought(community: &Community) -> bool {
    let agreed = community.discovery || community.in_emergencies();
    agreed && community.endpoint("ITI-55").is_some() && community.assertions.is_some()
}

fn person(patient: &PatientKey) -> Result<PersonId, Fault> {
    PersonId::new(patient.as_str()).map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}
