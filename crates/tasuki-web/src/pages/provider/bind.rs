//! An account and a provider: bound and parted by the account's owner.

use super::{provider_of, sent};
use crate::shell::Shell;
use crate::sign_in;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Fault;
use tasuki_core::ports::Writing;
use tasuki_core::provider::{IdentityProvider, ProviderBinding};
use tasuki_model::UserId;

/// A provider on the page of an account.
pub(crate) struct Line {
    pub id: String,
    pub name: String,
    /// Since when it is bound; nothing where it is not.
    pub since: Option<String>,
}

/// Browsers do not follow a form to another site: the way there is a link.
#[derive(Template)]
#[template(path = "pages/provider/go.html")]
struct GoPage {
    shell: Shell,
    name: String,
    address: String,
}

/// The providers of the user's facilities.
pub(crate) fn lines(visit: &Visit<'_>) -> Result<Vec<Line>, Stop> {
    let who = visit.who()?;
    if visit.portal.providers.is_empty() {
        return Ok(Vec::new());
    }
    let user = &who.account.id;
    let bound = visit
        .portal
        .store
        .reading(|tx| tx.provider_bindings_of(user))?;
    let own = |p: &&std::sync::Arc<dyn IdentityProvider>| {
        let mut memberships = who.account.memberships.iter();
        memberships.any(|m| m.facility == *p.facility())
    };
    let line = |provider: &std::sync::Arc<dyn IdentityProvider>| {
        let since = bound.iter().find(|b| b.issuer == provider.issuer());
        Line {
            id: provider.id().to_owned(),
            name: provider.name().to_owned(),
            since: since.map(|b| b.at.in_jst().to_string()),
        }
    };
    Ok(visit
        .portal
        .providers
        .iter()
        .filter(own)
        .map(line)
        .collect())
}

/// Begins to bind, or parts.
pub(crate) fn change(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let known = lines(visit)?;
    let asked = visit.ask.form("provider").unwrap_or_default();
    let line = known.iter().find(|l| l.id == asked).ok_or(Stop::Refused)?;
    if let Err(stop) = sign_in::again(visit) {
        return crate::pages::account::refused(visit, stop);
    }
    let user = visit.who()?.account.id.clone();
    let provider = provider_of(visit.portal, &line.id)?;
    if visit.ask.form("answer") == Some("part") {
        let part = |tx: &dyn Writing| tx.drop_provider_binding(&user, provider.issuer());
        return match visit.portal.store.writing(part)? {
            true => Ok(Reply::redirect("/account?done=parted")
                .with_detail(format!("parted from {}", provider.id()))),
            false => Err(Stop::Refused),
        };
    }
    let (address, cookie) = match sent(visit, provider.as_ref(), Some(user)) {
        Ok(sent) => sent,
        Err(stop) => return crate::pages::account::refused(visit, stop),
    };
    let page = GoPage {
        shell: Shell::of(visit, "account", visit.w.provider_title()),
        name: line.name.clone(),
        address,
    };
    let mut reply = Reply::notice(page.render()?);
    reply.cookies.push(cookie);
    Ok(reply.with_detail(format!("binds at {}", provider.id())))
}

/// Who came back is bound, if it is still the browser of the account's owner.
pub(super) fn bound(
    visit: &Visit<'_>,
    provider: &dyn IdentityProvider,
    user: &UserId,
    subject: String,
) -> Result<Reply, Stop> {
    let who = visit.who.as_ref().filter(|who| who.account.id == *user);
    let who = who.ok_or_else(super::no)?;
    let binding = ProviderBinding {
        issuer: provider.issuer().to_owned(),
        subject,
        user: who.account.id.clone(),
        at: visit.now,
    };
    // Somebody else's binding is not taken over in silence.
    let put = |tx: &dyn Writing| -> Result<bool, Fault> {
        let held = tx.provider_binding(&binding.issuer, &binding.subject)?;
        let free = held.is_none_or(|held| held.user == binding.user);
        if free {
            tx.put_provider_binding(&binding)?;
        }
        Ok(free)
    };
    match visit.portal.store.writing(put)? {
        true => Ok(Reply::redirect("/account?done=bound")
            .with_detail(format!("bound to {}", provider.id()))),
        false => Err(super::no()),
    }
}
