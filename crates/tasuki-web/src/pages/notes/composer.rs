//! The form in which a note is written. It stands outside the part of the page that fills as others
//! answer, so that nothing typed is lost, and works without scripts.

use crate::sign_in::random_hex;
use crate::upload::Attachments;
use crate::visit::{Stop, Visit};
use crate::words::Words;
use askama::Template;
use tasuki_core::Fault;
use tasuki_core::policy::role_writes_notes;
use tasuki_model::EntryUuid;
use tasuki_records::note::CHARACTERS_MAX;

#[derive(Template)]
#[template(path = "pages/notes/composer.html")]
pub(super) struct Composer {
    w: Words,
    action: String,
    csrf: String,
    characters: usize,
    /// The note that is added to.
    adds: Option<String>,
    /// Nothing where files are not taken.
    files: Option<Attachments>,
    megabytes: usize,
    /// Names this form, so that what is sent twice is written once.
    once: String,
    /// What was typed and not taken, by the names of the fields.
    typed: Typed,
    /// Why, with its code.
    refused: Option<(&'static str, &'static str)>,
}

/// What stands in the fields.
#[derive(Default)]
struct Typed {
    text: String,
    next_visit: String,
    change_of_plan: String,
    points_to_watch: String,
    wishes: String,
}

impl Typed {
    fn of(visit: &Visit<'_>) -> Self {
        let typed = |name| visit.ask.form(name).unwrap_or_default().to_owned();
        Self {
            text: typed("text"),
            next_visit: typed("next-visit"),
            change_of_plan: typed("change-of-plan"),
            points_to_watch: typed("points-to-watch"),
            wishes: typed("wishes"),
        }
    }
}

impl Composer {
    /// The form; nothing for roles that do not write, and on a node that publishes nothing.
    pub fn of(visit: &Visit<'_>, refused: Option<&Fault>) -> Result<Option<Self>, Stop> {
        let who = visit.who()?;
        if !role_writes_notes(who.session.membership.role) || visit.portal.publishing.is_none() {
            return Ok(None);
        }
        let adds = visit.ask.query("add").or_else(|| visit.ask.form("adds"));
        let adds = adds.and_then(|id| EntryUuid::new(id).ok());
        let takes = visit.portal.config.attachments;
        let open = visit.portal.scanner.is_some() || takes.unscanned;
        Ok(Some(Self {
            w: visit.w,
            action: visit.ask.path.clone(),
            csrf: who.session.csrf.clone(),
            characters: CHARACTERS_MAX,
            adds: adds.map(|id| id.as_str().to_owned()),
            files: open.then_some(takes),
            megabytes: takes.bytes_max / (1024 * 1024),
            once: random_hex()?,
            typed: refused.map(|_| Typed::of(visit)).unwrap_or_default(),
            refused: refused.map(|fault| (visit.says(fault.code), fault.code.id())),
        }))
    }
}
