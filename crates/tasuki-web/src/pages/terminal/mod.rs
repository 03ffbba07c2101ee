//! この端末: a terminal takes its certificate with the code that its administrator has given out, once; and
//! one whose certificate still counts renews it. Opens without a certificate, and shows no patient.

mod renew;
mod take;

pub(crate) use renew::renew;
pub(crate) use take::take;

use crate::pages::terminals::Handed;
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::policy::Standing;
use tasuki_core::terminal::{RENEWAL_DAYS, days_left};
use tasuki_core::{Code, Fault};

#[derive(Template)]
#[template(path = "pages/terminal/page.html")]
struct TerminalPage<'a> {
    shell: Shell,
    csrf: Option<&'a str>,
    failed: Option<(&'static str, &'static str)>,
    /// Its name, the last day of its certificate, and the days that are left.
    known: Option<(String, String, i64)>,
    renews: bool,
    warned: i64,
    /// A renewed certificate that waits, and what it is encrypted under.
    handed: Option<&'a Handed>,
    /// The certificate for a request, as text.
    pem: Option<String>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None, None, None)?))
}

/// Days that are left of the certificate that this request was made with.
fn left(visit: &Visit<'_>) -> Result<Option<(String, i64)>, Fault> {
    let Some(shown) = &visit.ask.certificate else {
        return Ok(None);
    };
    let find = |tx: &dyn tasuki_core::ports::Reading| tx.terminal_certificate(&shown.fingerprint);
    let found = visit.portal.store.reading(find)?;
    Ok(found.map(|certificate| {
        let day = words_of::long_day(visit.w, certificate.until.in_jst().day());
        (day, days_left(certificate.until, visit.now))
    }))
}

fn render(
    visit: &Visit<'_>,
    handed: Option<&Handed>,
    pem: Option<String>,
    failed: Option<Code>,
) -> Result<String, Stop> {
    let known = match (&visit.terminal, left(visit)?) {
        (Standing::InForce(terminal), Some((day, left))) => {
            Some((terminal.name.to_string(), day, left))
        }
        _ => None,
    };
    let soon = known
        .as_ref()
        .is_some_and(|(.., left)| *left < RENEWAL_DAYS);
    let page = TerminalPage {
        shell: Shell::of(visit, "terminal", visit.w.terminal_title()),
        csrf: visit.who.as_ref().map(|who| who.session.csrf.as_str()),
        failed: failed.map(|code| (visit.says(code), code.id())),
        renews: soon && handed.is_none() && pem.is_none(),
        known,
        warned: RENEWAL_DAYS,
        handed,
        pem,
    };
    Ok(page.render()?)
}
