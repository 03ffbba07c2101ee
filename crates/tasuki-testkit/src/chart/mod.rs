//! One patient's chart at one facility, written file by file as its system would write it.
//!
//! [`Chart::put`] is the only way to a file of the standardized storage: it builds path and
//! name by the facility's habits and renames what a new version takes the place of.

mod care;
mod header;
mod imaging;
mod lab;
mod medication;
mod paper;
mod stay;

pub use care::Problem;
pub use imaging::{CHEST, COLONOSCOPY, CT, ECG, ECHO, ENDOSCOPY, Examination, Family, HIP, MRI};
pub use lab::Finding;
pub use medication::{Infusion, Line};
pub use paper::Paper;

use crate::community::{Facility, Registration, Staff, facility, staff};
use crate::dice::Dice;
use crate::people::Person;
use jiff::civil::{Date, DateTime};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::MessageBuilder;
use tasuki_wire::ssmix2::{NO_ORDER, folders};

/// Why a chart cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The disk.
    #[error("{0}: {1}")]
    Disk(PathBuf, std::io::Error),
    /// A message that HL7 cannot say: a mistake in a story.
    #[error("{0}")]
    Message(#[from] tasuki_wire::hl7::Hl7Error),
    /// A path that SS-MIX2 cannot say: a mistake in a story.
    #[error("{0}")]
    Path(#[from] tasuki_wire::ssmix2::SsmixError),
    /// A character that JIS X 0208 lacks: a mistake in a story.
    #[error("{0} holds characters that cannot be written")]
    Character(String),
}

/// The end of a story.
pub type Told = Result<(), ChartError>;

/// What is said about a file besides its content.
#[derive(Clone, Copy, Debug)]
pub struct Slip<'s> {
    /// データ種別.
    pub kind: &'s str,
    /// 診療日; none for the undated kinds.
    pub day: Option<Date>,
    /// 特定キー; none where there is no order.
    pub order: Option<&'s str>,
    /// When the file was written.
    pub at: DateTime,
    /// 診療科.
    pub department: Option<&'s str>,
}

/// A chart that is being written.
pub struct Chart<'c> {
    /// Whose.
    pub person: &'c Person,
    /// Under which local ID, and where.
    pub registration: &'c Registration,
    /// Chance for what happens here.
    pub dice: Dice,
    /// How many files there are so far.
    pub files: usize,
    root: &'c Path,
    serial: u32,
    current: HashMap<String, PathBuf>,
    folders: std::collections::HashSet<PathBuf>,
}

impl<'c> Chart<'c> {
    /// Opens a chart below `root`, the folder that holds every facility's storages.
    #[must_use]
    pub fn open(
        root: &'c Path,
        person: &'c Person,
        registration: &'c Registration,
        dice: Dice,
    ) -> Self {
        Self {
            person,
            registration,
            dice,
            files: 0,
            root,
            serial: 0,
            current: HashMap::new(),
            folders: std::collections::HashSet::new(),
        }
    }

    /// Where this chart is kept.
    #[must_use]
    pub fn facility(&self) -> &'static Facility {
        facility(self.registration.facility)
    }

    /// The doctor of a department here.
    pub fn doctor(&mut self, department: &str) -> Staff {
        staff(self.registration.facility, department, &mut self.dice).0
    }

    /// A nurse.
    pub fn nurse(&mut self) -> Staff {
        staff(self.registration.facility, "", &mut self.dice).1
    }

    /// A new order number, different within the facility.
    pub fn order(&mut self) -> String {
        self.serial += 1;
        format!("{:07}{:08}", self.person.number + 1, self.serial)
    }

    /// The root of a storage of this facility: `STD` or `EXT`.
    #[must_use]
    pub fn storage(&self, suffix: &str) -> PathBuf {
        self.root.join(format!("{}_{suffix}", self.facility().code))
    }

    /// Writes a message; an earlier one with the same source key becomes superseded.
    pub fn put(&mut self, slip: Slip, message: &MessageBuilder) -> Told {
        let bytes = encode(message, slip.kind)?;
        let key = format!("{}{:?}{:?}", slip.kind, slip.day, slip.order);
        let path = self.path(slip, '1')?;
        if let Some(former) = self.current.insert(key, path.clone()) {
            self.rename(&former, self.facility().habits.superseded)?;
        }
        self.write(&path, &bytes)
    }

    /// Takes an order back: the file becomes `_0` and the message that says so lies beside it.
    pub fn cancel(&mut self, slip: Slip, message: &MessageBuilder) -> Told {
        let bytes = encode(message, slip.kind)?;
        let key = format!("{}{:?}{:?}", slip.kind, slip.day, slip.order);
        if let Some(former) = self.current.remove(&key) {
            self.rename(&former, '0')?;
        }
        let path = self.path(slip, '0')?;
        self.write(&path, &bytes)
    }

    fn path(&self, slip: Slip, flag: char) -> Result<PathBuf, ChartError> {
        let id = self.registration.local_id.as_str();
        let (first, second) = folders(id)?;
        let day = basic_day(slip.day);
        let sent = self.sent(slip.at);
        let department = slip
            .department
            .filter(|_| self.facility().habits.department)
            .unwrap_or("-");
        let order = slip.order.unwrap_or(NO_ORDER);
        let name = format!(
            "{id}_{day}_{}_{order}_{sent}_{department}_{flag}",
            slip.kind
        );
        Ok(self
            .storage("STD")
            .join(first)
            .join(second)
            .join(id)
            .join(day)
            .join(slip.kind)
            .join(name))
    }

    /// 発生日時 as this facility writes it.
    fn sent(&self, at: DateTime) -> String {
        let millisecond = (at.second() as u32 * 37 + at.minute() as u32 * 11) % 1000;
        let full = format!("{}{millisecond:03}", time14(at));
        full.get(..self.facility().habits.time_digits)
            .unwrap_or(&full)
            .to_owned()
    }

    fn rename(&mut self, former: &Path, flag: char) -> Told {
        let name = former
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let stem = name.get(..name.len().saturating_sub(1)).unwrap_or_default();
        let renamed = former.with_file_name(format!("{stem}{flag}"));
        std::fs::rename(former, &renamed)
            .map_err(|error| ChartError::Disk(former.to_path_buf(), error))
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> Told {
        let disk = |error| ChartError::Disk(path.to_path_buf(), error);
        if let Some(folder) = path.parent()
            && !self.folders.contains(folder)
        {
            std::fs::create_dir_all(folder).map_err(disk)?;
            self.folders.insert(folder.to_path_buf());
        }
        self.files += 1;
        std::fs::write(path, bytes).map_err(disk)
    }
}

fn encode(message: &MessageBuilder, kind: &str) -> Result<Vec<u8>, ChartError> {
    let encoded = message.encode(Charset::Iso2022)?;
    if !encoded.problems.is_empty() {
        return Err(ChartError::Character(kind.to_owned()));
    }
    Ok(encoded.bytes)
}

/// `20260601`, or `-`.
#[must_use]
pub fn basic_day(day: Option<Date>) -> String {
    day.map_or("-".to_owned(), |day| {
        format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
    })
}

/// `20260601103015`.
#[must_use]
pub fn time14(at: DateTime) -> String {
    format!(
        "{}{:02}{:02}{:02}",
        basic_day(Some(at.date())),
        at.hour(),
        at.minute(),
        at.second()
    )
}
