//! `/` and `/patients/{person}` lead on.

use crate::visit::{Reply, Stop, Visit};
use tasuki_core::policy::role_decides_identity;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let to = match &visit.who {
        Some(who) if role_decides_identity(who.session.membership.role) => "/desk",
        Some(_) => "/patients",
        None => "/sign-in",
    };
    Ok(Reply::redirect(to))
}

pub(crate) fn chart(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::redirect(format!(
        "/patients/{}/calendar",
        visit.ask.param("person")
    )))
}
