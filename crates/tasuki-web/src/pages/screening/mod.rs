//! 感染症・薬剤禁忌・健診 of every source on one page: three kinds that stand in documents of other kinds,
//! picked out of them. Each block says in a sentence what is known of it and what is not; nothing is
//! judged, and what is not here is never called none.

mod blocks;
#[cfg(test)]
mod tests;

use crate::chart::Section;
use crate::chart::merged::{Drawn, merged};
use crate::pages::section;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};

/// Days that are looked through: infections and contraindications are kept for five years
/// (電子カルテ情報共有サービス).
const WINDOW_DAYS: i64 = 5 * 365 + 1;

#[derive(Template)]
#[template(path = "pages/screening/toolbar.html")]
struct Toolbar {
    w: Words,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Labs);
    }
    let filter = EntryFilter {
        categories: vec![
            Category::Lab,
            Category::Allergy,
            Category::Basic,
            Category::Report,
            Category::File,
        ],
        from: Some(JstDay::at(visit.now).plus_days(-WINDOW_DAYS)),
        service: Service::Either,
        ..EntryFilter::default()
    };
    merged(visit, Section::Screening, &filter, |view| {
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: blocks::blocks(view).render()?,
            aside: String::new(),
        })
    })
}
