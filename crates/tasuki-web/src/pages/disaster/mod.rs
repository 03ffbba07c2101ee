//! 災害時モード: declared by one operator, confirmed by another, for some facilities and some hours. While it
//! is in force, emergencies there need no telephone call before, officers are told in one list and not one
//! by one, and a refusal in advance holds only where the network's rule says so. It ends by itself.

mod act;

pub(crate) use act::act;

use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use tasuki_core::Code;
use tasuki_core::policy::role_declares_disasters;
use tasuki_core::ports::{DISASTER_HOURS_MAX, Disaster};
use tasuki_model::{Facility, UserId};

/// Declarations that are listed.
const LINES_MAX: u32 = 20;

#[derive(Template)]
#[template(path = "pages/disaster/page.html")]
struct DisasterPage {
    shell: Shell,
    csrf: String,
    failed: Option<(String, &'static str)>,
    facilities: Vec<(String, String)>,
    hours_max: u32,
    lines: Vec<Line>,
    despite_refusal: bool,
}

struct Line {
    id: String,
    words: String,
    area: String,
    declared: String,
    confirmed: String,
    state: String,
    /// Waits for somebody else than who declared it; the reader is somebody else.
    confirms: bool,
    /// Can be ended, or taken back.
    ends: bool,
}

/// The operator; to everybody else the page is not there.
fn operator<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_declares_disasters(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    page(visit, None)
}

fn page(visit: &Visit<'_>, failed: Option<Code>) -> Result<Reply, Stop> {
    let who = operator(visit)?;
    let (facilities, all, names) = visit.portal.store.reading(|tx| {
        let all = tx.disasters(LINES_MAX)?;
        let mut names = Vec::new();
        for done in all
            .iter()
            .flat_map(|d| [Some(&d.declared), d.confirmed.as_ref()])
            .flatten()
        {
            if let Some(account) = tx.account(&done.by)? {
                names.push((account.id, account.name));
            }
        }
        Ok((tx.facilities()?, all, names))
    })?;
    let page = DisasterPage {
        shell: Shell::of(visit, "disaster", visit.w.disaster_title()),
        csrf: who.session.csrf.clone(),
        failed: failed.map(|code| (visit.says(code).to_owned(), code.id())),
        facilities: facilities
            .iter()
            .map(|f| (f.id.to_string(), facility_name(visit, f)))
            .collect(),
        hours_max: DISASTER_HOURS_MAX,
        lines: all
            .iter()
            .map(|disaster| line(visit, who, disaster, &facilities, &names))
            .collect(),
        despite_refusal: visit.portal.config.emergency.disaster_despite_refusal,
    };
    let mut reply = Reply::notice(page.render()?);
    reply.status = if failed.is_some() { 422 } else { 200 };
    Ok(reply)
}

fn line(
    visit: &Visit<'_>,
    who: &SignedIn,
    disaster: &Disaster,
    facilities: &[Facility],
    names: &[(UserId, String)],
) -> Line {
    let w = visit.w;
    let named = |done: &tasuki_core::ports::Done| {
        let name = names.iter().find(|(id, _)| *id == done.by);
        let name = name.map_or("", |(_, name)| name.as_str());
        format!("{}　{name}", done.at.in_jst())
    };
    let area = facilities
        .iter()
        .filter(|f| disaster.area.contains(&f.id))
        .map(|f| facility_name(visit, f));
    let (in_force, waits) = (disaster.in_force(visit.now), disaster.waits(visit.now));
    let until = disaster.until().map(|until| until.in_jst().to_string());
    Line {
        id: disaster.id.to_string(),
        words: disaster.words.to_string(),
        area: area.collect::<Vec<_>>().join("、"),
        declared: named(&disaster.declared),
        confirmed: disaster.confirmed.as_ref().map(named).unwrap_or_default(),
        state: match (in_force, waits) {
            (true, _) => w.disaster_in_force(&until.unwrap_or_default()),
            (false, true) => w.disaster_waits(),
            (false, false) => w.disaster_over(),
        }
        .into_owned(),
        confirms: waits && disaster.declared.by != who.account.id,
        ends: in_force || waits,
    }
}
