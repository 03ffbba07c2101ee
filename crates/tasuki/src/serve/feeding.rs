//! The feed of the network's patient index (ITI-44): who of our patients is disclosed, told to each
//! pix-manager of the directory at its own pace. What a manager has not acknowledged stays in its
//! queue; one that is away is asked again, later and later.

use super::jobs::pause;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::{Clock, Fault};
use tasuki_ihe::communities::Communities;
use tasuki_ihe::gateway::NoAnswer;
use tasuki_ihe::iti44;
use tasuki_model::{CommunityId, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the queues are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The first and the longest pause after a manager was away, in seconds.
const PAUSE_FIRST: i64 = 2;
const PAUSE_MAX: i64 = 300;
/// How long one statement may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Feeds until the node stops.
pub(super) fn start(
    communities: &Arc<Communities>,
    clock: &Arc<dyn Clock>,
    jobs: &mut JoinSet<()>,
    stopped: &watch::Receiver<bool>,
) {
    let (communities, clock) = (Arc::clone(communities), Arc::clone(clock));
    let mut until = stopped.clone();
    jobs.spawn(async move {
        let mut rests = HashMap::new();
        while pause(LOOK_EVERY, &mut until).await {
            let (communities, clock) = (Arc::clone(&communities), Arc::clone(&clock));
            let stopped = until.clone();
            let round = tokio::task::spawn_blocking(move || {
                round(&communities, &*clock, &mut rests, &stopped);
                rests
            });
            rests = round.await.unwrap_or_else(|error| {
                tracing::error!("feeding the index of the network: {error}");
                HashMap::new()
            });
        }
    });
}

/// Until when a manager is left alone, and how long it was last.
type Rests = HashMap<CommunityId, (Instant, i64)>;

fn round(
    communities: &Communities,
    clock: &dyn Clock,
    rests: &mut Rests,
    stopped: &watch::Receiver<bool>,
) {
    let Some(directory) = communities.directory() else {
        return;
    };
    for manager in directory.managers() {
        let id = &manager.home_community_id;
        let rest = rests.get(id).copied();
        if rest.is_some_and(|(until, _)| clock.now() < until) {
            continue;
        }
        loop {
            if *stopped.borrow() {
                return;
            }
            match told(communities, clock, manager) {
                Ok(0) => {
                    rests.remove(id);
                    break;
                }
                Ok(_) => {}
                Err(no) => {
                    let seconds = rest.map_or(PAUSE_FIRST, |(_, last)| (last * 2).min(PAUSE_MAX));
                    rests.insert(id.clone(), (clock.now().plus_seconds(seconds), seconds));
                    let (code, why) = (no.code.id(), no.what);
                    tracing::warn!(code, community = %id, why, "the pix-manager is not told");
                    break;
                }
            }
        }
    }
}

fn told(
    communities: &Communities,
    clock: &dyn Clock,
    manager: &tasuki_core::directory::Community,
) -> Result<usize, NoAnswer> {
    let event = AuditEvent::of_process(clock.now(), Action::Identity, "serve", "ITI-44");
    let visit = communities.visit(None, event, PATIENCE);
    let visit = visit.map_err(|fault: Fault| NoAnswer::from(fault))?;
    iti44::feed(communities.gateway(), manager, &visit).map(|told| told.registrations)
}
