//! What a facility keeps out of a record by itself: a document, a department, a period.

use super::words::sentence;
use super::{Names, typed};
use crate::pages::words_of;
use crate::visit::Visit;
use std::collections::BTreeMap;
use tasuki_core::Fault;
use tasuki_core::policy::{Outline, Restriction, Terms};
use tasuki_core::ports::{PatientRecord, Writing};
use tasuki_model::{EntryUuid, JstDay};

fn outline(visit: &Visit<'_>, of: &Outline) -> String {
    let day = of.day.map(|day| words_of::long_day(visit.w, day));
    let kind = words_of::category(visit.w, of.category).into_owned();
    let department = of.department.clone();
    let parts = [day, Some(kind), department];
    parts.into_iter().flatten().collect::<Vec<_>>().join("　")
}

/// What is kept out now, each with its place in the list.
pub(super) fn lines(
    visit: &Visit<'_>,
    hidden: &Terms,
    outlines: &[Outline],
) -> Vec<(usize, String)> {
    let nobody = Names {
        facilities: BTreeMap::new(),
        communities: BTreeMap::new(),
        users: BTreeMap::new(),
    };
    let said = |restriction: &Restriction| match restriction {
        Restriction::NotDocument(id) => {
            let known = outlines.iter().find(|o| o.document == *id);
            known.map_or_else(
                || sentence(visit, restriction, &nobody),
                |known| {
                    let what = outline(visit, known);
                    visit.w.consent_not_this(&what).into_owned()
                },
            )
        }
        other => sentence(visit, other, &nobody),
    };
    hidden.restrictions().iter().map(said).enumerate().collect()
}

/// The documents that are not kept out yet.
pub(super) fn choices(
    visit: &Visit<'_>,
    hidden: &Terms,
    outlines: &[Outline],
) -> Vec<(String, String)> {
    let open = outlines.iter().filter(|o| {
        let this = Restriction::NotDocument(o.document.clone());
        !hidden.restrictions().contains(&this)
    });
    open.map(|o| (o.document.to_string(), outline(visit, o)))
        .collect()
}

/// What is kept out after a form: one more, or one less.
pub(super) fn changed(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    record: &PatientRecord,
    before: &Terms,
) -> Result<Terms, Fault> {
    let mut all = before.restrictions().to_vec();
    let form = |name: &str| visit.ask.form(name);
    if form("act") == Some("show") {
        let number = form("number").and_then(|n| n.parse::<usize>().ok());
        let number = number.filter(|n| *n < all.len());
        all.remove(number.ok_or_else(|| typed::wrong("which one"))?);
        return Ok(Terms::new(all));
    }
    let day = |name: &str| {
        let said = form(name).map(JstDay::parse_iso);
        said.transpose().map_err(|_| typed::wrong(name))
    };
    let (first, last) = (day("shown-from")?, day("shown-to")?);
    let more = match (form("document"), form("department")) {
        (Some(id), _) => {
            let id = EntryUuid::new(id).map_err(|_| typed::wrong("document"))?;
            if tx.locate(&id)?.as_ref() != Some(&record.patient_key) {
                return Err(typed::wrong("document"));
            }
            Restriction::NotDocument(id)
        }
        (None, Some(code)) => Restriction::NotDepartment(code.chars().take(20).collect()),
        (None, None) if form("objects").is_some() => Restriction::Objects,
        (None, None) if first.is_some() || last.is_some() => Restriction::OnlyDays {
            from: first,
            to: last,
        },
        (None, None) => return Err(typed::wrong("what is kept out")),
    };
    if !all.contains(&more) {
        all.push(more);
    }
    Ok(Terms::new(all))
}
