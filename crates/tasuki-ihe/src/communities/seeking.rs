//! Somebody without an ID here is looked for at the others, by surname, given name, birth date and sex:
//! each community that agreed to it is asked by ITI-55, and tells one person or nobody. Whoever has not
//! agreed is not asked, and screens say so.

use super::Communities;
use crate::iti55::{self, Discovered};
use std::time::Duration;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::{Named, Sought};
use tasuki_core::{Code, Fault};
use tasuki_model::{LocalPatientId, Oid, PatientKey, PersonId, Registration};

/// Communities that are asked at once.
const AT_ONCE: usize = 16;

impl Communities {
    /// Under which IDs others know the one person whom all of it fits.
    pub(super) fn seek(
        &self,
        sought: &Sought,
        patience: Duration,
    ) -> Result<Vec<Registration>, Fault> {
        let visit = self.visit(Some(&sought.behalf), sought.event.clone(), patience)?;
        let home = self.own.as_str();
        let wrong = |what: String| Fault::new(Code::InternalFault, what);
        let nobody = Registration {
            authority: Oid::new(home).map_err(|e| wrong(e.to_string()))?,
            local_id: LocalPatientId::new("0").map_err(|e| wrong(e.to_string()))?,
        };
        let patient = sought.named.receipt().patients.first().cloned();
        let patient = patient.ok_or_else(|| wrong("nobody is named".to_owned()))?;
        let person = person(&patient)?;
        let named = sought.named.clone().map(|demographics| Named {
            person,
            patient,
            own: nobody,
            demographics,
        });
        let asked: Vec<Community> = self.others().into_iter().filter(is_sought).collect();
        let mut ids = Vec::new();
        for some in asked.chunks(AT_ONCE) {
            let answers = std::thread::scope(|scope| {
                let ask = |to| {
                    let (named, visit) = (&named, &visit);
                    scope.spawn(move || iti55::ask(&self.gateway, to, named, visit))
                };
                let threads: Vec<_> = some.iter().map(ask).collect();
                let answers = threads.into_iter().map(|thread| thread.join().ok());
                answers.collect::<Vec<_>>()
            });
            ids.extend(answers.into_iter().filter_map(|answer| match answer {
                Some(Ok(Discovered::One(id))) => Some(id),
                _ => None,
            }));
        }
        Ok(ids)
    }

    /// Who is not asked for somebody without an ID.
    pub(super) fn not_sought(&self) -> Vec<Community> {
        let others = self.others().into_iter();
        others.filter(|community| !is_sought(community)).collect()
    }
}

/// Asked only where it is agreed, and as somebody: an emergency has to be somebody's.
fn is_sought(community: &Community) -> bool {
    community.discovery && community.endpoint("ITI-55").is_some() && community.assertions.is_some()
}

fn person(patient: &PatientKey) -> Result<PersonId, Fault> {
    PersonId::new(patient.as_str()).map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}
