//! Paths of the standardized storage below its root, and telling the two storages apart.

use std::fmt;

use super::name::Day;
use super::{ExtendedPath, Part, SsmixError, StandardName, values};

/// The first two folders of a patient: characters 1–3 and 4–6 of the id.
pub fn folders(patient: &str) -> Result<(&str, &str), SsmixError> {
    let patient = values::patient(patient)?;
    let second = patient
        .get(3..6)
        .or_else(|| patient.get(3..))
        .unwrap_or_default();
    Ok((patient.get(..3).unwrap_or_default(), second))
}

/// A file of the standardized storage; its folders agree with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StandardPath<'a> {
    /// The file name.
    pub name: StandardName<'a>,
}

impl<'a> StandardPath<'a> {
    /// Reads a path relative to the root, with `/` between parts.
    pub fn parse(path: &'a str) -> Result<Self, SsmixError> {
        values::safe(path)?;
        let mut parts = path.split('/');
        let [
            Some(first),
            Some(second),
            Some(patient),
            Some(day),
            Some(kind),
            Some(file),
            None,
        ] = std::array::from_fn(|_| parts.next())
        else {
            return Err(SsmixError::Depth {
                found: path.split('/').count(),
                expected: 6,
            });
        };
        check_patient_folders(first, second, patient)?;
        let name = StandardName::parse(file)?;
        if name.patient != patient {
            return Err(SsmixError::Mismatch(Part::Patient));
        }
        if name.day != values::day(day)? {
            return Err(SsmixError::Mismatch(Part::Day));
        }
        if name.kind.code() != kind {
            return Err(SsmixError::Mismatch(Part::Kind));
        }
        Ok(Self { name })
    }
}

pub(super) fn check_patient_folders(
    first: &str,
    second: &str,
    patient: &str,
) -> Result<(), SsmixError> {
    if folders(patient)? == (first, second) {
        Ok(())
    } else {
        Err(SsmixError::Folders)
    }
}

impl fmt::Display for StandardPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        let (first, second) = folders(name.patient).map_err(|_| fmt::Error)?;
        write!(
            f,
            "{first}/{second}/{}/{}/{}/{name}",
            name.patient,
            Day(name.day),
            name.kind.code()
        )
    }
}

/// A file of either storage.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StoragePath<'a> {
    /// Standardized storage (標準化ストレージ).
    Standard(StandardPath<'a>),
    /// Extended storage (拡張ストレージ).
    Extended(ExtendedPath<'a>),
}

impl<'a> StoragePath<'a> {
    /// Reads a path below the root: six parts are the standardized storage, more the extended one.
    pub fn parse(path: &'a str) -> Result<Self, SsmixError> {
        if path.split('/').count() > 6 {
            ExtendedPath::parse(path).map(Self::Extended)
        } else {
            StandardPath::parse(path).map(Self::Standard)
        }
    }

    /// 患者ID of the path.
    pub const fn patient(&self) -> &'a str {
        match self {
            Self::Standard(path) => path.name.patient,
            Self::Extended(path) => path.content.patient,
        }
    }

    /// コンディションフラグ of the name.
    pub const fn flag(&self) -> super::ConditionFlag {
        match self {
            Self::Standard(path) => path.name.flag,
            Self::Extended(path) => path.content.flag,
        }
    }
}
