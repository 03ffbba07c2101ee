//! Who sees a request to tie two IDs: the clerks of the facility that asks and of the one that is asked. The
//! patient has agreed to be named to the latter: that is what the request says. Nothing clinical.

use super::{Caller, desk};
use crate::ports::{LinkRequest, PatientRecord};
use crate::release::{Receipt, Released};
use tasuki_model::Labels;

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
