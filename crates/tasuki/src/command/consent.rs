//! `tasuki consent`: what a patient has agreed to at a facility, taken or withdrawn at the console, and
//! what it means. The disclosure flag is the facility's own matter (`tasuki disclose`); a withdrawal takes
//! it back.

use crate::args::{Args, usage};
use crate::node::{self, Node};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::policy::{Restriction, Terms, Viewer};
use tasuki_core::ports::{Consent, Signer};
use tasuki_core::{Code, Fault};
use tasuki_model::{Category, CommunityId, ConsentId, FacilityCode, JstDay, PatientKey, UserId};

const USAGE: &str = "consent CODE:ID --by USER [--only-to CODE,…|HOME-ID,…] [--only CATEGORY,…] \
     [--first-day DAY] [--last-day DAY] [--without DEPARTMENT,…] [--from DAY] [--until DAY] \
     [--no-emergency] [--proxy NAME --relation WHAT], or consent CODE:ID --by USER --withdraw, \
     or consent CODE:ID --list";
const OPTIONS: &[&str] = &[
    "by",
    "only-to",
    "only",
    "first-day",
    "last-day",
    "without",
    "from",
    "until",
    "proxy",
    "relation",
];

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, OPTIONS, &["no-emergency", "withdraw", "list"])?;
    let [patient] = &args.words[..] else {
        return Err(usage(USAGE));
    };
    let node = node::open(&args)?;
    let (facility, id) = node.patient(patient)?;
    if args.flag("list") {
        let found = node.store.reading(|tx| {
            let record = tx.find_registration(&facility.id, &id)?;
            record.map_or(Ok(Vec::new()), |r| tx.consents_of(&r.patient_key))
        })?;
        found.iter().for_each(show);
        return Ok(ExitCode::SUCCESS);
    }
    let wrong = |e: tasuki_model::IdError| usage(e.to_string());
    let by = UserId::new(args.required("by")?).map_err(wrong)?;
    let terms = match args.flag("withdraw") {
        true => None,
        false => Some(terms(&args, &node)?),
    };
    let signer = signer(&args)?;
    let consent_id = ConsentId::new(&random()?).map_err(wrong)?;
    let now = node.clock.now();
    let done = node.store.writing(|tx| {
        let key = tx.ensure_registration(&facility.id, &id)?;
        let done = match &terms {
            None => tx.withdraw_consent(&key, now, &by)?,
            Some(terms) => {
                let consent = Consent {
                    id: consent_id.clone(),
                    patient: key.clone(),
                    terms: terms.clone(),
                    signer: signer.clone(),
                    paper: None,
                    taken: now,
                    by: by.clone(),
                    place: "".into(),
                    withdrawn: None,
                };
                tx.put_consent(&consent)?;
                true
            }
        };
        tx.append_audit(&event(&node, key, &by, terms.is_none()))?;
        Ok(done)
    })?;
    node.settle()?;
    println!("{}", u8::from(done));
    Ok(ExitCode::SUCCESS)
}

fn event(node: &Node, patient: PatientKey, by: &UserId, withdrawn: bool) -> AuditEvent {
    let what = match withdrawn {
        true => format!("withdrawn, written down by {by}"),
        false => format!("taken by {by}"),
    };
    AuditEvent {
        patients: vec![patient],
        items: 1,
        ..node.event(Action::Identity, "consent", what)
    }
}

fn show(consent: &Consent) {
    let terms = consent.terms.restrictions();
    let withdrawn = match &consent.withdrawn {
        Some((at, by)) => format!("withdrawn {at:?} by {by}"),
        None => String::new(),
    };
    println!("{} {} {terms:?} {withdrawn}", consent.id, consent.by);
}

fn signer(args: &Args) -> Result<Signer, Fault> {
    Ok(match args.option("proxy") {
        None => Signer::Patient,
        Some(name) => Signer::Proxy {
            name: name.into(),
            relation: args.required("relation")?.into(),
        },
    })
}

/// What the options take away.
fn terms(args: &Args, node: &Node) -> Result<Terms, Fault> {
    let listed = |name: &str| args.option(name).map(|text| text.split(',').map(str::trim));
    let mut all = Vec::new();
    if let Some(viewers) = listed("only-to") {
        let viewers = viewers.map(|text| viewer(text, node));
        all.push(Restriction::OnlyTo(viewers.collect::<Result<_, _>>()?));
    }
    if let Some(categories) = listed("only") {
        let unknown = |text: &str| usage(format!("{text}: no category"));
        let read = |text| Category::from_code(text).ok_or_else(|| unknown(text));
        let categories: Result<BTreeSet<_>, _> = categories.map(read).collect();
        all.push(Restriction::OnlyCategories(categories?));
    }
    let (from, to) = (day(args, "first-day")?, day(args, "last-day")?);
    if from.is_some() || to.is_some() {
        all.push(Restriction::OnlyDays { from, to });
    }
    for department in listed("without").into_iter().flatten() {
        all.push(Restriction::NotDepartment(department.into()));
    }
    all.extend(day(args, "from")?.map(|day| Restriction::NotBefore(day.starts())));
    // The last day belongs to it.
    let until = day(args, "until")?.map(|day| day.starts().plus_seconds(86_400));
    all.extend(until.map(Restriction::Until));
    if args.flag("no-emergency") {
        all.push(Restriction::NoEmergency);
    }
    Ok(Terms::new(all))
}

/// A facility of ours by its code, or another community by its home community id.
fn viewer(text: &str, node: &Node) -> Result<Viewer, Fault> {
    match FacilityCode::new(text) {
        Ok(_) => Ok(Viewer::Facility(node.facility(text)?.id)),
        Err(_) => CommunityId::new(text)
            .map(Viewer::Community)
            .map_err(|e| usage(e.to_string())),
    }
}

fn day(args: &Args, name: &str) -> Result<Option<JstDay>, Fault> {
    let wrong = |e| usage(format!("--{name}: {e}"));
    let said = args.option(name).map(JstDay::parse_iso);
    said.transpose().map_err(wrong)
}

fn random() -> Result<String, Fault> {
    let mut bytes = [0_u8; 16];
    let failed = |_| Fault::new(Code::InternalFault, "no randomness");
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
