//! A facility's own codes: which items it sends without a standard code, how often, and what each may
//! stand for. What somebody decides holds for the next page of a chart; the documents stay as they are.
//! No patient is on this page: codes, names of items and counts. Institutions of other communities, whose
//! items came with copies, are kept by the operator.

mod decide;
mod row;

pub(crate) use decide::decide;

use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use row::Row;
use std::collections::BTreeMap;
use tasuki_core::elsewhere::Member;
use tasuki_core::policy::role_keeps_dictionary;
use tasuki_core::ports::{CodedKind, Institution, Reading, SeenItem};
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

/// Somebody whose dictionary is kept: a facility of ours, or an institution of another community.
struct Kept {
    id: FacilityId,
    name: String,
}

impl Kept {
    fn of(visit: &Visit<'_>, facility: &Facility) -> Self {
        Self {
            id: facility.id.clone(),
            name: crate::shell::facility_name(visit, facility),
        }
    }

    /// An institution of another community, by the community's name and its own.
    fn elsewhere(members: &[Member], key: FacilityId) -> Option<Self> {
        let institution = Institution::from_key(&key)?;
        let member = members
            .iter()
            .find(|m| m.community == institution.community);
        let community = member.map_or(institution.community.as_str(), |m| &m.name);
        let parts = [community, &institution.name, &institution.number];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        Some(Self {
            name: parts.collect::<Vec<_>>().join("　"),
            id: key,
        })
    }
}

/// Whose dictionary a user keeps: their own facility's, or for the operator every one.
fn facilities(visit: &Visit<'_>) -> Result<Vec<Kept>, Stop> {
    let who = visit.who()?;
    let role = who.session.membership.role;
    if !role_keeps_dictionary(role) {
        return Err(Stop::Refused);
    }
    if role != Role::NetworkOperator {
        return Ok(vec![Kept::of(visit, &who.facility)]);
    }
    let read = |tx: &dyn Reading| Ok((tx.facilities()?, tx.item_institutions()?));
    let (ours, others) = visit.portal.store.reading(read)?;
    let gateway = visit.portal.others.as_ref();
    let members = gateway.map(|o| o.members()).unwrap_or_default();
    let ours = ours.iter().map(|facility| Kept::of(visit, facility));
    let others = others
        .into_iter()
        .filter_map(|key| Kept::elsewhere(&members, key));
    Ok(ours.chain(others).collect())
}

/// The one that is asked for; unknown and not allowed look the same.
fn chosen<'f>(facilities: &'f [Kept], asked: Option<&str>) -> Result<&'f Kept, Stop> {
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
            .map(|f| (f.id.to_string(), f.name.clone(), f.id == facility.id))
            .collect(),
        facility: facility.id.to_string(),
        name: facility.name.clone(),
        open: open
            .map(|item| Row::open(visit, item, known.get(&item.item.kind)))
            .collect(),
        mapped: mapped.collect(),
        more,
        done: done(visit),
    };
    Ok(Reply::notice(page.render()?))
}

fn done(visit: &Visit<'_>) -> Option<String> {
    match visit.ask.query("done")? {
        "mapped" => Some(visit.w.dictionary_done_mapped().into_owned()),
        "undone" => Some(visit.w.dictionary_done_undone().into_owned()),
        _ => None,
    }
}

/// The address of somebody's dictionary.
fn address(facility: &FacilityId, done: &str) -> String {
    let query = [("facility", facility.as_str()), ("done", done)];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    format!("/admin/dictionary?{query}")
}
