//! What the user has opened in emergencies, open or ended, and what an officer asks back about it.

use super::physician;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::ports::Emergency;

/// Emergencies that are listed.
pub(super) const LINES_MAX: u32 = 50;

/// An emergency, without the patient's name: the number that stands for it, reason and end.
pub(super) struct Line {
    pub href: String,
    pub number: String,
    pub reason: String,
    pub begun: String,
    pub until: String,
    pub is_open: bool,
}

/// Something that an officer asks.
struct Asked {
    watch: String,
    at: String,
    words: String,
}

#[derive(Template)]
#[template(path = "pages/emergency/mine.html")]
struct MinePage {
    shell: Shell,
    csrf: String,
    lines: Vec<Line>,
    asked: Vec<Asked>,
}

/// Those that were opened; only the open ones where that is asked for.
pub(super) fn lines(visit: &Visit<'_>, emergencies: &[Emergency], open: bool) -> Vec<Line> {
    let line = |emergency: &Emergency| {
        let opening = emergency.opening.as_ref()?;
        let is_open = emergency.is_open(visit.now);
        let number: String = emergency.id.as_str().chars().take(8).collect();
        (is_open || !open).then(|| Line {
            href: format!("/emergency/{}", emergency.id),
            number: format!("EMS-{}", number.to_uppercase()),
            reason: super::steps::reason(visit, opening.reason),
            begun: opening.at.in_jst().to_string(),
            until: emergency.until.in_jst().to_string(),
            is_open,
        })
    };
    emergencies.iter().filter_map(line).collect()
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = physician(visit)?;
    let user = &who.account.id;
    let (emergencies, asked) = visit.portal.store.reading(|tx| {
        let emergencies = tx.emergencies_of(user, LINES_MAX)?;
        Ok((emergencies, tx.asked_back(user, LINES_MAX)?))
    })?;
    let asked = asked.into_iter().map(|watch| Asked {
        watch: watch.id.to_string(),
        at: watch.at.in_jst().to_string(),
        words: watch
            .judged
            .last()
            .map(|j| j.words.to_string())
            .unwrap_or_default(),
    });
    let page = MinePage {
        shell: Shell::of(visit, "emergency", visit.w.emergency_mine()),
        csrf: who.session.csrf.clone(),
        lines: lines(visit, &emergencies, false),
        asked: asked.collect(),
    };
    Ok(Reply::notice(page.render()?))
}
