//! The network's figures as they stand, and what of them the public sees: one operator proposes, another
//! approves, and what is published is what was counted when it was proposed. Counts only; no patient.

mod decide;

pub(crate) use decide::decide;

use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::ports::{Figures, Publication};
use tasuki_model::{Instant, JstDay, Role};

/// Months that are shown.
const MONTHS: i64 = 12;
/// Publications that are listed.
const LISTED: u32 = 24;

#[derive(Template)]
#[template(path = "pages/statistics/page.html")]
struct StatisticsPage {
    shell: Shell,
    csrf: String,
    now: Figures,
    months: Vec<(String, u64)>,
    waiting: Option<Proposal>,
    published: Vec<Proposal>,
    done: Option<String>,
}

/// Figures that were proposed.
struct Proposal {
    /// Its name in forms.
    name: i64,
    as_of: String,
    by: String,
    approved_by: String,
    figures: Figures,
    /// Whether this reader may approve it.
    mine: bool,
}

/// Only the operator counts and publishes.
fn operator(visit: &Visit<'_>) -> Result<(), Stop> {
    match visit.who()?.session.membership.role {
        Role::NetworkOperator => Ok(()),
        _ => Err(Stop::Refused),
    }
}

/// The first month that is counted.
pub(super) fn first_month(now: Instant) -> JstDay {
    JstDay::at(now).plus_days(-30 * (MONTHS - 1)).month_start()
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    operator(visit)?;
    let first = first_month(visit.now);
    let found = visit.portal.store.reading(|tx| {
        let mut named = Vec::new();
        for publication in tx.publications(LISTED)? {
            let name = |user| Ok::<_, tasuki_core::Fault>(tx.account(user)?.map(|a| a.name));
            let by = name(&publication.proposed_by)?;
            let approver = publication.approved.as_ref().map(|(_, by)| name(by));
            let approver = approver.transpose()?.flatten();
            named.push((publication, by, approver));
        }
        Ok((tx.figures(first, visit.now)?, named))
    })?;
    let (now, named) = found;
    let user = &visit.who()?.account.id;
    let listed = named.into_iter().map(|(it, by, approver)| {
        let proposal = Proposal {
            name: it.as_of.micros(),
            as_of: it.as_of.in_jst().to_string(),
            by: by.unwrap_or_else(|| it.proposed_by.to_string()),
            approved_by: approver.unwrap_or_default(),
            mine: it.proposed_by == *user,
            figures: it.figures.clone(),
        };
        (it, proposal)
    });
    let (waiting, published): (Vec<_>, Vec<_>) = listed.partition(|(it, _)| waits(it));
    let page = StatisticsPage {
        shell: Shell::of(visit, "statistics", visit.w.statistics_title()),
        csrf: visit.who()?.session.csrf.clone(),
        months: months(&now),
        now,
        waiting: waiting.into_iter().next().map(|(_, proposal)| proposal),
        published: published.into_iter().map(|(_, p)| p).collect(),
        done: done(visit),
    };
    Ok(Reply::notice(page.render()?))
}

const fn waits(publication: &Publication) -> bool {
    publication.approved.is_none()
}

/// Months in words with their counts, the newest first.
pub(super) fn months(figures: &Figures) -> Vec<(String, u64)> {
    let months = figures.by_month.iter().rev();
    months
        .map(|(month, views)| (format!("{}-{:02}", month.year(), month.month()), *views))
        .collect()
}

fn done(visit: &Visit<'_>) -> Option<String> {
    match visit.ask.query("done")? {
        "proposed" => Some(visit.w.statistics_done_proposed().into_owned()),
        "approved" => Some(visit.w.statistics_done_approved().into_owned()),
        _ => None,
    }
}
