//! 参加機関: what each institution of the community is (開示施設, 閲覧施設, both; its kind; which kinds of data it
//! discloses; since when it posts its purposes), kept by the operator; and how far the other communities have
//! been told of withdrawals. No patient data.

mod act;

pub(crate) use act::act;

use crate::pages::words_of;
use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use crate::words::Words;
use askama::Template;
use std::borrow::Cow;
use tasuki_core::Code;
use tasuki_core::ports::{InstitutionKind, Participant, WithdrawalQueue};
use tasuki_model::facility::Part;
use tasuki_model::{Category, Facility, Role};

#[derive(Template)]
#[template(path = "pages/members/page.html")]
struct MembersPage {
    shell: Shell,
    csrf: String,
    done: bool,
    failed: Option<(&'static str, &'static str)>,
    lines: Vec<Line>,
    kinds: Vec<(&'static str, String)>,
    others: Vec<Other>,
}

/// One institution.
struct Line {
    id: String,
    code: String,
    name: String,
    kind: &'static str,
    part: &'static str,
    posted: String,
    phone: String,
    /// Each kind of data: its code, its name, and whether it is disclosed.
    offers: Vec<(&'static str, String, bool)>,
}

/// One other community.
struct Other {
    name: String,
    phone: String,
    waiting: u64,
    given_up: u64,
    since: String,
}

/// Whose page it is; to others there is none.
pub(super) fn operator<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match who.session.membership.role == Role::NetworkOperator {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

/// 開示と閲覧, 開示のみ, 閲覧のみ as the form says it.
pub(super) const fn part_code(part: Part, looks: bool) -> &'static str {
    match (part, looks) {
        (Part::Disclosing, true) => "both",
        (Part::Disclosing, false) => "disclosing",
        (Part::Viewing, _) => "viewing",
    }
}

fn kind_name(w: Words, kind: InstitutionKind) -> Cow<'static, str> {
    match kind {
        InstitutionKind::Hospital => w.members_hospital(),
        InstitutionKind::Clinic => w.members_clinic(),
        InstitutionKind::Dental => w.members_dental(),
        InstitutionKind::Pharmacy => w.members_pharmacy(),
        InstitutionKind::HomeNursing => w.members_home_nursing(),
        InstitutionKind::Care => w.members_care(),
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    page(visit, None)
}

pub(super) fn page(visit: &Visit<'_>, failed: Option<Code>) -> Result<Reply, Stop> {
    let who = operator(visit)?;
    let (known, queues) = visit.portal.store.reading(|tx| {
        let facilities = tx.facilities()?;
        let known: Result<Vec<_>, _> = facilities
            .into_iter()
            .map(|f| Ok((tx.institution(&f.id)?, f)))
            .collect();
        Ok((known?, tx.withdrawal_queues()?))
    })?;
    let w = visit.w;
    let kinds = InstitutionKind::ALL.iter();
    let page = MembersPage {
        shell: Shell::of(visit, "members", w.members_title()),
        csrf: who.session.csrf.clone(),
        done: visit.ask.query("done").is_some(),
        failed: failed.map(|code| (visit.says(code), code.id())),
        lines: known.iter().map(|(i, f)| line(visit, f, i)).collect(),
        kinds: kinds
            .map(|k| (k.code(), kind_name(w, *k).into_owned()))
            .collect(),
        others: others(visit, &queues),
    };
    let mut reply = Reply::notice(page.render()?);
    reply.status = failed.map_or(200, crate::pipeline::status_of);
    Ok(reply)
}

fn line(visit: &Visit<'_>, facility: &Facility, institution: &Participant) -> Line {
    Line {
        id: facility.id.to_string(),
        code: facility.code.to_string(),
        name: facility_name(visit, facility),
        kind: institution.kind.code(),
        part: part_code(facility.part, institution.looks),
        posted: institution
            .posted
            .map_or_else(String::new, |day| day.to_string()),
        phone: facility.phone.clone(),
        offers: Category::of_the_record()
            .map(|c| {
                let name = words_of::category(visit.w, c).into_owned();
                (c.code(), name, facility.offers.has(c))
            })
            .collect(),
    }
}

fn others(visit: &Visit<'_>, queues: &[WithdrawalQueue]) -> Vec<Other> {
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let line = |member: tasuki_core::elsewhere::Member| {
        let queue = queues.iter().find(|q| q.peer == member.community);
        Other {
            name: member.name.into(),
            phone: member.phone.into(),
            waiting: queue.map_or(0, |q| q.waiting),
            given_up: queue.map_or(0, |q| q.given_up),
            since: queue
                .and_then(|q| q.oldest)
                .map_or_else(String::new, |at| at.in_jst().to_string()),
        }
    };
    members.into_iter().map(line).collect()
}
