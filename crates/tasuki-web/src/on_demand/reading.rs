//! What a summary is made of: registrations and documents, decided on and released in one snapshot.

use super::sheet::PARTS;
use crate::chart::papers::{Papers, papers_of};
use crate::chart::{Facts, Kept, basic_labels, reports_at, subject_of};
use crate::marks::Mark;
use tasuki_core::gather::Source;
use tasuki_core::on_demand::SummaryAsked;
use tasuki_core::policy::{PeerGrant, Subject, decide_peer};
use tasuki_core::ports::{EntryFilter, Reading};
use tasuki_core::{Code, Fault, Labelled, Released};
use tasuki_model::{Category, DocumentEntry, EntryUuid, FacilityId, Instant, JstDay};
use tasuki_records::dictionary::Dictionary;

/// Documents of one part at most, the newest first.
const ENTRIES_MAX: u32 = 1_000;
/// Bytes of the documents of one part; further ones are left out, and it is said.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What one is made of.
pub(super) struct Read {
    pub marks: Vec<Mark>,
    pub facts: Facts,
    /// The documents of each part, in their order.
    pub papers: Vec<Papers>,
    /// Some were left out for their number or size.
    pub more: bool,
}

type Part = (Papers, Vec<(Source, Category)>, bool);

/// Decides for the caller by what holds in this snapshot, and reads what is released; nothing where not
/// even who the patient is may be.
pub(super) fn read(
    tx: &dyn Reading,
    asked: &SummaryAsked<'_>,
    now: Instant,
    silent: i64,
) -> Result<Released<Option<Read>>, Fault> {
    let records = tx.registrations_of(asked.person)?;
    let subjects = records.iter().map(|record| subject_of(record, now));
    let subjects: Vec<Subject> = subjects
        .map(|s| s.opened_to(asked.caller, asked.emergencies))
        .collect();
    // Who may not ask at all was told so before anything was asked of us.
    let may_not = |_| Fault::new(Code::InternalFault, "a summary for who may not ask");
    let grant = decide_peer(asked.caller, &subjects).map_err(may_not)?;
    let records = records
        .into_iter()
        .map(|r| Labelled::new(basic_labels(&r), r));
    let records = grant.release(records.collect());
    if records.view().is_empty() {
        return Ok(records.map(|_| None));
    }
    let facilities = tx.facilities()?;
    let marks = facilities
        .iter()
        .map(|facility| Mark::named(facility, facility.name.clone()));
    let marks: Vec<Mark> = marks.collect();
    let keys: Vec<FacilityId> = records.view().iter().map(|r| r.facility.clone()).collect();
    let dictionary = Dictionary::new(tx.code_mappings(&keys)?);
    let mut parts: Option<Released<Vec<Part>>> = None;
    for part in PARTS {
        let filter = (part.filter)(JstDay::at(now));
        let one = part_of(tx, asked, &grant, &dictionary, &filter)?;
        parts = Some(match parts {
            None => one.map(|one| vec![one]),
            Some(all) => all.zip(one).map(|(mut all, one)| {
                all.push(one);
                all
            }),
        });
    }
    let reports = reports_at(tx, (now, silent), records.view(), &[], &[])?;
    Ok(records.zip_option(parts).map(|(records, parts)| {
        let mut facts = facts_of(reports);
        facts.records = records;
        let mut read = Read {
            marks,
            facts,
            papers: Vec::new(),
            more: false,
        };
        for (papers, undated, more) in parts.unwrap_or_default() {
            read.papers.push(papers);
            read.facts.undated.extend(undated);
            read.more |= more;
        }
        for report in &mut read.facts.reports {
            let whose = |(source, _): &&(Source, Category)| *source == report.source;
            let count = read.facts.undated.iter().filter(whose).count();
            report.items = u32::try_from(count).unwrap_or(u32::MAX);
        }
        Some(read)
    }))
}

/// The documents of one part, with the kinds that each source has.
fn part_of(
    tx: &dyn Reading,
    asked: &SummaryAsked<'_>,
    grant: &PeerGrant,
    dictionary: &Dictionary,
    filter: &EntryFilter,
) -> Result<Released<Part>, Fault> {
    let filter = EntryFilter {
        limit: Some(ENTRIES_MAX + 1),
        ..filter.clone()
    };
    let found = tx.find_entries(&grant.registrations(), &filter)?;
    let released = grant.release(found).map(|entries| {
        let all = entries.len();
        let entries = bounded(entries);
        let more = entries.len() < all;
        (entries, more)
    });
    let ids = released.view().0.iter().map(|e| e.entry_uuid.clone());
    let ids: Vec<EntryUuid> = ids.collect();
    let contents = tx.get_contents(&ids)?;
    Ok(released.map(|(entries, more)| {
        let papers = papers_of(asked.person, dictionary, &entries, &contents);
        let kinds = entries
            .iter()
            .map(|e| (Source::Facility(e.facility.clone()), e.category));
        (papers, kinds.collect(), more)
    }))
}

/// As many as fit, the newest first.
fn bounded(entries: Vec<DocumentEntry>) -> Vec<DocumentEntry> {
    let mut bytes = 0_u64;
    let mut kept: Vec<DocumentEntry> = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().take(ENTRIES_MAX as usize) {
        bytes = bytes.saturating_add(entry.size_bytes);
        if bytes > BYTES_MAX {
            break;
        }
        kept.push(entry);
    }
    kept
}

fn facts_of(reports: Vec<tasuki_core::SourceReport>) -> Facts {
    Facts {
        records: Vec::new(),
        cells: Vec::new(),
        undated: Vec::new(),
        reports,
        remarks: Vec::new(),
        arrival: None,
        namesakes: 0,
        twins: 0,
        kept: Kept::default(),
        // What a consent keeps back is not told outside: not of a kind, and not of a facility.
        kept_back: Vec::new(),
        marked: None,
    }
}
