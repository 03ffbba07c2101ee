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

/// The sash, seen from the side: the mark in a browser's tab.
const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" rx=\"3\" fill=\"#00234b\"/><path d=\"M3 3h4l6 10H9z\" fill=\"#fff\"/></svg>";

pub(crate) fn icon(_: &Visit<'_>) -> Result<Reply, Stop> {
    let body = Body::fixed("image/svg+xml", ICON.as_bytes());
    Ok(Reply::new(Egress::non_clinical(NonClinical::Asset(body))))
}
