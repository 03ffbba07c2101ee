//! The keys that electronic records share with this node: what opens their launch links.

use crate::config::Launch;
use tasuki_core::{Code, Fault};
use tasuki_web::{LaunchKey, LaunchKeys};

/// The key of a facility.
///
/// # Errors
/// `CFG-002` or `CFG-003` for a file that cannot be read or is no key.
pub(crate) fn key(entry: &Launch) -> Result<LaunchKey, Fault> {
    let at = entry.key_file.display();
    let text = std::fs::read_to_string(&entry.key_file)
        .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{at}: {e}")))?;
    let wrong = || Fault::new(Code::ConfigInvalid, format!("{at}: not a launch key"));
    LaunchKey::from_text(&text).ok_or_else(wrong)
}

/// The keys of a configuration.
///
/// # Errors
/// `CFG-002` or `CFG-003` for a file that cannot be read or is no key.
pub(crate) fn keys(entries: &[Launch]) -> Result<LaunchKeys, Fault> {
    let one = |entry: &Launch| Ok((entry.facility.clone(), key(entry)?));
    entries.iter().map(one).collect()
}
