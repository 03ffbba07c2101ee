//! The names of files in a backup. Nothing else is taken out of one: a name is no way to another folder.

use super::archive::broken;
use std::path::{Path, PathBuf};
use tasuki_core::Fault;

pub(super) const CONFIG: &str = "tasuki.toml";
pub(super) const DATABASE: &str = "tasuki.db";
pub(super) const SEGMENTS: &str = "segments";
pub(super) const KEYS: &str = "keys";
pub(super) const OBJECTS: &str = "objects";

/// The subfolders that hold stores: the node's own, and that of the network's index.
pub(super) const STORES: [&str; 2] = ["", "pix"];

/// Where an object of a name lies below a store.
pub(super) fn object(name: &str) -> String {
    format!("{OBJECTS}/{}/{name}", name.get(..2).unwrap_or_default())
}

/// Below a data folder, where the file of a name belongs; whether it is an object.
pub(super) fn of(name: &str) -> Result<(PathBuf, bool), Fault> {
    let (_, inner) = STORES
        .iter()
        .rev()
        .find_map(|store| match *store {
            "" => Some(("", name)),
            store => name
                .strip_prefix(store)?
                .strip_prefix('/')
                .map(|rest| (store, rest)),
        })
        .unwrap_or(("", name));
    let plain = |text: &str| {
        let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        !text.is_empty() && !text.starts_with('.') && text.bytes().all(known)
    };
    let parts: Vec<&str> = inner.split('/').collect();
    let (fits, is_object) = match parts[..] {
        [CONFIG | DATABASE] => (true, false),
        [SEGMENTS, file] => (plain(file) && file.ends_with(".json"), false),
        [KEYS, file] => (plain(file) && file.ends_with(".pub"), false),
        [OBJECTS, folder, file] => (
            plain(file) && file.starts_with(folder) && folder.len() == 2,
            true,
        ),
        _ => (false, false),
    };
    match fits {
        true => Ok((Path::new(name).to_owned(), is_object)),
        false => Err(broken(format!("{name:?} has no place in a data folder"))),
    }
}
