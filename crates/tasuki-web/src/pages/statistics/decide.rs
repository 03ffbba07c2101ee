//! Figures are proposed, or those of somebody else approved. Both are in the audit trail with the counts.

use super::{first_month, operator};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{Figures, Publication};
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

pub(crate) fn decide(visit: &Visit<'_>) -> Result<Reply, Stop> {
    operator(visit)?;
    let by = visit.who()?.account.id.clone();
    let store = &visit.portal.store;
    if visit.ask.form("answer") == Some("propose") {
        let first = first_month(visit.now);
        let publication = Publication {
            as_of: visit.now,
            figures: store.reading(|tx| tx.figures(first, visit.now))?,
            proposed_by: by,
            approved: None,
        };
        store.writing(|tx| tx.propose(&publication))?;
        let counts = counts(&publication.figures);
        let reply = Reply::redirect("/admin/statistics?done=proposed");
        return Ok(reply.with_detail(format!("figures proposed: {counts}")));
    }
    let name: Option<i64> = visit.ask.form("figures").and_then(|name| name.parse().ok());
    let as_of = Instant::from_micros(name.ok_or_else(|| Stop::wrong("figures"))?);
    let approved = store.writing(|tx| tx.approve(as_of, &by, visit.now))?;
    if !approved {
        let what = "not waiting, or one's own";
        return Err(Fault::new(Code::FiguresNotApproved, what).into());
    }
    let published = store.reading(|tx| tx.published())?;
    let counts = published.map(|it| counts(&it.figures)).unwrap_or_default();
    let reply = Reply::redirect("/admin/statistics?done=approved");
    Ok(reply.with_detail(format!("figures published: {counts}")))
}

fn counts(it: &Figures) -> String {
    format!(
        "disclosing {} viewing {} registered {} linked {} views {}",
        it.disclosing, it.viewing, it.registered, it.linked, it.views
    )
}
