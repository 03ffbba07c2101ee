//! What is taken away from a registration that is disclosed: by the patient's consent, which may name
//! who sees, what, from when to when, and by its facility, which may hide a document, a department or
//! a period. A consent is written here as what it does *not* give, so that each line of it can only take
//! away, whatever other lines there are.
//!
//! Time is settled where a [`Subject`](super::Subject) is made, so that a decision looks at no clock.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tasuki_model::{Category, CommunityId, EntryUuid, FacilityId, Instant, JstDay, Labels};

/// Restrictions of one registration. Beyond it nothing of it is disclosed: nobody could say any more
/// what was agreed.
pub const RESTRICTIONS_MAX: usize = 64;

/// Somebody who may see, where not everybody of the network may.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Viewer {
    /// A facility of this community.
    Facility(FacilityId),
    /// Another community, with all its facilities: who sees there is its own rule.
    Community(CommunityId),
}

/// One thing that is taken away. It never binds the facility whose record it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restriction {
    /// Nobody but these.
    OnlyTo(BTreeSet<Viewer>),
    /// Nothing but these categories, who the patient is, and what was agreed to.
    OnlyCategories(BTreeSet<Category>),
    /// Nothing but services of these days, both included, who the patient is, and what was agreed to. What
    /// has no day is of none of them.
    OnlyDays {
        /// The first; from the beginning where it is not said.
        from: Option<JstDay>,
        /// The last; without an end where it is not said.
        to: Option<JstDay>,
    },
    /// Nothing of this department (診療科 code). What does not say its department may be of it.
    NotDepartment(Box<str>),
    /// Not this document.
    NotDocument(EntryUuid),
    /// Not yet: the consent begins then.
    NotBefore(Instant),
    /// No longer from then on: it expires, or was withdrawn.
    Until(Instant),
    /// Not in an emergency either: no grant stands in for disclosure.
    NoEmergency,
    /// Takes nothing: says that the facility which is visited has taken the consent, under the rule of
    /// 2020-03-31, and that its own facility has not.
    AtVisit,
    /// Takes nothing from a consent: the patient objects to being disclosed under that rule.
    Objects,
}

/// How much of something is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Some of it, if there is any.
    Part,
}

/// Every restriction of a registration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Terms(Vec<Restriction>);

impl Terms {
    /// These restrictions together.
    #[must_use]
    pub const fn new(restrictions: Vec<Restriction>) -> Self {
        Self(restrictions)
    }

    /// Every one.
    #[must_use]
    pub fn restrictions(&self) -> &[Restriction] {
        &self.0
    }

    /// Whether anything may be disclosed at that time.
    #[must_use]
    pub fn hold_at(&self, now: Instant) -> bool {
        self.0.len() <= RESTRICTIONS_MAX
            && self.0.iter().all(|restriction| match restriction {
                Restriction::NotBefore(begins) => now >= *begins,
                Restriction::Until(ends) => now < *ends,
                _ => true,
            })
    }

    /// Whether an emergency grant may stand in for disclosure.
    #[must_use]
    pub fn let_emergency(&self) -> bool {
        !self.0.contains(&Restriction::NoEmergency)
    }

    /// Whether it is the visited facility that has taken the consent.
    #[must_use]
    pub fn at_visit(&self) -> bool {
        self.0.contains(&Restriction::AtVisit)
    }

    /// The same without the refusal of emergencies.
    pub(super) fn without_refusal(self) -> Self {
        let kept = self.0.into_iter();
        Self(kept.filter(|r| *r != Restriction::NoEmergency).collect())
    }

    /// Whether other communities may be told that its facility knows the patient.
    #[must_use]
    pub fn let_outside(&self) -> bool {
        let outside = |viewer: &Viewer| matches!(viewer, Viewer::Community(_));
        self.0.iter().all(|restriction| match restriction {
            Restriction::OnlyTo(viewers) => viewers.iter().any(outside),
            _ => true,
        })
    }

    /// Whether a facility is among those who may see, as far as viewers are named.
    #[must_use]
    pub fn name(&self, facility: &FacilityId) -> bool {
        let viewer = Viewer::Facility(facility.clone());
        self.0.iter().all(|restriction| match restriction {
            Restriction::OnlyTo(viewers) => viewers.contains(&viewer),
            _ => true,
        })
    }

    /// How much of a category the consent itself keeps from everybody. A department or a document that is
    /// kept out by name counts for nothing here: to say so would tell that there is one.
    #[must_use]
    pub fn keep_back(&self, category: Category) -> Option<Extent> {
        let mut extent = None;
        for restriction in &self.0 {
            match restriction {
                Restriction::OnlyCategories(open) if !open.contains(&category) => {
                    return Some(Extent::Whole);
                }
                Restriction::OnlyDays { .. } => extent = Some(Extent::Part),
                _ => {}
            }
        }
        extent
    }

    /// The first restriction that takes an item away from a viewer.
    pub(super) fn against(
        &self,
        sees: impl Fn(&BTreeSet<Viewer>) -> bool,
        labels: &Labels,
    ) -> Option<&Restriction> {
        let mut all = self.0.iter();
        all.find(|restriction| match restriction {
            Restriction::OnlyTo(viewers) => !sees(viewers),
            other => other.takes(labels),
        })
    }

    /// The same in an emergency: the grant stands in for a consent, and not for what is kept out by name.
    pub(super) fn against_emergency(&self, labels: &Labels) -> Option<&Restriction> {
        let kept_out = |r: &&Restriction| {
            matches!(
                r,
                Restriction::NotDepartment(_) | Restriction::NotDocument(_)
            )
        };
        let mut kept_out = self.0.iter().filter(kept_out);
        kept_out.find(|restriction| restriction.takes(labels))
    }
}

impl Restriction {
    /// Whether it takes away an item, whoever asks.
    fn takes(&self, labels: &Labels) -> bool {
        let record = labels.category.is_of_the_record();
        match self {
            Self::OnlyCategories(open) => record && !open.contains(&labels.category),
            Self::OnlyDays { from, to } => record && !within(labels.day, *from, *to),
            Self::NotDepartment(code) => {
                let department = labels.department.as_deref();
                record && department.is_none_or(|department| *department == **code)
            }
            Self::NotDocument(document) => labels.document.as_ref() == Some(document),
            Self::OnlyTo(_)
            | Self::NotBefore(_)
            | Self::Until(_)
            | Self::NoEmergency
            | Self::AtVisit
            | Self::Objects => false,
        }
    }
}

fn within(day: Option<JstDay>, from: Option<JstDay>, to: Option<JstDay>) -> bool {
    day.is_some_and(|day| from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to))
}
