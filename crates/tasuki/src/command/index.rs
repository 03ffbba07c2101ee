//! `tasuki index stats | reviews | link HOME:ID HOME:ID [--not]`: the patient index of the network at the
//! console of the node that holds it. HOME is a home community id, ID one that the community exchanges.
//! What a person decides here outranks the engine, as within a community.

use crate::args::{Args, usage};
use crate::node;
use crate::serve::index_store;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use tasuki_core::audit::Action;
use tasuki_core::ports::{LinkDecision, LinkEvent, Reading, Store};
use tasuki_core::{Code, Fault};
use tasuki_ihe::member_facility;
use tasuki_model::{CommunityId, LocalPatientId, PatientKey};

/// Lines of the queue shown at once.
const REVIEWS_MAX: u32 = 1_000;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &["not"])?;
    let node = node::open(&args)?;
    let store = index_store(&args, &node)?;
    let store = store.ok_or_else(|| usage("the member directory gives this node no index"))?;
    let done = match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["stats"] => stats(&store),
        ["reviews"] => reviews(&store),
        ["link", a, b] => {
            let decision = match args.flag("not") {
                true => LinkDecision::NotSame,
                false => LinkDecision::Same,
            };
            let detail = format!("{decision:?} {a} {b}");
            let event = node.event(Action::Identity, "index link", detail);
            let link = |a: PatientKey, b: PatientKey| LinkEvent {
                a,
                b,
                decision,
                by: None,
                at: node.clock.now(),
                evidence: r#"{"version":1,"by":"console"}"#.to_owned(),
            };
            store.writing(|tx| {
                tx.put_link(&link(registration(tx, a)?, registration(tx, b)?))?;
                tx.append_audit(&event)
            })
        }
        _ => Err(usage(
            "index stats, reviews, or link HOME:ID HOME:ID [--not]",
        )),
    };
    store.close()?;
    done.map(|()| ExitCode::SUCCESS)
}

fn stats(store: &Arc<dyn Store>) -> Result<(), Fault> {
    let counts = store.reading(|tx| tx.identity_counts())?;
    println!("registrations {}", counts.registrations);
    println!("disclosed {}", counts.shared);
    println!("persons {}", counts.persons);
    println!("open {}", counts.open);
    println!("due {}", counts.due);
    Ok(())
}

/// Pairs in doubt, oldest first: `HOME:ID HOME:ID centibits`.
fn reviews(store: &Arc<dyn Store>) -> Result<(), Fault> {
    let lines = store.reading(|tx| {
        let open = tx.open_reviews(None, REVIEWS_MAX)?;
        let lines = open.iter().map(|review| {
            let (a, b) = (named(tx, &review.a)?, named(tx, &review.b)?);
            Ok(format!("{a} {b} {}", review.centibits))
        });
        lines.collect::<Result<Vec<_>, Fault>>()
    })?;
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

/// A registration as `HOME:ID`.
fn named(tx: &dyn Reading, key: &PatientKey) -> Result<String, Fault> {
    let gone = || Fault::new(Code::InternalFault, "a review of an unknown registration");
    let record = tx.registration(key)?.ok_or_else(gone)?;
    let home = record.facility.as_str().trim_start_matches("c-");
    Ok(format!("{home}:{}", record.local_id.as_str()))
}

fn registration(tx: &dyn Reading, text: &str) -> Result<PatientKey, Fault> {
    let form = || usage(format!("{text}: not HOME:ID"));
    let (home, id) = text.split_once(':').ok_or_else(form)?;
    let home = CommunityId::new(home).map_err(|_| form())?;
    let facility = member_facility(&home).ok_or_else(form)?;
    let id = LocalPatientId::new(id).map_err(|_| form())?;
    let known = tx.find_registration(&facility, &id)?;
    let known = known.ok_or_else(|| usage(format!("{text}: not in the index")))?;
    Ok(known.patient_key)
}
