//! What another system may be told: a hospital's PIX or PDQ consumer, a receiver of notifications.
//!
//! Consent comes before sharing identity (ARCHITECTURE.md, keys): a registration is told of only
//! while its facility has set the patient to disclosed, whoever asks, its own facility included:
//! until then it does not stand in the community's index. A system is told identity, and visits where it is
//! configured so, never anything clinical, and only of the facilities whose patient IDs it takes part in.

use super::{Asker, Refusal, Subject, judge};
use crate::release::{Labelled, Released};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_model::{Category, FacilityId, Labels, PatientKey};

/// Which facilities' patient IDs a system is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every facility of the community.
    Community,
    /// These only.
    Facilities(BTreeSet<FacilityId>),
}

impl Scope {
    /// Whether IDs of this facility may be told.
    #[must_use]
    pub fn holds(&self, facility: &FacilityId) -> bool {
        match self {
            Self::Community => true,
            Self::Facilities(named) => named.contains(facility),
        }
    }
}

/// A system as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// The name it is known by in the configuration and in the audit trail.
    pub name: Box<str>,
    /// Whether it may be told of patients at all.
    pub queries: bool,
    /// Whether it may be told of visits: where a patient is, and with whom.
    pub visits: bool,
    /// Of whose patients.
    pub scope: Scope,
}

impl System {
    /// Whether it is told of a category at all.
    pub(super) fn may_see(&self, category: Category) -> bool {
        match category {
            Category::Basic => true,
            Category::Visit => self.visits,
            _ => false,
        }
    }
}

/// What a system may be told of some registrations. Made by [`decide_system`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemGrant {
    system: System,
    open: BTreeMap<PatientKey, Subject>,
}

/// Decides which of these registrations a system may be told of.
///
/// # Errors
/// [`Refusal::Role`] for a system that may not ask.
pub fn decide_system(system: &System, registrations: &[Subject]) -> Result<SystemGrant, Refusal> {
    if !system.queries {
        return Err(Refusal::Role);
    }
    let open = registrations
        .iter()
        .filter(|r| r.disclosed && system.scope.holds(&r.facility))
        .map(|r| (r.patient_key.clone(), r.clone()))
        .collect();
    Ok(SystemGrant {
        system: system.clone(),
        open,
    })
}

impl SystemGrant {
    fn covers(&self, labels: &Labels) -> bool {
        let subject = self.open.get(&labels.patient_key);
        let asker = Asker::System(&self.system);
        subject.is_some_and(|subject| judge(&asker, subject, labels).permits())
    }

    /// Lets out what the grant covers and takes the rest away.
    pub fn release<T>(&self, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
        Released::covered(items, |labels| self.covers(labels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_model::label::Confidentiality;

    fn system(queries: bool, visits: bool, scope: Scope) -> System {
        System {
            name: "his".into(),
            queries,
            visits,
            scope,
        }
    }

    fn item(category: Category) -> Labelled<&'static str> {
        let labels = Labels {
            patient_key: PatientKey::new("p").unwrap(),
            facility: FacilityId::new("f").unwrap(),
            category,
            department: None,
            day: None,
            author: None,
            confidentiality: Confidentiality::Normal,
            document: None,
        };
        Labelled::new(labels, "0001")
    }

    #[test]
    fn disclosure_scope_right_and_category_cell_by_cell() {
        let facility = FacilityId::new("f").unwrap();
        let other = FacilityId::new("g").unwrap();
        let scopes = [
            (Scope::Community, true),
            (Scope::Facilities([facility.clone()].into()), true),
            (Scope::Facilities([other].into()), false),
        ];
        for (queries, visits) in [(true, true), (true, false), (false, true), (false, false)] {
            for (scope, within) in &scopes {
                for disclosed in [true, false] {
                    for &category in Category::ALL {
                        let subject = Subject::new(
                            PatientKey::new("p").unwrap(),
                            facility.clone(),
                            disclosed,
                        );
                        let grant =
                            decide_system(&system(queries, visits, scope.clone()), &[subject]);
                        let told = grant.is_ok_and(|grant| {
                            !grant.release(vec![item(category)]).view().is_empty()
                        });
                        let open =
                            category == Category::Basic || (visits && category == Category::Visit);
                        let may = queries && *within && disclosed && open;
                        assert_eq!(told, may, "{queries} {scope:?} {disclosed} {category:?}");
                    }
                }
            }
        }
    }
}
