//! 本人の閲覧: a link that a clerk hands to a patient, by which the patient reads what they have agreed to, who
//! has looked, and takes a copy of their data. It opens one registration, together with the birth date, a few
//! times and for some days.

use crate::Fault;
use tasuki_model::{Instant, PatientKey, UserId};

/// A link. The code itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsLink {
    /// SHA-256 of its code, hex.
    pub code_sha256: String,
    /// What it opens.
    pub patient: PatientKey,
    /// Who handed it over.
    pub by: UserId,
    /// Until when it holds.
    pub expires: Instant,
    /// How often it still opens.
    pub uses: u32,
}

/// Reading links.
pub trait RightsLinks {
    /// A link by the hash of its code, out of time or used up too.
    ///
    /// # Errors
    /// Those of the store.
    fn rights_link(&self, code_sha256: &str) -> Result<Option<RightsLink>, Fault>;
}

/// Writing links.
pub trait RightsLinksWrite {
    /// Keeps a link in the place of the one that the patient had; those out of time go.
    ///
    /// # Errors
    /// Those of the store.
    fn put_rights_link(&self, link: &RightsLink, now: Instant) -> Result<(), Fault>;

    /// Takes one use of a link, right or wrong; false where there is none left or it is out of time.
    ///
    /// # Errors
    /// Those of the store.
    fn use_rights_link(&self, code_sha256: &str, now: Instant) -> Result<bool, Fault>;
}
