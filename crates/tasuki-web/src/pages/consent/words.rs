//! A consent in sentences: for the screen, the printed form, and the patient.

use super::{Known, Names};
use crate::pages::words_of;
use crate::visit::Visit;
use tasuki_core::policy::{Restriction, Terms, Viewer};
use tasuki_core::ports::{Consent, Signer};
use tasuki_model::{Instant, JstDay};

/// The digits of a consent's id that its form shows: enough for one of a facility's own.
const CODE_DIGITS: usize = 12;

/// One consent as the page shows it.
pub(crate) struct Past {
    pub id: String,
    pub code: String,
    pub taken: String,
    pub place: String,
    pub by: String,
    pub signer: String,
    pub state: String,
    pub scope: Vec<String>,
    /// Whether a scan of its form is there.
    pub paper: bool,
}

/// What stands on a form for a consent: `XXXX-XXXX-XXXX`.
pub(crate) fn code_of(consent: &Consent) -> String {
    let id: Vec<char> = consent.id.as_str().chars().take(CODE_DIGITS).collect();
    let groups = id.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-").to_uppercase()
}

/// The beginning of an id that a scanned or typed code means: the code, or an address that ends with it.
pub(crate) fn begins(code: &str) -> Option<String> {
    let last = code.rsplit(['=', '/', ' ']).next().unwrap_or_default();
    let digits: String = last.chars().filter(|c| *c != '-').collect();
    let digits = digits.to_lowercase();
    let hex = digits.len() == CODE_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then_some(digits)
}

/// Whether a consent still gives anything.
pub(crate) fn in_force(consent: &Consent, now: Instant) -> bool {
    consent.withdrawn.is_none() && consent.ends().is_none_or(|ends| now < ends)
}

/// The consent in force, and every one, the newest first.
pub(super) fn pasts(visit: &Visit<'_>, known: &Known, names: &Names) -> (Option<Past>, Vec<Past>) {
    let newest = known.consents.first();
    let now = newest.filter(|consent| in_force(consent, visit.now));
    let now = now.map(|consent| past(visit, consent, names, true));
    let all = known.consents.iter().enumerate();
    let all = all.map(|(n, consent)| past(visit, consent, names, n == 0));
    (now, all.collect())
}

pub(crate) fn past(visit: &Visit<'_>, consent: &Consent, names: &Names, newest: bool) -> Past {
    let w = visit.w;
    let user = |id| names.users.get(id).cloned().unwrap_or_default();
    let day = |at| words_of::long_day(w, JstDay::at(at));
    let state = match &consent.withdrawn {
        Some((at, by)) => w.consent_state_withdrawn(&day(*at), &user(by)),
        None if !newest => w.consent_state_replaced(),
        None if !in_force(consent, visit.now) => w.consent_state_ended(),
        None => w.consent_state_given(),
    };
    Past {
        id: consent.id.to_string(),
        code: code_of(consent),
        taken: day(consent.taken),
        place: consent.place.to_string(),
        by: user(&consent.by),
        signer: signer(visit, &consent.signer),
        state: state.into_owned(),
        scope: scope(visit, &consent.terms, names),
        paper: consent.paper.is_some(),
    }
}

pub(crate) fn signer(visit: &Visit<'_>, signer: &Signer) -> String {
    match signer {
        Signer::Patient => visit.w.consent_by_patient().into_owned(),
        Signer::Proxy { name, relation } => visit.w.consent_by_proxy(name, relation).into_owned(),
    }
}

/// What a consent gives, line by line.
pub(crate) fn scope(visit: &Visit<'_>, terms: &Terms, names: &Names) -> Vec<String> {
    let w = visit.w;
    let all = terms.restrictions();
    let mut lines = Vec::new();
    if !all.iter().any(|r| matches!(r, Restriction::OnlyTo(_))) {
        lines.push(w.consent_to_network().into_owned());
    }
    if !all
        .iter()
        .any(|r| matches!(r, Restriction::OnlyCategories(_)))
    {
        lines.push(w.consent_all_categories().into_owned());
    }
    lines.extend(all.iter().map(|r| sentence(visit, r, names)));
    lines
}

/// One restriction.
pub(super) fn sentence(visit: &Visit<'_>, restriction: &Restriction, names: &Names) -> String {
    let w = visit.w;
    let day = |day: JstDay| words_of::long_day(w, day);
    match restriction {
        Restriction::OnlyTo(viewers) => {
            let named = viewers.iter().map(|viewer| viewer_name(viewer, names));
            w.consent_to(&named.collect::<Vec<_>>().join("、"))
        }
        Restriction::OnlyCategories(open) => {
            let named = open.iter().map(|c| words_of::category(w, *c).into_owned());
            w.consent_categories(&named.collect::<Vec<_>>().join("、"))
        }
        Restriction::OnlyDays { from, to } => {
            let said = |bound: Option<JstDay>| bound.map(day).unwrap_or_default();
            w.consent_days(&said(*from), &said(*to))
        }
        Restriction::NotDepartment(code) => w.consent_not_department(code),
        Restriction::NotDocument(_) => w.consent_not_document(),
        Restriction::NotBefore(at) => w.consent_from(&day(JstDay::at(*at))),
        // It ends with the day before.
        Restriction::Until(at) => w.consent_until(&day(JstDay::at(at.plus_seconds(-1)))),
        Restriction::NoEmergency => w.consent_no_emergency(),
        Restriction::AtVisit => w.consent_at_visit(),
        Restriction::Objects => w.consent_objects(),
    }
    .into_owned()
}

fn viewer_name(viewer: &Viewer, names: &Names) -> String {
    match viewer {
        Viewer::Facility(id) => names.facilities.get(id).cloned().unwrap_or_default(),
        Viewer::Community(id) => names
            .communities
            .get(id)
            .cloned()
            .unwrap_or_else(|| id.to_string()),
    }
}
