//! The writing side: parcels become one transaction, with one submission set and one audit event.

use crate::draft::Place;
use crate::parcel::{Action, Parcel, Refused};
use crate::summary::Summary;
use ring::digest::{Context, SHA256, digest};
use std::collections::BTreeMap;
use tasuki_core::audit::{Action as Audited, AuditEvent};
use tasuki_core::identity::stated::reused;
use tasuki_core::ports::{
    FileState, LocalItem, NewDocument, QuarantineReason, Quarantined, SeenItem, Store,
    StoreReceipt, Writing,
};
use tasuki_core::release::hex;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::document::SubmissionSet;
use tasuki_model::{
    EntryUuid, Facility, Instant, LocalPatientId, PatientKey, RepositoryId, SmolStr,
};

/// Where files go.
pub(crate) struct Destination<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) facility: &'a Facility,
    pub(crate) repository: &'a RepositoryId,
    pub(crate) clock: &'a dyn Clock,
    /// `import`, `watch` or `quarantine`, for the audit event.
    pub(crate) process: &'static str,
}

/// What a transaction has done.
struct Done {
    summary: Summary,
    digest: Context,
    documents: u64,
    patients: Vec<PatientKey>,
    /// Items of the documents, each with its system, and how often they came.
    codes: BTreeMap<(LocalItem, SmolStr), u64>,
}

impl Destination<'_> {
    /// Writes parcels; durable on return. All of them or none.
    pub(crate) fn write(&self, parcels: &[Parcel]) -> Result<Summary, Fault> {
        let at = self.clock.now();
        self.store.writing(|tx| {
            let mut done = Done {
                summary: Summary::default(),
                digest: Context::new(&SHA256),
                documents: 0,
                patients: Vec::new(),
                codes: BTreeMap::new(),
            };
            for parcel in parcels {
                self.apply(tx, parcel, at, &mut done)?;
            }
            tx.heard(&self.facility.id, at)?;
            self.account(tx, at, done)
        })
    }

    /// Notes that the feed was heard, where nothing had to be written.
    pub(crate) fn heard(&self) -> Result<(), Fault> {
        let at = self.clock.now();
        self.store.writing(|tx| tx.heard(&self.facility.id, at))
    }

    fn apply(
        &self,
        tx: &dyn Writing,
        parcel: &Parcel,
        at: Instant,
        done: &mut Done,
    ) -> Result<(), Fault> {
        if self.is_somebody_else(tx, parcel)? {
            return self.hold_back(tx, parcel, at, done);
        }
        let key = self.registration(tx, parcel)?;
        if let (Some(key), Some(stated)) = (&key, &parcel.stated) {
            tx.put_demographics(key, &stated.demographics, &stated.at, stated.source)?;
        }
        let mut touched = false;
        for action in &parcel.actions {
            touched |= self.act(tx, parcel.patient.as_ref(), key.as_ref(), action, at, done)?;
        }
        if let (true, Some(key)) = (touched, key) {
            done.patients.push(key);
        }
        Ok(())
    }

    /// Whether the files name another person than the one who is known by this number: the number
    /// was given out again, or mistyped. Never overwritten, never shown under the first.
    fn is_somebody_else(&self, tx: &dyn Writing, parcel: &Parcel) -> Result<bool, Fault> {
        let (Some(patient), Some(stated)) = (&parcel.patient, &parcel.stated) else {
            return Ok(false);
        };
        let known = tx.find_registration(&self.facility.id, patient)?;
        Ok(known.is_some_and(|known| reused(&known.demographics, &stated.demographics)))
    }

    /// Puts every document of a parcel into quarantine; what is neither new nor changed stays.
    fn hold_back(
        &self,
        tx: &dyn Writing,
        parcel: &Parcel,
        at: Instant,
        done: &mut Done,
    ) -> Result<(), Fault> {
        let refused = Refused {
            code: Code::NumberReused,
            detail: "the name and birth date of another person under a known number".to_owned(),
        };
        let patient = parcel.patient.as_ref();
        for action in &parcel.actions {
            match action {
                Action::Put { payload, file, .. } => {
                    let row = self.quarantined(patient, file, &refused, true, at);
                    tx.put_quarantine(&row, Some(&payload.bytes))?;
                    done.summary.quarantine(refused.code);
                }
                Action::Quarantine { .. } | Action::Note { .. } => {
                    self.act(tx, patient, None, action, at, done)?;
                }
                // What these files say of earlier ones may be about the other person.
                Action::Deprecate(_) | Action::Delete(_) | Action::Release(_) => {}
            }
        }
        Ok(())
    }

    /// The registration of a parcel's patient; made only for a document, for a file in quarantine
    /// does not prove that the patient exists.
    fn registration(&self, tx: &dyn Writing, parcel: &Parcel) -> Result<Option<PatientKey>, Fault> {
        let Some(patient) = &parcel.patient else {
            return Ok(None);
        };
        if parcel
            .actions
            .iter()
            .any(|a| matches!(a, Action::Put { .. }))
        {
            return tx.ensure_registration(&self.facility.id, patient).map(Some);
        }
        let known = tx.find_registration(&self.facility.id, patient)?;
        Ok(known.map(|record| record.patient_key))
    }

    /// Does one thing; returns whether the patient's documents changed by it.
    fn act(
        &self,
        tx: &dyn Writing,
        patient: Option<&LocalPatientId>,
        key: Option<&PatientKey>,
        action: &Action,
        at: Instant,
        done: &mut Done,
    ) -> Result<bool, Fault> {
        let facility = &self.facility.id;
        match (action, key) {
            (
                Action::Put {
                    draft,
                    payload,
                    file,
                },
                Some(key),
            ) => {
                let (entry_uuid, unique_id) = tx.new_entry_uuid()?;
                let receipt = tx.put_document(&NewDocument {
                    entry: draft.entry(Place {
                        entry_uuid: entry_uuid.clone(),
                        unique_id,
                        patient_key: key,
                        facility,
                        repository: self.repository,
                        received: at,
                    }),
                    bytes: &payload.bytes,
                    file: Some(file.clone()),
                })?;
                let new = done.received(&receipt, &entry_uuid);
                for (item, system, times) in draft.codes().iter().filter(|_| new) {
                    let key = (item.clone(), system.clone());
                    *done.codes.entry(key).or_default() += times;
                }
                Ok(new)
            }
            (Action::Note { file, counted }, _) => {
                tx.note_file(facility, patient, file)?;
                done.summary.noted += u64::from(!counted);
                Ok(false)
            }
            (Action::Deprecate(source), Some(key)) => tx.deprecate(key, source),
            (Action::Delete(source), Some(key)) => {
                let deleted = tx.delete(key, source, at)?;
                done.summary.deleted += deleted.len() as u64;
                Ok(!deleted.is_empty())
            }
            (
                Action::Quarantine {
                    file,
                    refused,
                    payload,
                },
                _,
            ) => {
                let row = self.quarantined(patient, file, refused, payload.is_some(), at);
                let bytes = payload.as_ref().map(|p| p.bytes.as_slice());
                tx.put_quarantine(&row, bytes)?;
                done.summary.quarantine(refused.code);
                Ok(false)
            }
            (Action::Release(id), _) => tx.drop_quarantine(id).map(|_| false),
            (Action::Put { .. } | Action::Deprecate(_) | Action::Delete(_), None) => Ok(false),
        }
    }

    fn quarantined(
        &self,
        patient: Option<&LocalPatientId>,
        file: &FileState,
        refused: &Refused,
        kept: bool,
        at: Instant,
    ) -> Quarantined {
        Quarantined {
            id: number(self.facility.id.as_str(), &file.path),
            facility: self.facility.id.clone(),
            patient: patient.cloned(),
            file: file.clone(),
            reason: QuarantineReason {
                code: refused.code,
                detail: refused.detail.clone(),
            },
            at,
            kept,
        }
    }

    /// One submission set for the documents, one audit event for everything.
    fn account(&self, tx: &dyn Writing, at: Instant, done: Done) -> Result<Summary, Fault> {
        let Done {
            summary,
            digest,
            documents,
            patients,
            codes,
        } = done;
        let seen = codes.into_iter().map(|((item, system), times)| SeenItem {
            facility: self.facility.id.clone(),
            item,
            system,
            times,
        });
        tx.count_items(&seen.collect::<Vec<_>>())?;
        let digest = hex(digest.finish().as_ref());
        if documents > 0 {
            let (entry_uuid, unique_id) = tx.new_entry_uuid()?;
            tx.put_submission(&SubmissionSet {
                entry_uuid,
                unique_id,
                source_id: self.facility.authority.clone(),
                submitted: at,
                documents,
                digest: digest.as_str().into(),
            })?;
        }
        let action = if patients.is_empty() {
            Audited::Quarantine
        } else {
            Audited::Import
        };
        tx.append_audit(&AuditEvent {
            patients,
            items: documents,
            digest: (documents > 0).then_some(digest),
            detail: Some(format!(
                "facility {}: registered {}, replaced {}, deleted {}, quarantined {}",
                self.facility.code,
                summary.registered,
                summary.replaced,
                summary.deleted,
                summary.quarantined
            )),
            ..AuditEvent::of_process(at, action, self.process, "ss-mix2")
        })?;
        Ok(summary)
    }
}

impl Done {
    /// Counts a document; returns whether it is new here.
    fn received(&mut self, receipt: &StoreReceipt, entry: &EntryUuid) -> bool {
        match receipt {
            StoreReceipt::Registered => self.summary.registered += 1,
            StoreReceipt::Replaced(_) => self.summary.replaced += 1,
            StoreReceipt::Unchanged(_) => {
                self.summary.unchanged += 1;
                return false;
            }
        }
        self.documents += 1;
        self.digest.update(entry.as_str().as_bytes());
        self.digest.update(b"\n");
        true
    }
}

/// The number of a quarantined file: the same for the same path, so that an operator's note of it
/// stays good when the file is met again.
pub(crate) fn number(facility: &str, path: &str) -> String {
    let hash = digest(&SHA256, format!("{facility}\n{path}").as_bytes());
    hex(hash.as_ref().get(..6).unwrap_or(&[]))
}
