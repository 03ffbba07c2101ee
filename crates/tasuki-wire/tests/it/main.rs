//! Properties of the grammars, and the real files of the shared collection.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod cda_properties;
mod charset_properties;
mod ebrim;
mod hl7_properties;
mod real_documents;
mod saml;
mod soap_captures;
mod ssmix2_properties;

use std::path::{Path, PathBuf};

/// A place in the shared collection of what others made.
fn shared(path: &str) -> PathBuf {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.join(path)
}

/// Every file below a folder whose name ends in `.xml`, in order.
fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("xml"))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
