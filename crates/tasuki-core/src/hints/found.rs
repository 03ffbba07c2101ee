//! What makes reading unusual: three rules over names and counts.

use super::{DAY_SECONDS, Hint, Reading, Unusual};
use crate::Fault;
use crate::audit::Action;
use crate::ports::{self, Account, AuditSearch, PatientRecord, WatchKind};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_model::{FacilityId, Instant, JstDay, PersonId, UserId};

/// Accounts of one facility that are compared.
const ACCOUNTS_MAX: u32 = 5_000;
/// Views of one reader that are counted.
const VIEWS_MAX: u32 = 10_000;
/// So many times what is usual is unusual.
const TIMES: usize = 3;
/// What is usual is the average of the days of work in so many days before.
const USUAL_DAYS: i64 = 28;

/// The hints of some readings.
pub(super) fn hints(
    tx: &dyn ports::Reading,
    readings: &BTreeSet<Reading>,
    rule: Unusual,
    now: Instant,
) -> Result<Vec<Hint>, Fault> {
    let mut hints = Vec::new();
    let mut colleagues: BTreeMap<FacilityId, BTreeSet<String>> = BTreeMap::new();
    let mut counted: BTreeSet<(&UserId, &FacilityId)> = BTreeSet::new();
    for reading in readings {
        let Some(account) = tx.account(&reading.user)? else {
            continue;
        };
        if !colleagues.contains_key(&reading.facility) {
            let names = names_at(tx, &reading.facility)?;
            colleagues.insert(reading.facility.clone(), names);
        }
        let at_work = colleagues.get(&reading.facility);
        let records = tx.registrations_of(&reading.person)?;
        hints.extend(by_name(reading, &account, &records, at_work));
        if counted.insert((&reading.user, &reading.facility)) {
            hints.extend(by_volume(tx, reading, rule, now)?);
        }
    }
    Ok(hints)
}

fn names_at(tx: &dyn ports::Reading, facility: &FacilityId) -> Result<BTreeSet<String>, Fault> {
    let accounts = tx.accounts_at(facility, ACCOUNTS_MAX)?;
    Ok(accounts.iter().map(|a| joined(&a.name)).collect())
}

/// A name without spaces.
fn joined(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What stands before the first space: the family name, as accounts are written.
fn family(name: &str) -> &str {
    let mut parts = name.split_whitespace();
    let family = parts.next().unwrap_or_default();
    // Without a space nobody knows where it ends.
    if parts.next().is_some() { family } else { "" }
}

/// Somebody who works here, else somebody of the reader's own family name: one hint for a reader and a
/// person, however often it is opened.
fn by_name(
    reading: &Reading,
    account: &Account,
    records: &[PatientRecord],
    at_work: Option<&BTreeSet<String>>,
) -> Option<Hint> {
    let names = records
        .iter()
        .filter_map(|r| r.demographics.name.ideographic.as_ref());
    let names: Vec<_> = names.collect();
    let works = |whole: &String| at_work.is_some_and(|names| names.contains(whole));
    let own = family(&account.name);
    let kind = if names.iter().any(|name| works(&joined(&name.joined()))) {
        WatchKind::Colleague
    } else if !own.is_empty() && names.iter().any(|name| name.family.trim() == own) {
        WatchKind::OwnName
    } else {
        return None;
    };
    let here = records.iter().find(|r| r.facility == reading.facility);
    Some(Hint {
        kind,
        reading: reading.clone(),
        patient: here.map(|record| record.patient_key.clone()),
        mark: format!(
            "{kind:?} {} {} {}",
            reading.user, reading.facility, reading.person
        ),
    })
}

/// Far more persons today than on a usual day: one hint for a reader and a day.
fn by_volume(
    tx: &dyn ports::Reading,
    reading: &Reading,
    rule: Unusual,
    now: Instant,
) -> Result<Option<Hint>, Fault> {
    let today = JstDay::at(now);
    let since = |from: Instant| AuditSearch {
        user: Some(reading.user.clone()),
        action: Some(Action::ChartView),
        from: Some(from),
        ..AuditSearch::default()
    };
    let days = by_day(tx, &since(today.starts()))?;
    let count = days.get(&today).map_or(0, BTreeSet::len);
    if count < rule.charts {
        return Ok(None);
    }
    let from = today.starts().plus_seconds(-USUAL_DAYS * DAY_SECONDS);
    let mut days = by_day(tx, &since(from))?;
    days.remove(&today);
    let before: usize = days.values().map(BTreeSet::len).sum();
    let usual = before.checked_div(days.len()).unwrap_or(0);
    Ok((count > usual * TIMES).then(|| Hint {
        kind: WatchKind::Volume,
        reading: reading.clone(),
        patient: None,
        mark: format!("volume {} {} {today}", reading.user, reading.facility),
    }))
}

/// The persons that a search tells of, by day.
fn by_day(
    tx: &dyn ports::Reading,
    search: &AuditSearch,
) -> Result<BTreeMap<JstDay, BTreeSet<PersonId>>, Fault> {
    let mut days: BTreeMap<JstDay, BTreeSet<PersonId>> = BTreeMap::new();
    for line in tx.find_events(search, VIEWS_MAX)? {
        if let Some(person) = line.event.person {
            days.entry(JstDay::at(line.event.at))
                .or_default()
                .insert(person);
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::{family, joined};

    #[test]
    fn a_family_name_ends_at_the_first_space() {
        for (name, own, whole) in [
            ("水沢 健一", "水沢", "水沢健一"),
            ("水沢　健一", "水沢", "水沢健一"),
            ("水沢健一", "", "水沢健一"),
            ("", "", ""),
        ] {
            assert_eq!((family(name), joined(name)), (own, whole.to_owned()));
        }
    }
}
