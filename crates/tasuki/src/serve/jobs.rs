//! What a node does besides answering: watching feeds, signing the audit chain, indexing it,
//! watching its clock.

use super::health::Health;
use super::{consents, disaster};
use crate::args::Args;
use crate::command;
use crate::node::Node;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::clock::ClockWatch;
use tasuki_core::ports::AuditSpooling;
use tasuki_core::{Code, Fault, hints};
use tasuki_feeds::watch::Stop;
use tasuki_ihe::Network;
use tasuki_store::AuditSpool;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the head of the audit chain is signed.
const SIGN_EVERY: Duration = Duration::from_secs(600);
/// How often identity takes up what feeds and other processes have changed.
const SETTLE_EVERY: Duration = Duration::from_millis(500);
/// How often copies of other communities' documents, and consents, are looked through for those out of
/// time.
const FORGET_EVERY: Duration = Duration::from_secs(60);
/// A gathering is kept for a day: its session may last as long.
const GATHERINGS_SECONDS: i64 = 86_400;
/// How often the search index of the audit trail takes up new rows, and the clock is looked at.
const TICK: Duration = Duration::from_secs(2);

/// Jobs under way.
pub(super) struct Jobs(JoinSet<()>);

impl Jobs {
    /// Waits until all have ended.
    pub async fn join(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

/// One watcher per configured feed, each on a thread that ends when the node stops.
pub(super) fn start_feeds(
    args: &Args,
    node: &Arc<Node>,
    stopped: &watch::Receiver<bool>,
) -> Result<Jobs, Fault> {
    let mut jobs = JoinSet::new();
    for feed in &node.config.feeds {
        let facility = node.facility(&feed.facility)?;
        let import = command::import_options(args, node)?;
        let (node, feed) = (Arc::clone(node), feed.clone());
        let stop = Stop::new();
        let (told, mut until) = (stop.clone(), stopped.clone());
        jobs.spawn(async move {
            let _ = until.wait_for(|s| *s).await;
            told.stop();
        });
        jobs.spawn_blocking(move || {
            if let Err(fault) = command::follow(&feed, &facility, &node, import, &stop) {
                tracing::error!(code = fault.code.id(), feed = %facility.code, "{}", fault.inside);
            }
        });
    }
    Ok(Jobs(jobs))
}

/// The timers of the node.
pub(super) fn start_timers(
    node: &Arc<Node>,
    network: &Arc<Network>,
    health: &Arc<Health>,
    spool: &Arc<AuditSpool>,
    stopped: &watch::Receiver<bool>,
) -> Jobs {
    let mut jobs = JoinSet::new();
    let (spool, replaying, mut until) = (Arc::clone(spool), Arc::clone(node), stopped.clone());
    jobs.spawn(async move {
        // What waited when the node stopped comes first, and what waits when it stops is tried once more.
        loop {
            let (spool, node) = (Arc::clone(&spool), Arc::clone(&replaying));
            let work = move || replay(&spool, &node);
            report(
                "bringing waiting events into the audit trail",
                tokio::task::spawn_blocking(work).await,
            );
            if *until.borrow() {
                break;
            }
            pause(TICK, &mut until).await;
        }
    });
    let (signing, mut until) = (Arc::clone(node), stopped.clone());
    jobs.spawn(async move {
        while pause(SIGN_EVERY, &mut until).await {
            let node = Arc::clone(&signing);
            report(
                "signing the audit chain",
                tokio::task::spawn_blocking(move || node.store.sign_segment()).await,
            );
        }
    });
    let (settling, mut until) = (Arc::clone(node), stopped.clone());
    jobs.spawn(async move {
        // The first round loads the index; who asks meanwhile is told that it is busy.
        loop {
            let node = Arc::clone(&settling);
            report(
                "settling identities",
                tokio::task::spawn_blocking(move || settle(&node)).await,
            );
            if !pause(SETTLE_EVERY, &mut until).await {
                break;
            }
        }
        report(
            "giving the identity lease back",
            tokio::task::spawn_blocking(move || settling.identity.close()).await,
        );
    });
    jobs.spawn(forgetting(Arc::clone(node), stopped.clone()));
    jobs.spawn(consents::published(node, network, stopped));
    let (node, health, mut until) = (Arc::clone(node), Arc::clone(health), stopped.clone());
    jobs.spawn(async move {
        let watch = ClockWatch::default();
        while pause(TICK, &mut until).await {
            let back = watch.note(node.clock.now());
            health.set_clock_back(back.unwrap_or(0));
            if let Some(seconds) = back {
                tracing::error!(code = "CLK-001", seconds, "the clock stepped back");
            }
            let node = Arc::clone(&node);
            report(
                "indexing the audit trail",
                tokio::task::spawn_blocking(move || index_audit(&node)).await,
            );
        }
    });
    Jobs(jobs)
}

/// Events of emergencies that waited while the trail was away.
fn replay(spool: &AuditSpool, node: &Node) -> Result<(), Fault> {
    if spool.waiting() {
        let events = spool.replay(&*node.store)?;
        tracing::info!(events, "the audit trail is back");
    }
    Ok(())
}

/// While another process settles, this one waits for its turn.
fn settle(node: &Node) -> Result<(), Fault> {
    match node.identity.settle() {
        Err(fault) if fault.code == Code::IdentityElsewhere => Ok(()),
        settled => settled.map(drop),
    }
}

/// Removes what is out of its time, again and again; once at the start too, so that what ended while nobody was
/// there ends now.
async fn forgetting(node: Arc<Node>, mut until: watch::Receiver<bool>) {
    loop {
        let node = Arc::clone(&node);
        report(
            "removing copies out of their time",
            tokio::task::spawn_blocking(move || forget(&node)).await,
        );
        if !pause(FORGET_EVERY, &mut until).await {
            break;
        }
    }
}

/// Removes what is out of its time, in steps that leave room for other writers.
fn forget(node: &Node) -> Result<(), Fault> {
    const STEP: u32 = 500;
    let now = node.clock.now();
    let begun = now.plus_seconds(-GATHERINGS_SECONDS);
    let forget = || node.store.writing(|tx| tx.forget_expired(now, begun, STEP));
    while forget()? == u64::from(STEP) {}
    while end_consents(node, STEP)? == STEP as usize {}
    disaster::close(node)
}

/// Takes back what is disclosed by a consent that has ended; gives of how many.
fn end_consents(node: &Node, step: u32) -> Result<usize, Fault> {
    let now = node.clock.now();
    node.store.writing(|tx| {
        let ended = tx.end_consents(now, step)?;
        if !ended.is_empty() {
            let mut event = AuditEvent::of_process(now, Action::Identity, "consent", "ended");
            event.items = ended.len() as u64;
            event.patients.clone_from(&ended);
            tx.append_audit(&event)?;
        }
        Ok(ended.len())
    })
}

/// Takes up everything new, in steps that leave room for other writers.
fn index_audit(node: &Node) -> Result<(), Fault> {
    const STEP: u32 = 2_000;
    while node.store.index_audit(STEP)? == STEP {}
    hint(node)
}

/// Looks through what was read for what is unusual, a bounded part of it at a time.
fn hint(node: &Node) -> Result<(), Fault> {
    const STEPS: u32 = 20;
    let Some(rule) = node.config.portal.unusual() else {
        return Ok(());
    };
    for _ in 0..STEPS {
        let looked = hints::look(&*node.store, rule, node.clock.now())?;
        if !hints::is_more(looked) {
            break;
        }
    }
    Ok(())
}

/// Waits; false when the node stops.
pub(super) async fn pause(time: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        _ = stopped.wait_for(|s| *s) => false,
    }
}

pub(super) fn report<T>(what: &str, ended: Result<Result<T, Fault>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(_)) => {}
        Ok(Err(fault)) => tracing::error!(code = fault.code.id(), "{what}: {}", fault.inside),
        Err(error) => tracing::error!("{what}: {error}"),
    }
}
