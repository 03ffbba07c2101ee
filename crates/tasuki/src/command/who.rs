//! `tasuki identity explain | part | rebuild | stats`: the cross-reference at the console.

use crate::args::{Args, usage};
use crate::node::{self, Node};
use std::process::ExitCode;
use std::time::Instant;
use tasuki_core::audit::Action;
use tasuki_core::identity::desk::{self, Clerk};
use tasuki_core::identity::stated::limits;
use tasuki_core::ports::PatientRecord;
use tasuki_core::{Code, Fault};
use tasuki_model::{JstDay, UserId};
use tasuki_web::explanation::explain as explain_in_words;
use tasuki_web::words::{Lang, Words};

/// The registration of `CODE:ID`.
fn registration(node: &Node, text: &str) -> Result<PatientRecord, Fault> {
    let (facility, id) = node.patient(text)?;
    node.store
        .reading(|tx| tx.find_registration(&facility.id, &id))?
        .ok_or_else(|| usage(format!("{text}: no such registration")))
}

/// `explain CODE:ID CODE:ID`: every item with its level and bits, guards, thresholds, versions, and
/// what was decided so far.
pub(super) fn explain(args: &Args, a: &str, b: &str) -> Result<ExitCode, Fault> {
    let node = node::open(args)?;
    let (one, other) = (registration(&node, a)?, registration(&node, b)?);
    node.identity.look()?;
    let found = node
        .identity
        .explain(&one.patient_key, &other.patient_key)?;
    let event = node.event(Action::Identity, "identity explain", format!("{a} {b}"));
    node.store.append_audit(&[event])?;
    let events = node.store.reading(|tx| tx.link_events(&one.patient_key))?;
    let between = events
        .iter()
        .filter(|e| e.a == other.patient_key || e.b == other.patient_key);
    if args.json {
        let events: Vec<_> = between
            .map(|e| {
                serde_json::json!({
                    "at": e.at.to_string(), "decision": e.decision,
                    "by": e.by.as_ref().map(UserId::as_str),
                })
            })
            .collect();
        let same = one.person == other.person;
        println!(
            "{}",
            serde_json::json!({ "version": 1, "same_person": same, "explanation": found, "events": events })
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{}",
        if one.person == other.person {
            "同じ人としてつながっています / one person"
        } else {
            "つながっていません / not linked"
        }
    );
    match found {
        Some(found) => {
            for lang in [Lang::Ja, Lang::En] {
                println!("{}", explain_in_words(Words { lang }, &found).join(" "));
            }
            println!(
                "{:.1} bits (automatic from {:.1}, review from {:.1}; {} registrations; {}, {})",
                found.bits.total(),
                found.automatic,
                found.review,
                found.registrations,
                found.weights,
                found.kanji
            );
        }
        None => {
            println!("比べてはいけない組です（開示されていません） / not comparable: not disclosed")
        }
    }
    let today = JstDay::at(node.clock.now());
    for (name, record) in [(a, &one), (b, &other)] {
        for code in limits(&record.demographics, today) {
            println!("{name}: {code} {}", code.outside_ja());
        }
    }
    for event in between {
        let by = event.by.as_ref().map_or("-", UserId::as_str);
        println!("{} {:?} {by}", event.at, event.decision);
    }
    Ok(ExitCode::SUCCESS)
}

/// `part CODE:ID CODE:ID`: not one person, in one call; says who saw one while working for the
/// other.
pub(super) fn part(args: &Args, a: &str, b: &str) -> Result<ExitCode, Fault> {
    let node = node::open(args)?;
    let (one, other) = (registration(&node, a)?, registration(&node, b)?);
    let user =
        UserId::new("console").map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
    let clerk = Clerk {
        user,
        at: node.clock.now(),
        four_eyes: false,
    };
    node.store.index_audit(u32::MAX)?;
    let event = node.event(Action::Identity, "identity part", format!("{a} {b}"));
    let fetched = node.store.writing(|tx| {
        tx.append_audit(&event)?;
        desk::part(tx, &one.patient_key, &other.patient_key, &clerk)
    })?;
    node.settle()?;
    for seen in fetched {
        println!(
            "{} {} {} {} {}",
            seen.at, seen.facility, seen.user, seen.patient, seen.items
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `rebuild`: every registration normalised and linked anew.
pub(super) fn rebuild(args: &Args) -> Result<ExitCode, Fault> {
    let node = node::open(args)?;
    let event = node.event(Action::Identity, "identity rebuild", String::new());
    node.store.writing(|tx| {
        tx.mark_all_due()?;
        tx.append_audit(&event)
    })?;
    let started = Instant::now();
    let settled = node.identity.settle()?;
    let figures = node.identity.figures();
    node.identity.close()?;
    println!(
        "registrations {}  linked {}  parted {}  asked {}  bytes a registration {}  seconds {:.1}",
        settled.registrations,
        settled.linked,
        settled.parted,
        settled.asked,
        figures.bytes / figures.registrations.max(1),
        started.elapsed().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

/// `stats`: numbers, no names.
pub(super) fn stats(args: &Args) -> Result<ExitCode, Fault> {
    let node = node::open(args)?;
    let counts = node.store.reading(|tx| tx.identity_counts())?;
    println!(
        "registrations {}  shared {}  persons {}  queue {}  due {}",
        counts.registrations, counts.shared, counts.persons, counts.open, counts.due
    );
    Ok(ExitCode::SUCCESS)
}
