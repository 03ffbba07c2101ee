//! `tasuki launch key FILE | link CODE:ID`: links by which an electronic record opens a chart.

use crate::args::{Args, usage};
use crate::config::{Config, Launch as Entry};
use crate::node::config_path;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::clock::SystemClock;
use tasuki_core::{Clock, Code, Fault};
use tasuki_web::{Launch, LaunchKey, LaunchKeys};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &[])?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["key", file] => make_key(Path::new(file))?,
        ["link", patient] => {
            let config = Config::read(&config_path(&args))?;
            println!("{}", link(&config, patient)?);
        }
        _ => return Err(usage("launch key FILE, or launch link CODE:ID")),
    }
    Ok(ExitCode::SUCCESS)
}

/// A new key; only its owner may read it. A file that is there is left as it is.
fn make_key(file: &Path) -> Result<(), Fault> {
    let key = LaunchKey::generate()?.to_text();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options
        .open(file)
        .and_then(|mut file| writeln!(file, "{key}"));
    written.map_err(|e| Fault::new(Code::UsageWrong, format!("{}: {e}", file.display())))
}

fn link(config: &Config, patient: &str) -> Result<String, Fault> {
    let patient = patient.split_once(':');
    let (facility, id) = patient.ok_or_else(|| usage("launch link CODE:ID"))?;
    let entries = &config.portal.launch;
    let entry = entries.iter().find(|entry| entry.facility == facility);
    let entry = entry.ok_or_else(|| usage("portal.launch names no such facility"))?;
    let launch = Launch {
        facility: facility.to_owned(),
        patient: id.to_owned(),
    };
    let token = key(entry)?.seal(&launch, SystemClock.now())?;
    Ok(format!("/launch?token={token}"))
}

fn key(entry: &Entry) -> Result<LaunchKey, Fault> {
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
pub(crate) fn keys(entries: &[Entry]) -> Result<LaunchKeys, Fault> {
    let one = |entry: &Entry| Ok((entry.facility.clone(), key(entry)?));
    entries.iter().map(one).collect()
}
