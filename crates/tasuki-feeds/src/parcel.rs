//! What a reader hands to the writer: what is to be done, in order, and the bytes it needs.

use crate::budget::Held;
use crate::draft::{Draft, Stated};
use crate::summary::Summary;
use crate::walk::PatientFolder;
use tasuki_core::Code;
use tasuki_core::ports::FileState;
use tasuki_model::LocalPatientId;
use tasuki_model::document::SourceKey;

/// Bytes of a file, counted against the budget as long as they are held.
pub(crate) struct Payload {
    pub(crate) bytes: Vec<u8>,
    pub(crate) _held: Held,
}

/// Why a file goes into quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    /// The finer words of the grammar or rule. Holds no content of the file.
    pub(crate) detail: String,
}

/// One thing to be done.
pub(crate) enum Action {
    /// A file is a version of a document.
    Put {
        draft: Box<Draft>,
        payload: Payload,
        file: FileState,
    },
    /// A file led to no document.
    Note {
        file: FileState,
        /// It was counted before.
        counted: bool,
    },
    /// Nothing of this document is current.
    Deprecate(SourceKey),
    /// This document is deleted.
    Delete(SourceKey),
    /// A file cannot be taken in.
    Quarantine {
        file: FileState,
        refused: Refused,
        payload: Option<Payload>,
    },
    /// A file that was in quarantine has been taken in, or is gone and replaced.
    Release(String),
}

/// A piece of one patient's folder.
#[derive(Default)]
pub(crate) struct Parcel {
    /// Whose folder; none for strays.
    pub(crate) patient: Option<LocalPatientId>,
    pub(crate) actions: Vec<Action>,
    /// The best statement of demographics among the files.
    pub(crate) stated: Option<Stated>,
    /// Files that need no action, counted already.
    pub(crate) counted: Summary,
    /// Bytes held.
    pub(crate) bytes: usize,
    /// The folder is to be visited again: something in it is still being written.
    pub(crate) again: Option<PatientFolder>,
    /// The last piece of its folder.
    pub(crate) ends: bool,
}

impl Parcel {
    /// A piece of a patient's folder.
    pub(crate) fn of(patient: Option<&LocalPatientId>) -> Self {
        Self {
            patient: patient.cloned(),
            ..Self::default()
        }
    }

    /// Adds something to be done.
    pub(crate) fn push(&mut self, action: Action) {
        self.bytes += match &action {
            Action::Put { payload, .. }
            | Action::Quarantine {
                payload: Some(payload),
                ..
            } => payload.bytes.len(),
            _ => 0,
        };
        self.actions.push(action);
    }

    /// Keeps the better of two statements.
    pub(crate) fn state(&mut self, stated: Option<Stated>) {
        if let Some(stated) = stated
            && self.stated.as_ref().is_none_or(|s| stated.outranks(s))
        {
            self.stated = Some(stated);
        }
    }

    /// Whether there is nothing to be written.
    pub(crate) fn is_idle(&self) -> bool {
        self.actions.is_empty()
    }
}
