//! The star on a patient and on a document: a form, so that it works without script, which leads back
//! to the page it stood on. It changes what the reader finds again, and nothing of the record.

use crate::chart;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_model::UniqueId;

/// The form.
#[derive(Template)]
#[template(path = "pages/kept/star.html")]
pub(crate) struct Star {
    action: String,
    csrf: String,
    /// The page to come back to.
    back: String,
    /// `uniqueId`; empty for the patient.
    document: String,
    kept: bool,
    words: String,
}

impl Star {
    /// The star of the patient.
    pub fn of_patient(visit: &Visit<'_>, base: &str, kept: bool) -> Self {
        let w = visit.w;
        let words = if kept {
            w.kept_release()
        } else {
            w.kept_keep()
        };
        Self::new(visit, base, String::new(), kept, words.into_owned())
    }

    /// The star of a document; none for one without a name of its own.
    pub fn of_document(
        visit: &Visit<'_>,
        base: &str,
        document: &str,
        kept: &chart::Kept,
    ) -> Option<Self> {
        UniqueId::new(document).ok()?;
        let kept = kept.bookmarks.contains(document);
        let w = visit.w;
        let words = if kept { w.kept_unmark() } else { w.kept_mark() };
        let words = words.into_owned();
        Some(Self::new(visit, base, document.to_owned(), kept, words))
    }

    fn new(visit: &Visit<'_>, base: &str, document: String, kept: bool, words: String) -> Self {
        let csrf = visit.who.as_ref().map(|who| who.session.csrf.clone());
        Self {
            action: format!("{base}/kept"),
            csrf: csrf.unwrap_or_default(),
            back: visit.ask.target.clone(),
            document,
            kept,
            words,
        }
    }
}

pub(crate) fn keep(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let patient = chart.own_registration().ok_or(Stop::Refused)?;
    let keep = match visit.ask.form("keep").unwrap_or_default() {
        "yes" => true,
        "no" => false,
        _ => return Err(Stop::wrong("keep is yes or no")),
    };
    let document = visit.ask.form("document").map(UniqueId::new).transpose();
    let document = document.map_err(|_| Stop::wrong("document"))?;
    let user = visit.who()?.account.id.clone();
    visit.portal.store.writing(|tx| {
        let document = document.as_ref().map(UniqueId::as_str);
        tx.keep(&user, &patient, document, keep)
    })?;
    let base = format!("/patients/{person}");
    // Back to where the star stood, and nowhere but this chart.
    let back = visit.ask.form("back").unwrap_or_default();
    let to = match back.strip_prefix(base.as_str()) {
        Some(rest) if rest.starts_with('/') => back,
        _ => base.as_str(),
    };
    Ok(Reply::redirect(to).about(&person).with_detail(format!(
        "{} {}",
        if keep { "keep" } else { "let go" },
        document.as_ref().map_or("patient", |_| "document")
    )))
}
