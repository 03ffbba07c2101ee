//! What is said of a line: by the officer of its facility, and by who was asked back.

use super::officer;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{Judgement, Verdict, Watch};
use tasuki_core::{Code, Fault};
use tasuki_model::WatchId;

/// Things said of one line.
const SAID_MAX: usize = 40;
/// Longest text.
const WORDS_MAX: usize = 400;

pub(crate) fn judge(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = officer(visit)?;
    let verdict = match visit.ask.form("verdict") {
        Some("justified") => Verdict::Justified,
        Some("not-justified") => Verdict::NotJustified,
        Some("ask") => Verdict::Asked,
        _ => return Err(Stop::wrong("verdict")),
    };
    // Whoever asks or blames says why.
    if verdict != Verdict::Justified && words(visit).is_empty() {
        let fault = Fault::new(Code::EmergencyUnsaid, "a verdict without words");
        return Err(Stop::Fault(fault));
    }
    let own = |watch: &Watch| watch.facility == who.facility.id;
    say(visit, Some(verdict), own)?;
    Ok(Reply::redirect("/admin/reviews").with_detail(format!("{verdict:?}")))
}

/// Whoever was asked back answers, for their own lines only.
pub(crate) fn answer(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let user = visit.who()?.account.id.clone();
    if words(visit).is_empty() {
        let fault = Fault::new(Code::EmergencyUnsaid, "an answer without words");
        return Err(Stop::Fault(fault));
    }
    let asked = |watch: &Watch| {
        let last = watch.judged.last().and_then(|j| j.verdict);
        watch.user == user && last == Some(Verdict::Asked)
    };
    say(visit, None, asked)?;
    Ok(Reply::redirect("/emergency/mine").with_detail("answered".to_owned()))
}

fn words(visit: &Visit<'_>) -> String {
    let text = visit.ask.form("words").unwrap_or_default();
    text.chars().take(WORDS_MAX).collect()
}

fn say(
    visit: &Visit<'_>,
    verdict: Option<Verdict>,
    may: impl Fn(&Watch) -> bool + Send + Sync,
) -> Result<(), Stop> {
    let id = visit.ask.form("watch").unwrap_or_default();
    let id = WatchId::new(id).map_err(|_| Stop::Refused)?;
    let said = Judgement {
        verdict,
        words: words(visit).into(),
        by: visit.who()?.account.id.clone(),
        at: visit.now,
    };
    let done = visit.portal.store.writing(|tx| {
        let found = tx.watch(&id)?.filter(|watch| may(watch));
        let Some(mut watch) = found.filter(|watch| watch.judged.len() < SAID_MAX) else {
            return Ok(false);
        };
        watch.judged.push(said.clone());
        tx.put_watch(&watch)?;
        Ok(true)
    })?;
    match done {
        true => Ok(()),
        false => Err(Stop::Refused),
    }
}
