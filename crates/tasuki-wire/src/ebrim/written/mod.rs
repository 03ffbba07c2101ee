//! A document entry in its written form: the `ExtrinsicObject` of an answer (ITI TF-3, 4.2.3.2), made
//! once when the entry is registered and kept, so that an answer reads and writes nothing of it. What
//! only the answer knows is put in then: its status, our home community, the patient id asked under.
//!
//! Kept it is packed by LZ4 with a dictionary of what stands in nearly every entry, which leaves about
//! an eighth. The dictionary belongs to the form: a new one is a new [`VERSION`] beside the old.

#[cfg(test)]
mod tests;

use super::encode::write_objects;
use super::names::entry::PATIENT_ID;
use crate::xml::{Writer, document};
use memchr::memmem::FinderRev;
use std::sync::LazyLock;
use tasuki_model::AvailabilityStatus;
use tasuki_model::xds::{DocumentEntry, RegistryObject};

/// The first byte of a packed form.
const VERSION: u8 = 1;
/// What stands in nearly every entry.
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");
/// What stands before the patient id.
static PATIENT: LazyLock<FinderRev<'static>> = LazyLock::new(|| {
    let identifier = format!("identificationScheme=\"{PATIENT_ID}\" value=\"");
    FinderRev::new(&identifier).into_owned()
});
/// Bytes of a written form. An entry that is larger is not kept in this form.
const BYTES_MAX: usize = 256 * 1024;

/// The written form of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    text: String,
    places: Places,
}

/// An entry of an answer in its written form, with what only the answer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The entry.
    pub written: Written,
    /// Its status now.
    pub status: AvailabilityStatus,
    /// `home`, where the answer says it.
    pub home: Option<String>,
    /// The patient id (CX) under which it is told.
    pub patient: String,
}

/// Where in the text something of the answer goes: from, to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Places {
    home: usize,
    status: (usize, usize),
    patient: (usize, usize),
}

impl Written {
    /// Writes an entry. Nothing where it has no place for what an answer puts in, or is too large.
    #[must_use]
    pub fn of(entry: &DocumentEntry) -> Option<Self> {
        if entry.header.status.is_none() || entry.patient_id.is_none() {
            return None;
        }
        let mut entry = entry.clone();
        entry.header.home = None;
        let list = document(super::names::RIM, "List", |start| {
            start.content(|inside| {
                write_objects(inside, [&RegistryObject::Entry(Box::new(entry))], &[]);
            });
        });
        let text = list.as_str();
        let (from, to) = (
            text.find("<rim:ExtrinsicObject ")?,
            text.rfind("</rim:RegistryObjectList>")?,
        );
        let text = text.get(from..to)?.to_owned();
        let small = text.len() <= BYTES_MAX;
        let places = Places::of(&text).filter(|_| small)?;
        Some(Self { text, places })
    }

    /// Packs it, to be kept.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut packed = vec![VERSION];
        packed.extend((self.text.len() as u32).to_le_bytes());
        packed.extend(lz4_flex::block::compress_with_dict(
            self.text.as_bytes(),
            DICTIONARY,
        ));
        packed
    }

    /// Unpacks it. Nothing for anything that [`Written::pack`] did not make.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let (&[version, a, b, c, d], packed) = packed.split_first_chunk::<5>()?;
        let size = u32::from_le_bytes([a, b, c, d]) as usize;
        if version != VERSION || size > BYTES_MAX {
            return None;
        }
        let text = lz4_flex::block::decompress_with_dict(packed, size, DICTIONARY).ok()?;
        let text = String::from_utf8(text).ok();
        let text = text.filter(|text| text.len() == size)?;
        let places = Places::of(&text)?;
        Some(Self { text, places })
    }
}

impl Places {
    /// Values hold no bare `"`, so an attribute's beginning stands nowhere but at an attribute or in a
    /// text; there is no text in the start tag, and none after the patient id.
    fn of(text: &str) -> Option<Self> {
        let end = |from: usize| {
            let rest = text.as_bytes().get(from..)?;
            memchr::memchr(b'"', rest).map(|at| from + at)
        };
        let id = "<rim:ExtrinsicObject id=\"";
        let home = end(text.strip_prefix(id).map(|_| id.len())?)? + 1;
        let (tag, _) = text.split_at_checked(memchr::memchr(b'>', text.as_bytes())?)?;
        let status = " status=\"";
        let status_at = tag.find(status)? + status.len();
        let patient_at = PATIENT.rfind(text)? + PATIENT.needle().len();
        Some(Self {
            home,
            status: (status_at, end(status_at)?),
            patient: (patient_at, end(patient_at)?),
        })
    }
}

impl Told {
    /// Writes it into a list of objects.
    pub(super) fn write(&self, writer: &mut Writer) {
        let Written { text, places } = &self.written;
        let piece = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        writer.again(piece(0, places.home));
        if let Some(home) = &self.home {
            writer.again(" home=\"");
            writer.value(home);
            writer.again("\"");
        }
        writer.again(piece(places.home, places.status.0));
        writer.value(self.status.urn());
        writer.again(piece(places.status.1, places.patient.0));
        writer.value(&self.patient);
        writer.again(piece(places.patient.1, text.len()));
    }
}
