//! A facility's own codes: which items it sends without a standard code, how often, and what each may
//! stand for. What somebody decides holds for the next page of a chart; the documents stay as they are.
//! No patient is on this page: codes, names of items and counts.

mod decide;
mod row;

pub(crate) use decide::decide;

use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use row::Row;
use std::collections::BTreeMap;
use tasuki_core::policy::role_keeps_dictionary;
use tasuki_core::ports::{CodedKind, SeenItem};
use tasuki_model::{Facility, FacilityId, Role};

/// Items of a facility at most; the page says that there are more.
const ITEMS_MAX: u32 = 300;
/// Items that suggestions are looked for in.
const KNOWN_MAX: u32 = 10_000;

#[derive(Template)]
#[template(path = "pages/dictionary/page.html")]
struct DictionaryPage {
    shell: Shell,
    csrf: String,
    /// The facilities that may be chosen: id, name, whether it is shown.
    facilities: Vec<(String, String, bool)>,
    facility: String,
    name: String,
    open: Vec<Row>,
    mapped: Vec<Row>,
    more: bool,
    done: Option<String>,
}

/// The facilities whose dictionary a user keeps: their own, or for the operator every one.
fn facilities(visit: &Visit<'_>) -> Result<Vec<Facility>, Stop> {
    let who = visit.who()?;
    let role = who.session.membership.role;
    if !role_keeps_dictionary(role) {
        return Err(Stop::Refused);
    }
    if role != Role::NetworkOperator {
        return Ok(vec![who.facility.clone()]);
    }
    Ok(visit.portal.store.reading(|tx| tx.facilities())?)
}

/// The one that is asked for; unknown and not allowed look the same.
fn chosen<'f>(facilities: &'f [Facility], asked: Option<&str>) -> Result<&'f Facility, Stop> {
    let found = match asked {
        Some(id) => facilities.iter().find(|f| f.id.as_str() == id),
        None => facilities.first(),
    };
    found.ok_or(Stop::Refused)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let all = facilities(visit)?;
    let facility = chosen(&all, visit.ask.query("facility"))?;
    let (items, known, mappings) = visit.portal.store.reading(|tx| {
        let mut known = BTreeMap::new();
        for kind in CodedKind::ALL {
            known.insert(*kind, tx.standard_items(*kind, KNOWN_MAX)?);
        }
        let items = tx.local_items(&facility.id, ITEMS_MAX + 1)?;
        let own = std::slice::from_ref(&facility.id);
        Ok((items, known, tx.code_mappings(own)?))
    })?;
    let of = |item: &SeenItem| mappings.iter().find(|m| m.item == item.item);
    let more = items.len() > ITEMS_MAX as usize;
    let rows = items.iter().take(ITEMS_MAX as usize);
    let open = rows.filter(|item| of(item).is_none());
    let times = |item| items.iter().find(|s| s.item == item).map_or(0, |s| s.times);
    let mapped = mappings
        .iter()
        .map(|m| Row::mapped(visit, m, times(m.item.clone())));
    let shell = Shell::of(visit, "dictionary", visit.w.dictionary_title());
    let page = DictionaryPage {
        shell,
        csrf: visit.who()?.session.csrf.clone(),
        facilities: all
            .iter()
            .map(|f| (f.id.to_string(), name(visit, f), f.id == facility.id))
            .collect(),
        facility: facility.id.to_string(),
        name: name(visit, facility),
        open: open
            .map(|item| Row::open(visit, item, known.get(&item.item.kind)))
            .collect(),
        mapped: mapped.collect(),
        more,
        done: done(visit),
    };
    Ok(Reply::notice(page.render()?))
}

fn name(visit: &Visit<'_>, facility: &Facility) -> String {
    crate::shell::facility_name(visit, facility)
}

fn done(visit: &Visit<'_>) -> Option<String> {
    match visit.ask.query("done")? {
        "mapped" => Some(visit.w.dictionary_done_mapped().into_owned()),
        "undone" => Some(visit.w.dictionary_done_undone().into_owned()),
        _ => None,
    }
}

/// The address of a facility's dictionary.
fn address(facility: &FacilityId, done: &str) -> String {
    format!("/admin/dictionary?facility={facility}&done={done}")
}
