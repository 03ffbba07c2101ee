//! Who sees a request to tie two IDs: the clerks of the facility that asks and of the one that is asked. The
//! patient has agreed to be named to the latter: that is what the request says. Nothing clinical.

use super::{Caller, desk};
use crate::ports::{ForeignRequest, LinkRequest, PatientRecord};
use crate::release::{Receipt, Released};
use tasuki_model::{Labels, PatientKey};

/// A request with the registrations that the caller may compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The request.
    pub request: LinkRequest,
    /// The registration at the facility that asks.
    pub asked: PatientRecord,
    /// Registrations of the facility that is asked which may be the same person.
    pub own: Vec<PatientRecord>,
}

/// Releases requests; others are taken away, and so are registrations that are not the caller's own.
pub fn release_requests(caller: &Caller, lines: Vec<RequestLine>) -> Released<Vec<RequestLine>> {
    let asked = lines.len();
    let may = |line: &RequestLine| {
        let here = &caller.facility;
        desk::role_decides_identity(caller.role)
            && (line.request.from == *here || line.request.to == *here)
            && line.asked.facility == line.request.from
    };
    let mut kept: Vec<RequestLine> = lines.into_iter().filter(may).collect();
    for line in &mut kept {
        line.own.retain(|own| own.facility == caller.facility);
    }
    let labels: Vec<Labels> = kept
        .iter()
        .flat_map(|line| std::iter::once(&line.asked).chain(&line.own))
        .map(desk::labels)
        .collect();
    let withheld = (asked - kept.len()) as u64;
    Released::new(kept, Receipt::over(labels.iter(), withheld))
}

/// A request of another community with the registrations that the caller may compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignLine {
    /// The request.
    pub request: ForeignRequest,
    /// Registrations of the facility that is asked which may be the same person.
    pub own: Vec<PatientRecord>,
}

/// Releases requests of other communities to the clerks of the facility that is asked. Who its patient is was told
/// with the request; the registrations here are the caller's own.
pub fn release_foreign_requests(
    caller: &Caller,
    lines: Vec<ForeignLine>,
) -> Released<Vec<ForeignLine>> {
    let asked = lines.len();
    let may = |line: &ForeignLine| {
        desk::role_decides_identity(caller.role) && line.request.to == caller.facility
    };
    let mut kept: Vec<ForeignLine> = lines.into_iter().filter(may).collect();
    for line in &mut kept {
        line.own.retain(|own| own.facility == caller.facility);
    }
    let own: Vec<Labels> = kept.iter().flat_map(|l| &l.own).map(desk::labels).collect();
    let withheld = (asked - kept.len()) as u64;
    let mut receipt = Receipt::over(own.iter(), withheld);
    receipt.items += kept.len() as u64;
    Released::new(kept, receipt)
}

/// Lets out a request, or that it was taken back, to the community that is asked: the patient has agreed to be named
/// to its facility.
pub fn release_link_request<T>(request: &LinkRequest, text: T) -> Released<T> {
    told(&request.patient, text)
}

/// Lets out how a request ended to the community that asked; of the patient nothing but the ID, and that only where
/// the clerk has tied it.
pub fn release_link_answer<T>(tied: Option<&PatientKey>, text: T) -> Released<T> {
    match tied {
        Some(tied) => told(tied, text),
        None => Released::new(text, Receipt::default()),
    }
}

fn told<T>(patient: &PatientKey, text: T) -> Released<T> {
    let receipt = Receipt {
        patients: vec![patient.clone()],
        items: 1,
        ..Receipt::default()
    };
    Released::new(text, receipt)
}

/// Lets out to another community what a facility takes in at present: nothing of a patient.
pub fn release_facility<T>(text: T) -> Released<T> {
    Released::new(text, Receipt::default())
}

/// Lets out to a community who has viewed copies of its own documents: its own IDs, and of the viewer role and
/// facility.
pub fn release_views<T>(text: T) -> Released<T> {
    Released::new(text, Receipt::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{RequestState, Signer};
    use tasuki_model::{
        CommunityId, Demographics, FacilityId, Instant, JstDay, Purpose, RequestId, Role, UserId,
    };

    #[test]
    fn a_request_of_another_community_is_for_the_clerks_who_are_asked() {
        let facility = |name: &str| FacilityId::new(name).unwrap();
        for &role in Role::ALL {
            for here in ["asked", "other"] {
                let caller = Caller {
                    user: UserId::new("u").unwrap(),
                    facility: facility(here),
                    role,
                    purpose: Purpose::Administration,
                };
                let line = ForeignLine {
                    request: ForeignRequest {
                        id: RequestId::new("a").unwrap(),
                        named: RequestId::new("b").unwrap(),
                        community: CommunityId::new("2.25.7").unwrap(),
                        facility: "診療所".into(),
                        phone: "".into(),
                        to: facility("asked"),
                        own_id: "1".into(),
                        demographics: Demographics::default(),
                        their_id: None,
                        agreed: JstDay::from_epoch_days(20_000),
                        signer: Signer::Patient,
                        viewers: Vec::new(),
                        state: RequestState::Asked,
                        at: Instant::from_micros(0),
                        end: None,
                    },
                    own: Vec::new(),
                };
                let seen = release_foreign_requests(&caller, vec![line]);
                let may = role == Role::Clerk && here == "asked";
                assert_eq!(seen.view().len(), usize::from(may), "{role:?} {here}");
            }
        }
    }
}
