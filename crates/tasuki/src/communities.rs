//! The other communities, composed at the start: the gateway, our client to peers, our assertions.
//! Read again on SIGHUP together with the directory; a reload that fails leaves what was in force.

use crate::config::{Config, Soap};
use crate::members;
use crate::peer::PeerClient;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tasuki_core::ports::Store;
use tasuki_core::{Egress, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::communities::{Asserting, Communities};
use tasuki_ihe::soap::{Asked, Asking, Received, Recipient};

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

    fn reply<'a>(&'a self, to: &'a Recipient, reply: Egress, time: Duration) -> Asked<'a, ()> {
        let present = self.present();
        Box::pin(async move { present.reply(to, reply, time).await })
    }
}

/// The other communities as a node asks them.
pub struct Composed {
    client: Arc<Client>,
    communities: Arc<Communities>,
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
