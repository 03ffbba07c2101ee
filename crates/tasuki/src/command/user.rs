//! `tasuki user add|list|disable`. The password comes from a file or standard input (`-`), never
//! from the command line, where every process on the machine could read it. `--unchecked` takes one that nobody
//! could choose at the portal.

use crate::args::{Args, usage};
use crate::node;
use std::ffi::OsString;
use std::io::Read;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::ports::{Account, Membership};
use tasuki_core::{Code, Fault};
use tasuki_model::{Role, UserId};
use tasuki_web::password::{chosen, words_of};

/// Accounts listed at most.
const LISTED_MAX: u32 = 10_000;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let options = ["person", "role", "facility", "section", "password-file"];
    let args = Args::read(arguments, &options, &["unchecked"])?;
    let node = node::open(&args)?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["add", name] => {
            let account = account(&args, &node, name)?;
            let event = node.event(Action::Administration, "user add", name.to_owned());
            node.store.writing(|tx| {
                tx.put_account(&account)?;
                tx.append_audit(&event)
            })?;
        }
        ["disable", name] => {
            let event = node.event(Action::Administration, "user disable", name.to_owned());
            let found = node.store.writing(|tx| {
                let Some(mut account) = tx.account_by_name(name)? else {
                    return Ok(false);
                };
                account.disabled = true;
                tx.put_account(&account)?;
                tx.append_audit(&event)?;
                Ok(true)
            })?;
            if !found {
                return Err(usage(format!("no account {name}")));
            }
        }
        ["list"] => {
            for account in node.store.reading(|tx| tx.accounts(LISTED_MAX))? {
                let state = if account.disabled {
                    "disabled"
                } else {
                    "active"
                };
                for m in &account.memberships {
                    println!(
                        "{} {state} {} {}",
                        account.sign_in_name,
                        m.role.code(),
                        m.facility
                    );
                }
            }
        }
        _ => return Err(usage("user add NAME …, user disable NAME, or user list")),
    }
    Ok(ExitCode::SUCCESS)
}

fn account(args: &Args, node: &node::Node, name: &str) -> Result<Account, Fault> {
    let facility = node.facility(args.required("facility")?)?;
    let role = args.required("role")?;
    let role =
        Role::from_code(role).ok_or_else(|| usage(format!("--role {role}: no such role")))?;
    let password = password(args.required("password-file")?)?;
    let known = node.store.reading(|tx| tx.account_by_name(name))?;
    let id = match known {
        Some(account) => account.id,
        None => UserId::new(&format!("u-{name}")).map_err(|e| usage(e.to_string()))?,
    };
    let mut account = Account {
        id,
        sign_in_name: name.to_owned(),
        name: args.option("person").unwrap_or(name).to_owned(),
        password_hash: String::new(),
        memberships: vec![Membership {
            facility: facility.id,
            role,
            section: args.option("section").unwrap_or_default().to_owned(),
        }],
        disabled: false,
        expires: None,
    };
    if !args.flag("unchecked") {
        checked(node, &account, &password)?;
    }
    account.password_hash = tasuki_web::password::hash(&password)?;
    Ok(account)
}

/// The rule of the portal, for a first password too.
fn checked(node: &node::Node, account: &Account, password: &str) -> Result<(), Fault> {
    let facilities = node.store.reading(|tx| tx.facilities())?;
    let words = words_of(&node.config.community.name, &facilities, account);
    let breached = node.config.portal.breached()?;
    chosen(password, &words, breached.as_ref()).map(|_| ())
}

fn password(from: &str) -> Result<String, Fault> {
    let unreadable = |e: std::io::Error| Fault::new(Code::ConfigUnreadable, format!("{from}: {e}"));
    let mut text = String::new();
    if from == "-" {
        std::io::stdin()
            .take(1_024)
            .read_to_string(&mut text)
            .map_err(unreadable)?;
    } else {
        text = std::fs::read_to_string(from).map_err(unreadable)?;
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
