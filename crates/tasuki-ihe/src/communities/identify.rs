//! Which IDs the other communities have for a patient of ours, by the network's pix-manager.

use super::Communities;
use crate::gateway::{NoAnswer, Visit};
use crate::iti45;
use tasuki_core::elsewhere::Errand;
use tasuki_model::{Instant, Registration};

/// What is known of a patient's IDs elsewhere.
pub(super) enum Identity {
    /// These IDs, of the communities that have one; where the answer is an old one, since when.
    Known(Vec<Registration>, Option<Instant>),
    /// The network has nobody who says.
    Nowhere,
    /// Whoever knows did not answer.
    Away(NoAnswer),
}

impl Communities {
    /// The IDs that the other communities have for the patient of an errand.
    pub(super) fn identify(&self, errand: &Errand, visit: &Visit) -> Identity {
        if let Some(known) = &errand.known {
            return Identity::Known(known.clone(), None);
        }
        let directory = self.directory();
        let managed = directory.is_some_and(|d| d.managers().next().is_some());
        if !managed {
            return Identity::Nowhere;
        }
        let person = errand.named.clone().map(|named| named.person);
        match iti45::elsewhere(&self.gateway, &person, visit) {
            Ok(known) => Identity::Known(known.ids, known.since),
            Err(no) => Identity::Away(no),
        }
    }
}
