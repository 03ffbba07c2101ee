//! Who is told what: the pix-managers who of our patients is disclosed, the communities what has changed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::directory::{Community, Directory};
use tasuki_ihe::communities::Communities;
use tasuki_ihe::gateway::{Gateway, NoAnswer, Visit};
use tasuki_ihe::{iti44, iti46, statement};
use tasuki_model::{CommunityId, Instant};

/// How long one statement may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody's queues, worked off in turn.
pub(super) trait Telling: Send + Sync + 'static {
    /// Who is told, as the directory in force says.
    fn whom(&self) -> Vec<Community>;

    /// Tells one of them the next changes; gives how many there were.
    fn tell(&self, to: &Community, now: Instant) -> Result<usize, NoAnswer>;
}

/// The managers are fed.
pub(super) struct Feed(pub Arc<Communities>);

impl Telling for Feed {
    fn whom(&self) -> Vec<Community> {
        let directory = self.0.directory();
        let managers = directory.iter().flat_map(|d| d.managers().cloned());
        managers.collect()
    }

    fn tell(&self, to: &Community, now: Instant) -> Result<usize, NoAnswer> {
        let told = iti44::feed(self.0.gateway(), to, &visit("ITI-44", now))?;
        Ok(told.registrations)
    }
}

/// The communities are notified by the index of the network; by the one that holds the role, not by
/// those that stand by.
pub(super) struct Notify(pub Gateway);

impl Telling for Notify {
    fn whom(&self) -> Vec<Community> {
        let members = self.0.network().members();
        let directory = members.directory();
        let holds = |d: &&Arc<Directory>| d.pix_manager.as_ref() == members.own();
        let all = directory
            .iter()
            .filter(holds)
            .flat_map(|d| d.communities.clone());
        all.filter(|c| c.endpoint("ITI-46").is_some()).collect()
    }

    fn tell(&self, to: &Community, now: Instant) -> Result<usize, NoAnswer> {
        iti46::notify(&self.0, to, &visit("ITI-46", now))
    }
}

/// Communities that may hold copies are told of withdrawals.
pub(super) struct Withdraw {
    communities: Arc<Communities>,
    /// Whom the store keeps notices for.
    kept: Mutex<Option<Vec<CommunityId>>>,
}

impl Withdraw {
    pub fn new(communities: Arc<Communities>) -> Self {
        let kept = Mutex::new(None);
        Self { communities, kept }
    }

    /// From now on what is withdrawn is noted for these.
    fn keep(&self, peers: Vec<CommunityId>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref() == Some(&peers) {
            return;
        }
        let store = self.communities.gateway().network().store();
        match store.writing(|tx| tx.set_withdrawal_peers(&peers)) {
            Ok(()) => *kept = Some(peers),
            Err(fault) => tracing::error!(code = fault.code.id(), "{}", fault.inside),
        }
    }
}

impl Telling for Withdraw {
    fn whom(&self) -> Vec<Community> {
        let mut others = self.communities.others();
        others.retain(|c| c.endpoint("TASUKI-1").is_some());
        self.keep(others.iter().map(|c| c.home_community_id.clone()).collect());
        others
    }

    fn tell(&self, to: &Community, now: Instant) -> Result<usize, NoAnswer> {
        statement::tell(&self.communities, to, &visit("TASUKI-1", now), now)
    }
}

fn visit(what: &str, now: Instant) -> Visit {
    Visit {
        event: AuditEvent::of_process(now, Action::Identity, "serve", what),
        assertion: None,
        patience: PATIENCE,
    }
}
