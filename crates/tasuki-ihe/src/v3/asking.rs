//! The wrapper of a question that we ask.

use crate::gateway::Gateway;
use crate::soap::message_id;
use tasuki_core::directory::Community;
use tasuki_wire::hl7v3::Ii;

/// A UUID for a message or a query of ours.
pub(crate) fn asking_id() -> String {
    let id = message_id();
    id.trim_start_matches("urn:uuid:").to_owned()
}

/// We and the other one, as devices: each by its home community id.
pub(crate) fn between(gateway: &Gateway, to: &Community) -> (Ii, Ii) {
    let own = gateway.network().members().own();
    let own = own.map_or("", |id| id.as_str());
    (Ii::new(own, ""), Ii::new(to.home_community_id.as_str(), ""))
}
