//! A note is written: text and files become documents of the registry, with their audit event, in one
//! transaction, or nothing does. A note is never changed; what is wrong with it is added to it (APND).

use super::page;
use crate::chart::{self, Chart, basic_labels};
use crate::pipeline::status_of;
use crate::upload::File;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::policy::role_writes_notes;
use tasuki_core::ports::{PatientRecord, Writing};
use tasuki_core::publish::{Enclosed, NoteAuthor, Publication};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Labelled};
use tasuki_model::{Category, EntryUuid, JstDay, Labels};
use tasuki_records::attachment::{self, NotTaken};
use tasuki_records::note::{CHARACTERS_MAX, Item, Note};

/// Why a file was not taken. Whoever sent it can mend that: the form comes back with what was typed.
pub(crate) const FILE_REFUSED: &[Code] = &[
    Code::AttachmentUnsupported,
    Code::AttachmentTypeLies,
    Code::AttachmentTooLarge,
    Code::AttachmentActive,
    Code::AttachmentBroken,
    Code::AttachmentInfected,
    Code::ScannerMissing,
    Code::ScannerAway,
];

pub(crate) fn write(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let (session, form) = (&who.session.secret_sha256, visit.ask.form("once"));
    if !visit.portal.sent.take(session, form) {
        let page = visit.ask.path.clone();
        return Ok(Reply::redirect(format!("{page}?done=sent")));
    }
    let done = published(visit);
    let Err(stop) = done else {
        return done;
    };
    visit.portal.sent.give_back(session, form);
    match stop {
        Stop::Fault(fault)
            if fault.code == Code::NoteWrong || FILE_REFUSED.contains(&fault.code) =>
        {
            let mut reply = page(visit, Some(&fault))?;
            reply.status = status_of(fault.code);
            Ok(reply.with_detail(format!("note refused {}", fault.code.id())))
        }
        stop => Err(stop),
    }
}

fn published(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let who = visit.who()?;
    let not_allowed = |what: &str| Fault::new(Code::NoteNotAllowed, what);
    if !role_writes_notes(who.session.membership.role) {
        return Err(not_allowed("a role that does not write").into());
    }
    let publishing = visit.portal.publishing.as_ref();
    let publishing = publishing.ok_or_else(|| not_allowed("a portal that publishes nothing"))?;
    let records = chart.facts.view().records.iter();
    let mut own = records.filter(|r| r.facility == who.facility.id && r.survivor.is_none());
    let record = own.next().ok_or(Stop::Refused)?.clone();
    let note = note(visit)?;
    let publication = Publication {
        adds_to: target(visit, &chart, &record)?,
        enclosed: enclosed(visit, &chart, &record)?,
        facility: who.facility.clone(),
        author: NoteAuthor {
            user: who.account.id.clone(),
            name: who.account.name.clone(),
            role: who.session.membership.role,
            section: who.session.membership.section.clone(),
        },
        written: visit.now,
        title: note.first_line(),
        text: note.write(),
        record,
    };
    let work = |tx: &dyn Writing| {
        let done = publishing.publish(tx, &publication)?;
        tx.append_audit(&event(visit, &publication, done.documents, &done.set))
    };
    visit.portal.store.writing(work)?;
    let person = chart.grant.person();
    let mut reply = Reply::redirect(format!("/patients/{person}/notes?done=sent"));
    reply.audited = true;
    Ok(reply.about(person))
}

fn event(visit: &Visit<'_>, it: &Publication, documents: u64, set: &str) -> AuditEvent {
    let by = Actor::User {
        user: it.author.user.clone(),
        role: it.author.role,
        facility: it.facility.id.clone(),
    };
    let event = AuditEvent::of_process(visit.now, Action::Import, "portal", "note-form");
    AuditEvent {
        actor: by,
        purpose: visit.who.as_ref().map(|who| who.caller().purpose),
        person: Some(it.record.person.clone()),
        patients: vec![it.record.patient_key.clone()],
        items: documents,
        request: visit.ask.request_id.clone(),
        detail: Some(format!("submission set {set}")),
        ..event
    }
}

/// What was typed.
fn note(visit: &Visit<'_>) -> Result<Note, Stop> {
    let typed = |name: &str| visit.ask.form(name).unwrap_or_default().to_owned();
    let next = visit.ask.form("next-visit").map(JstDay::parse_iso);
    let next = next.transpose().map_err(|_| Stop::wrong("not a day"))?;
    let items = [
        (
            Item::NextVisit,
            next.map_or_else(String::new, |day| day.to_string()),
        ),
        (Item::ChangeOfPlan, typed("change-of-plan")),
        (Item::PointsToWatch, typed("points-to-watch")),
        (Item::Wishes, typed("wishes")),
    ];
    let note = Note {
        text: typed("text"),
        items: items
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect(),
    };
    let wrong = note.first_line().is_empty() || note.characters() > CHARACTERS_MAX;
    if wrong {
        return Err(Fault::new(Code::NoteWrong, "no text, or too much").into());
    }
    Ok(note)
}

/// The note that is added to: one of the same registration, not replaced.
fn target(
    visit: &Visit<'_>,
    chart: &Chart,
    record: &PatientRecord,
) -> Result<Option<EntryUuid>, Stop> {
    let Some(id) = visit.ask.form("adds") else {
        return Ok(None);
    };
    let id = EntryUuid::new(id).map_err(|_| Stop::Refused)?;
    let found = visit.portal.store.reading(|tx| tx.find_entry(&id))?;
    let found = chart.grant.release_one(found).ok_or(Stop::Refused)?;
    let entry = found.view();
    if entry.patient_key != record.patient_key || entry.category != Category::Note {
        return Err(Fault::new(Code::NoteNotAllowed, "not a note of this facility").into());
    }
    Ok(Some(id))
}

/// The files, looked into, stripped and scanned.
fn enclosed(
    visit: &Visit<'_>,
    chart: &Chart,
    record: &PatientRecord,
) -> Result<Vec<Enclosed>, Stop> {
    let files = &visit.ask.files;
    let takes = visit.portal.config.attachments;
    if files.len() > takes.count_max {
        return Err(Fault::new(Code::AttachmentTooLarge, "too many files").into());
    }
    let mut enclosed = Vec::with_capacity(files.len());
    for file in files {
        let taken = attachment::take(&file.declared, &file.bytes, takes.bytes_max);
        let taken = taken.map_err(|why| Fault::new(code_of(why), why.to_string()))?;
        // What came is scanned, not what is left of it: whatever was in it is to be known.
        scan(visit, chart, record, file)?;
        let (name, mime_type) = (file.name.clone(), taken.format.media_type());
        enclosed.push(Enclosed {
            name,
            mime_type,
            bytes: taken.bytes,
        });
    }
    Ok(enclosed)
}

/// What is wrong with a file, as a code.
pub(crate) fn code_of(why: NotTaken) -> Code {
    match why {
        NotTaken::Unsupported => Code::AttachmentUnsupported,
        NotTaken::TypeLies => Code::AttachmentTypeLies,
        NotTaken::TooLarge => Code::AttachmentTooLarge,
        NotTaken::Active => Code::AttachmentActive,
        NotTaken::Broken => Code::AttachmentBroken,
    }
}

fn scan(visit: &Visit<'_>, chart: &Chart, record: &PatientRecord, file: &File) -> Result<(), Stop> {
    let Some(scanner) = &visit.portal.scanner else {
        let unscanned = visit.portal.config.attachments.unscanned;
        let missing = Fault::new(Code::ScannerMissing, "portal.clamd is not set");
        return if unscanned {
            Ok(())
        } else {
            Err(missing.into())
        };
    };
    let labels = Labels {
        category: Category::Note,
        ..basic_labels(record)
    };
    let body = Body::new("application/octet-stream", file.bytes.clone());
    let released = chart.grant.release_one(Some(Labelled::new(labels, body)));
    let released = released.ok_or(Stop::Refused)?;
    Ok(scanner.scan(Egress::released(Action::Import, released))?)
}
