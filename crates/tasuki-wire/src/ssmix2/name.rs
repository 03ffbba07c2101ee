//! File names of the standardized storage: seven parts joined by `_`.

use std::fmt;

use tasuki_model::JstDay;
use tasuki_model::document::SourceKey;

use super::{ConditionFlag, DataKind, Part, SsmixError, values};

/// `患者ID_診療日_データ種別_特定キー_発生日時_診療科コード_コンディションフラグ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StandardName<'a> {
    /// 患者ID, 4 to 15 letters or digits.
    pub patient: &'a str,
    /// 診療日; none for `-`.
    pub day: Option<JstDay>,
    /// データ種別.
    pub kind: DataKind,
    /// 特定キー as written; [`super::NO_ORDER`] where there is no order.
    pub order: &'a str,
    /// 発生日時 as written, 14 to 17 digits; see [`super::sent_time`].
    pub sent: &'a str,
    /// 診療科コード; none for `-`.
    pub department: Option<&'a str>,
    /// コンディションフラグ.
    pub flag: ConditionFlag,
}

impl<'a> StandardName<'a> {
    /// Reads a file name.
    pub fn parse(name: &'a str) -> Result<Self, SsmixError> {
        let mut parts = name.split('_');
        let [
            Some(patient),
            Some(day),
            Some(kind),
            Some(order),
            Some(sent),
            Some(department),
            Some(flag),
            None,
        ] = std::array::from_fn(|_| parts.next())
        else {
            return Err(SsmixError::NameParts {
                found: name.split('_').count(),
                expected: 7,
            });
        };
        Ok(Self {
            patient: values::patient(patient)?,
            day: values::day(day)?,
            kind: DataKind::parse(kind).ok_or(SsmixError::UnknownKind)?,
            order: values::order(order)?,
            sent: values::sent(sent)?,
            department: values::department(department)?,
            flag: ConditionFlag::parse(flag).ok_or(SsmixError::Malformed(Part::Flag))?,
        })
    }

    /// What stays the same when the file is replaced.
    pub fn source_key(&self) -> SourceKey {
        SourceKey {
            day: self.day,
            kind: self.kind.code().into(),
            order: self.order.into(),
        }
    }
}

impl fmt::Display for StandardName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            patient,
            day,
            kind,
            order,
            sent,
            department,
            flag,
        } = self;
        write!(f, "{patient}_{}_{}_{order}_{sent}", Day(*day), kind.code())?;
        write!(f, "_{}_{}", department.unwrap_or("-"), flag.as_char())
    }
}

/// A day as folders and names have it.
pub(super) struct Day(pub(super) Option<JstDay>);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(day) => write!(f, "{:04}{:02}{:02}", day.year(), day.month(), day.day()),
            None => f.write_str("-"),
        }
    }
}
