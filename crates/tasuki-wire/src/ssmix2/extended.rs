//! Extended storage: documents are folders that may hold several files
//! (拡張ストレージ構成の説明と構築ガイドライン, データ種別フォルダ and コンテンツフォルダ).

use std::fmt;

use tasuki_model::JstDay;
use tasuki_model::document::SourceKey;

use super::name::Day;
use super::path::check_patient_folders;
use super::{ConditionFlag, Part, SsmixError, folders, values};

/// `ローカル文書コード^名称^体系^標準文書コード^標準名称^標準体系`; the second half may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KindFolder<'a> {
    raw: &'a str,
    parts: [&'a str; 6],
}

impl<'a> KindFolder<'a> {
    /// Reads a folder name: one to six components, of which a code or a name says something.
    pub fn parse(raw: &'a str) -> Result<Self, SsmixError> {
        let mut found = raw.split('^');
        let parts = std::array::from_fn(|_| found.next().unwrap_or_default());
        let said = parts.iter().any(|part| !part.is_empty());
        if found.next().is_some() || !said || raw.len() > 255 {
            return Err(SsmixError::Malformed(Part::Kind));
        }
        Ok(Self { raw, parts })
    }

    /// The folder name itself.
    pub const fn raw(&self) -> &'a str {
        self.raw
    }

    /// Local code, name and system.
    pub const fn local(&self) -> (&'a str, &'a str, &'a str) {
        let [code, name, system, ..] = self.parts;
        (code, name, system)
    }

    /// Standard code (LOINC), name and system; empty where the sender has none.
    pub const fn standard(&self) -> (&'a str, &'a str, &'a str) {
        let [.., code, name, system] = self.parts;
        (code, name, system)
    }

    /// The words to show: the local name, else the standard one, else a code.
    pub fn title(&self) -> &'a str {
        let [local_code, local_name, _, code, name, _] = self.parts;
        [local_name, name, local_code, code]
            .into_iter()
            .find(|part| !part.is_empty())
            .unwrap_or(self.raw)
    }

    /// A content name gives the code in one of several ways: the whole folder name, or either code.
    fn is_named_by(&self, code: &str) -> bool {
        let [local, _, _, standard, ..] = self.parts;
        code == self.raw || (!code.is_empty() && (code == local || code == standard))
    }
}

/// `患者ID_診療日_データ種別コード_特定キー_発生日時_診療科コード_コンディションフラグ`; the department may be
/// missing altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentName<'a> {
    /// 患者ID.
    pub patient: &'a str,
    /// 診療日; none for `-`.
    pub day: Option<JstDay>,
    /// データ種別コード as written.
    pub kind: &'a str,
    /// 特定キー, at most 22 characters.
    pub order: &'a str,
    /// 発生日時 as written.
    pub sent: &'a str,
    /// 診療科コード; none for `-` or where the part is missing.
    pub department: Option<&'a str>,
    /// コンディションフラグ.
    pub flag: ConditionFlag,
}

impl<'a> ContentName<'a> {
    /// Reads a folder name. The kind may itself hold `_`, so the parts are taken from both ends.
    pub fn parse(name: &'a str) -> Result<Self, SsmixError> {
        Self::split(name).ok_or_else(|| SsmixError::NameParts {
            found: name.split('_').count(),
            expected: 7,
        })?
    }

    fn split(name: &'a str) -> Option<Result<Self, SsmixError>> {
        let (patient, rest) = name.split_once('_')?;
        let (day, rest) = rest.split_once('_')?;
        let (rest, flag) = rest.rsplit_once('_')?;
        let (before, last) = rest.rsplit_once('_')?;
        // No department is as long as a time.
        let (rest, sent, department) = if last.len() >= 14 {
            (before, last, "-")
        } else {
            let (before, sent) = before.rsplit_once('_')?;
            (before, sent, last)
        };
        let (kind, order) = rest.rsplit_once('_')?;
        Some(Self::check([
            patient, day, kind, order, sent, department, flag,
        ]))
    }

    fn check(parts: [&'a str; 7]) -> Result<Self, SsmixError> {
        let [patient, day, kind, order, sent, department, flag] = parts;
        Ok(Self {
            patient: values::patient(patient)?,
            day: values::day(day)?,
            kind,
            order: values::order(order)?,
            sent: values::sent(sent)?,
            department: values::department(department)?,
            flag: ConditionFlag::parse(flag).ok_or(SsmixError::Malformed(Part::Flag))?,
        })
    }
}

impl fmt::Display for ContentName<'_> {
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
        write!(f, "{patient}_{}_{kind}_{order}_{sent}", Day(*day))?;
        write!(f, "_{}_{}", department.unwrap_or("-"), flag.as_char())
    }
}

/// A file of the extended storage; its folders agree with its content folder's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExtendedPath<'a> {
    /// データ種別フォルダ.
    pub kind: KindFolder<'a>,
    /// コンテンツフォルダ.
    pub content: ContentName<'a>,
    /// The content folder as written.
    pub folder: &'a str,
    /// The file below it; may lie in a subfolder.
    pub file: &'a str,
}

/// How deep attachments may lie below the content folder.
const FILE_DEPTH_MAX: usize = 4;

impl<'a> ExtendedPath<'a> {
    /// Reads a path relative to the root, with `/` between parts.
    pub fn parse(path: &'a str) -> Result<Self, SsmixError> {
        values::safe(path)?;
        let mut parts = path.splitn(7, '/');
        let [
            Some(first),
            Some(second),
            Some(patient),
            Some(day),
            Some(kind),
            Some(folder),
            Some(file),
        ] = std::array::from_fn(|_| parts.next())
        else {
            return Err(SsmixError::Depth {
                found: path.split('/').count(),
                expected: 7,
            });
        };
        if file.split('/').count() > FILE_DEPTH_MAX {
            return Err(SsmixError::Depth {
                found: path.split('/').count(),
                expected: 6 + FILE_DEPTH_MAX,
            });
        }
        check_patient_folders(first, second, patient)?;
        let kind = KindFolder::parse(kind)?;
        let content = ContentName::parse(folder)?;
        if content.patient != patient {
            return Err(SsmixError::Mismatch(Part::Patient));
        }
        if content.day != values::day(day)? {
            return Err(SsmixError::Mismatch(Part::Day));
        }
        if !kind.is_named_by(content.kind) {
            return Err(SsmixError::Mismatch(Part::Kind));
        }
        Ok(Self {
            kind,
            content,
            folder,
            file,
        })
    }

    /// What stays the same when the document is replaced.
    pub fn source_key(&self) -> SourceKey {
        SourceKey {
            day: self.content.day,
            kind: self.kind.raw().into(),
            order: self.content.order.into(),
        }
    }
}

impl fmt::Display for ExtendedPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patient = self.content.patient;
        let (first, second) = folders(patient).map_err(|_| fmt::Error)?;
        write!(f, "{first}/{second}/{patient}/{}/", Day(self.content.day))?;
        write!(f, "{}/{}/{}", self.kind.raw(), self.folder, self.file)
    }
}
