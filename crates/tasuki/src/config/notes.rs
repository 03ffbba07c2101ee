//! `[portal.notes]`: what may be attached to a note, and the scanner that looks into it first.

use serde::{Deserialize, Serialize};
use tasuki_core::{Code, Fault};
use tasuki_web::Attachments;

/// Megabytes of all files of one note at most: they are in memory while they are looked into.
const ALL_MAX: u32 = 128;

/// Files of notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notes {
    /// Where clamd listens: `host:port`, or the path of its socket. Without it no files are taken,
    /// unless `unscanned` says so.
    pub clamd: Option<String>,
    /// Files are taken without a scan where `clamd` is not set.
    pub unscanned: bool,
    /// The scanner's word is waited for so many seconds.
    pub scan_seconds: u32,
    /// Megabytes of one file.
    pub file_megabytes: u32,
    /// Files of one note.
    pub files: u32,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            clamd: None,
            unscanned: false,
            scan_seconds: 20,
            file_megabytes: 10,
            files: 4,
        }
    }
}

impl Notes {
    pub(super) fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
        let all = self.file_megabytes.saturating_mul(self.files);
        if all == 0 || all > ALL_MAX || self.scan_seconds == 0 || self.scan_seconds > 120 {
            return wrong(
                "portal.notes: files × file_megabytes is 1 to 128, scan_seconds 1 to 120",
            );
        }
        if self.unscanned && self.clamd.is_some() {
            return wrong("portal.notes: unscanned and clamd exclude each other");
        }
        Ok(())
    }

    /// What the portal needs of it.
    #[must_use]
    pub fn attachments(&self) -> Attachments {
        Attachments {
            bytes_max: self.file_megabytes as usize * 1024 * 1024,
            count_max: self.files as usize,
            unscanned: self.unscanned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use tasuki_core::Code;

    #[test]
    fn files_have_bounds_and_a_scan_is_not_left_out_by_chance() {
        let first = "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";
        let code = |part: &str| {
            let read = Config::parse(&format!("{first}[portal.notes]\n{part}\n"));
            read.err().map(|fault| fault.code)
        };
        assert_eq!(code("clamd = \"/run/clamav/clamd.ctl\""), None);
        assert_eq!(code("unscanned = true"), None);
        for wrong in [
            "files = 0",
            "file_megabytes = 33",
            "scan_seconds = 121",
            "unscanned = true\nclamd = \"127.0.0.1:3310\"",
        ] {
            assert_eq!(code(wrong), Some(Code::ConfigInvalid), "{wrong}");
        }
    }
}
