//! CX: a patient identifier with its assigning authority (HL7 v2.5 §2.A.14).

use super::{Place, Problem};
use crate::peers::{Authority, Domain, Domains};
use tasuki_core::Code;
use tasuki_model::LocalPatientId;
use tasuki_wire::hl7::{Field, Rep};

/// One repetition of a CX field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedId {
    /// CX-1; empty for the null value `""`.
    pub id: String,
    /// CX-4.
    pub authority: Authority,
    /// Where it stands.
    pub place: Place,
}

/// Identifiers that one field may hold.
const IDS_MAX: usize = 64;

impl StatedId {
    /// The identifiers of a field, the null value among them (which takes one back and is of no
    /// concern to a registration).
    ///
    /// # Errors
    /// A problem where there are none, or too many.
    pub fn all(field: Field<'_>, place: Place) -> Result<Vec<Self>, Problem> {
        let mut found = Vec::new();
        for (n, rep) in field.places().enumerate() {
            if rep.is_empty() {
                continue;
            }
            if found.len() >= IDS_MAX {
                return Err(Problem::error(Code::Hl7FieldWrong, place.repetition(n + 1)));
            }
            found.push(Self::of(rep, place.repetition(n + 1)));
        }
        if found.iter().all(|stated| stated.id.is_empty()) {
            return Err(Problem::error(Code::Hl7FieldMissing, place));
        }
        Ok(found)
    }

    /// One repetition.
    #[must_use]
    pub fn of(rep: Rep<'_>, place: Place) -> Self {
        Self {
            id: rep.comp(1).value().into_string().trim().to_owned(),
            authority: Authority::of(rep.comp(4)),
            place,
        }
    }

    /// The ID itself.
    ///
    /// # Errors
    /// A problem at CX-1 where it is no ID.
    pub fn local_id(&self) -> Result<LocalPatientId, Problem> {
        let place = self.place.component(1);
        if self.id.is_empty() {
            return Err(Problem::error(Code::Hl7FieldMissing, place));
        }
        LocalPatientId::new(&self.id).map_err(|_| Problem::error(Code::Hl7FieldWrong, place))
    }

    /// The domain that issued it.
    ///
    /// # Errors
    /// A problem at CX-4: missing, or of nobody here.
    pub fn domain<'d>(&self, domains: &'d Domains) -> Result<&'d Domain, Problem> {
        let place = self.place.component(4);
        if self.authority.is_empty() {
            return Err(Problem::error(Code::Hl7FieldMissing, place));
        }
        domains
            .resolve(&self.authority)
            .ok_or(Problem::error(Code::UnknownAuthority, place))
    }
}
