//! Whose sheet it is, and who printed it: on every page of a print.

use crate::chart::Facts;
use crate::chart::lines::mark_of;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::visit::{Stop, Visit};
use tasuki_core::gather::Source;
use tasuki_model::JstDay;

/// Label and value of the banner.
pub(crate) fn banner(
    visit: &Visit<'_>,
    marks: &[Mark],
    facts: &Facts,
    allergies: String,
) -> Vec<(String, String)> {
    let w = visit.w;
    let own = facts.records.first();
    let demographics = own.map(|r| r.demographics.clone()).unwrap_or_default();
    let today = JstDay::at(visit.now);
    let birth = demographics.birth.map_or_else(
        || w.banner_unknown().into_owned(),
        |day| {
            let age = w.banner_age(day.years_until(today));
            format!("{} {age}", words_of::birth(w, day))
        },
    );
    let ids = facts.records.iter().map(|record| {
        let mark = mark_of(marks, &Source::Facility(record.facility.clone()));
        let short = mark.map(|mark| mark.short.as_str()).unwrap_or_default();
        format!("{short} {}", record.local_id)
    });
    let name = format!(
        "{}（{}）",
        demographics.name.display(),
        demographics.name.kana()
    );
    vec![
        (w.print_name().into_owned(), name),
        (
            w.banner_sex().into_owned(),
            words_of::sex(w, demographics.sex).into_owned(),
        ),
        (w.banner_birth().into_owned(), birth),
        (
            w.banner_ids().into_owned(),
            ids.collect::<Vec<_>>().join(" / "),
        ),
        (w.banner_allergies().into_owned(), allergies),
    ]
}

/// Who printed it, where and when.
pub(crate) fn printed(visit: &Visit<'_>) -> Result<String, Stop> {
    let who = visit.who()?;
    let facility = crate::shell::facility_name(visit, &who.facility);
    let at = visit.now.in_jst().to_string();
    let by = visit.w.print_by(&at, &facility, &who.account.name);
    Ok(by.into_owned())
}
