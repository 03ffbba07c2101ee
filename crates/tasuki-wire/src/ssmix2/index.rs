//! One row of the index database, table SSMIXIDX
//! (標準化ストレージガイドライン Ver.1.2g, インデックスデータベース).

use super::{Operation, SsmixError};

/// Which storage a volume label (VolumeLabel) stands for, by the customary prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Volume {
    /// `STD…`: standardized.
    Standard,
    /// `ANX…`: extended.
    Extended,
    /// Labels are the hospital's own choice.
    Unknown,
}

/// One row. Texts are as the database gives them, trailing blanks of CHAR columns removed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexRow {
    /// VolumeLabel.
    pub volume: String,
    /// FacilityID.
    pub facility: String,
    /// PatientID.
    pub patient: String,
    /// OrderDate.
    pub day: String,
    /// DataKind.
    pub kind: String,
    /// OrderNo.
    pub order: String,
    /// ProcessingType.
    pub operation: Operation,
    /// EnterOrgCD.
    pub department: String,
    /// TransactionDatetime.
    pub sent: String,
    /// OutRelDirectory: relative to the root, with `/` between parts.
    pub directory: String,
    /// FileName.
    pub file: String,
}

/// Columns in the table's order (UpdateDatetime, by which rows are polled, comes after) and how many
/// characters each holds.
const COLUMNS: [(&str, usize); 11] = [
    ("VolumeLabel", 20),
    ("FacilityID", 10),
    ("PatientID", 15),
    ("OrderDate", 8),
    ("DataKind", 180),
    ("OrderNo", 22),
    ("ProcessingType", 3),
    ("EnterOrgCD", 5),
    ("TransactionDatetime", 17),
    ("OutRelDirectory", 260),
    ("FileName", 260),
];

impl IndexRow {
    /// Takes the values of the first eleven columns in the table's order.
    pub fn from_columns(values: [&str; 11]) -> Result<Self, SsmixError> {
        let mut values = values.map(str::trim_end);
        for ((column, limit), value) in COLUMNS.into_iter().zip(&values) {
            if value.chars().count() > limit || value.chars().any(char::is_control) {
                return Err(SsmixError::IndexRow { column });
            }
        }
        let [.., operation, _, _, directory, _] = &mut values;
        // Written on Windows; a leading separator would make the path absolute.
        let relative = directory.replace('\\', "/");
        let operation = Operation::parse(operation).ok_or(SsmixError::IndexRow {
            column: "ProcessingType",
        })?;
        let [
            volume,
            facility,
            patient,
            day,
            kind,
            order,
            _,
            department,
            sent,
            _,
            file,
        ] = values.map(str::to_owned);
        let directory = relative.trim_matches('/').to_owned();
        Ok(Self {
            volume,
            facility,
            patient,
            day,
            kind,
            order,
            operation,
            department,
            sent,
            directory,
            file,
        })
    }

    /// The storage that the volume label stands for.
    pub fn storage(&self) -> Volume {
        match self.volume.get(..3) {
            Some("STD") => Volume::Standard,
            Some("ANX") => Volume::Extended,
            _ => Volume::Unknown,
        }
    }

    /// The path below the root: file of the standardized, folder of the extended storage. To be read
    /// with [`super::StoragePath::parse`], which checks it.
    pub fn relative_path(&self) -> String {
        format!("{}/{}", self.directory, self.file)
    }
}
