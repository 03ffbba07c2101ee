//! Why somebody may, or may not, see a patient's record, category by category, for those who answer for
//! the facility whose patient it is. Nothing of the record: the decision alone.

use super::{Asker, Caller, Decision, Subject, judge, own_basics};
use crate::release::{Labelled, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, JstDay, Labels, Role};

/// Whether a role is told why the policy decides as it does.
#[must_use]
pub fn role_explains(role: Role) -> bool {
    matches!(role, Role::PrivacyOfficer | Role::FacilityAdministrator)
}

/// The decision about each category of a registration, for something of a day that is in no department
/// and no document that is kept out by name.
#[must_use]
pub fn explain(asker: &Asker<'_>, subject: &Subject, day: JstDay) -> Vec<(Category, Decision)> {
    let labels = |category| Labels {
        patient_key: subject.patient_key.clone(),
        facility: subject.facility.clone(),
        category,
        // One that no restriction names: what says no department might be of any.
        department: Some("-".into()),
        day: Some(day),
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    };
    let all = Category::ALL.iter();
    all.map(|&category| (category, judge(asker, subject, &labels(category))))
        .collect()
}

/// Lets out explanations about patients of the caller's own facility.
pub fn release_explained<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_explains(caller.role), items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Reason, Restriction, Terms};
    use tasuki_model::{FacilityId, Instant, PatientKey, Purpose, UserId};

    #[test]
    fn each_category_has_its_reason_and_only_officers_of_the_facility_are_told() {
        let home = FacilityId::new("home").unwrap();
        let caller = |role| Caller {
            user: UserId::new("u").unwrap(),
            facility: FacilityId::new("away").unwrap(),
            role,
            purpose: Purpose::Treatment,
        };
        let doctor = caller(Role::Physician);
        let asker = Asker::User {
            caller: &doctor,
            registered: true,
        };
        let key = PatientKey::new("p").unwrap();
        let only = Restriction::OnlyCategories([Category::Lab].into());
        let now = Instant::from_micros(0);
        let subject = Subject::new(key, home.clone(), true).under(Terms::new(vec![only]), now);
        let told = explain(&asker, &subject, JstDay::at(now));
        assert_eq!(told.len(), Category::ALL.len());
        for (category, decision) in told {
            let reason = match category {
                Category::Lab | Category::Basic => Reason::Disclosed,
                // It has no place in charts.
                Category::Consent => Reason::Role,
                _ => Reason::NotThisCategory,
            };
            assert_eq!(decision.reason, reason, "{category:?}");
        }
        for &role in Role::ALL {
            let officer = Caller {
                facility: home.clone(),
                ..caller(role)
            };
            let labels = Labels {
                patient_key: subject.patient_key.clone(),
                facility: home.clone(),
                category: Category::Basic,
                department: None,
                day: None,
                author: None,
                confidentiality: Confidentiality::Normal,
                document: None,
            };
            let told = release_explained(&officer, vec![Labelled::new(labels.clone(), ())]);
            assert_eq!(!told.view().is_empty(), role_explains(role), "{role:?}");
            let away = release_explained(&caller(role), vec![Labelled::new(labels, ())]);
            assert!(away.view().is_empty());
        }
    }
}
