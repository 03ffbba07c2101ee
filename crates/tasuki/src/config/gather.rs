//! `[gather]`: how long a chart waits for other communities, and how long copies are kept.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use tasuki_core::{Code, Fault};
use tasuki_ihe::communities::GatherSettings;

/// What is gathered from the communities of the member directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gather {
    /// After so many seconds a community that has not answered is shown as away. An answer that
    /// comes later is shown when it comes.
    pub shown_seconds: u32,
    /// One answer is waited for so many seconds.
    pub patience_seconds: u32,
    /// For so many seconds the next page of a visit does not ask again.
    pub fresh_seconds: u32,
    /// Copies are kept for so many hours.
    pub copy_hours: u32,
}

impl Default for Gather {
    fn default() -> Self {
        Self {
            shown_seconds: 8,
            patience_seconds: 30,
            fresh_seconds: 60,
            copy_hours: 24,
        }
    }
}

impl Gather {
    pub(super) fn check(&self) -> Result<(), Fault> {
        let counts = [self.shown_seconds, self.patience_seconds, self.copy_hours];
        // A month: what is needed for longer is asked for again.
        if counts.contains(&0) || self.copy_hours > 744 || self.patience_seconds > 300 {
            let what = "gather: shown_seconds, patience_seconds (up to 300) and copy_hours (up to 744) \
                        are at least 1";
            return Err(Fault::new(Code::ConfigInvalid, what));
        }
        Ok(())
    }

    /// What the gathering needs of it.
    #[must_use]
    pub fn settings(&self) -> GatherSettings {
        let seconds = |n: u32| Duration::from_secs(u64::from(n));
        GatherSettings {
            patience: seconds(self.patience_seconds),
            deadline: seconds(self.shown_seconds),
            fresh: seconds(self.fresh_seconds),
            keep_seconds: i64::from(self.copy_hours) * 3_600,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use tasuki_core::Code;

    #[test]
    fn times_have_bounds() {
        let first = "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";
        let code = |part: &str| {
            let read = Config::parse(&format!("{first}[gather]\n{part}\n"));
            read.err().map(|fault| fault.code)
        };
        assert_eq!(code("copy_hours = 1\nfresh_seconds = 0"), None);
        for wrong in [
            "copy_hours = 745",
            "shown_seconds = 0",
            "patience_seconds = 301",
        ] {
            assert_eq!(code(wrong), Some(Code::ConfigInvalid), "{wrong}");
        }
        assert_eq!(code("hours = 1"), Some(Code::ConfigUnknownKey));
    }
}
