//! Documents of the extended storage: a folder per kind, a folder per document, files in it.

use super::{Chart, Told, basic_day};
use jiff::civil::{Date, DateTime};
use tasuki_wire::ssmix2::folders;

/// A document: its kind folder, when and where it belongs, and its files.
pub struct Paper<'p> {
    /// Local code of the kind; also the kind part of the content folder's name.
    pub code: &'static str,
    /// Local name.
    pub title: &'static str,
    /// (LOINC, its name) where there is one.
    pub standard: Option<(&'static str, &'static str)>,
    /// Day it is about.
    pub day: Date,
    /// When it was written.
    pub at: DateTime,
    /// 診療科.
    pub department: &'p str,
    /// (name, bytes); the first is the main document.
    pub files: &'p [(&'p str, &'p [u8])],
}

impl Chart<'_> {
    /// Files a document.
    pub fn file(&mut self, paper: &Paper) -> Told {
        let id = self.registration.local_id.clone();
        let (first, second) = folders(&id)?;
        let habits = self.facility().habits;
        let system = if paper.code.starts_with("L-") {
            "99ZL01"
        } else {
            habits.local_system
        };
        let kind = match paper.standard {
            Some((code, name)) => {
                format!("{}^{}^{system}^{code}^{name}^LN", paper.code, paper.title)
            }
            None => format!("{}^{}^{system}", paper.code, paper.title),
        };
        let day = basic_day(Some(paper.day));
        let order = self.order();
        let sent = self.sent(paper.at);
        // A facility that leaves the department out of names leaves it out here as well.
        let department = if habits.department {
            format!("_{}", paper.department)
        } else {
            String::new()
        };
        let content = format!("{id}_{day}_{}_{order}_{sent}{department}_1", paper.code);
        let folder = self
            .storage("EXT")
            .join(first)
            .join(second)
            .join(&id)
            .join(day)
            .join(kind)
            .join(content);
        for (name, bytes) in paper.files {
            self.write(&folder.join(name), bytes)?;
        }
        Ok(())
    }
}
