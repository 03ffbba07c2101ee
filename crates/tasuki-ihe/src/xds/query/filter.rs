//! What a query says of the documents, sets and folders that it wants.

use super::XdsProblem;
use super::parameters::Parameters;
use tasuki_model::xds::{Author, ObjectType, RegistryObject, utc_moment};
use tasuki_model::{AvailabilityStatus, Coding, Instant};

/// Conditions that all hold, each a list of alternatives.
type Codes<'q> = Vec<Vec<(&'q str, &'q str)>>;

/// A time from a moment on and before another.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    from: Option<Instant>,
    to: Option<Instant>,
}

impl Window {
    fn of(parameters: &Parameters<'_>, name: &str) -> Result<Self, XdsProblem> {
        Ok(Self {
            from: parameters.time(&format!("{name}From"))?,
            to: parameters.time(&format!("{name}To"))?,
        })
    }

    /// A time that is not known is in no window but the open one.
    fn holds(self, time: Option<&String>) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let Some(at) = time.and_then(|text| utc_moment(text)) else {
            return false;
        };
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}

fn has_all(wanted: &Codes<'_>, codes: &[Coding]) -> bool {
    wanted.iter().all(|alternatives| {
        alternatives.iter().any(|(code, scheme)| {
            let fits = |c: &Coding| c.code == *code && c.system == *scheme;
            codes.iter().any(fits)
        })
    })
}

/// The pattern of SQL: `%` for any text, `_` for any character.
fn like(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '_' || text.get(t) == Some(c) => {
                p += 1;
                t += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    p = after;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '%')
}

fn wrote(patterns: &[&str], authors: &[Author]) -> bool {
    let mut names = authors.iter().filter_map(|a| a.person.as_deref());
    patterns.is_empty() || names.any(|name| patterns.iter().any(|p| like(p, name)))
}

/// What is wanted of document entries.
#[derive(Debug, Default)]
pub(super) struct Entries<'q> {
    statuses: Option<Vec<AvailabilityStatus>>,
    types: Vec<ObjectType>,
    class: Codes<'q>,
    kind: Codes<'q>,
    format: Codes<'q>,
    facility_type: Codes<'q>,
    practice_setting: Codes<'q>,
    confidentiality: Codes<'q>,
    events: Codes<'q>,
    created: Window,
    started: Window,
    stopped: Window,
    authors: Vec<&'q str>,
    references: Vec<Vec<&'q str>>,
}

impl<'q> Entries<'q> {
    /// Of a query for documents.
    pub(super) fn of(parameters: &Parameters<'q>) -> Result<Self, XdsProblem> {
        Ok(Self {
            statuses: Some(parameters.statuses("$XDSDocumentEntryStatus")?),
            class: parameters.codes("$XDSDocumentEntryClassCode")?,
            kind: parameters.codes("$XDSDocumentEntryTypeCode")?,
            facility_type: parameters.codes("$XDSDocumentEntryHealthcareFacilityTypeCode")?,
            practice_setting: parameters.codes("$XDSDocumentEntryPracticeSettingCode")?,
            events: parameters.codes("$XDSDocumentEntryEventCodeList")?,
            created: Window::of(parameters, "$XDSDocumentEntryCreationTime")?,
            started: Window::of(parameters, "$XDSDocumentEntryServiceStartTime")?,
            stopped: Window::of(parameters, "$XDSDocumentEntryServiceStopTime")?,
            authors: parameters.all("$XDSDocumentEntryAuthorPerson"),
            references: parameters.groups("$XDSDocumentEntryReferenceIdList"),
            ..Self::of_contents(parameters)?
        })
    }

    /// Of a query for the contents of a set or folder.
    pub(super) fn of_contents(parameters: &Parameters<'q>) -> Result<Self, XdsProblem> {
        let types = parameters.all("$XDSDocumentEntryType").into_iter();
        let mut types: Vec<_> = types.filter_map(ObjectType::from_urn).collect();
        if !parameters.has("$XDSDocumentEntryType") {
            types.push(ObjectType::Stable);
        }
        Ok(Self {
            types,
            format: parameters.codes("$XDSDocumentEntryFormatCode")?,
            confidentiality: parameters.codes("$XDSDocumentEntryConfidentialityCode")?,
            ..Self::default()
        })
    }

    /// Statuses that are wanted; all where the query cannot say.
    pub(super) fn wants(&self, status: Option<AvailabilityStatus>) -> bool {
        let status = status.unwrap_or(AvailabilityStatus::Approved);
        self.statuses
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&status))
    }

    /// Whether the status alone decides of an entry that is in its written form, as only stable ones
    /// are.
    pub(super) fn by_status_alone(&self) -> bool {
        let codes = [
            &self.class,
            &self.kind,
            &self.format,
            &self.facility_type,
            &self.practice_setting,
            &self.confidentiality,
            &self.events,
        ];
        self.types.contains(&ObjectType::Stable)
            && codes.iter().all(|codes| codes.is_empty())
            && [self.created, self.started, self.stopped]
                .iter()
                .all(|window| window.from.is_none() && window.to.is_none())
            && self.authors.is_empty()
            && self.references.is_empty()
    }

    pub(super) fn holds(&self, object: &RegistryObject) -> bool {
        let RegistryObject::Entry(it) = object else {
            return false;
        };
        let references = self.references.iter().all(|alternatives| {
            let mut known = it.reference_ids.iter();
            known.any(|id| alternatives.iter().any(|wanted| like(wanted, id)))
        });
        self.wants(it.header.status)
            && self.types.contains(&it.object_type)
            && has_all(&self.class, it.class_code.as_slice())
            && has_all(&self.kind, it.type_code.as_slice())
            && has_all(&self.format, it.format_code.as_slice())
            && has_all(&self.facility_type, it.facility_type.as_slice())
            && has_all(&self.practice_setting, it.practice_setting.as_slice())
            && has_all(&self.confidentiality, &it.confidentiality)
            && has_all(&self.events, &it.event_codes)
            && self.created.holds(it.creation_time.as_ref())
            && self.started.holds(it.service_start.as_ref())
            && self.stopped.holds(it.service_stop.as_ref())
            && wrote(&self.authors, &it.authors)
            && references
    }
}

/// What is wanted of submission sets.
pub(super) struct Sets<'q> {
    statuses: Vec<AvailabilityStatus>,
    sources: Vec<&'q str>,
    submitted: Window,
    authors: Vec<&'q str>,
    content: Codes<'q>,
}

impl<'q> Sets<'q> {
    pub(super) fn of(parameters: &Parameters<'q>) -> Result<Self, XdsProblem> {
        Ok(Self {
            statuses: parameters.statuses("$XDSSubmissionSetStatus")?,
            sources: parameters.all("$XDSSubmissionSetSourceId"),
            submitted: Window::of(parameters, "$XDSSubmissionSetSubmissionTime")?,
            authors: parameters.all("$XDSSubmissionSetAuthorPerson"),
            content: parameters.codes("$XDSSubmissionSetContentType")?,
        })
    }

    pub(super) fn holds(&self, object: &RegistryObject) -> bool {
        let RegistryObject::Set(it) = object else {
            return false;
        };
        let source = it.source_id.as_deref().unwrap_or_default();
        let status = it.header.status.unwrap_or(AvailabilityStatus::Approved);
        self.statuses.contains(&status)
            && (self.sources.is_empty() || self.sources.contains(&source))
            && self.submitted.holds(it.submission_time.as_ref())
            && wrote(&self.authors, &it.authors)
            && has_all(&self.content, it.content_type.as_slice())
    }
}

/// What is wanted of folders.
pub(super) struct Folders<'q> {
    statuses: Vec<AvailabilityStatus>,
    updated: Window,
    codes: Codes<'q>,
}

impl<'q> Folders<'q> {
    pub(super) fn of(parameters: &Parameters<'q>) -> Result<Self, XdsProblem> {
        Ok(Self {
            statuses: parameters.statuses("$XDSFolderStatus")?,
            updated: Window::of(parameters, "$XDSFolderLastUpdateTime")?,
            codes: parameters.codes("$XDSFolderCodeList")?,
        })
    }

    pub(super) fn holds(&self, object: &RegistryObject) -> bool {
        let RegistryObject::Folder(it) = object else {
            return false;
        };
        let status = it.header.status.unwrap_or(AvailabilityStatus::Approved);
        self.statuses.contains(&status)
            && self.updated.holds(it.last_update.as_ref())
            && has_all(&self.codes, &it.codes)
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_pattern_is_that_of_sql() {
        for (pattern, text) in [
            ("%Ford%", "^Ford^Harrison"),
            ("_Ford", "^Ford"),
            ("%", ""),
            ("a%b%c", "axxbyyc"),
            ("%山田%", "^山田^花子"),
        ] {
            assert!(like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("Ford", "^Ford"), ("_", ""), ("a%b", "ac"), ("", "a")] {
            assert!(!like(pattern, text), "{pattern} {text}");
        }
    }
}
