//! One gathering: who the patient is elsewhere, and then every community for itself. What one does
//! not answer, or answers wrongly, is that one's report and nobody else's.

use super::gatherer::{Awaiting, Inner};
use super::identify::Identity;
use super::listing::List;
use super::whom::{Whom, patients};
use crate::gateway::Visit;
use std::sync::Arc;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::{Asked, Errand};
use tasuki_core::gather::PartialReason;
use tasuki_core::{Fault, SourceState};

/// What every community of one gathering shares.
pub(super) struct Shared {
    pub errand: Errand,
    pub visit: Visit,
    pub identity: Identity,
}

impl Inner {
    /// Runs a gathering to its end.
    pub(super) fn gather(self: Arc<Self>, errand: Errand, work: Vec<(Community, Awaiting)>) {
        let shared = match self.prepare(&errand) {
            Ok((visit, identity)) => Arc::new(Shared {
                errand,
                visit,
                identity,
            }),
            Err(fault) => {
                tracing::error!(code = fault.code.id(), "gathering: {}", fault.inside);
                for (to, _awaiting) in &work {
                    self.give_up(&errand, to);
                }
                return;
            }
        };
        for (to, awaiting) in work {
            let (inner, shared) = (Arc::clone(&self), Arc::clone(&shared));
            self.start(move || {
                inner.one(&shared, &to);
                drop(awaiting);
            });
        }
    }

    fn prepare(&self, errand: &Errand) -> Result<(Visit, Identity), Fault> {
        let (patience, event) = (self.settings.patience, errand.event.clone());
        let visit = self
            .communities
            .visit(Some(&errand.behalf), event, patience)?;
        let identity = self.communities.identify(errand, &visit);
        Ok((visit, identity))
    }

    /// Asks one community, and keeps what becomes of it.
    fn one(self: &Arc<Self>, shared: &Arc<Shared>, to: &Community) {
        let asked = match self.place(&to.home_community_id) {
            Some(_place) => self.ask(shared, to),
            // More would make it slower for everybody.
            None => {
                let mut asked = self.fresh_report(shared, to);
                asked.state = SourceState::Unavailable { since: asked.at };
                Ok(asked)
            }
        };
        match asked.and_then(|asked| self.report(shared, asked)) {
            Ok(()) => {}
            Err(fault) => {
                tracing::error!(code = fault.code.id(), "gathering: {}", fault.inside);
                self.give_up(&shared.errand, to);
            }
        }
    }

    fn ask(self: &Arc<Self>, shared: &Arc<Shared>, to: &Community) -> Result<Asked, Fault> {
        let mut asked = self.fresh_report(shared, to);
        if to.endpoint("ITI-38").is_none() || to.endpoint("ITI-39").is_none() {
            asked.state = SourceState::NotAsked;
            return Ok(asked);
        }
        let ids = match self.whom(shared, to) {
            Whom::Ids(ids) => ids,
            Whom::Fits(id) => {
                asked.unconfirmed = true;
                vec![id]
            }
            Whom::Nobody => Vec::new(),
            Whom::Away(no) => {
                asked.state = no.state(asked.at);
                return Ok(asked);
            }
            Whom::Unknown(no) => {
                asked.state = match no.state(asked.at) {
                    SourceState::Unavailable { since } => SourceState::Unidentified { since },
                    state => state,
                };
                return Ok(asked);
            }
        };
        let list = List::of(
            &self.communities.gateway,
            to,
            &patients(shared, &ids),
            &shared.visit,
        );
        let list = match list {
            Ok(list) => list,
            Err(no) => {
                asked.state = no.state(asked.at);
                return Ok(asked);
            }
        };
        asked.items = u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
        let due = self.keep(shared, to, &list, asked.unconfirmed)?;
        // The list can be shown; the contents are still coming.
        self.report(shared, asked.clone())?;
        let seen = {
            let (inner, shared, asked) = (Arc::clone(self), Arc::clone(shared), asked.clone());
            move || inner.report(&shared, asked.clone())
        };
        let lacking = self.fetch_all(&shared.errand, &shared.visit, to, due, seen)?;
        asked.state = match worse(list.partial, lacking) {
            Some(reason) => SourceState::Partial(reason),
            None => SourceState::Answered,
        };
        Ok(asked)
    }

    fn fresh_report(&self, shared: &Shared, to: &Community) -> Asked {
        let identified = match &shared.identity {
            Identity::Known(_, age) => *age,
            Identity::Nowhere | Identity::Away(_) => None,
        };
        Asked {
            identified,
            ..Asked::now(to.home_community_id.clone(), self.now())
        }
    }

    fn report(&self, shared: &Shared, asked: Asked) -> Result<(), Fault> {
        let asked = Asked {
            at: self.now(),
            ..asked
        };
        self.put(&shared.errand, &asked)
    }

    fn put(&self, errand: &Errand, asked: &Asked) -> Result<(), Fault> {
        let store = &self.communities.gateway.network().store;
        store.writing(|tx| tx.put_asked(&errand.gathering.id, asked))?;
        self.tell(&errand.gathering.id);
        Ok(())
    }

    /// What could not be written cannot be shown either; the page says that it did not come.
    fn give_up(&self, errand: &Errand, to: &Community) {
        let now = self.now();
        let asked = Asked {
            state: SourceState::Unavailable { since: now },
            ..Asked::now(to.home_community_id.clone(), now)
        };
        if let Err(fault) = self.put(errand, &asked) {
            tracing::error!(code = fault.code.id(), "gathering: {}", fault.inside);
        }
    }

    pub(super) fn now(&self) -> tasuki_model::Instant {
        self.communities.gateway.network().clock.now()
    }
}

/// The worse of two reasons: what was another's stays said.
pub(super) fn worse(a: Option<PartialReason>, b: Option<PartialReason>) -> Option<PartialReason> {
    match (a, b) {
        (Some(PartialReason::Foreign(a)), Some(PartialReason::Foreign(b))) => {
            Some(PartialReason::Foreign(a.saturating_add(b)))
        }
        (Some(a @ PartialReason::Foreign(_)), _) => Some(a),
        (_, Some(b @ PartialReason::Foreign(_))) => Some(b),
        (a, b) => a.or(b),
    }
}
