//! A manager is told what it has not been told yet, in order; what it has taken leaves the queue.

use super::plan::Plan;
use super::statement::{Line, Statement};
use crate::gateway::{Gateway, NoAnswer, Visit};
use crate::xds::Registry;
use tasuki_core::directory::Community;
use tasuki_core::ports::feed_queue;
use tasuki_core::{Code, Fault};
use tasuki_model::XadPid;
use tasuki_wire::hl7v3::Acknowledgement;

/// Registrations taken up at once.
const BATCH: u32 = 100;

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Registrations taken off the queue; none when there was nothing to tell.
    pub registrations: usize,
    /// Statements that the manager refused. What it does not take is withdrawn there, so that it
    /// links nobody by what is no longer said.
    pub refused: usize,
}

impl From<Fault> for NoAnswer {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code, fault.inside)
    }
}

/// Tells a manager of at most a hundred registrations that changed since it was told. Whatever was
/// told and not acknowledged is told again, with the same result.
///
/// # Errors
/// [`NoAnswer`] where the manager is away; everything is still in the queue then.
pub fn feed(gateway: &Gateway, to: &Community, visit: &Visit) -> Result<Told, NoAnswer> {
    let network = gateway.network();
    let registry = Registry::of(network)?;
    let manager = &to.home_community_id;
    let plan = network.plan(manager, BATCH)?;
    let line = Line {
        own: &registry.home,
        authority: &registry.authority,
        manager,
        now: network.clock.now(),
    };
    let telling = Telling {
        gateway,
        to,
        visit,
        line,
    };
    let refused = telling.all(&plan)?;
    let queue = feed_queue(manager);
    network.store.writing(|tx| {
        for (patient, id) in &plan.fed {
            let id = id.as_ref().filter(|id| !refused.contains(*id));
            tx.put_fed(&queue, patient, id)?;
        }
        tx.notified(&queue, &plan.told)
    })?;
    Ok(Told {
        registrations: plan.told.len(),
        refused: refused.len(),
    })
}

struct Telling<'a> {
    gateway: &'a Gateway,
    to: &'a Community,
    visit: &'a Visit,
    line: Line<'a>,
}

impl Telling<'_> {
    /// Gives the IDs that the manager did not take.
    fn all(&self, plan: &Plan) -> Result<Vec<XadPid>, NoAnswer> {
        let mut refused = Vec::new();
        for stated in &plan.stated {
            if !self.one(&Statement::Stated(stated))? {
                self.one(&Statement::Withdrawn(&stated.id))?;
                refused.push(stated.id.clone());
            }
        }
        for (prior, stands) in &plan.merged {
            let taken =
                !refused.contains(&stands.id) && self.one(&Statement::Merged(prior, stands))?;
            // One that it never knew, or does not join: nobody is found by it any more.
            if !taken {
                self.one(&Statement::Withdrawn(prior))?;
            }
        }
        for id in &plan.withdrawn {
            self.one(&Statement::Withdrawn(id))?;
        }
        Ok(refused)
    }

    /// Whether it was taken.
    fn one(&self, statement: &Statement<'_>) -> Result<bool, NoAnswer> {
        let request = self.line.request(statement)?;
        let answer = self.gateway.ask(self.to, self.visit, request)?;
        let said = Acknowledgement::decode(&answer.envelope.body).map_err(NoAnswer::garbled)?;
        let taken = matches!(said.code.as_str(), "CA" | "AA");
        if !taken {
            let home = &self.to.home_community_id;
            let code = Code::FeedRefused.id();
            tracing::warn!(code, community = %home, "the pix-manager refused a statement");
        }
        Ok(taken)
    }
}
