//! `tasuki link`: a person's decision on two registrations. It outranks every automatic one.

use crate::args::{Args, usage};
use crate::node::{self, Node};
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::ports::{LinkDecision, LinkEvent};
use tasuki_core::{Code, Fault};

/// Decisions written in one transaction.
const BATCH: usize = 500;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["file"], &["not"])?;
    let node = node::open(&args)?;
    let decision = if args.flag("not") {
        LinkDecision::NotSame
    } else {
        LinkDecision::Same
    };
    let pairs = match (args.option("file"), &args.words[..]) {
        (Some(file), []) => read_pairs(file)?,
        (None, [a, b]) => vec![(a.clone(), b.clone())],
        _ => {
            return Err(usage(
                "link CODE:ID CODE:ID [--not], or link --file LINKS.csv",
            ));
        }
    };
    for batch in pairs.chunks(BATCH) {
        decide(&node, batch, decision)?;
    }
    node.settle()?;
    println!("{}", pairs.len());
    Ok(ExitCode::SUCCESS)
}

/// `CODE:ID,CODE:ID` a line.
fn read_pairs(file: &str) -> Result<Vec<(String, String)>, Fault> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{file}: {e}")))?;
    text.lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
        .map(|(i, line)| {
            line.split_once(',')
                .map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()))
                .ok_or_else(|| usage(format!("{file}, line {}: not CODE:ID,CODE:ID", i + 1)))
        })
        .collect()
}

fn decide(node: &Node, pairs: &[(String, String)], decision: LinkDecision) -> Result<(), Fault> {
    let at = node.clock.now();
    let pairs = pairs
        .iter()
        .map(|(a, b)| Ok((node.patient(a)?, node.patient(b)?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    let event = node.event(
        Action::Identity,
        "link",
        format!("{decision:?} {} pairs", pairs.len()),
    );
    node.store.writing(|tx| {
        for ((fa, a), (fb, b)) in &pairs {
            tx.put_link(&LinkEvent {
                a: tx.ensure_registration(&fa.id, a)?,
                b: tx.ensure_registration(&fb.id, b)?,
                decision,
                by: None,
                at,
                evidence: r#"{"version":1,"by":"console"}"#.to_owned(),
            })?;
        }
        tx.append_audit(&event)
    })
}
