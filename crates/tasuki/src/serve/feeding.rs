//! Other nodes are told what has changed, each at its own pace: the pix-managers of the directory who
//! of our patients is disclosed (ITI-44), and, by a pix-manager, communities whose persons have other
//! IDs now (ITI-46). What is not acknowledged stays in its queue; whoever is away is told again, later
//! and later.

use super::jobs::pause;
use super::telling::Telling;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::Clock;
use tasuki_core::directory::Community;
use tasuki_model::{CommunityId, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the queues of identities are looked at, and that of withdrawals: it holds at every node that
/// can be reached within a second.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);
pub(super) const WITHDRAWALS_EVERY: Duration = Duration::from_millis(200);
/// The first and the longest pause after somebody was away, in seconds.
const PAUSE_FIRST: i64 = 2;
const PAUSE_MAX: i64 = 300;

/// Tells until the node stops.
pub(super) fn start(
    telling: Arc<dyn Telling>,
    every: Duration,
    clock: &Arc<dyn Clock>,
    jobs: &mut JoinSet<()>,
    stopped: &watch::Receiver<bool>,
) {
    let clock = Arc::clone(clock);
    let mut until = stopped.clone();
    jobs.spawn(async move {
        let mut rests = HashMap::new();
        while pause(every, &mut until).await {
            let (telling, clock) = (Arc::clone(&telling), Arc::clone(&clock));
            let stopped = until.clone();
            let round = tokio::task::spawn_blocking(move || {
                for to in telling.whom() {
                    work_off(&*telling, &to, &*clock, &mut rests, &stopped);
                }
                rests
            });
            rests = round.await.unwrap_or_else(|error| {
                tracing::error!("telling other communities: {error}");
                HashMap::new()
            });
        }
    });
}

/// Until when somebody is left alone, and how long that was.
type Rests = HashMap<CommunityId, (Instant, i64)>;

fn work_off(
    telling: &dyn Telling,
    to: &Community,
    clock: &dyn Clock,
    rests: &mut Rests,
    stopped: &watch::Receiver<bool>,
) {
    let id = &to.home_community_id;
    let rest = rests.get(id).copied();
    if rest.is_some_and(|(until, _)| clock.now() < until) {
        return;
    }
    while !*stopped.borrow() {
        match telling.tell(to, clock.now()) {
            Ok(0) => {
                rests.remove(id);
                return;
            }
            Ok(_) => {}
            Err(no) => {
                let seconds = rest.map_or(PAUSE_FIRST, |(_, last)| (last * 2).min(PAUSE_MAX));
                rests.insert(id.clone(), (clock.now().plus_seconds(seconds), seconds));
                let (code, why) = (no.code.id(), no.what);
                tracing::warn!(code, community = %id, why, "not told");
                return;
            }
        }
    }
}
