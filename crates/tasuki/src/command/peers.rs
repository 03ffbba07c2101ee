//! `tasuki peers check [HOME]`: whether the other communities of the directory can be asked, what is
//! wrong where they cannot, and what to do. Ends with 1 where anything is wrong.

use crate::args::{Args, usage};
use crate::communities::Composed;
use crate::node::{self, Node};
use crate::serve::network;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use tasuki_core::audit::Action;
use tasuki_core::directory::Community;
use tasuki_core::{Code, Fault};
use tasuki_ihe::communities::{Part, Tried};
use tasuki_ihe::gateway::NoAnswer;
use tasuki_ihe::soap::Recipient;
use tasuki_web::words::{Lang, Words};

/// A clock further off than that is told.
const CLOCK_SECONDS: i64 = 60;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["lang"], &[])?;
    let words = args.words.iter().map(String::as_str).collect::<Vec<_>>();
    let only = match words[..] {
        ["check"] => None,
        ["check", home] => Some(home),
        _ => return Err(usage("peers check [HOME] [--lang ja|en]")),
    };
    let lang = args.option("lang").unwrap_or("ja");
    let lang = Lang::from_tag(lang).ok_or_else(|| usage(format!("--lang {lang}: ja or en")))?;
    let node = Arc::new(node::open(&args)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::new(Code::InternalFault, format!("runtime: {e}")))?;
    let entered = runtime.enter();
    let good = check(&node, only, Words { lang });
    drop(entered);
    node.store.close()?;
    Ok(match good? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn check(node: &Arc<Node>, only: Option<&str>, words: Words) -> Result<bool, Fault> {
    let network = Arc::new(network(node)?);
    let composed = Composed::of(&node.config, &network, &node.store)?;
    let composed =
        composed.ok_or_else(|| usage("the configuration has no [directory] and [soap]"))?;
    let mut peers = composed.communities().others();
    if let Some(only) = only {
        peers.retain(|c| c.home_community_id.as_str() == only);
        if peers.is_empty() {
            return Err(usage(format!("{only}: no other member")));
        }
    }
    let mut good = true;
    for peer in &peers {
        println!("{} {}", peer.home_community_id, peer.name);
        let home = peer.home_community_id.to_string();
        let event = node.event(Action::Administration, "peers check", home);
        let tried = composed.communities().check(peer, event)?;
        let off = clock(&composed, peer);
        for (part, found) in findings(&tried, off) {
            good &= !matches!(found, Found::Wrong(_));
            print(words, part, &found);
        }
    }
    Ok(good)
}

/// What was found of one part.
enum Found {
    Good,
    /// What comes before it stands in its way.
    Untold,
    Wrong(NoAnswer),
}

/// What is told, in the order in which one thing needs the one before.
#[derive(Clone, Copy)]
enum Line {
    Connection,
    Certificate,
    Identity,
    Clock,
    Query,
    Retrieve,
    Index,
}

fn findings(tried: &Tried, off: Option<i64>) -> Vec<(Line, Found)> {
    let wrong = tried.query.as_ref().err();
    let blamed = wrong.map(|no| Part::of(no.code));
    let of = |part: Part| match (wrong, blamed) {
        (Some(no), Some(blamed)) if blamed == part => Found::Wrong(no.clone()),
        (_, Some(blamed)) if blamed < part => Found::Untold,
        _ => Found::Good,
    };
    let also = |result: &Result<(), NoAnswer>| match result {
        Ok(()) => Found::Good,
        // Said once, at the part that is to blame.
        Err(no) if Part::of(no.code) < Part::Exchange && blamed.is_some() => Found::Untold,
        Err(no) => Found::Wrong(no.clone()),
    };
    let clock = match off {
        None => Found::Untold,
        Some(off) if off.abs() > CLOCK_SECONDS => {
            Found::Wrong(NoAnswer::new(Code::PeerClockOff, format!("{off} s")))
        }
        Some(_) => Found::Good,
    };
    let mut lines = vec![
        (Line::Connection, of(Part::Connection)),
        (Line::Certificate, of(Part::Certificate)),
        (Line::Identity, of(Part::Identity)),
        (Line::Clock, clock),
        (Line::Query, of(Part::Exchange)),
        (Line::Retrieve, also(&tried.retrieve)),
    ];
    lines.extend(tried.index.as_ref().map(|found| (Line::Index, also(found))));
    lines
}

fn clock(composed: &Composed, peer: &Community) -> Option<i64> {
    let recipient = Recipient::of(peer, "ITI-38")?;
    composed.clock_off(&recipient)
}

fn print(words: Words, line: Line, found: &Found) {
    let name = match line {
        Line::Connection => words.peers_connection(),
        Line::Certificate => words.peers_certificate(),
        Line::Identity => words.peers_identity(),
        Line::Clock => words.peers_clock(),
        Line::Query => words.peers_query(),
        Line::Retrieve => words.peers_retrieve(),
        Line::Index => words.peers_index(),
    };
    match found {
        Found::Good => println!("  {name}: {}", words.peers_good()),
        Found::Untold => println!("  {name}: {}", words.peers_untold()),
        Found::Wrong(no) => {
            let (says, advice) = match words.lang {
                Lang::Ja => (no.code.outside_ja(), no.code.advice_ja()),
                _ => (no.code.outside_en(), no.code.advice_en()),
            };
            println!("  {name}: {} {says} ({})", no.code.id(), no.what);
            println!("      {}", words.peers_advice(advice));
        }
    }
}
