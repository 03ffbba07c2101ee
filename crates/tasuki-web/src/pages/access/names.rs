//! What the users of some events are called.

use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Fault;
use tasuki_core::audit::Actor;
use tasuki_core::ports::{AuditLine, Reading};
use tasuki_model::UserId;

/// Names of the users in some events.
pub(crate) struct Names(pub BTreeMap<UserId, String>);

impl Names {
    pub fn of(tx: &dyn Reading, events: &[AuditLine]) -> Result<Self, Fault> {
        let users = events.iter().filter_map(|line| match &line.event.actor {
            Actor::User { user, .. } => Some(user.clone()),
            _ => None,
        });
        let users: BTreeSet<UserId> = users.collect();
        let mut names = BTreeMap::new();
        for user in users {
            if let Some(account) = tx.account(&user)? {
                names.insert(user, account.name);
            }
        }
        Ok(Self(names))
    }
}
