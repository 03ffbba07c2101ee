//! The form of a consent: what was typed, as what it does not give.

use super::Names;
use crate::visit::Visit;
use std::collections::BTreeSet;
use tasuki_core::policy::{Restriction, Terms, Viewer};
use tasuki_core::ports::Signer;
use tasuki_core::{Code, Fault};
use tasuki_model::{Category, CommunityId, FacilityId, Instant, JstDay};

/// Characters of a field.
const FIELD_MAX: usize = 120;
/// Departments that one consent keeps out.
const DEPARTMENTS_MAX: usize = 10;

pub(super) fn wrong(why: &str) -> Fault {
    Fault::new(Code::ConsentForm, why)
}

/// What was typed.
pub(super) struct Typed {
    pub terms: Terms,
    pub signer: Signer,
    pub place: Box<str>,
    pub taken: Instant,
}

fn field(visit: &Visit<'_>, name: &str) -> String {
    let value = visit.ask.form(name).unwrap_or_default();
    value.chars().take(FIELD_MAX).collect()
}

fn day(visit: &Visit<'_>, name: &str) -> Result<Option<JstDay>, Fault> {
    let said = visit.ask.form(name).map(JstDay::parse_iso);
    said.transpose().map_err(|_| wrong(name))
}

/// Every value of a field that may stand several times.
fn several<'v>(visit: &'v Visit<'_>, name: &'v str) -> impl Iterator<Item = &'v str> {
    let pairs = visit.ask.form.iter();
    pairs.filter(move |(n, _)| n == name).map(|(_, v)| v.trim())
}

pub(super) fn typed(visit: &Visit<'_>, names: &Names) -> Result<Typed, Fault> {
    let signed = day(visit, "taken")?.ok_or_else(|| wrong("the day it was signed"))?;
    if signed > JstDay::at(visit.now) {
        return Err(wrong("a consent of a day to come"));
    }
    let (proxy, relation) = (field(visit, "proxy"), field(visit, "relation"));
    let signer = match (proxy.is_empty(), relation.is_empty()) {
        (true, true) => Signer::Patient,
        (false, false) => Signer::Proxy {
            name: proxy.into(),
            relation: relation.into(),
        },
        _ => return Err(wrong("a proxy's name without relation, or the other way")),
    };
    Ok(Typed {
        terms: Terms::new(terms(visit, names)?),
        signer,
        place: field(visit, "place").into(),
        // Of today: now, so that it comes after what was taken earlier today.
        taken: match signed == JstDay::at(visit.now) {
            true => visit.now,
            false => signed.starts(),
        },
    })
}

fn terms(visit: &Visit<'_>, names: &Names) -> Result<Vec<Restriction>, Fault> {
    let mut all = Vec::new();
    all.extend(viewers(visit, names)?);
    let open: Result<BTreeSet<Category>, Fault> = several(visit, "category")
        .map(|code| Category::from_code(code).ok_or_else(|| wrong("category")))
        .collect();
    if visit.ask.form("categories") == Some("some") {
        let open = open?;
        if open.is_empty() {
            return Err(wrong("no category"));
        }
        all.push(Restriction::OnlyCategories(open));
    }
    let (from, to) = (day(visit, "first-day")?, day(visit, "last-day")?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(wrong("days that end before they begin"));
    }
    if from.is_some() || to.is_some() {
        all.push(Restriction::OnlyDays { from, to });
    }
    let departments = field(visit, "without");
    let codes = departments.split([',', '、', ' ', '\u{3000}']);
    let codes: BTreeSet<&str> = codes.map(str::trim).filter(|c| !c.is_empty()).collect();
    if codes.len() > DEPARTMENTS_MAX {
        return Err(Fault::new(Code::ConsentTooLong, "departments"));
    }
    all.extend(
        codes
            .iter()
            .map(|code| Restriction::NotDepartment((*code).into())),
    );
    let (begins, ends) = (day(visit, "from")?, day(visit, "until")?);
    if ends.is_some_and(|ends| ends < JstDay::at(visit.now) || begins.is_some_and(|b| ends < b)) {
        return Err(wrong("an end before the beginning, or before today"));
    }
    all.extend(begins.map(|day| Restriction::NotBefore(day.starts())));
    // The last day belongs to it.
    all.extend(ends.map(|day| Restriction::Until(day.plus_days(1).starts())));
    if visit.ask.form("no-emergency").is_some() {
        all.push(Restriction::NoEmergency);
    }
    Ok(all)
}

/// 一括同意, 施設リスト指定, 施設ごと: everybody, some, or one.
fn viewers(visit: &Visit<'_>, names: &Names) -> Result<Option<Restriction>, Fault> {
    let mut named = BTreeSet::new();
    for id in several(visit, "facility") {
        let known = names.facilities.keys().find(|known| known.as_str() == id);
        let known: &FacilityId = known.ok_or_else(|| wrong("facility"))?;
        named.insert(Viewer::Facility(known.clone()));
    }
    for id in several(visit, "community") {
        let known = names.communities.keys().find(|known| known.as_str() == id);
        let known: &CommunityId = known.ok_or_else(|| wrong("community"))?;
        named.insert(Viewer::Community(known.clone()));
    }
    match (visit.ask.form("scope"), named.len()) {
        (Some("network"), _) => Ok(None),
        (Some("listed"), 1..) | (Some("single"), 1) => Ok(Some(Restriction::OnlyTo(named))),
        _ => Err(wrong("who may see")),
    }
}
