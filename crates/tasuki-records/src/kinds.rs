//! What each data kind is to a reader: an order, or what came of it. From the table of outputs in
//! `tasuki-wire`.

use tasuki_wire::ssmix2::{DataKind, Phase};

/// Whether a data kind holds orders or plans, whose outcome is another kind. Prescriptions are
/// not counted among them: outside the hospital the order is all there is.
#[must_use]
pub fn is_order(kind: &str) -> bool {
    DataKind::parse(kind).is_some_and(|kind| {
        kind.outputs()
            .any(|o| matches!(o.phase, Phase::Order | Phase::Plan))
    })
}
