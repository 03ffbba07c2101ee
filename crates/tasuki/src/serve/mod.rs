//! `tasuki serve`: listeners, jobs, an orderly end.

mod audit_listener;
mod audit_sender;
mod consents;
mod disaster;
mod feeding;
mod health;
mod jobs;
mod listener;
mod manager;
mod mllp;
mod notices;
mod on_demand;
mod patient_index;
mod places;
mod role;
mod soap;
mod telling;
pub(crate) mod tls;

pub(crate) use manager::{config as index_config, store as index_store};
pub(crate) use patient_index::network;

use crate::args::Args;
use crate::clamd::Clamd;
use crate::communities::Composed;
use crate::node::{self, Node};
use crate::openid::OpenId;
use crate::terminals::{Certifier, Offered};
use crate::{config, launch, logging};
use health::Health;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::AuditSpooling;
use tasuki_core::provider::IdentityProvider;
use tasuki_core::publish::Scanner;
use tasuki_core::terminal;
use tasuki_core::{Code, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::xds::NotePublishing;
use tasuki_store::AuditSpool;
use tasuki_web::{Portal, PortalConfig, TerminalDemand};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Threads for what blocks: pages, messages, questions to other communities, and pages that wait for
/// these, each bounded for itself.
const BLOCKING: usize = 384;
/// How long open requests may take to end after SIGTERM.
const DRAIN: Duration = Duration::from_secs(20);

pub(crate) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &[])?;
    logging::start();
    let node = Arc::new(node::open(&args)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING)
        .build()
        .map_err(|e| Fault::new(Code::InternalFault, format!("runtime: {e}")))?;
    let result = runtime.block_on(serve(&args, &node));
    runtime.shutdown_timeout(Duration::from_secs(1));
    // The head of the audit chain is signed last, when nothing can be added any more.
    node.store.close()?;
    result.map(|()| ExitCode::SUCCESS)
}

fn portal_config(config: &config::Config) -> Result<PortalConfig, Fault> {
    if config.portal.breached_passwords_file.is_none() {
        tracing::warn!("{}", config::NO_BREACHED_LIST);
    }
    Ok(PortalConfig {
        network_name: config.community.name.clone(),
        help_phone: config.portal.help_phone.clone(),
        community: config.community.home_community_id.clone(),
        idle_seconds: i64::from(config.portal.idle_minutes) * 60,
        session_seconds: i64::from(config.portal.session_hours) * 3_600,
        second_factor: config.portal.second_factor_required(),
        breached: config.portal.breached()?,
        known_browsers: config.portal.known_browsers,
        origin: config.portal.origin.clone(),
        feed_silent_seconds: i64::from(config.portal.feed_silent_hours) * 3_600,
        four_eyes: config.portal.four_eyes,
        fonts: config.portal.font_files.clone(),
        launch: launch::keys(&config.portal.launch)?,
        pages_at_once: config.portal.pages_at_once as usize,
        attachments: config.portal.notes.attachments(),
        emergency: config.portal.emergency.rules(),
        visit_consent_days: config.portal.visit_consent.days(),
        unusual: config.portal.unusual(),
        consent_documents: config.portal.consent_documents,
        terminals: config.portal.terminal_rules(),
    })
}

fn portal(
    node: &Node,
    composed: Option<&Composed>,
    network: &Arc<Network>,
) -> Result<(Arc<Portal>, Arc<AuditSpool>), Fault> {
    let portal = Portal::new(
        Arc::clone(&node.store),
        Arc::clone(&node.clock),
        Arc::clone(&node.identity),
        portal_config(&node.config)?,
    );
    let others = composed.map(|composed| composed.gatherer(&node.config));
    let notes = &node.config.portal.notes;
    let patience = Duration::from_secs(u64::from(notes.scan_seconds));
    let scanner = notes
        .clamd
        .as_deref()
        .map(|place| Clamd::at(place, patience));
    let scanner = scanner.map(|clamd| Arc::new(clamd) as Arc<dyn Scanner>);
    let publishing = Arc::new(NotePublishing(Arc::clone(network)));
    let portal = portal.with_others(others).with_providers(providers(node)?);
    let portal = portal.with_terminals(Arc::new(Certifier));
    let spool = Arc::new(AuditSpool::open(&node.data_dir)?);
    let portal = portal.with_spool(Arc::clone(&spool) as Arc<dyn AuditSpooling>);
    Ok((Arc::new(portal.with_notes(publishing, scanner)), spool))
}

/// What the portal's listener asks terminals for; the authority is made with the first start that asks.
fn offered(node: &Node) -> Result<Option<Arc<Offered>>, Fault> {
    if node.config.portal.terminal_rules().demand == TerminalDemand::Off {
        if node.config.portal.terminals_unseen() {
            tracing::warn!("{}", config::TERMINALS_UNSEEN);
        }
        return Ok(None);
    }
    let community = &node.config.community.home_community_id;
    let store = node.store.as_ref();
    let authority = terminal::authority(store, &Certifier, community, node.clock.now())?;
    Ok(Some(Arc::new(Offered::to(&authority.der)?)))
}

/// The identity providers of the configuration.
fn providers(node: &Node) -> Result<Vec<Arc<dyn IdentityProvider>>, Fault> {
    let facilities = node.store.reading(|tx| tx.facilities())?;
    let providers = node.config.portal.provider.iter();
    let client = |provider| {
        let client = OpenId::new(provider, &facilities)?;
        Ok(Arc::new(client) as Arc<dyn IdentityProvider>)
    };
    providers.map(client).collect()
}

async fn serve(args: &Args, node: &Arc<Node>) -> Result<(), Fault> {
    let signals = Signals::listen()?;
    let health = Arc::new(Health::new(Arc::clone(node)));
    let (stop, stopped) = watch::channel(false);
    let index = patient_index::start(node, &health.mllp, &stopped).await?;
    let composed = Composed::of(&node.config, index.network(), &node.store)?;
    let composed = composed.map(|composed| composed.initiating(&node.config));
    let (portal, spool) = portal(node, composed.as_ref(), index.network())?;
    let tls = tls::of(&node.config.portal, offered(node)?)?;
    let portal_listener = listener::bind(node.config.portal.listen).await?;
    let health_listener = listener::bind(node.config.health.listen).await?;
    let address = listener::address(&portal_listener)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let portal_task = tokio::spawn(listener::run(
        portal_listener,
        tls.clone(),
        stopped.clone(),
        move |peer, request| {
            let portal = Arc::clone(&portal);
            async move { tasuki_web::serve(portal, peer, request).await }
        },
    ));
    let health_address = listener::address(&health_listener)?;
    let health_task = tell_health(health_listener, &health, &stopped);
    let mut role = role::start(args, node, &stopped)?;
    let soap = soap::start(
        node,
        index.network(),
        role.network(),
        &health.soap,
        &stopped,
    )
    .await?;
    role.feed(composed.as_ref(), &node.clock, &stopped);
    let feeds = jobs::start_feeds(args, node, &stopped)?;
    let timers = jobs::start_timers(node, index.network(), &health, &spool, &stopped);
    let mut senders = audit_sender::start(node, role.store(), &stopped)?;
    let receiving = audit_listener::start(node, &stopped).await?;
    node_event(node, "start")?;
    health.set_ready(true);
    // The log first: whoever waits for the address finds the other one there.
    let (mllp, mllp_tls) = index.addresses();
    tracing::info!(portal = %address, health = %health_address, mllp, mllp_tls, soap = soap.address(), audit = receiving.address(), "serving");
    println!("{scheme}://{address}/");
    let reloading = Reloading {
        tls: tls.as_deref(),
        index: &index,
        soap: &soap,
        composed: composed.as_ref(),
        role: &role,
    };
    signals.wait(args, &reloading).await;
    tracing::info!("stopping");
    health.set_ready(false);
    let _ = stop.send(true);
    let drained = tokio::time::timeout(DRAIN, async {
        let _ = portal_task.await;
        let _ = health_task.await;
        index.join().await;
        soap.join().await;
        feeds.join().await;
        timers.join().await;
        while senders.join_next().await.is_some() {}
        receiving.join().await;
    });
    if drained.await.is_err() {
        tracing::warn!("requests were still open after {} s", DRAIN.as_secs());
    }
    role.close().await?;
    node_event(node, "stop")
}

/// The loopback listener of `/live`, `/ready` and `/metrics`.
fn tell_health(
    listener: tokio::net::TcpListener,
    health: &Arc<Health>,
    stopped: &watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    let health = Arc::clone(health);
    tokio::spawn(listener::run(
        listener,
        None,
        stopped.clone(),
        move |_, request| {
            let health = Arc::clone(&health);
            async move { health.answer(request).await }
        },
    ))
}

fn node_event(node: &Node, what: &str) -> Result<(), Fault> {
    let event = AuditEvent::of_process(node.clock.now(), Action::Node, "serve", what);
    node.store.append_audit(&[event])
}

/// What a node reads again on SIGHUP.
struct Reloading<'a> {
    tls: Option<&'a tls::Reloadable>,
    index: &'a patient_index::Listening,
    soap: &'a soap::Listening,
    composed: Option<&'a Composed>,
    role: &'a role::Role,
}

/// The signals a node answers: one that comes while it starts waits until it has started.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Fault> {
        let listen = |kind| {
            signal(kind).map_err(|e| Fault::new(Code::InternalFault, format!("signals: {e}")))
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for SIGTERM or SIGINT; SIGHUP reloads the certificates and the directory.
    async fn wait(mut self, args: &Args, reloading: &Reloading<'_>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => reloading.reload(args),
            }
        }
    }
}

impl Reloading<'_> {
    /// A reload that fails leaves what was in force and says so.
    fn reload(&self, args: &Args) {
        let done = config::Config::read(&node::config_path(args)).and_then(|config| {
            self.tls.map_or(Ok(()), |tls| tls.reload(&config.portal))?;
            self.index.reload(&config)?;
            self.soap.reload(&config.soap)?;
            self.role.reload(&config)?;
            let composed = self.composed;
            composed.map_or(Ok(()), |composed| composed.reload(&config))?;
            self.role.reloaded();
            Ok(())
        });
        match done {
            Ok(()) => tracing::info!("reloaded"),
            Err(fault) => tracing::error!(code = fault.code.id(), "reload: {}", fault.inside),
        }
    }
}
