//! A copy as a line of a list. Read as our own documents are; what could not be fetched or read, what
//! is old and what was found without a confirmed identity is said on the line.

use super::copied::Copy;
use super::lines::{Line, said, title_or_class};
use super::{Chart, Remark};
use crate::pages::words_of;
use crate::visit::Visit;
use crate::words::Words;
use tasuki_core::gather::Source;
use tasuki_core::ports::Institution;
use tasuki_model::xds::{ObjectType, utc_in_jst};
use tasuki_model::{FacilityId, JstTime};

impl Copy {
    /// What it is, by its own words.
    pub fn read(&self) -> tasuki_records::Read {
        let Some(content) = &self.content else {
            return tasuki_records::Read::default();
        };
        tasuki_records::read(self.class(), &content.mime_type, &content.bytes)
    }

    pub fn class(&self) -> &str {
        let class = self.entry.class_code.as_ref();
        class.map_or("", |code| code.code.as_str())
    }

    pub fn source(&self) -> Source {
        Source::Community(self.copied.row.source.clone())
    }

    /// Whose codes are in it: the key of its institution's dictionary.
    pub fn institution(&self) -> Option<FacilityId> {
        Institution::of(&self.copied.row.source, &self.entry).key()
    }

    pub fn service(&self) -> Option<JstTime> {
        self.entry.service_start.as_deref().and_then(utc_in_jst)
    }

    pub fn created(&self) -> Option<JstTime> {
        self.entry.creation_time.as_deref().and_then(utc_in_jst)
    }

    /// Its content is not here, and nobody has tried to fetch it.
    pub fn is_later(&self) -> bool {
        self.content.is_none() && self.copied.row.problem.is_none() && !self.copied.old
    }

    /// Its source makes it when it is opened.
    pub fn on_demand(&self) -> bool {
        self.entry.object_type == ObjectType::OnDemand
    }

    /// Its title as its metadata has it; empty where it has none.
    pub fn titled(&self) -> String {
        let title = self.entry.title.first();
        title.map(|t| t.value.clone()).unwrap_or_default()
    }

    pub fn title(&self, w: Words) -> String {
        let own = Some(self.titled());
        let class = self.entry.class_code.clone().unwrap_or_default();
        title_or_class(w, own, &class, self.copied.row.category)
    }

    /// The institution of its author, and the author: XON-1 and the names of XCN.
    pub fn author(&self) -> String {
        let institutions = self.entry.authors.iter().flat_map(|a| &a.institutions);
        let institution = institutions.filter_map(|xon| xon.split('^').next()).next();
        let person = self.entry.authors.iter().find_map(|a| a.person.as_deref());
        let person = person.map(|xcn| {
            let names = xcn.split('^').skip(1).take(2).filter(|n| !n.is_empty());
            names.collect::<Vec<_>>().join(" ")
        });
        let parts = [
            institution.unwrap_or_default(),
            person.as_deref().unwrap_or_default(),
        ];
        let parts = parts.into_iter().filter(|p| !p.is_empty());
        parts.collect::<Vec<_>>().join("　")
    }

    /// What has to be said of it: how sure it is, how old, and that its content is not here.
    pub fn notes(&self, w: Words, remarks: &[Remark]) -> Vec<String> {
        let source = self.source();
        let remark = remarks.iter().find(|r| r.source == source);
        let mut notes = Vec::new();
        if self.copied.row.unconfirmed || remark.is_some_and(|r| r.unconfirmed) {
            notes.push(w.copy_unconfirmed().into_owned());
        }
        if self.copied.old {
            let time = self.copied.row.confirmed.in_jst().to_string();
            notes.push(w.copy_old(&time).into_owned());
        }
        match (&self.copied.row.problem, &self.content) {
            (Some(code), None) => notes.push(w.copy_missing(code).into_owned()),
            (Some(code), Some(_)) => notes.push(w.copy_unreadable(code).into_owned()),
            (None, None) if !self.on_demand() => notes.push(w.copy_later().into_owned()),
            (None, _) => {}
        }
        if self.on_demand() {
            notes.push(w.on_demand_fresh().into_owned());
        }
        notes
    }

    /// As a line of a list; `parts` of what it says.
    pub fn line(&self, visit: &Visit<'_>, chart: &Chart, parts: usize) -> Line {
        let read = self.read();
        let time = self.service().or_else(|| self.created());
        let row = &self.copied.row;
        Line {
            source: self.source(),
            category: row.category,
            kind: words_of::category(visit.w, row.category).into_owned(),
            day: row.day,
            time: time.map(|t| t.to_string()).unwrap_or_default(),
            title: self.title(visit.w),
            author: self.author(),
            says: said(visit.w, &read.summary, parts),
            problems: u32::try_from(read.problems.len()).unwrap_or(u32::MAX),
            notes: self.notes(visit.w, &chart.facts.view().remarks),
            href: format!("/patients/{}/received/{}", chart.grant.person(), row.id),
        }
    }
}
