//! Sign-in and sign-out.

use crate::pages::words_of;
use crate::pipeline::urlencode;
use crate::shell::Shell;
use crate::sign_in;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::{Code, Fault};
use tasuki_model::facility::Part;

#[derive(Template)]
#[template(path = "pages/sign_in/page.html")]
struct SignInPage<'a> {
    shell: Shell,
    network: &'a str,
    phone: &'a str,
    next: &'a str,
    /// What was wrong, when sign-in failed.
    failed: Option<(&'static str, &'static str)>,
    /// Facilities whose data has not come for longer than the limit, with the time since.
    silent: Vec<(String, String)>,
    disclosing: usize,
    /// Identity providers: where each begins, and its name.
    providers: Vec<(String, String)>,
}

/// An address of this portal to go on to: a path, never another host.
pub(crate) fn next_of<'a>(visit: &'a Visit<'_>) -> &'a str {
    visit
        .ask
        .form("next")
        .or_else(|| visit.ask.query("next"))
        .filter(|n| n.starts_with('/') && !n.starts_with("//") && !n.contains('\\'))
        .unwrap_or("/")
}

fn render(visit: &Visit<'_>, failed: Option<Code>) -> Result<String, Stop> {
    let w = visit.w;
    let facilities = visit.portal.store.reading(|tx| {
        tx.facilities()?
            .into_iter()
            .filter(|f| f.part == Part::Disclosing)
            .map(|f| Ok((tx.last_heard(&f.id)?, f)))
            .collect::<Result<Vec<_>, Fault>>()
    })?;
    let limit = visit.portal.config.feed_silent_seconds;
    let silent = facilities
        .iter()
        .filter_map(|(heard, f)| {
            let heard = (*heard)?;
            (visit.now.seconds_since(heard) > limit).then(|| {
                let since = heard.in_jst();
                let day = words_of::long_day(w, since.day());
                let clock = since.clock().unwrap_or_default();
                (
                    crate::shell::facility_name(visit, f),
                    w.sign_in_silent_since(&day, &clock).into_owned(),
                )
            })
        })
        .collect();
    Ok(SignInPage {
        shell: Shell::of(visit, "sign-in", w.sign_in_title()),
        network: &visit.portal.config.network_name,
        phone: &visit.portal.config.help_phone,
        next: next_of(visit),
        failed: failed.map(|code| {
            let text = if visit.japanese() {
                code.outside_ja()
            } else {
                code.outside_en()
            };
            (text, code.id())
        }),
        silent,
        disclosing: facilities.len(),
        providers: visit
            .portal
            .providers
            .iter()
            .map(|provider| {
                let next = urlencode(next_of(visit));
                let address = format!("/sign-in/with/{}?next={next}", provider.id());
                (address, provider.name().to_owned())
            })
            .collect(),
    }
    .render()?)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.waiting.is_some() {
        let next = urlencode(next_of(visit));
        return Ok(Reply::redirect(format!("/sign-in/second?next={next}")));
    }
    if visit.who.is_some() {
        return Ok(Reply::redirect(next_of(visit)));
    }
    Ok(Reply::notice(render(visit, None)?))
}

pub(crate) fn begin(visit: &Visit<'_>) -> Result<Reply, Stop> {
    match sign_in::begin(visit) {
        Ok((who, cookies)) => {
            let mut reply = Reply::redirect(next_of(visit));
            reply.cookies.extend(cookies);
            Ok(reply.with_detail(format!("user {}", who.account.id)))
        }
        Err(stop) => refused(visit, stop),
    }
}

/// The page again, with why a sign-in was not taken; anything else is a failure.
pub(crate) fn refused(visit: &Visit<'_>, stop: Stop) -> Result<Reply, Stop> {
    let code = match &stop {
        Stop::Fault(fault) => fault.code,
        _ => return Err(stop),
    };
    let status = match code {
        Code::SignInFailed | Code::ProviderRefused | Code::ProviderUnbound => 401,
        Code::TerminalElsewhere => 403,
        Code::SignInLocked => 429,
        Code::ProviderAway => 503,
        _ => return Err(stop),
    };
    let mut reply = Reply::notice(render(visit, Some(code))?);
    reply.status = status;
    Ok(reply.with_detail(code.id().to_owned()))
}

pub(crate) fn end(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let cookie = sign_in::end(visit.portal, visit.who()?)?;
    let mut reply = Reply::redirect("/sign-in");
    reply.cookies.push(cookie);
    Ok(reply)
}
