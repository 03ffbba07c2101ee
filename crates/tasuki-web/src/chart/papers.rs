//! The documents of a chart as clinical values, for the pages that merge them: our own and copies of
//! others', read under the grant of the chart. What could not be read is counted, never left unsaid.

use super::Chart;
use super::copied::{Copy, copies};
use crate::visit::{Stop, Visit};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::gather::Source;
use tasuki_core::ports::{Content, EntryFilter, Reading};
use tasuki_core::{Fault, Released};
use tasuki_model::xds::{self, RegistryObject};
use tasuki_model::{Category, DocumentEntry, EntryUuid, JstTime, PersonId, SmolStr};
use tasuki_records::ClinicalValue;
use tasuki_records::dictionary::Dictionary;
use tasuki_records::merge::{Origin, Routed, routes};

/// Documents that one page merges at most; it says so when there are more.
pub(crate) const PAPERS_MAX: u32 = 1_500;

/// One document.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub category: Category,
    /// As its metadata has it; it may be empty.
    pub title: String,
    /// Where it is opened.
    pub href: String,
    /// When what it tells was done.
    pub service: Option<JstTime>,
    /// Its source is away; this is what it said before, and then.
    pub old: Option<String>,
    /// It counts as missing where it has no value: all do but basic records of others, which are
    /// fetched when they are opened.
    pub expected: bool,
    /// It is fetched when it is opened, or when a reader asks for it, and has not been yet.
    pub later: bool,
    /// Of somebody found by name, birth date and sex alone.
    pub unconfirmed: bool,
    /// Its class: a data kind, or the folder of an extended one.
    pub class: SmolStr,
    /// The metadata of a note: who wrote it as what, and what it hangs on.
    pub stated: Option<Box<xds::DocumentEntry>>,
    /// What it says; nothing where it is not here or cannot be read.
    pub value: Option<ClinicalValue>,
}

/// The documents of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Papers {
    /// Each once, with every route by which it came.
    pub documents: Vec<Routed<Paper>>,
    /// There are more than a page merges; the oldest are left out.
    pub more: bool,
}

/// Reads the documents that fit a filter.
pub(crate) fn papers(
    visit: &Visit<'_>,
    chart: &Chart,
    filter: &EntryFilter,
) -> Result<Released<Papers>, Stop> {
    let filter = EntryFilter {
        limit: Some(PAPERS_MAX + 1),
        ..filter.clone()
    };
    super::elsewhere::look_at(visit, chart, &filter.categories);
    super::older::fetch_older(visit, chart, &filter)?;
    let person = chart.grant.person().clone();
    let read = visit.portal.store.reading(|tx| {
        let (entries, contents) = own(tx, chart, &filter)?;
        let stated = stated(tx, chart, entries.view())?;
        let records = chart.facts.view().records.iter();
        let mut keys: BTreeSet<_> = records.map(|r| r.facility.clone()).collect();
        let copies = copies(tx, chart, &filter)?;
        keys.extend(copies.view().iter().filter_map(Copy::institution));
        let keys: Vec<_> = keys.into_iter().collect();
        let dictionary = Dictionary::new(tx.code_mappings(&keys)?);
        Ok(entries
            .zip(stated)
            .zip(copies)
            .map(|((entries, mut stated), copies)| {
                let most = PAPERS_MAX as usize;
                let more = entries.len() > most || copies.len() > most;
                let own = entries.iter().zip(&contents).take(most);
                let own = own.map(|(entry, content)| {
                    let stated = stated.remove(&entry.entry_uuid.urn());
                    of_own(&person, &dictionary, (entry, stated), content)
                });
                let copied = copies.iter().take(most).map(|copy| {
                    let mut found = of_copy(&person, copy);
                    if let (Some(value), Some(key)) = (&mut found.2.value, copy.institution()) {
                        dictionary.apply(&key, value);
                    }
                    found
                });
                let documents = routes(own.chain(copied));
                Papers { documents, more }
            }))
    });
    read.map_err(Stop::from)
}

/// Our own documents alone, released already, each with its content.
pub(crate) fn papers_of(
    person: &PersonId,
    dictionary: &Dictionary,
    entries: &[DocumentEntry],
    contents: &[Content],
) -> Papers {
    let all = entries.iter().zip(contents);
    let all = all.map(|(entry, content)| of_own(person, dictionary, (entry, None), content));
    Papers {
        documents: routes(all),
        more: false,
    }
}

fn of_own(
    person: &PersonId,
    dictionary: &Dictionary,
    (entry, stated): (&DocumentEntry, Option<Box<xds::DocumentEntry>>),
    content: &Content,
) -> Found {
    let mut found = of_entry(person, (entry, stated), content);
    if let Some(value) = &mut found.2.value {
        dictionary.apply(&entry.facility, value);
    }
    found
}

/// Our own documents that fit a filter, as far as the grant lets them out, each with its content.
pub(super) fn own(
    tx: &dyn Reading,
    chart: &Chart,
    filter: &EntryFilter,
) -> Result<(Released<Vec<DocumentEntry>>, Vec<Content>), Fault> {
    let found = tx.find_entries(&chart.grant.registrations(), filter)?;
    let entries = chart.grant.release(found);
    let ids = entries.view().iter().map(|e| e.entry_uuid.clone());
    let ids: Vec<EntryUuid> = ids.collect();
    let contents = tx.get_contents(&ids)?;
    Ok((entries, contents))
}

/// The metadata of notes as they were submitted, by id; imported ones have none.
fn stated(
    tx: &dyn Reading,
    chart: &Chart,
    entries: &[DocumentEntry],
) -> Result<Released<BTreeMap<String, Box<xds::DocumentEntry>>>, Fault> {
    let notes = entries.iter().filter(|e| e.category == Category::Note);
    let found = notes.map(|note| tx.find_object(&note.entry_uuid));
    let found: Vec<_> = found
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    Ok(chart.grant.release(found).map(|objects| {
        let entries = objects.into_iter().filter_map(|object| match object {
            RegistryObject::Entry(entry) => Some((entry.header.id.clone(), entry)),
            _ => None,
        });
        entries.collect()
    }))
}

type Found = (Origin, Option<SmolStr>, Paper);

fn of_entry(
    person: &PersonId,
    (entry, stated): (&DocumentEntry, Option<Box<xds::DocumentEntry>>),
    content: &Content,
) -> Found {
    let origin = Origin {
        source: Source::Facility(entry.facility.clone()),
        document: entry.unique_id.as_str().into(),
    };
    let paper = Paper {
        category: entry.category,
        title: entry.title.clone().unwrap_or_default(),
        href: format!("/patients/{person}/documents/{}", entry.entry_uuid),
        service: entry.service_start.clone(),
        old: None,
        expected: true,
        later: false,
        unconfirmed: false,
        stated,
        class: entry.class_code.code.clone(),
        value: value_of(&entry.class_code.code, &content.bytes),
    };
    (origin, Some(entry.hash.as_ref().into()), paper)
}

fn of_copy(person: &PersonId, copy: &Copy) -> Found {
    let id = &copy.copied.row.id;
    // A copy without a name of its own is known by its id here: it is joined with nothing.
    let named = copy
        .entry
        .unique_id
        .as_deref()
        .filter(|name| !name.is_empty());
    let origin = Origin {
        source: copy.source(),
        document: named.map_or_else(|| id.as_str().into(), SmolStr::from),
    };
    let usable = copy
        .content
        .as_ref()
        .filter(|_| copy.copied.row.problem.is_none());
    let paper = Paper {
        category: copy.copied.row.category,
        title: copy.titled(),
        href: format!("/patients/{person}/received/{id}"),
        service: copy.service(),
        old: copy
            .copied
            .old
            .then(|| copy.copied.row.confirmed.in_jst().to_string()),
        later: copy.is_later() && !copy.on_demand(),
        unconfirmed: copy.copied.row.unconfirmed,
        stated: (copy.copied.row.category == Category::Note).then(|| Box::new(copy.entry.clone())),
        class: copy.class().into(),
        expected: !copy.on_demand()
            && (copy.copied.row.category != Category::Basic || copy.copied.row.problem.is_some()),
        // What is made on demand repeats what others state: merged, every fact of it would be there twice.
        value: usable
            .filter(|_| !copy.on_demand())
            .and_then(|content| value_of(copy.class(), &content.bytes)),
    };
    (origin, copy.entry.hash.as_deref().map(SmolStr::from), paper)
}

fn value_of(class: &str, bytes: &[u8]) -> Option<ClinicalValue> {
    tasuki_records::clinical(class, bytes)
        .ok()
        .map(|decoded| decoded.value)
}

impl Papers {
    /// How many documents are not in what is merged, for they are not here or cannot be read.
    pub fn unread(&self) -> usize {
        self.documents
            .iter()
            .filter(|d| d.value.value.is_none() && d.value.expected && !d.value.later)
            .count()
    }

    /// How many are not in what is merged for nobody has fetched them yet.
    pub fn later(&self) -> usize {
        let later = |d: &&Routed<Paper>| d.value.later && d.value.expected;
        self.documents.iter().filter(later).count()
    }

    /// How many claim to be a document that is here with other content.
    pub fn differing(&self) -> usize {
        self.documents.iter().filter(|d| d.differs).count()
    }

    /// Where each document is opened.
    pub fn addresses(&self) -> BTreeMap<SmolStr, String> {
        let named =
            |d: &Routed<Paper>| Some((d.origins.first()?.document.clone(), d.value.href.clone()));
        self.documents.iter().filter_map(named).collect()
    }

    /// The sources of which old copies are among them.
    pub fn old_sources(&self) -> Vec<Source> {
        let old = self.documents.iter().filter(|d| d.value.old.is_some());
        let mut sources: Vec<Source> = old
            .flat_map(|d| d.origins.iter().map(|o| o.source.clone()))
            .collect();
        sources.sort();
        sources.dedup();
        sources
    }

    /// What has to be said of the whole, in sentences.
    pub fn remarks(&self, w: Words) -> Vec<String> {
        let said = |count: usize, words: String| (count > 0).then_some(words);
        let (unread, differing) = (self.unread(), self.differing());
        let more = self.more.then(|| w.merged_more(PAPERS_MAX).into_owned());
        let unread = said(unread, w.merged_unread(unread).into_owned());
        let later = self.later();
        let later = said(later, w.merged_later(later).into_owned());
        let differing = said(differing, w.merged_differing(differing).into_owned());
        let guessed = self
            .documents
            .iter()
            .filter(|d| d.value.unconfirmed)
            .count();
        let guessed = said(guessed, w.merged_unconfirmed(guessed).into_owned());
        let ages: BTreeSet<&String> = self
            .documents
            .iter()
            .filter_map(|d| d.value.old.as_ref())
            .collect();
        let ages = ages.into_iter().map(|at| w.copy_old(at).into_owned());
        let all = more
            .into_iter()
            .chain(unread)
            .chain(later)
            .chain(differing)
            .chain(guessed);
        all.chain(ages).collect()
    }
}
