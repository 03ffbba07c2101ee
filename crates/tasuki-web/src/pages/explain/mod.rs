//! Why somebody may, or may not, see a patient of the reader's own facility: a user of ours by sign-in name,
//! or a user of another community by role. Category by category, the decision of the policy in words, and
//! nothing of the record. What was typed comes by POST: no address names a patient.

mod asked;

use crate::chart::basic_labels;
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use asked::{Asked, Table};
use tasuki_core::audit::Action;
use tasuki_core::policy::{release_explained, role_explains};
use tasuki_core::ports::PatientRecord;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Labelled};
use tasuki_model::Role;

#[derive(Template)]
#[template(path = "pages/explain/page.html")]
struct ExplainPage {
    shell: Shell,
    csrf: String,
    communities: Vec<(String, String)>,
    roles: Vec<(&'static str, String)>,
    asked: Option<Told>,
    /// Nobody of that name or number.
    nobody: bool,
}

/// What is told of one question.
struct Told {
    patient: String,
    tables: Vec<Table>,
    /// Whether documents or departments are kept out by name beside this.
    kept_out: bool,
}

/// Who answers for the facility.
fn officer<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_explains(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

fn page(visit: &Visit<'_>, asked: Option<Told>, nobody: bool) -> Result<ExplainPage, Stop> {
    let who = officer(visit)?;
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let members = members.into_iter();
    let roles = Role::ALL.iter();
    Ok(ExplainPage {
        shell: Shell::of(visit, "reviews", visit.w.explain_title()),
        csrf: who.session.csrf.clone(),
        communities: members
            .map(|m| (m.community.to_string(), m.name.to_string()))
            .collect(),
        roles: roles
            .map(|r| (r.code(), words_of::role(visit.w, *r).into_owned()))
            .collect(),
        asked,
        nobody,
    })
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(page(visit, None, false)?.render()?))
}

pub(crate) fn explain(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = officer(visit)?;
    let found = visit
        .portal
        .store
        .reading(|tx| asked::asked(visit, who, tx))?;
    let Some((record, asked)) = found else {
        let mut reply = Reply::notice(page(visit, None, true)?.render()?);
        reply.status = 404;
        return Ok(reply);
    };
    let person = record.person.clone();
    let labelled = Labelled::new(basic_labels(&record), (record, asked));
    let released = release_explained(&who.caller(), vec![labelled]);
    let body = released.try_map(|mut items| {
        let (record, asked) = items.pop().ok_or(Stop::Refused)?;
        let page = page(visit, Some(told(record, asked)), false)?;
        Ok::<_, Stop>(Body::html(page.render()?))
    })?;
    Ok(Reply::new(Egress::released(Action::AuditView, body)).about(&person))
}

fn told(record: PatientRecord, asked: Asked) -> Told {
    let name = record.demographics.name.display();
    Told {
        patient: format!("{}　{name}", record.local_id),
        tables: asked.tables,
        kept_out: asked.kept_out,
    }
}
