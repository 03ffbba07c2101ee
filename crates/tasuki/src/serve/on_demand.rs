//! Joins the registry's on-demand documents with what draws them: neither crate knows the other.

use crate::node::Node;
use std::sync::Arc;
use tasuki_ihe::xds::OnDemandSource;
use tasuki_web::Summaries;

/// What makes summaries of our own facilities' records for who asks from outside.
pub(super) fn source(node: &Node) -> OnDemandSource {
    let (portal, name) = (&node.config.portal, node.config.community.name.as_str());
    let summaries = Summaries::new(
        Arc::clone(&node.store),
        Arc::clone(&node.clock),
        portal.font_files.clone(),
        i64::from(portal.feed_silent_hours) * 3_600,
        name,
    );
    OnDemandSource {
        making: Arc::new(summaries),
        institution: name.into(),
    }
}
