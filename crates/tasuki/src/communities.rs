//! The other communities, composed at the start: the gateway, our client to peers, our assertions.
//! Read again on SIGHUP together with the directory; a reload that fails leaves what was in force.

use crate::config::{Config, Soap};
use crate::members;
use crate::peer::PeerClient;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tasuki_core::elsewhere::{Examine, Examined, OtherCommunities};
use tasuki_core::ports::Store;
use tasuki_core::{Egress, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::communities::{Asserting, Communities, Gatherer, Spawn};
use tasuki_ihe::initiating::Initiating;
use tasuki_ihe::soap::{Asked, Asking, Received, Recipient};
use tasuki_model::Category;
use tasuki_model::xds::DocumentEntry;
use tasuki_records::NotRead;

/// Our client to peers, with the certificate that was read last.
struct Client {
    store: Arc<dyn Store>,
    present: RwLock<Arc<PeerClient>>,
}

impl Client {
    fn new(config: &Soap, store: Arc<dyn Store>) -> Result<Self, Fault> {
        let present = Arc::new(PeerClient::new(config, Arc::clone(&store))?);
        Ok(Self {
            store,
            present: RwLock::new(present),
        })
    }

    fn present(&self) -> Arc<PeerClient> {
        let present = self.present.read();
        Arc::clone(&present.unwrap_or_else(PoisonError::into_inner))
    }

    fn reload(&self, config: &Soap) -> Result<(), Fault> {
        let fresh = Arc::new(PeerClient::new(config, Arc::clone(&self.store))?);
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        *present = fresh;
        Ok(())
    }
}

impl Asking for Client {
    fn ask<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Asked<'a, Received> {
        let present = self.present();
        Box::pin(async move { present.ask(to, request, time).await })
    }

    fn hand_over<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Asked<'a, Option<Received>> {
        let present = self.present();
        Box::pin(async move { present.hand_over(to, request, time).await })
    }

    fn reply<'a>(&'a self, to: &'a Recipient, reply: Egress, time: Duration) -> Asked<'a, ()> {
        let present = self.present();
        Box::pin(async move { present.reply(to, reply, time).await })
    }
}

/// The other communities as a node asks them.
pub struct Composed {
    client: Arc<Client>,
    communities: Arc<Communities>,
    /// Kept, for the network holds it weakly.
    _initiating: Option<Arc<Initiating>>,
}

impl Composed {
    /// Composes them from the configuration, where it names a directory and the node has a
    /// certificate to show. Asking needs a runtime of tokio around the thread that asks.
    ///
    /// # Errors
    /// `CFG-003` for the certificate of `[soap]`, and those of [`members::asserting`].
    pub fn of(
        config: &Config,
        network: &Arc<Network>,
        store: &Arc<dyn Store>,
    ) -> Result<Option<Self>, Fault> {
        if config.directory.file.is_none() || config.soap.certificate_file.is_none() {
            return Ok(None);
        }
        let client = Arc::new(Client::new(&config.soap, Arc::clone(store))?);
        let asking = Arc::clone(&client) as Arc<dyn Asking>;
        let own = config.community.home_community_id.clone();
        let communities = Arc::new(Communities::new(Arc::clone(network), asking, own));
        communities.set_asserting(asserting(config, &communities)?);
        Ok(Some(Self {
            client,
            communities,
            _initiating: None,
        }))
    }

    /// What asks.
    #[must_use]
    pub const fn communities(&self) -> &Arc<Communities> {
        &self.communities
    }

    /// How it reaches them.
    #[must_use]
    pub fn asking(&self) -> Arc<dyn Asking> {
        Arc::clone(&self.client) as Arc<dyn Asking>
    }

    /// Seconds by which the clock of a community was ahead of ours when it answered last.
    #[must_use]
    pub fn clock_off(&self, of: &Recipient) -> Option<i64> {
        self.client.present().clock_off(of)
    }

    /// What gathers for the portal. Called on a thread of the runtime, whose threads do the asking.
    #[must_use]
    pub fn gatherer(&self, config: &Config) -> Arc<dyn OtherCommunities> {
        Arc::new(Gatherer::new(
            Arc::clone(&self.communities),
            Box::new(Records),
            config.gather.settings(),
            on_this_runtime(),
        ))
    }

    /// The same, sending on what systems of ours ask (Initiating Gateway). Called as
    /// [`Composed::gatherer`] is.
    #[must_use]
    pub fn initiating(self, config: &Config) -> Self {
        let settings = config.gather.settings();
        let communities = Arc::clone(&self.communities);
        let initiating = Arc::new(Initiating::new(communities, settings, on_this_runtime()));
        let network = self.communities.gateway().network();
        network.set_initiating(&initiating);
        Self {
            _initiating: Some(initiating),
            ..self
        }
    }

    /// Reads certificate and assertion key again. The directory is put in force before.
    ///
    /// # Errors
    /// As [`Composed::of`]; what was in force stays.
    pub fn reload(&self, config: &Config) -> Result<(), Fault> {
        let asserting = asserting(config, &self.communities)?;
        self.client.reload(&config.soap)?;
        self.communities.set_asserting(asserting);
        Ok(())
    }
}

/// Work that blocks goes to the threads of the runtime for it.
fn on_this_runtime() -> Spawn {
    let runtime = tokio::runtime::Handle::current();
    Box::new(move |work: Box<dyn FnOnce() + Send>| drop(runtime.spawn_blocking(work)))
}

/// Contents are looked into by what knows clinical documents.
struct Records;

impl Examine for Records {
    fn category(&self, entry: &DocumentEntry) -> Option<Category> {
        let class = entry.class_code.as_ref()?;
        tasuki_records::received_category(&class.system, &class.code, &entry.mime_type)
    }

    fn examine(&self, entry: &DocumentEntry, bytes: &[u8]) -> Examined {
        let class = entry.class_code.as_ref().map(|c| c.code.as_str());
        let patient = entry.source_patient_id.as_deref();
        let patient = patient.and_then(|cx| cx.split('^').next());
        let patient = patient.filter(|id| !id.is_empty());
        match tasuki_records::received(class.unwrap_or_default(), bytes, patient) {
            Ok((items, local)) => Examined::Readable { items, local },
            Err(NotRead::OtherPatient) => Examined::OtherPatient,
            Err(NotRead::Unreadable(code)) => Examined::Unreadable(code.into()),
        }
    }
}

fn asserting(config: &Config, communities: &Communities) -> Result<Option<Asserting>, Fault> {
    let Some(directory) = communities.directory() else {
        return Ok(None);
    };
    let Some(party) = members::asserting(config, &directory)? else {
        return Ok(None);
    };
    let codes = members::codes(&config.directory)?;
    Ok(Some(Asserting { party, codes }))
}
