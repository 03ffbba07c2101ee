//! What an operator does with files in quarantine. Listing and showing are reads of the store
//! (`Feeds::quarantined`, `Feeds::quarantined_bytes`); here is what changes something.

use crate::batch::Destination;
use crate::budget::Budget;
use crate::draft::{Draft, stated};
use crate::group::group;
use crate::import::ImportOptions;
use crate::listing::Listed;
use crate::parcel::{Action, Parcel, Payload, Refused};
use crate::summary::Summary;
use tasuki_core::audit::{Action as Audited, AuditEvent};
use tasuki_core::ports::{Quarantined, Store};
use tasuki_core::{Code, Fault};
use tasuki_model::{AvailabilityStatus, Facility};
use tasuki_records::examine;
use tasuki_wire::ssmix2::{ConditionFlag, StoragePath};

/// Examines the kept bytes of a file again, as a new release may read what an old one could not:
/// takes the file in, or leaves it with the reason of today.
///
/// # Errors
/// `NotQuarantined` for an unknown number; `FileUnreadable` if no bytes were kept.
pub fn retry(
    store: &dyn Store,
    facility: &Facility,
    number: &str,
    options: &ImportOptions,
) -> Result<Summary, Fault> {
    let (row, bytes) =
        store.reading(|tx| Ok((tx.quarantined_one(number)?, tx.quarantined_bytes(number)?)))?;
    let row = row
        .filter(|row| row.facility == facility.id)
        .ok_or_else(|| unknown(number))?;
    let bytes = bytes.ok_or_else(|| {
        Fault::new(
            Code::FileUnreadable,
            format!("no bytes were kept of {number}; import the storage again"),
        )
    })?;
    let mut parcel = Parcel::of(row.patient.as_ref());
    parcel.counted.read = 1;
    again(&row, bytes, &mut parcel);
    let destination = Destination {
        store,
        facility,
        repository: &options.repository,
        clock: options.clock.as_ref(),
        process: "quarantine",
    };
    let mut summary = parcel.counted.clone();
    summary.add(&destination.write(&[parcel])?);
    Ok(summary)
}

/// What a second look at a file leads to. A file with flag 0 deletes nothing by itself here: the
/// next import, which sees its neighbours, decides that.
fn again(row: &Quarantined, bytes: Vec<u8>, parcel: &mut Parcel) {
    let listed = [Listed {
        state: row.file.clone(),
        obstacle: None,
    }];
    let grouped = group(&listed, &[], true);
    let member = grouped
        .clusters
        .iter()
        .flat_map(|c| c.groups.values().flatten())
        .next();
    let examined = examine(&row.file.path, &bytes);
    let held = Budget::new(usize::MAX).take(bytes.len());
    let draft = member.and_then(|m| Draft::new(m, &examined, &bytes));
    let file = row.file.clone();
    let payload = Payload { bytes, _held: held };
    // An image names nobody: whose it is, and how restricted, says the document beside it, which
    // only an import of the whole folder sees.
    let extended = matches!(examined.path, Ok(StoragePath::Extended(_)));
    let draft = draft.filter(|_| !extended || examined.patient.is_some());
    let (Some(member), Some(mut draft)) = (member, draft) else {
        let reasons: Vec<String> = examined.reasons.iter().map(ToString::to_string).collect();
        let code = examined
            .reasons
            .first()
            .and_then(|r| Code::from_id(r.code()));
        return parcel.push(Action::Quarantine {
            file,
            refused: Refused {
                code: code.unwrap_or(row.reason.code),
                detail: reasons.join("; "),
            },
            payload: Some(payload),
        });
    };
    parcel.push(Action::Release(row.id.clone()));
    match member.flag {
        ConditionFlag::Valid => parcel.state(stated(member, &examined)),
        ConditionFlag::Superseded => draft.status = AvailabilityStatus::Deprecated,
        ConditionFlag::Deleted | ConditionFlag::Other(_) => {
            return parcel.push(Action::Note {
                file,
                counted: false,
            });
        }
    }
    parcel.push(Action::Put {
        draft: Box::new(draft),
        payload,
        file,
    });
}

/// Drops a file from quarantine for good. Its path and state stay noted, so that the next import
/// does not bring it back unless it has changed.
///
/// # Errors
/// `NotQuarantined` for an unknown number.
pub fn drop_file(store: &dyn Store, number: &str, options: &ImportOptions) -> Result<(), Fault> {
    let at = options.clock.now();
    store.writing(|tx| {
        let row = tx.quarantined_one(number)?.ok_or_else(|| unknown(number))?;
        tx.drop_quarantine(number)?;
        tx.note_file(&row.facility, row.patient.as_ref(), &row.file)?;
        tx.append_audit(&AuditEvent {
            items: 1,
            detail: Some(format!("dropped {number}: {}", row.reason.code)),
            ..AuditEvent::of_process(at, Audited::Quarantine, "quarantine", "drop")
        })
    })
}

fn unknown(number: &str) -> Fault {
    Fault::new(
        Code::NotQuarantined,
        format!("no file {number} in quarantine"),
    )
}
