//! `/` and `/patients/{person}` lead on.

use crate::visit::{Reply, Stop, Visit};

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let to = if visit.who.is_some() {
        "/patients"
    } else {
        "/sign-in"
    };
    Ok(Reply::redirect(to))
}

pub(crate) fn chart(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::redirect(format!(
        "/patients/{}/calendar",
        visit.ask.param("person")
    )))
}
