//! The end of disaster mode, written into the audit trail: it ends by itself, whoever is there.

use crate::node::Node;
use tasuki_core::Fault;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::Disaster;

/// Declarations looked at in one round.
const ROUND: u32 = 100;

/// Closes every declaration that has ended, or that nobody has confirmed in time, each with its event.
pub(super) fn close(node: &Node) -> Result<(), Fault> {
    let now = node.clock.now();
    let open = node.store.reading(|tx| tx.open_disasters(ROUND))?;
    let over = |d: &Disaster| !d.in_force(now) && !d.waits(now);
    for disaster in open.into_iter().filter(over) {
        let what = match (&disaster.confirmed, &disaster.ended) {
            (None, _) => "was not confirmed",
            (Some(_), Some(_)) => "was ended",
            (Some(_), None) => "has ended by itself",
        };
        let detail = format!("disaster mode {} {what}", disaster.id);
        let event = AuditEvent {
            detail: Some(detail),
            ..AuditEvent::of_process(now, Action::Administration, "disaster", "ended")
        };
        let closed = Disaster {
            closed: true,
            ..disaster
        };
        node.store.writing(|tx| {
            tx.put_disaster(&closed)?;
            tx.append_audit(&event)
        })?;
    }
    Ok(())
}
