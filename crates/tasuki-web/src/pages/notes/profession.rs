//! Professions as letters, as the team knows them.

use crate::words::Words;
use std::borrow::Cow;
use tasuki_model::Role;

/// A profession beside a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profession {
    pub letter: Cow<'static, str>,
    /// Its shape: the letter alone does not tell them apart.
    pub class: &'static str,
}

impl Profession {
    pub fn of(w: Words, role: Option<Role>) -> Self {
        let (letter, class) = match role {
            Some(Role::Physician) => (w.profession_physician(), ""),
            Some(Role::Dentist) => (w.profession_dentist(), ""),
            Some(Role::Nurse) => (w.profession_nurse(), "profession--nurse"),
            Some(Role::Pharmacist) => (w.profession_pharmacist(), "profession--pharm"),
            Some(Role::CareManager) => (w.profession_care_manager(), "profession--care"),
            _ => (w.profession_other(), "profession--other"),
        };
        Self { letter, class }
    }
}
