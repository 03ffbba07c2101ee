//! Files together as one ZIP archive (APPNOTE.TXT 6.3), stored as they are: most of them are compressed already.

use std::io::{Cursor, Write};
use tasuki_core::{Code, Fault};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Files of one archive.
pub const FILES_MAX: usize = 5_000;

/// An archive of files, each with its name.
///
/// # Errors
/// `PRN-002` for more than [`FILES_MAX`]; `WEB-009` where it cannot be written.
pub fn archive(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Fault> {
    if files.len() > FILES_MAX {
        return Err(Fault::new(Code::PrintTooLong, "files of one archive"));
    }
    let failed = |e: &dyn std::fmt::Display| Fault::new(Code::InternalFault, format!("zip: {e}"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)
            .map_err(|e| failed(&e))?;
        zip.write_all(bytes).map_err(|e| failed(&e))?;
    }
    let done = zip.finish().map_err(|e| failed(&e))?;
    Ok(done.into_inner())
}
