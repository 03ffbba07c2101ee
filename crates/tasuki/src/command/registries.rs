//! `tasuki registries [--json]`: what this release is made of, from the const lists themselves.

use super::COMMANDS;
use crate::args::Args;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::{Code, Fault};
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
    let all = serde_json::json!({
        "version": 1,
        "pages": pages,
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
