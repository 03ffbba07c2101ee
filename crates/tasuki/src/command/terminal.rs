//! `tasuki terminal add|list|revoke`: the first terminal of a facility, which its administrator needs to reach
//! the page that enrols the others. The file is written for its owner only; its passphrase is printed.

use crate::args::{Args, usage};
use crate::node::{self, Node};
use crate::terminals::Certifier;
use ring::rand::{SecureRandom, SystemRandom};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::ports::{Done, TERMINAL_WORDS_MAX, TERMINALS_MAX, Terminal};
use tasuki_core::release::hex;
use tasuki_core::terminal::{TerminalCertifying, authority, passphrase, row, wanted};
use tasuki_core::{Code, Fault};
use tasuki_model::{TerminalId, UserId};

/// Who the console is, in a terminal's row.
const CONSOLE: &str = "console";

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["facility", "place", "out"], &[])?;
    let node = node::open(&args)?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["add", name] => add(&args, &node, name)?,
        ["list"] => list(&args, &node)?,
        ["revoke", id] => revoke(&node, id)?,
        _ => {
            return Err(usage(
                "terminal add NAME --facility CODE --out FILE.p12 [--place PLACE], \
                 terminal list --facility CODE, or terminal revoke ID",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn done(node: &Node) -> Result<Done, Fault> {
    Ok(Done {
        by: UserId::new(CONSOLE).map_err(|e| usage(e.to_string()))?,
        at: node.clock.now(),
    })
}

fn add(args: &Args, node: &Node, name: &str) -> Result<(), Fault> {
    let facility = node.facility(args.required("facility")?)?;
    let (out, place) = (
        args.required("out")?,
        args.option("place").unwrap_or_default(),
    );
    let long = |text: &str| text.chars().count() > TERMINAL_WORDS_MAX;
    if name.is_empty() || long(name) || long(place) {
        return Err(usage(
            "a terminal's name and place have at most 64 characters",
        ));
    }
    let mut id = [0; 16];
    SystemRandom::new()
        .fill(&mut id)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    let terminal = Terminal {
        id: TerminalId::new(&hex(&id)).map_err(|e| usage(e.to_string()))?,
        facility: facility.id,
        name: name.into(),
        place: place.into(),
        owner: None,
        enrolled: done(node)?,
        approved: Some(done(node)?),
        revoked: None,
        request: None,
    };
    let (now, community) = (node.clock.now(), &node.config.community.home_community_id);
    let authority = authority(node.store.as_ref(), &Certifier, community, now)?;
    let wanted = wanted(&terminal, node.config.portal.terminal_days, now);
    let passphrase = passphrase()?;
    let (der, file) = Certifier.certify(&authority, wanted, &passphrase)?;
    super::new_secret(Path::new(out), &file)?;
    let event = node.event(
        Action::Administration,
        "terminal add",
        terminal.id.to_string(),
    );
    node.store.writing(|tx| {
        tx.put_terminal(&terminal)?;
        tx.add_terminal_certificate(&row(wanted, der.clone()))?;
        tx.append_audit(&event)
    })?;
    println!("{} {passphrase}", terminal.id);
    Ok(())
}

fn list(args: &Args, node: &Node) -> Result<(), Fault> {
    let facility = node.facility(args.required("facility")?)?;
    let now = node.clock.now();
    let find = |tx: &dyn tasuki_core::ports::Reading| {
        let terminals = tx.terminals_at(&facility.id, 2 * TERMINALS_MAX)?;
        let with = |terminal: Terminal| {
            let newest = tx
                .terminal_certificates_of(&terminal.id)?
                .into_iter()
                .next();
            Ok((terminal, newest))
        };
        terminals
            .into_iter()
            .map(with)
            .collect::<Result<Vec<_>, Fault>>()
    };
    for (terminal, newest) in node.store.reading(find)? {
        let state = match &newest {
            _ if terminal.revoked.is_some() => "revoked",
            None => "waiting",
            Some(certificate) if certificate.until <= now => "expired",
            Some(_) => "active",
        };
        let until = newest.map(|c| c.until.in_jst().day().to_string());
        let until = until.unwrap_or_else(|| "-".to_owned());
        println!("{} {state} {until} {}", terminal.id, terminal.name);
    }
    Ok(())
}

fn revoke(node: &Node, id: &str) -> Result<(), Fault> {
    let id = TerminalId::new(id).map_err(|e| usage(e.to_string()))?;
    let event = node.event(Action::Administration, "terminal revoke", id.to_string());
    let done = done(node)?;
    let found = node.store.writing(|tx| {
        let Some(terminal) = tx.terminal(&id)? else {
            return Ok(false);
        };
        tx.drop_terminal_download(&id)?;
        tx.put_terminal(&Terminal {
            revoked: terminal.revoked.clone().or(Some(done.clone())),
            ..terminal
        })?;
        tx.append_audit(&event)?;
        Ok(true)
    })?;
    match found {
        true => Ok(()),
        false => Err(usage(format!("no terminal {id}"))),
    }
}
