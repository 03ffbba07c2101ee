//! The file that comes with a consent: looked into, stripped and scanned as a note's files are.

use crate::chart::basic_labels;
use crate::pages::notes::code_of;
use crate::visit::{Stop, Visit};
use tasuki_core::audit::Action;
use tasuki_core::policy::release_consents;
use tasuki_core::ports::{ConsentPaper, PatientRecord};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Labelled};
use tasuki_model::EntryUuid;
use tasuki_records::attachment;

/// Bytes of one scan.
const PAPER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The one file of a form, if it has one.
pub(super) fn taken(
    visit: &Visit<'_>,
    record: &PatientRecord,
) -> Result<Option<ConsentPaper>, Stop> {
    let file = match &visit.ask.files[..] {
        [] => return Ok(None),
        [file] => file,
        _ => return Err(Fault::new(Code::AttachmentTooLarge, "more than one file").into()),
    };
    let most = PAPER_BYTES_MAX.min(visit.portal.config.attachments.bytes_max);
    let taken = attachment::take(&file.declared, &file.bytes, most);
    let taken = taken.map_err(|why| Fault::new(code_of(why), why.to_string()))?;
    scanned(visit, record, &file.bytes)?;
    let random: String = crate::sign_in::random_hex()?.chars().take(32).collect();
    Ok(Some(ConsentPaper {
        id: EntryUuid::new(&random).map_err(|_| Stop::wrong("an id of hex digits"))?,
        mime_type: taken.format.media_type().into(),
        bytes: taken.bytes,
    }))
}

/// What came is scanned, not what is left of it.
fn scanned(visit: &Visit<'_>, record: &PatientRecord, bytes: &[u8]) -> Result<(), Stop> {
    let Some(scanner) = &visit.portal.scanner else {
        return match visit.portal.config.attachments.unscanned {
            true => Ok(()),
            false => Err(Fault::new(Code::ScannerMissing, "portal.clamd is not set").into()),
        };
    };
    let body = Body::new("application/octet-stream", bytes.to_vec());
    let item = Labelled::new(basic_labels(record), body);
    let released = release_consents(&visit.who()?.caller(), vec![item]);
    let released = released.try_map(|mut bodies| bodies.pop().ok_or(Stop::Refused))?;
    Ok(scanner.scan(Egress::released(Action::Import, released))?)
}
