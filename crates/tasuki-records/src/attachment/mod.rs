//! Files that people attach to notes: a picture or a PDF from a device that nobody has looked after.
//!
//! What a file is, its bytes say; the declared type has to agree. Pictures lose what they tell of the
//! place, the device and the person (EXIF, XMP, IPTC, comments, text chunks, whatever follows their
//! end) and keep their pixels bit by bit and the way up. A PDF that could run or open something is
//! refused, not mended: a mended one would no longer be what was signed or printed. No picture is
//! decoded here, so there is no bomb to go off.

mod gif;
mod jpeg;
mod pdf;
mod png;
#[cfg(test)]
mod tests;

use crate::document::Format;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotTaken {
    /// No JPEG, GIF, PNG or PDF.
    #[error("no JPEG, GIF, PNG or PDF")]
    Unsupported,
    /// Its bytes are another type than it declares.
    #[error("the bytes are of another type than declared")]
    TypeLies,
    /// Larger than is taken.
    #[error("larger than is taken")]
    TooLarge,
    /// A PDF that could run or open something, or that is locked.
    #[error("a PDF that could run or open something, or that is locked")]
    Active,
    /// Its parts do not fit together.
    #[error("its parts do not fit together")]
    Broken,
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it is.
    pub format: Format,
    /// Its bytes, without what tells of place, device and person.
    pub bytes: Vec<u8>,
}

/// Looks into a file of a declared type and takes away what it should not tell. `most` bytes.
///
/// # Errors
/// [`NotTaken`].
pub fn take(declared: &str, bytes: &[u8], most: usize) -> Result<Taken, NotTaken> {
    if bytes.len() > most {
        return Err(NotTaken::TooLarge);
    }
    let format = Format::of(bytes);
    let kept = match format {
        Format::Jpeg => jpeg::strip,
        Format::Png => png::strip,
        Format::Gif => gif::strip,
        Format::Pdf => pdf::check,
        _ if names_one_of_ours(declared) => return Err(NotTaken::TypeLies),
        _ => return Err(NotTaken::Unsupported),
    };
    let declared = declared.split(';').next().unwrap_or_default().trim();
    let same = declared.eq_ignore_ascii_case(format.media_type())
        || (format == Format::Jpeg && declared.eq_ignore_ascii_case("image/jpg"));
    if !same {
        return Err(NotTaken::TypeLies);
    }
    let bytes = kept(bytes)?;
    Ok(Taken { format, bytes })
}

fn names_one_of_ours(declared: &str) -> bool {
    let ours = [
        "image/jpeg",
        "image/jpg",
        "image/png",
        "image/gif",
        "application/pdf",
    ];
    ours.iter().any(|ours| declared.eq_ignore_ascii_case(ours))
}

/// The bytes at a place; a file that ends before is broken.
fn part(bytes: &[u8], from: usize, length: usize) -> Result<&[u8], NotTaken> {
    let end = from.checked_add(length).ok_or(NotTaken::Broken)?;
    bytes.get(from..end).ok_or(NotTaken::Broken)
}
