//! `tasuki launch key FILE | link CODE:ID`: links by which an electronic record opens a chart.

use super::new_secret;
use crate::args::{Args, usage};
use crate::config::Config;
use crate::launch::key;
use crate::node::config_path;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::clock::SystemClock;
use tasuki_core::{Clock, Fault};
use tasuki_web::{Launch, LaunchKey};

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

/// A new key.
fn make_key(file: &Path) -> Result<(), Fault> {
    let key = LaunchKey::generate()?.to_text();
    new_secret(file, format!("{key}\n"))
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
