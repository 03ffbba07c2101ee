//! Why two registrations are linked, or are not: what was compared, what it weighed, what held it
//! back, and by which tables. Stored with every link and every line of the queue; the catalogue of
//! messages makes a sentence of it.

use super::decide::{Guard, Outcome};
use super::levels::Levels;
use super::normalise::KANJI_TABLE_VERSION;
use super::score::Bits;
use super::weights::Weights;
use crate::{Code, Fault};
use serde::{Deserialize, Serialize};

/// The explanation of a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Version of this shape.
    pub version: u8,
    /// Version of the weights.
    pub weights: String,
    /// Version of the table of 異体字 and 旧字.
    pub kanji: String,
    /// Registrations in the index when it was decided; the threshold grows with them.
    pub registrations: u32,
    /// What the engine decided.
    pub outcome: Outcome,
    /// What held it back.
    pub guards: Vec<Guard>,
    /// How each item compares.
    pub levels: Levels,
    /// What each item weighs.
    pub bits: Bits,
    /// Posterior bits from which a pair is linked automatically.
    pub automatic: f32,
    /// Posterior bits from which a person has to look.
    pub review: f32,
}

impl Explanation {
    /// The version written now.
    pub const VERSION: u8 = 1;

    /// The explanation of a pair that was compared just now.
    #[must_use]
    pub fn new(
        levels: Levels,
        bits: Bits,
        decision: super::decide::Decision,
        weights: &Weights,
        registrations: u32,
    ) -> Self {
        Self {
            version: Self::VERSION,
            weights: weights.version.clone(),
            kanji: KANJI_TABLE_VERSION.to_owned(),
            registrations,
            outcome: decision.outcome,
            guards: decision.guards,
            levels,
            bits,
            automatic: weights.decision.automatic,
            review: weights.decision.review,
        }
    }

    /// As it is stored.
    ///
    /// # Errors
    /// `WEB-009` if it cannot be written as JSON, which no value of it causes.
    pub fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self)
            .map_err(|e| Fault::new(Code::InternalFault, format!("explanation: {e}")))
    }

    /// Read back; nothing where the evidence is not the engine's (a person's words, a merge).
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
