//! The question as it was typed, and the policy's answer to it.

use crate::emergency::despite_refusal;
use crate::pages::words_of;
use crate::shell::facility_name;
use crate::visit::{SignedIn, Visit};
use tasuki_core::Fault;
use tasuki_core::policy::{
    Asker, Caller, Decision, Obligation, PeerCaller, Restriction, Subject, explain,
};
use tasuki_core::ports::{Account, PatientRecord, PatientSearch, Reading};
use tasuki_model::{Category, CommunityId, JstDay, Purpose, Role};

/// Memberships of one user that are explained.
const MEMBERSHIPS_MAX: usize = 10;

/// The answers.
pub(super) struct Asked {
    pub tables: Vec<Table>,
    pub kept_out: bool,
}

/// One asker, and the decision about each category.
pub(super) struct Table {
    pub who: String,
    pub rows: Vec<Row>,
    /// It is told and judged afterwards.
    pub told: bool,
}

/// One category.
pub(super) struct Row {
    pub category: String,
    pub permits: String,
    pub reason: String,
}

/// The patient of the reader's own facility and the answers; nothing where patient or asker is nobody.
pub(super) fn asked(
    visit: &Visit<'_>,
    who: &SignedIn,
    tx: &dyn Reading,
) -> Result<Option<(PatientRecord, Asked)>, Fault> {
    let search = PatientSearch {
        local_id: visit.ask.form("patient").map(str::to_owned),
        ..PatientSearch::default()
    };
    if search.local_id.is_none() {
        return Ok(None);
    }
    let (hits, _) = tx.search_patients(&who.facility.id, &search, 2)?;
    let [hit] = &hits[..] else {
        return Ok(None);
    };
    let record = hit.record.clone();
    let purpose = match visit.ask.form("purpose") {
        Some("emergency") => Purpose::Emergency,
        _ => Purpose::Treatment,
    };
    let tables = match visit.ask.form("community") {
        Some(community) => peer(visit, &record, community, purpose)
            .into_iter()
            .collect(),
        None => user(visit, tx, &record, purpose)?,
    };
    let named = |r: &Restriction| {
        matches!(
            r,
            Restriction::NotDepartment(_) | Restriction::NotDocument(_)
        )
    };
    let asked = Asked {
        kept_out: record.terms.restrictions().iter().any(named),
        tables,
    };
    Ok((!asked.tables.is_empty()).then_some((record, asked)))
}

fn subject(visit: &Visit<'_>, record: &PatientRecord) -> Subject {
    let key = record.patient_key.clone();
    let subject = Subject::new(key, record.facility.clone(), record.disclosed);
    subject.under(record.terms.clone(), visit.now)
}

/// A user of ours, at each facility where they work.
fn user(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    record: &PatientRecord,
    purpose: Purpose,
) -> Result<Vec<Table>, Fault> {
    let name = visit.ask.form("user").unwrap_or_default();
    let Some(account) = tx.account_by_name(name)? else {
        return Ok(Vec::new());
    };
    let registered = tx.registrations_of(&record.person)?;
    let open = tx.open_emergency(&account.id, &record.person, visit.now)?;
    let places = tx.facilities()?;
    let mut tables = Vec::new();
    for membership in account.memberships.iter().take(MEMBERSHIPS_MAX) {
        let caller = Caller {
            user: account.id.clone(),
            facility: membership.facility.clone(),
            role: membership.role,
            purpose,
        };
        let here = |f: &tasuki_model::FacilityId| *f == caller.facility;
        let mut subject = subject(visit, record);
        if let Some(open) = open
            .as_ref()
            .filter(|e| here(&e.facility) && e.role == caller.role)
        {
            subject = subject.opened(open.until, visit.now);
            if despite_refusal(visit) {
                subject = subject.despite_refusal();
            }
        }
        let asker = Asker::User {
            caller: &caller,
            registered: registered.iter().any(|r| here(&r.facility)),
        };
        let place = places.iter().find(|f| here(&f.id));
        let place = place.map(|f| facility_name(visit, f)).unwrap_or_default();
        let who = named(visit, &account, &place, membership.role);
        tables.push(table(visit, who, &explained(visit, &asker, &subject)));
    }
    Ok(tables)
}

fn named(visit: &Visit<'_>, account: &Account, place: &str, role: Role) -> String {
    let role = words_of::role(visit.w, role);
    format!("{place}　{role}　{}", account.name)
}

/// Anybody of another community in a role.
fn peer(
    visit: &Visit<'_>,
    record: &PatientRecord,
    community: &str,
    purpose: Purpose,
) -> Option<Table> {
    let community = CommunityId::new(community).ok()?;
    let others = visit.portal.others.as_ref()?;
    let role = Role::from_code(visit.ask.form("role")?)?;
    let caller: PeerCaller = others.peer(&community, role, purpose)?;
    let mut members = others.members().into_iter();
    let name = members.find(|m| m.community == community)?.name;
    let rule = visit.portal.config.emergency.others;
    let subject = subject(visit, record).opened_to(&caller, rule);
    let decided = explained(visit, &Asker::Peer(&caller), &subject);
    let who = format!("{name}　{}", words_of::role(visit.w, role));
    Some(table(visit, who, &decided))
}

fn explained(visit: &Visit<'_>, asker: &Asker<'_>, subject: &Subject) -> Vec<(Category, Decision)> {
    explain(asker, subject, JstDay::at(visit.now))
}

fn table(visit: &Visit<'_>, who: String, decided: &[(Category, Decision)]) -> Table {
    let row = |(category, decision): &(Category, Decision)| Row {
        category: words_of::category(visit.w, *category).into_owned(),
        permits: match decision.permits() {
            true => visit.w.explain_yes(),
            false => visit.w.explain_no(),
        }
        .into_owned(),
        reason: match visit.japanese() {
            true => decision.reason.ja().to_owned(),
            false => decision.reason.en().to_owned(),
        },
    };
    let told =
        |(_, decision): &(Category, Decision)| decision.obligations.contains(&Obligation::Notify);
    Table {
        who,
        told: decided.iter().any(told),
        rows: decided.iter().map(row).collect(),
    }
}
