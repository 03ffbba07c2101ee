//! One terminal: what it is, its certificates, what its keeper may do; and, once, the code and the passphrase.

use super::act::{id_of, terminal_of};
use super::state::State;
use super::{Handed, keeper};
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use tasuki_core::Code;
use tasuki_core::ports::{Reading, TerminalCertificate};
use tasuki_model::{TerminalId, UserId};

#[derive(Template)]
#[template(path = "pages/terminals/one.html")]
struct OnePage<'a> {
    shell: Shell,
    csrf: &'a str,
    action: String,
    done: Option<String>,
    failed: Option<(&'static str, &'static str)>,
    handed: Option<&'a Handed>,
    name: String,
    place: String,
    owner: Option<String>,
    state: String,
    enrolled: String,
    approved: Option<String>,
    revoked: Option<String>,
    /// From, until, last used, and the beginning of the fingerprint.
    certificates: Vec<(String, String, Option<String>, String)>,
    /// The certificate of a terminal's own request.
    pem: Option<String>,
    may_approve: bool,
    may_again: bool,
    may_revoke: bool,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let id = id_of(visit)?;
    Ok(Reply::notice(render(visit, &id, None, None)?))
}

pub(super) fn render(
    visit: &Visit<'_>,
    id: &TerminalId,
    handed: Option<&Handed>,
    failed: Option<Code>,
) -> Result<String, Stop> {
    let caller = keeper(visit)?;
    let found = visit.portal.store.reading(|tx| {
        let Some(terminal) = terminal_of(tx, &caller, id)? else {
            return Ok(None);
        };
        let certificates = tx.terminal_certificates_of(id)?;
        let who = |by: &UserId| named(tx, by);
        let by = |done: &tasuki_core::ports::Done| {
            Ok::<_, tasuki_core::Fault>(format!("{} {}", done.at.in_jst(), who(&done.by)?))
        };
        let enrolled = by(&terminal.enrolled)?;
        let approved = terminal.approved.as_ref().map(by).transpose()?;
        let revoked = terminal.revoked.as_ref().map(by).transpose()?;
        let owner = terminal.owner.as_ref().map(who).transpose()?;
        let waits = tx.terminal_waits(id)?;
        Ok(Some((
            terminal,
            certificates,
            waits,
            [Some(enrolled), approved, revoked, owner],
        )))
    })?;
    let (terminal, certificates, waits, said) = found.ok_or(Stop::Refused)?;
    let [enrolled, approved, revoked, owner] = said;
    let four_eyes = visit.portal.config.four_eyes;
    let state = State::of(&terminal, &certificates, waits, four_eyes, visit.now);
    let w = visit.w;
    let newest = certificates.first().filter(|_| terminal.request.is_some());
    let page = OnePage {
        shell: Shell::of(visit, "terminals", w.terminals_one_title()),
        csrf: &visit.who()?.session.csrf,
        action: format!("/admin/terminals/{id}"),
        done: (visit.ask.query("done") == Some("revoke"))
            .then(|| w.terminals_done_revoked().into_owned()),
        failed: failed.map(|code| (visit.says(code), code.id())),
        handed,
        name: terminal.name.to_string(),
        place: terminal.place.to_string(),
        owner,
        state: state.words(w),
        enrolled: enrolled.unwrap_or_default(),
        approved,
        revoked,
        pem: newest.map(|certificate| pem(&certificate.der)),
        certificates: certificates.iter().map(|c| shown(visit, c)).collect(),
        may_approve: state == State::ToApprove,
        may_again: matches!(state, State::Waiting | State::Missed) && terminal.request.is_none(),
        may_revoke: state != State::Revoked,
    };
    Ok(page.render()?)
}

fn named(tx: &(impl Reading + ?Sized), user: &UserId) -> Result<String, tasuki_core::Fault> {
    let account = tx.account(user)?;
    Ok(account.map_or_else(|| user.to_string(), |account| account.name))
}

fn shown(
    visit: &Visit<'_>,
    certificate: &TerminalCertificate,
) -> (String, String, Option<String>, String) {
    let day = |at: tasuki_model::Instant| words_of::long_day(visit.w, at.in_jst().day());
    (
        day(certificate.from),
        day(certificate.until),
        certificate.used.map(|at| at.in_jst().to_string()),
        certificate.fingerprint.chars().take(16).collect(),
    )
}

/// A certificate as text.
pub(crate) fn pem(der: &[u8]) -> String {
    let body = BASE64.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}
