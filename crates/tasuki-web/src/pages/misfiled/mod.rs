//! Documents that name another patient inside than the one they were given for: which, from where, whom to
//! call, and whether the other side has been told. For clerks; the documents themselves are shown to nobody.

use super::requests::clerk;
use crate::chart::basic_labels;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::elsewhere::Member;
use tasuki_core::policy::release_misfiled;
use tasuki_core::ports::{Dealt, Misfiled, MisfiledSide, PatientRecord, Reading, Writing};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Fault, Labelled};
use tasuki_model::CopyId;

/// Lines that are shown.
const LINES_MAX: u32 = 100;
/// Characters of what a clerk says.
const WORDS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "pages/misfiled/page.html")]
struct MisfiledPage {
    shell: Shell,
    csrf: String,
    done: bool,
    open: Vec<Line>,
    dealt: Vec<Line>,
    more: bool,
}

struct Line {
    id: String,
    at: String,
    what: String,
    patient: String,
    /// The other community, its institution and telephone.
    other: String,
    document: String,
    told: String,
    dealt: Option<String>,
}

/// A report with the registration that it was given for.
struct Known {
    misfiled: Misfiled,
    record: PatientRecord,
}

/// Reports whose registration is still there; a registration is never removed, only merged.
fn known(tx: &dyn Reading, all: Vec<Misfiled>) -> Result<Vec<Labelled<Known>>, Fault> {
    let mut lines = Vec::with_capacity(all.len());
    for misfiled in all {
        if let Some(record) = tx.registration(&misfiled.patient)? {
            let labels = basic_labels(&record);
            lines.push(Labelled::new(labels, Known { misfiled, record }));
        }
    }
    Ok(lines)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let who = visit.who()?;
    let lines = visit
        .portal
        .store
        .reading(|tx| known(tx, tx.misfiled(&clerk.facility, LINES_MAX + 1)?))?;
    let more = lines.len() > LINES_MAX as usize;
    let gateway = visit.portal.others.as_ref();
    let members = gateway.map(|o| o.members()).unwrap_or_default();
    let body = release_misfiled(&who.caller(), lines).try_map(|lines| {
        let shown = lines.iter().take(LINES_MAX as usize);
        let (open, dealt): (Vec<&Known>, Vec<&Known>) =
            shown.partition(|known| known.misfiled.dealt.is_none());
        let drawn = |lines: Vec<&Known>| -> Vec<Line> {
            lines
                .iter()
                .map(|known| line(visit, &members, known))
                .collect()
        };
        MisfiledPage {
            shell: Shell::of(visit, "misfiled", visit.w.misfiled_title()),
            csrf: who.session.csrf.clone(),
            done: visit.ask.query("done").is_some(),
            open: drawn(open),
            dealt: drawn(dealt),
            more,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::PatientSearch, body)))
}

fn line(visit: &Visit<'_>, members: &[Member], known: &Known) -> Line {
    let w = visit.w;
    let Known { misfiled, record } = known;
    let member = members.iter().find(|m| m.community == misfiled.community);
    let name = member.map_or(misfiled.community.as_str(), |m| &m.name);
    let phone = member.map(|m| m.phone.to_string()).unwrap_or_default();
    let other = [name, &misfiled.institution, &phone];
    let other = other.into_iter().filter(|part| !part.is_empty());
    let told = match (misfiled.side, misfiled.told) {
        (MisfiledSide::Given, _) => String::new(),
        (MisfiledSide::Received, Some(at)) => {
            w.misfiled_told(&at.in_jst().to_string()).into_owned()
        }
        (MisfiledSide::Received, None) => w.misfiled_untold().into_owned(),
    };
    Line {
        id: misfiled.id.to_string(),
        at: misfiled.at.in_jst().to_string(),
        what: match misfiled.side {
            MisfiledSide::Received => w.misfiled_received(),
            MisfiledSide::Given => w.misfiled_given(),
        }
        .into_owned(),
        patient: format!(
            "{}　{}",
            record.local_id,
            record.demographics.name.display()
        ),
        other: other.collect::<Vec<_>>().join("　"),
        document: misfiled.document.to_string(),
        told,
        dealt: misfiled.dealt.as_ref().map(|dealt| {
            let at = dealt.at.in_jst().to_string();
            let by = w.misfiled_dealt_by(dealt.by.as_str(), &at);
            format!("{}　{by}", dealt.words)
        }),
    }
}

/// A clerk says that a report has been dealt with, and how.
pub(crate) fn deal(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let id = CopyId::new(visit.ask.form("document").unwrap_or_default());
    let id = id.map_err(|_| Stop::Refused)?;
    let words = visit.ask.form("words").unwrap_or_default().trim();
    let words: String = words.chars().take(WORDS_MAX).collect();
    let deal = |tx: &dyn Writing| {
        let found = tx.misfiled_one(&id)?;
        let own = found.filter(|m| m.facility == clerk.facility && m.dealt.is_none());
        let Some(misfiled) = own else {
            return Ok(false);
        };
        tx.put_misfiled(&Misfiled {
            dealt: Some(Dealt {
                by: clerk.user.clone(),
                at: visit.now,
                words: words.clone(),
            }),
            ..misfiled
        })?;
        Ok(true)
    };
    match visit.portal.store.writing(deal)? {
        true => Ok(Reply::redirect("/desk/misfiled?done=dealt".to_owned())
            .with_detail(format!("misfiled {id}"))),
        false => Err(Stop::Refused),
    }
}
