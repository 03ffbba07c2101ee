//! Patient list and search: the patients of the reader's own facility, never strangers.

mod lists;

use crate::chart::basic_labels;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use lists::List;
use tasuki_core::audit::Action;
use tasuki_core::policy::{release_patients, role_takes_consents, role_tells_access};
use tasuki_core::ports::{PatientHit, PatientSearch};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Labelled};
use tasuki_model::time::parse_era_day;
use tasuki_model::{Instant, JstDay, JstTime};

/// Lines of one answer. More than that means: say more.
const LINES_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "pages/patients/page.html")]
struct PatientsPage {
    shell: Shell,
    today: String,
    own: String,
    asked: Asked,
    /// What was typed as a birth date but is none.
    birth_wrong: bool,
    searched: bool,
    /// The lists to choose from: address, words, whether it is shown.
    tabs: Vec<(String, String, bool)>,
    /// What stands in place of the lines where there are none.
    none: String,
    more: bool,
    lines: Vec<Line>,
    namesakes: Vec<String>,
}

/// The form as it was sent, to be shown again.
#[derive(Default)]
struct Asked {
    id: String,
    name: String,
    birth: String,
}

impl Asked {
    fn of(visit: &Visit<'_>) -> Self {
        let typed = |name| {
            let text = visit.ask.query(name).unwrap_or_default();
            text.chars().take(80).collect()
        };
        Self {
            id: typed("id"),
            name: typed("name"),
            birth: typed("birth"),
        }
    }
}

struct Line {
    href: String,
    /// Who has read the record, for the patient who asks at the desk.
    access: String,
    /// What the patient has agreed to, for the clerk who takes it.
    consent: String,
    kana: String,
    name: String,
    namesake: bool,
    sex: String,
    birth: String,
    age: String,
    local_id: String,
    latest: String,
}

/// A birth date as people type it: `1947-03-12`, `19470312`, `1947/3/12`, `S22.3.12`, `昭和22年3月12日`.
pub(crate) fn parse_birth(text: &str) -> Option<JstDay> {
    let text: String = text
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '／' | '/' | '．' => '-',
            '年' | '月' if text.starts_with(|c: char| c.is_numeric()) => '-',
            other => other,
        })
        .filter(|c| !c.is_whitespace())
        .collect();
    let parts: Vec<&str> = text.trim_end_matches('日').split('-').collect();
    if let [year, month, day] = parts[..]
        && year.len() == 4
    {
        return JstDay::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    }
    JstDay::parse_basic(&text)
        .ok()
        .or_else(|| parse_era_day(&text))
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let caller = who.caller();
    if !tasuki_core::policy::role_may_see(caller.role, tasuki_model::Category::Basic) {
        return no_patients(visit);
    }
    let asked = Asked::of(visit);
    let birth = (!asked.birth.is_empty()).then(|| parse_birth(&asked.birth));
    let birth_wrong = birth == Some(None);
    let search = PatientSearch {
        local_id: (!asked.id.is_empty()).then(|| asked.id.clone()),
        name: (!asked.name.is_empty()).then(|| asked.name.clone()),
        birth: birth.flatten(),
        sex: None,
    };
    let searched = search != PatientSearch::default();
    let list = List::asked(visit)?;
    let (list, hits, more) = visit.portal.store.reading(|tx| {
        if birth_wrong {
            return Ok((List::All, Vec::new(), false));
        }
        if searched {
            let (hits, more) = tx.search_patients(&caller.facility, &search, LINES_MAX)?;
            return Ok((List::All, hits, more));
        }
        let (list, hits) = lists::listed(tx, who, list)?;
        Ok((list, hits, false))
    })?;
    let hits = hits
        .into_iter()
        .map(|h| Labelled::new(basic_labels(&h.record), h))
        .collect();
    let released = release_patients(&caller, hits);
    let detail = format!("id={} name={} birth={}", asked.id, asked.name, asked.birth);
    let opens = tasuki_core::policy::role_opens_charts(caller.role);
    let body = released.try_map(|hits| {
        let lines = lines_of(visit, &hits, opens);
        PatientsPage {
            shell: Shell::of(visit, "patients", visit.w.patients_title()),
            today: words_of::long_day(visit.w, JstDay::at(visit.now)),
            own: Mark::of(visit, &who.facility).short,
            namesakes: namesakes_of(visit, &hits),
            asked,
            birth_wrong,
            searched,
            tabs: list.tabs(visit.w),
            none: list.empty(visit.w).into_owned(),
            more,
            lines,
        }
        .render()
        .map(Body::html)
    })?;
    let reply = Reply::new(Egress::released(Action::PatientSearch, body));
    Ok(if searched {
        reply.with_detail(detail)
    } else {
        reply
    })
}

/// For roles that see no patients: the page says so and where to go.
fn no_patients(visit: &Visit<'_>) -> Result<Reply, Stop> {
    #[derive(Template)]
    #[template(path = "pages/patients/none.html")]
    struct NoPatients {
        shell: Shell,
    }
    let shell = Shell::of(visit, "patients", visit.w.patients_title());
    Ok(Reply::notice(NoPatients { shell }.render()?))
}

fn lines_of(visit: &Visit<'_>, hits: &[PatientHit], opens: bool) -> Vec<Line> {
    let today = JstDay::at(visit.now);
    let role = visit.who.as_ref().map(|who| who.session.membership.role);
    let tells = role.is_some_and(role_tells_access);
    let takes = role.is_some_and(role_takes_consents);
    hits.iter()
        .map(|hit| {
            let d = &hit.record.demographics;
            Line {
                href: if opens {
                    format!("/patients/{}/calendar", hit.record.person)
                } else {
                    String::new()
                },
                access: match tells {
                    true => format!("/patients/{}/access", hit.record.person),
                    false => String::new(),
                },
                consent: match takes {
                    true => format!("/patients/{}/consent", hit.record.person),
                    false => String::new(),
                },
                kana: d.name.kana(),
                name: d.name.display(),
                namesake: hits.iter().any(|o| is_namesake(o, hit)),
                sex: words_of::sex(visit.w, d.sex).into_owned(),
                birth: d.birth.map_or_else(
                    || visit.w.banner_unknown().into_owned(),
                    |day| words_of::birth(visit.w, day),
                ),
                age: d.birth.map_or_else(String::new, |day| {
                    visit.w.banner_age(day.years_until(today)).into_owned()
                }),
                local_id: hit.record.local_id.to_string(),
                latest: hit
                    .latest
                    .map(Instant::in_jst)
                    .as_ref()
                    .map_or_else(String::new, JstTime::to_string),
            }
        })
        .collect()
}

fn is_namesake(a: &PatientHit, b: &PatientHit) -> bool {
    let name = |h: &PatientHit| h.record.demographics.name.display();
    let kana = |h: &PatientHit| h.record.demographics.name.kana();
    a.record.person != b.record.person
        && (name(a) == name(b) || (!kana(a).is_empty() && kana(a) == kana(b)))
}

/// One warning per name that two patients of the list share.
fn namesakes_of(visit: &Visit<'_>, hits: &[PatientHit]) -> Vec<String> {
    let mut warned: Vec<String> = Vec::new();
    for hit in hits {
        let name = hit.record.demographics.name.display();
        let count = 1 + hits.iter().filter(|o| is_namesake(o, hit)).count();
        let warning = visit.w.patients_namesakes(&name, count).into_owned();
        if count > 1 && !warned.contains(&warning) {
            warned.push(warning);
        }
    }
    warned
}

#[cfg(test)]
mod tests {
    use super::parse_birth;

    #[test]
    fn a_birth_date_is_read_as_people_type_it() {
        for text in [
            "1947-03-12",
            "19470312",
            "1947/3/12",
            "1947年3月12日",
            "S22.3.12",
            "昭和22年3月12日",
            "１９４７－０３－１２".replace('－', "-").as_str(),
            "3220312",
        ] {
            assert_eq!(
                parse_birth(text).map(|d| d.to_string()).as_deref(),
                Some("1947-03-12"),
                "{text}"
            );
        }
        for bad in ["", "47-03-12", "1947-13-01", "花子"] {
            assert_eq!(parse_birth(bad), None, "{bad}");
        }
    }
}
