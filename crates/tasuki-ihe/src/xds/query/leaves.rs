//! Entries in their written form, as an answer tells them. They are made when an entry is kept, by
//! [`keep`](crate::xds::keep), and not read again: a query that only the status decides costs the
//! reading of its rows.

use tasuki_core::ports::Leaf;
use tasuki_core::{Code, Fault};
use tasuki_wire::ebrim::{Found, ReturnType, Told, Written};

/// Puts released entries into an answer, with our home community where it says that, and under the
/// patient id that was asked.
///
/// # Errors
/// A fault where a kept form cannot be unpacked: nothing is left out in silence.
pub(super) fn tell(
    found: &mut Found,
    leaves: Vec<Leaf>,
    returns: ReturnType,
    (home, patient): (Option<String>, String),
) -> Result<(), Fault> {
    for leaf in leaves {
        if returns == ReturnType::ObjectRef {
            found.references.push((leaf.entry.urn(), home.clone()));
            continue;
        }
        let broken = || Fault::new(Code::StoreBroken, format!("written form of {}", leaf.entry));
        let written = leaf.written.as_deref().and_then(Written::unpack);
        found.told.push(Told {
            written: written.ok_or_else(broken)?,
            status: leaf.status,
            home: home.clone(),
            patient: patient.clone(),
        });
    }
    Ok(())
}
