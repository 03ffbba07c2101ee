//! The client of a hospital's identity provider: OpenID Connect Core 1.0, authorization code flow (section
//! 3.1) with PKCE (RFC 7636) and discovery (OpenID Connect Discovery 1.0, section 4). Nothing of a patient
//! goes there. Not offered: implicit and hybrid flow, encrypted tokens, the userinfo endpoint, logout at the
//! provider.

mod http;
mod token;

use crate::config::Provider;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use form_urlencoded::{Serializer, byte_serialize};
use http::{Asked, Web};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tasuki_core::provider::{Identified, IdentityProvider, Sending};
use tasuki_core::{Code, Fault};
use tasuki_model::{Facility, FacilityId};

/// What a provider says of itself.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// One provider of the configuration.
pub(crate) struct OpenId {
    config: Provider,
    facility: FacilityId,
    secret: Option<String>,
    web: Web,
}

/// Names and values as a form or query.
fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// One text of them.
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

fn away(why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::ProviderAway, why.to_string())
}

fn wrong(why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::ProviderRefused, why.to_string())
}

fn random() -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(bytes).map_err(away)
}

impl OpenId {
    /// The client of a configured provider.
    ///
    /// # Errors
    /// `CFG-002` and `CFG-003` for files and facilities that are not there.
    pub fn new(config: &Provider, facilities: &[Facility]) -> Result<Self, Fault> {
        let unknown = || {
            let why = format!("portal.provider: no facility {}", config.facility);
            Fault::new(Code::ConfigInvalid, why)
        };
        let mut facilities = facilities.iter();
        let facility = facilities.find(|f| f.code.as_str() == config.facility);
        let secret = config.client_secret_file.as_ref().map(|file| {
            let at = file.display();
            std::fs::read_to_string(file)
                .map(|text| text.trim().to_owned())
                .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{at}: {e}")))
        });
        Ok(Self {
            facility: facility.ok_or_else(unknown)?.id.clone(),
            secret: secret.transpose()?,
            web: Web::trusting(&config.ca_file)?,
            config: config.clone(),
        })
    }

    fn metadata(&self) -> Result<Metadata, Fault> {
        let issuer = self.config.issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let found: Metadata = json(&self.web.ask(Asked::get(&address))?)?;
        // Section 4.3: exactly the one that was asked.
        match found.issuer == self.config.issuer {
            true => Ok(found),
            false => Err(away("the metadata are of another issuer")),
        }
    }
}

impl IdentityProvider for OpenId {
    fn id(&self) -> &str {
        &self.config.id
    }

    fn issuer(&self) -> &str {
        &self.config.issuer
    }

    fn name(&self) -> &str {
        &self.config.name
    }

    fn facility(&self) -> &FacilityId {
        &self.facility
    }

    fn send(&self, back: &str) -> Result<Sending, Fault> {
        let metadata = self.metadata()?;
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", back),
            ("scope", "openid"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let at = metadata.authorization_endpoint;
        let mark = if at.contains('?') { '&' } else { '?' };
        Ok(Sending {
            address: format!("{at}{mark}{query}"),
            state,
            nonce,
            verifier,
        })
    }

    fn identified(
        &self,
        code: &str,
        nonce: &str,
        verifier: &str,
        back: &str,
    ) -> Result<Identified, Fault> {
        let metadata = self.metadata()?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ];
        // RFC 6749, section 2.3.1: a client with a secret shows it, another one says who it is.
        let shown = self.secret.as_ref().map(|secret| {
            let id = encoded(&self.config.client_id);
            let pair = format!("{id}:{}", encoded(secret));
            format!("Basic {}", STANDARD.encode(pair))
        });
        if shown.is_none() {
            fields.push(("client_id", &self.config.client_id));
        }
        let asked = Asked {
            address: &metadata.token_endpoint,
            form: Some(form(&fields)),
            authorization: shown,
        };
        let tokens: Tokens = json(&self.web.ask(asked)?)?;
        let keys = json(&self.web.ask(Asked::get(&metadata.jwks_uri))?)?;
        token::read(&tokens.id_token, &keys, &self.config, nonce)
    }
}
