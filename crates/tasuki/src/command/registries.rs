//! `tasuki registries [--json]`: what this release is made of, from the const lists themselves.

use super::COMMANDS;
use crate::args::Args;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::{Code, Fault};
use tasuki_ihe::{Side, TRANSACTIONS, dialect, soap};
use tasuki_model::Category;
use tasuki_web::pages::PAGES;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &[])?;
    let pages: Vec<_> = PAGES
        .iter()
        .map(|p| {
            serde_json::json!({
                "name": p.name,
                "method": if p.post { "POST" } else { "GET" },
                "path": p.path,
                "door": format!("{:?}", p.door),
                "audit": p.audit,
            })
        })
        .collect();
    let transactions: Vec<_> = TRANSACTIONS
        .iter()
        .map(|t| {
            let messages: Vec<_> = t.messages.iter().map(|(c, e)| format!("{c}^{e}")).collect();
            serde_json::json!({
                "id": t.id,
                "title": t.title,
                "side": if t.side() == Side::Answers { "answers" } else { "asks" },
                "messages": messages,
                "bytes_max": t.bytes_max,
                "audit": t.audit,
            })
        })
        .collect();
    let soap: Vec<_> = soap::TRANSACTIONS
        .iter()
        .map(|t| {
            let actions: Vec<_> = t.actions.iter().map(|(action, _)| action).collect();
            serde_json::json!({
                "id": t.id,
                "title": t.title,
                "side": if t.side() == Side::Answers { "answers" } else { "asks" },
                "actions": actions,
                "bytes_max": t.bytes_max,
                "attachments_max": t.attachments_max,
                "audit": t.audit,
            })
        })
        .collect();
    let all = serde_json::json!({
        "version": 1,
        "pages": pages,
        "transactions": transactions,
        "soap_transactions": soap,
        "dialects": dialect::DIALECTS.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "categories": Category::ALL.iter().map(|c| c.code()).collect::<Vec<_>>(),
        "codes": Code::ALL.iter().map(|c| c.id()).collect::<Vec<_>>(),
        "commands": COMMANDS.iter().map(|c| c.name).collect::<Vec<_>>(),
    });
    if args.json {
        println!("{all}");
    } else {
        println!("{all:#}");
    }
    Ok(ExitCode::SUCCESS)
}
