//! Who sees the lines of the identity desk: clerks, and only lines that touch a registration of
//! their own facility, whose other side is of it too or disclosed by its own. Names and addresses,
//! nothing clinical.

use super::{Caller, categories, own_basics};
use crate::ports::{Misfiled, PatientRecord, Review};
use crate::release::{Labelled, Receipt, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Labels, Role};

/// A line of the queue with what each side's facility says of the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line.
    pub review: Review,
    /// One side.
    pub a: PatientRecord,
    /// The other.
    pub b: PatientRecord,
}

/// Whether a role decides who is one person.
#[must_use]
pub fn role_decides_identity(role: Role) -> bool {
    role == Role::Clerk && categories::role_lists_patients(role)
}

/// Releases lines, each with its side at the caller's own facility first. Others are taken away.
pub fn release_lines(caller: &Caller, lines: Vec<Line>) -> Released<Vec<Line>> {
    let asked = lines.len();
    let kept: Vec<Line> = lines
        .into_iter()
        .filter(|line| may_see(caller, line))
        .map(|line| own_first(caller, line))
        .collect();
    let labels: Vec<Labels> = kept
        .iter()
        .flat_map(|line| [labels(&line.a), labels(&line.b)])
        .collect();
    let withheld = (asked - kept.len()) as u64;
    Released::new(kept, Receipt::over(labels.iter(), withheld))
}

fn may_see(caller: &Caller, line: &Line) -> bool {
    let own = |side: &PatientRecord| side.facility == caller.facility;
    role_decides_identity(caller.role)
        && (own(&line.a) || own(&line.b))
        && [&line.a, &line.b]
            .iter()
            .all(|side| own(side) || side.disclosed)
}

fn own_first(caller: &Caller, line: Line) -> Line {
    if line.a.facility == caller.facility {
        return line;
    }
    Line {
        a: line.b,
        b: line.a,
        ..line
    }
}

/// Releases reports of documents that name another patient, to the clerks of the facility that is told.
pub fn release_misfiled<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_decides_identity(caller.role), items)
}

/// Lets out what tells another community that a document of its own names another patient inside: the number
/// that it gave the document itself, and nothing else.
pub fn release_misfiled_notice<T>(misfiled: &Misfiled, notice: T) -> Released<T> {
    let receipt = Receipt {
        patients: vec![misfiled.patient.clone()],
        items: 1,
        ..Receipt::default()
    };
    Released::new(notice, receipt)
}

pub(super) fn labels(side: &PatientRecord) -> Labels {
    Labels {
        patient_key: side.patient_key.clone(),
        facility: side.facility.clone(),
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::ReviewState;
    use tasuki_model::{
        Demographics, FacilityId, Instant, LocalPatientId, PatientKey, PersonId, Purpose, ReviewId,
        UserId,
    };

    fn side(facility: &str, disclosed: bool) -> PatientRecord {
        PatientRecord {
            patient_key: PatientKey::new(&format!("p-{facility}-{disclosed}")).unwrap(),
            person: PersonId::new("person").unwrap(),
            facility: FacilityId::new(facility).unwrap(),
            local_id: LocalPatientId::new("1").unwrap(),
            demographics: Demographics::default(),
            stated: None,
            disclosed,
            terms: super::super::Terms::default(),
            survivor: None,
        }
    }

    fn seen_by(role: Role, a: &PatientRecord, b: &PatientRecord) -> Vec<FacilityId> {
        let caller = Caller {
            user: UserId::new("u").unwrap(),
            facility: FacilityId::new("home").unwrap(),
            role,
            purpose: Purpose::Administration,
        };
        let line = Line {
            review: Review {
                id: ReviewId::new("line").unwrap(),
                a: a.patient_key.clone(),
                b: b.patient_key.clone(),
                state: ReviewState::Open,
                centibits: 500,
                evidence: String::new(),
                opened: Instant::from_micros(0),
                decision: None,
            },
            a: a.clone(),
            b: b.clone(),
        };
        let released = release_lines(&caller, vec![line]);
        assert_eq!(
            released.receipt().withheld,
            1 - released.view().len() as u64
        );
        let sides = released.view().iter().flat_map(|l| [&l.a, &l.b]);
        sides.map(|side| side.facility.clone()).collect()
    }

    #[test]
    fn a_line_is_for_clerks_of_one_side_and_shows_the_other_only_if_disclosed() {
        let (home, hidden) = (side("home", false), side("away", false));
        let (away, third) = (side("away", true), side("third", true));
        for role in Role::ALL {
            let sees = *role == Role::Clerk;
            assert_eq!(!seen_by(*role, &home, &away).is_empty(), sees, "{role:?}");
        }
        assert!(seen_by(Role::Clerk, &home, &hidden).is_empty());
        assert!(seen_by(Role::Clerk, &away, &third).is_empty());
        let order = seen_by(Role::Clerk, &away, &home);
        assert_eq!(order, [home.facility.clone(), away.facility]);
        assert_eq!(seen_by(Role::Clerk, &home, &home).len(), 2);
    }
}
