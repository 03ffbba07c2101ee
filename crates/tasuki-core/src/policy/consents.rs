//! Who takes consents and sees them: clerks, of registrations of their own facility. What a clerk chooses from
//! to keep something out is day, kind and department, never a title or a content.

use super::{Caller, own_basics};
use crate::ports::{RightsLink, Withdrawal};
use crate::release::{Labelled, Receipt, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, EntryUuid, JstDay, Labels, Role};

/// Whether a role takes and withdraws consents at its facility.
#[must_use]
pub fn role_takes_consents(role: Role) -> bool {
    role == Role::Clerk
}

/// Lets out what patients of the caller's own facility have agreed to.
pub fn release_consents<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_takes_consents(caller.role), items)
}

/// Lets out what tells another community that a patient whom it may hold copies of is disclosed no more, or
/// less: the ID that it was told before, and nothing else.
pub fn release_withdrawal<T>(withdrawal: &Withdrawal, notice: T) -> Released<T> {
    let receipt = Receipt {
        patients: vec![withdrawal.patient.clone()],
        items: 1,
        ..Receipt::default()
    };
    Released::new(notice, receipt)
}

/// Lets out to a patient what is theirs, by a link that has been proven: of the one registration that it opens.
/// What its facility keeps to itself (取扱注意) is left out.
pub fn release_to_patient<T>(link: &RightsLink, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    Released::covered(items, |labels| {
        labels.patient_key == link.patient && labels.confidentiality == Confidentiality::Normal
    })
}

/// A document without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its id.
    pub document: EntryUuid,
    /// Day of service, where it has one.
    pub day: Option<JstDay>,
    /// Its kind.
    pub category: Category,
    /// 診療科 code, where it says one.
    pub department: Option<String>,
}

/// Lets out the outlines of documents of the caller's own facility. What the items are does not leave.
pub fn release_outlines<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<Outline>> {
    let asked = items.len();
    // Its own document says what a consent is: to keep it out would tell the others an older one.
    let may = |labels: &Labels| {
        role_takes_consents(caller.role)
            && labels.facility == caller.facility
            && labels.category != Category::Consent
    };
    let labels: Vec<Labels> = items
        .into_iter()
        .map(|item| item.into_parts().0)
        .filter(may)
        .collect();
    let outlines: Vec<Outline> = labels.iter().filter_map(outline).collect();
    let withheld = (asked - outlines.len()) as u64;
    Released::new(outlines, Receipt::over(labels.iter(), withheld))
}

fn outline(labels: &Labels) -> Option<Outline> {
    Some(Outline {
        document: labels.document.clone()?,
        day: labels.day,
        category: labels.category,
        department: labels.department.as_deref().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_model::{FacilityId, PatientKey, Purpose, UserId};

    #[test]
    fn outlines_and_consents_are_for_clerks_of_the_own_facility_and_carry_no_title() {
        for &role in Role::ALL {
            let caller = Caller {
                user: UserId::new("u").unwrap(),
                facility: FacilityId::new("home").unwrap(),
                role,
                purpose: Purpose::Treatment,
            };
            for facility in ["home", "away"] {
                let item = |category| {
                    let labels = Labels {
                        patient_key: PatientKey::new("p").unwrap(),
                        facility: FacilityId::new(facility).unwrap(),
                        category,
                        department: Some("01".into()),
                        day: None,
                        author: None,
                        confidentiality: Confidentiality::Normal,
                        document: EntryUuid::new("d").ok(),
                    };
                    Labelled::new(labels, "a title")
                };
                let may = role == Role::Clerk && facility == "home";
                let told = release_outlines(&caller, vec![item(Category::Lab)]);
                assert_eq!(told.view().len(), usize::from(may), "{role:?} {facility}");
                let told = release_outlines(&caller, vec![item(Category::Consent)]);
                assert!(told.view().is_empty());
                let told = release_consents(&caller, vec![item(Category::Basic)]);
                assert_eq!(told.view().len(), usize::from(may), "{role:?} {facility}");
                assert!(
                    release_consents(&caller, vec![item(Category::Lab)])
                        .view()
                        .is_empty()
                );
            }
        }
    }
}
