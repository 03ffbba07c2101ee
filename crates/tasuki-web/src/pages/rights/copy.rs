//! What the patient takes home: the same as the page on paper, and the documents of the facility as they are.

use super::{Known, drawn};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::Action;
use tasuki_core::policy::release_to_patient;
use tasuki_core::ports::{EntryFilter, RightsLink, Service};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Released};
use tasuki_model::{DocumentEntry, EntryUuid};
use tasuki_report::{Block, Document, Table, archive as zipped};

/// Documents and bytes of one archive; what is beyond is said in it.
const DOCUMENTS_MAX: u32 = 2_000;
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Contents read at once.
const AT_ONCE: usize = 50;

fn pdf(visit: &Visit<'_>, known: &Known) -> Result<Vec<u8>, Stop> {
    let w = visit.w;
    let opened = drawn(visit, known)?;
    let table = |columns: Vec<(String, u16)>, rows| Block::Table(Table { columns, rows });
    let consents = opened.consents.iter();
    let consents = consents.map(|c| vec![c.taken.clone(), c.state.clone(), c.scope.join("\n")]);
    let told = opened.told.iter();
    let told = told.map(|t| vec![t.day.clone(), t.who.clone(), t.what.clone(), t.why.clone()]);
    let heads = |heads: [(std::borrow::Cow<'_, str>, u16); 3]| {
        heads
            .map(|(head, width)| (head.into_owned(), width))
            .to_vec()
    };
    let mut access = heads([
        (w.access_day(), 16),
        (w.access_who(), 44),
        (w.access_what(), 24),
    ]);
    access.push((w.access_why().into_owned(), 16));
    let document = Document {
        title: w.rights_title().into_owned(),
        lang: w.lang.tag().to_owned(),
        banner: vec![
            (w.print_name().into_owned(), opened.name.clone()),
            (w.consent_discloser().into_owned(), opened.facility.clone()),
        ],
        gaps: opened.silent.clone(),
        gap_mark: w.print_incomplete().into_owned(),
        blocks: vec![
            Block::Heading(w.consent_past().into_owned()),
            table(
                heads([
                    (w.consent_taken(), 20),
                    (w.consent_state(), 20),
                    (w.consent_scope(), 60),
                ]),
                consents.collect(),
            ),
            Block::Heading(w.access_title().into_owned()),
            table(access, told.collect()),
        ],
        printed: w
            .rights_printed(&visit.now.in_jst().to_string())
            .into_owned(),
    };
    Ok(document.to_pdf(&visit.portal.faces()?)?)
}

pub(super) fn sheet(visit: &Visit<'_>, known: Released<Known>) -> Result<Reply, Stop> {
    let body = known.try_map(|known| {
        let pdf = pdf(visit, &known)?;
        Ok::<_, Stop>(Body::new("application/pdf", pdf))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body));
    reply.file_name = Some("tasuki-mine.pdf".to_owned());
    Ok(reply.with_detail("printed by the patient's link".to_owned()))
}

pub(super) fn archive(
    visit: &Visit<'_>,
    link: &RightsLink,
    known: Released<Known>,
) -> Result<Reply, Stop> {
    let filter = EntryFilter {
        service: Service::Either,
        limit: Some(DOCUMENTS_MAX),
        ..EntryFilter::default()
    };
    let key = std::slice::from_ref(&link.patient);
    let found = visit
        .portal
        .store
        .reading(|tx| tx.find_entries(key, &filter))?;
    let entries = release_to_patient(link, found);
    let body = known.zip(entries).try_map(|(known, entries)| {
        let mut files = vec![("tasuki-mine.pdf".to_owned(), pdf(visit, &known)?)];
        let left_out = contents(visit, &entries, &mut files)?;
        if left_out > 0 {
            let says = visit.w.rights_left_out(left_out as i64).into_owned();
            files.push(("README.txt".to_owned(), says.into_bytes()));
        }
        Ok::<_, Stop>(Body::new("application/zip", zipped(&files)?))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body));
    reply.file_name = Some("tasuki-mine.zip".to_owned());
    Ok(reply.with_detail("copied by the patient's link".to_owned()))
}

/// Puts the documents beside; gives how many there was no room for.
fn contents(
    visit: &Visit<'_>,
    entries: &[DocumentEntry],
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<usize, Stop> {
    let (mut taken, mut bytes) = (0, 0);
    for some in entries.chunks(AT_ONCE) {
        let ids: Vec<EntryUuid> = some.iter().map(|e| e.entry_uuid.clone()).collect();
        let read = visit.portal.store.reading(|tx| tx.get_contents(&ids))?;
        for (entry, content) in some.iter().zip(read) {
            bytes += content.bytes.len();
            if bytes > BYTES_MAX {
                return Ok(entries.len() - taken);
            }
            files.push((name(entry, taken, &content.mime_type), content.bytes));
            taken += 1;
        }
    }
    Ok(entries.len() - taken)
}

/// `0001-2026-06-03-OML-11.hl7`: a number, day and kind, no title.
fn name(entry: &DocumentEntry, number: usize, mime_type: &str) -> String {
    let day = entry.service_start.as_ref();
    let day = day.map_or_else(String::new, |at| format!("{}-", at.day()));
    let kind: String = entry
        .class_code
        .code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let end = match mime_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "text/xml" | "application/xml" => "xml",
        "text/plain" => "txt",
        _ => "hl7",
    };
    format!("documents/{:04}-{day}{kind}.{end}", number + 1)
}
