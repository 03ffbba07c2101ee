//! Sign-in by a hospital's own identity provider: the browser is sent there, comes back with a code, and is
//! signed in as whoever is bound to what the provider says. An account's owner binds it themselves, after
//! saying once more who they are.

mod bind;

pub(crate) use bind::{Line, change, lines};

use crate::pages::sign_in::{next_of, refused};
use crate::pipeline::Portal;
use crate::sign_in;
use crate::visit::{Reply, Stop, Visit};
use std::sync::Arc;
use tasuki_core::provider::{IdentityProvider, ProviderVisit, SUBJECT_BYTES_MAX, VISIT_SECONDS};
use tasuki_core::{Code, Fault};
use tasuki_model::UserId;

/// The cookie that ties a sign-in under way to its browser.
const COOKIE: &str = "__Host-tasuki-provider";
/// Bytes of a code.
const CODE_BYTES_MAX: usize = 4_096;

fn provider_of<'p>(portal: &'p Portal, id: &str) -> Result<&'p Arc<dyn IdentityProvider>, Stop> {
    let mut all = portal.providers.iter();
    all.find(|provider| provider.id() == id)
        .ok_or(Stop::Refused)
}

fn no() -> Stop {
    Stop::Fault(Fault::new(
        Code::ProviderRefused,
        "a sign-in that is not under way",
    ))
}

/// Where a provider sends the browser back to.
fn back(visit: &Visit<'_>) -> String {
    let origin = match &visit.portal.config.origin {
        Some(origin) => origin.trim_end_matches('/').to_owned(),
        None => format!("http://{}", visit.ask.host),
    };
    format!("{origin}/sign-in/back")
}

/// Begins a sign-in at a provider: its address there, and the cookie of the browser that began it.
fn sent(
    visit: &Visit<'_>,
    provider: &dyn IdentityProvider,
    bind: Option<UserId>,
) -> Result<(String, String), Stop> {
    let sending = provider.send(&back(visit))?;
    let under_way = ProviderVisit {
        provider: provider.id().to_owned(),
        nonce: sending.nonce,
        verifier: sending.verifier,
        next: next_of(visit).to_owned(),
        bind,
        expires: visit.now.plus_seconds(VISIT_SECONDS),
    };
    let state = sign_in::sha256(&sending.state);
    let put =
        |tx: &dyn tasuki_core::ports::Writing| tx.put_provider_visit(&state, &under_way, visit.now);
    visit.portal.store.writing(put)?;
    let cookie = format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={VISIT_SECONDS}",
        sending.state
    );
    Ok((sending.address, cookie))
}

/// Sends the browser to the provider.
pub(crate) fn go(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let provider = provider_of(visit.portal, visit.ask.param("provider"))?;
    match sent(visit, provider.as_ref(), None) {
        Ok((address, cookie)) => {
            let mut reply = Reply::redirect(address);
            reply.cookies.push(cookie);
            Ok(reply.with_detail(format!("sent to {}", provider.id())))
        }
        Err(stop) => refused(visit, stop),
    }
}

/// The browser comes back.
pub(crate) fn back_again(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    let mut reply = match came_back(visit) {
        Ok(reply) => reply,
        Err(stop) => refused(visit, stop)?,
    };
    reply.cookies.push(gone);
    Ok(reply)
}

fn came_back(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let query = |name: &str| visit.ask.query(name).unwrap_or_default();
    let state = query("state");
    if state.is_empty() || visit.ask.cookie(COOKIE) != Some(state) {
        return Err(no());
    }
    let key = sign_in::sha256(state);
    let take = |tx: &dyn tasuki_core::ports::Writing| tx.take_provider_visit(&key, visit.now);
    let under_way = visit.portal.store.writing(take)?.ok_or_else(no)?;
    let code = query("code");
    if code.is_empty() || code.len() > CODE_BYTES_MAX {
        return Err(no());
    }
    let provider = provider_of(visit.portal, &under_way.provider)?;
    let (nonce, verifier) = (&under_way.nonce, &under_way.verifier);
    let found = provider.identified(code, nonce, verifier, &back(visit))?;
    if found.subject.is_empty() || found.subject.len() > SUBJECT_BYTES_MAX {
        return Err(no());
    }
    match &under_way.bind {
        Some(user) => bind::bound(visit, provider.as_ref(), user, found.subject),
        None => signed_in(visit, provider.as_ref(), &under_way.next, &found),
    }
}

/// Signs in whoever is bound to what the provider said, at the provider's facility.
fn signed_in(
    visit: &Visit<'_>,
    provider: &dyn IdentityProvider,
    next: &str,
    found: &tasuki_core::provider::Identified,
) -> Result<Reply, Stop> {
    let unbound = || Stop::Fault(Fault::new(Code::ProviderUnbound, "nobody is bound"));
    let account = visit.portal.store.reading(|tx| {
        let binding = tx.provider_binding(provider.issuer(), &found.subject)?;
        binding.map_or(Ok(None), |binding| tx.account(&binding.user))
    })?;
    let account = account.filter(|a| !a.disabled && a.expires.is_none_or(|end| visit.now < end));
    let account = account.ok_or_else(unbound)?;
    let mut memberships = account.memberships.iter();
    let membership = memberships.find(|m| m.facility == *provider.facility());
    let membership = membership.cloned().ok_or_else(unbound)?;
    let (who, cookie) = sign_in::start(visit, account, membership, found.strong)?;
    let mut reply = Reply::redirect(next);
    reply.cookies.push(cookie);
    Ok(reply.with_detail(format!("user {} by {}", who.account.id, provider.id())))
}
