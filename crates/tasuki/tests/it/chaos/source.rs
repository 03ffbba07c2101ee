//! The source whose documents the communities hold.

use super::network::{Network, SOURCE};
use super::side::{PATIENCE, client, store};
use tasuki::peer::PeerClient;
use tasuki_core::Egress;
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::release::{Body, NonClinical};
use tasuki_ihe::soap::{Asking, Recipient};
use tasuki_wire::ebrim::{RegistryResponse, ResponseStatus};
use tasuki_wire::soap::Outgoing;
use tasuki_wire::xml::{Document, Limits};

/// Hands in documents of the patients of every community.
pub struct Source {
    client: PeerClient,
    runtime: tokio::runtime::Handle,
}

impl Source {
    pub fn new(network: &Network, runtime: &tokio::runtime::Runtime) -> Self {
        let store = store(&network.trust.folder, "source");
        Self {
            client: client(network, SOURCE, &store),
            runtime: runtime.handle().clone(),
        }
    }

    /// Whether it was acknowledged. What was not may be there all the same.
    pub fn provide(&self, to: &Community, cx: &str, unique: &str, content: &str) -> bool {
        use base64::Engine;
        let content = base64::engine::general_purpose::STANDARD.encode(content);
        let text = include_str!("submission.xml")
            .replace("PATIENT", &cx.replace('&', "&amp;"))
            .replace("UNIQUE", unique)
            .replace("CONTENT", &content);
        let tree = tasuki_wire::xml::read(text.as_bytes(), &Limits::default()).unwrap();
        let endpoint: &Endpoint = to.endpoint("ITI-38").unwrap();
        let message = format!("urn:uuid:{}", uuid(unique));
        let action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
        let body = Document::of(&tree);
        let envelope = Outgoing::request(action, &message, endpoint.as_str(), &body).encode();
        let body = Body::new("application/soap+xml", envelope.into_bytes());
        let request = Egress::non_clinical(NonClinical::Notice(body));
        let recipient = Recipient {
            endpoint: endpoint.clone(),
            certificates: to.certificates.clone(),
            tls12: false,
        };
        let asked = self.client.ask(&recipient, request, PATIENCE);
        let Ok(answer) = self.runtime.block_on(asked) else {
            return false;
        };
        let said = RegistryResponse::decode(&answer.envelope.body);
        said.is_ok_and(|said| said.status == ResponseStatus::Success)
    }
}

/// A message id that follows from what is handed in.
fn uuid(unique: &str) -> String {
    let hash = unique.bytes().fold(0_u64, |hash, byte| {
        hash.wrapping_mul(1_099_511_628_211) ^ u64::from(byte)
    });
    format!("00000000-0000-4000-8000-{:012x}", hash & 0xffff_ffff_ffff)
}
