//! From the root of a storage to the folders of its patients: `<PID 1–3>/<PID 4–6>/<PID>/`.
//!
//! Sorted, so that two runs go the same way. What lies here and is no patient's folder is a stray:
//! it is reported, not descended into.

use crate::listing::{Listed, Obstacle, is_litter};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tasuki_core::{Code, Fault};
use tasuki_model::LocalPatientId;
use tasuki_wire::ssmix2::folders;

/// A patient's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PatientFolder {
    /// Where it is.
    pub(crate) dir: PathBuf,
    /// Its path below the root, without a slash at its end.
    pub(crate) below: String,
    /// Whose it is, by its name.
    pub(crate) patient: LocalPatientId,
}

/// What the walk meets.
pub(crate) enum Met {
    /// A patient's folder.
    Patient(PatientFolder),
    /// Something that should not be here.
    Stray(Listed),
}

/// Whether a folder is the root of a storage: it is empty, or a patient's folder is in it.
pub(crate) fn check_root(root: &Path) -> Result<(), Fault> {
    let missing = |why: &dyn std::fmt::Display| {
        Fault::new(Code::FolderMissing, format!("{}: {why}", root.display()))
    };
    let meta = fs::metadata(root).map_err(|e| missing(&e))?;
    if !meta.is_dir() {
        return Err(missing(&"not a folder"));
    }
    let mut strays = false;
    let walked = walk(root, &mut |met| match met {
        Met::Patient(_) => ControlFlow::Break(()),
        Met::Stray(_) => {
            strays = true;
            ControlFlow::Continue(())
        }
    });
    match walked {
        Ok(ControlFlow::Break(())) => Ok(()),
        Ok(ControlFlow::Continue(())) if !strays => Ok(()),
        Ok(ControlFlow::Continue(())) => Err(Fault::new(
            Code::WrongFolder,
            format!("{}: no patient's folder in it", root.display()),
        )),
        Err(fault) => Err(fault),
    }
}

/// Walks over the folders of patients until told to stop.
pub(crate) fn walk(
    root: &Path,
    each: &mut dyn FnMut(Met) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Fault> {
    let top = sorted(root)
        .map_err(|e| Fault::new(Code::FileUnreadable, format!("{}: {e}", root.display())))?;
    descend(root, "", top, 1, each)
}

/// The same below one folder of the first or second level, named from the root.
pub(crate) fn walk_below(
    root: &Path,
    names: &[&str],
    each: &mut dyn FnMut(Met) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Fault> {
    let below = names.join("/");
    let dir = root.join(&below);
    let Ok(entries) = sorted(&dir) else {
        return Ok(ControlFlow::Continue(()));
    };
    let level = u8::try_from(names.len())
        .unwrap_or(u8::MAX)
        .saturating_add(1);
    descend(&dir, &below, entries, level, each)
}

fn descend(
    dir: &Path,
    below: &str,
    entries: Vec<fs::DirEntry>,
    level: u8,
    each: &mut dyn FnMut(Met) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Fault> {
    for entry in entries {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            let found = Listed::refused_name(below, &entry);
            if each(Met::Stray(found)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            continue;
        };
        if is_litter(&name) {
            continue;
        }
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
        let met = match level {
            3 if is_dir => match patient_of(&path, &name) {
                Some(patient) => Met::Patient(PatientFolder {
                    dir: dir.join(&name),
                    below: path,
                    patient,
                }),
                None => Met::Stray(Listed::obstacle(&path, &entry, Obstacle::NoPatientFolder)),
            },
            // Three characters, or fewer in the second folder of a short ID.
            1 | 2 if is_dir && name.len() <= 3 => {
                let Ok(inside) = sorted(&dir.join(&name)) else {
                    let closed = Listed::obstacle(&path, &entry, Obstacle::Unreadable);
                    if each(Met::Stray(closed)).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                    continue;
                };
                if descend(&dir.join(&name), &path, inside, level + 1, each)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                continue;
            }
            _ => Met::Stray(Listed::of(&path, &entry, Obstacle::NoPatientFolder)),
        };
        if each(met).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn patient_of(path: &str, name: &str) -> Option<LocalPatientId> {
    let (first, second) = folders(name).ok()?;
    let fits = path == format!("{first}/{second}/{name}");
    fits.then(|| LocalPatientId::new(name).ok()).flatten()
}

fn sorted(dir: &Path) -> std::io::Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(dir)?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}
