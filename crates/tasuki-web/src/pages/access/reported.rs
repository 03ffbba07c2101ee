//! Which communities were given something of a record, and until when they have reported who has read their copies
//! of it: those that were given nothing have nothing to report.

use crate::visit::Visit;
use std::collections::BTreeMap;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::ports::{AuditLine, ViewsReported};
use tasuki_model::{CommunityId, Instant};

/// The community that an event gave something to, where it did. What a community has reported itself gave nothing.
fn given(event: &AuditEvent) -> Option<&CommunityId> {
    let read = matches!(event.action, Action::DocumentView | Action::Export);
    let gave = read && event.items > 0 && event.ending == Ending::Success;
    match &event.actor {
        Actor::Peer { community, .. } if gave && event.subject != "TASUKI-1" => Some(community),
        _ => None,
    }
}

/// What is to be said of each of them: that it has reported nothing, or until when.
pub(crate) fn gaps(
    visit: &Visit<'_>,
    events: &[AuditLine],
    reported: &[ViewsReported],
) -> Vec<String> {
    let mut last: BTreeMap<&CommunityId, Instant> = BTreeMap::new();
    for line in events {
        if let Some(community) = given(&line.event) {
            let at = last.entry(community).or_insert(line.event.at);
            *at = line.event.at.max(*at);
        }
    }
    last.remove(&visit.portal.config.community);
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let said = |(id, given): (&CommunityId, Instant)| {
        let member = members.iter().find(|m| m.community == *id);
        let name = member.map_or_else(|| id.to_string(), |m| m.name.to_string());
        let known = reported.iter().find(|r| r.community == *id);
        match known.filter(|r| r.until >= given) {
            Some(r) => visit.w.access_until(&name, &r.until.in_jst().to_string()),
            None => visit.w.access_silent(&name),
        }
        .into_owned()
    };
    last.into_iter().map(said).collect()
}
