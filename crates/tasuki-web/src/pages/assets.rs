//! Style sheet and scripts, embedded in the program. The hash in the address makes them cacheable
//! for ever; a wrong hash is not found, so an old page never mixes with a new style.

use crate::assets::Asset;
use crate::edge::Keep;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::{Code, Egress, Fault};

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let asset = Asset::named(visit.ask.param("file"))
        .filter(|a| a.hash == visit.ask.param("hash"))
        .ok_or_else(|| Stop::Fault(Fault::new(Code::PageMissing, "no such asset")))?;
    let (bytes, gzip) = match asset.gzip {
        Some(bytes) if visit.ask.accepts_gzip => (bytes, true),
        _ => (asset.bytes, false),
    };
    let body = Body::fixed(asset.media_type, bytes);
    Ok(Reply {
        keep: Keep::Forever,
        gzip,
        ..Reply::new(Egress::non_clinical(NonClinical::Asset(body)))
    })
}
