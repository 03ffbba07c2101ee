//! The summary that the community makes on demand for who asks from outside (ITI-43, ITI-39): the parts of
//! a print, of our own facilities' records alone, decided on at that moment for that caller.
//!
//! It says in every case that there is information which is not in it. That is always true, for it has
//! four parts of a record; and said always, it tells nobody whether anything was kept back.
//!
//! Copies of other communities' documents are not in it: whoever asks us asks them too, and would have
//! every fact twice.

mod reading;
mod sheet;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tasuki_core::on_demand::{Summarising, Summary, SummaryAsked};
use tasuki_core::ports::Store;
use tasuki_core::pressure::Gate;
use tasuki_core::{Clock, Code, Fault, Released};
use tasuki_report::Faces;

/// Summaries that are made at once; a further one is asked to come again.
const AT_ONCE: usize = 4;
/// Bytes of one summary.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Makes summaries from a store.
pub struct Summaries {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Font files, the first one first; read with the first summary.
    fonts: Vec<PathBuf>,
    faces: OnceLock<Faces>,
    /// A feed not heard for so long is said in it, in seconds.
    feed_silent_seconds: i64,
    community: Box<str>,
    gate: Gate,
}

impl Summaries {
    /// Summaries of a community's records, in these typefaces.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        fonts: Vec<PathBuf>,
        feed_silent_seconds: i64,
        community: &str,
    ) -> Self {
        Self {
            store,
            clock,
            fonts,
            faces: OnceLock::new(),
            feed_silent_seconds,
            community: community.into(),
            gate: Gate::new(AT_ONCE),
        }
    }

    fn faces(&self) -> Result<Faces, Fault> {
        if let Some(faces) = self.faces.get() {
            return Ok(faces.clone());
        }
        let faces = Faces::read(&self.fonts)?;
        Ok(self.faces.get_or_init(|| faces).clone())
    }
}

impl Summarising for Summaries {
    fn summary(&self, asked: &SummaryAsked<'_>) -> Result<Released<Option<Summary>>, Fault> {
        let full = || Fault::new(Code::XdsMakingBusy, "every place is taken");
        let _place = self.gate.enter().ok_or_else(full)?;
        let now = self.clock.now();
        let faces = self.faces()?;
        let read = self
            .store
            .reading(|tx| reading::read(tx, asked, now, self.feed_silent_seconds))?;
        read.try_map(|read| {
            let Some(read) = read else {
                return Ok(None);
            };
            let bytes = sheet::of(&read, asked.patient, &self.community, now).to_pdf(&faces)?;
            if bytes.len() > BYTES_MAX {
                return Err(Fault::new(Code::PrintTooLong, "a summary on demand"));
            }
            Ok(Some(Summary {
                mime_type: "application/pdf",
                bytes,
            }))
        })
    }
}
