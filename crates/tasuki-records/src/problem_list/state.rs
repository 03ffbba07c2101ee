//! How a disease stands, as its source says it.

use super::Disease;

/// How a source says a disease stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 続いている.
    Active,
    /// 疑い.
    Suspected,
    /// 治癒・終了.
    Resolved,
}

impl State {
    /// The state of a disease: ended where there is a day of it (PRB-9) or an outcome that is an end.
    #[must_use]
    pub fn of(disease: &Disease) -> Self {
        let ended = disease.resolved.is_some()
            || disease.outcome.codings.iter().any(|outcome| {
                matches!(
                    (outcome.system.as_str(), outcome.code.as_str()),
                    // Recovering (R) and remission (M) are no end.
                    ("HL70241", "D" | "F") | ("JHSD0006", "I") | ("99RECE", "2" | "3" | "4")
                ) || matches!(
                    outcome.text.as_str(),
                    "治癒" | "治ゆ" | "死亡" | "中止" | "完全に回復した"
                )
            });
        match (ended, disease.is_suspected()) {
            (true, _) => Self::Resolved,
            (false, true) => Self::Suspected,
            (false, false) => Self::Active,
        }
    }
}
