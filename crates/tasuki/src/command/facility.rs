//! `tasuki facility add|list`.

use crate::args::{Args, usage};
use crate::node;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::Fault;
use tasuki_core::audit::Action;
use tasuki_model::facility::{Offers, Part, Shape};
use tasuki_model::{Facility, FacilityCode, FacilityId, Oid};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let options = [
        "id",
        "name",
        "name-en",
        "short",
        "badge",
        "shape",
        "part",
        "phone",
        "authority",
        "offers",
    ];
    let args = Args::read(arguments, &options, &[])?;
    let node = node::open(&args)?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["add", code] => {
            let facility = facility(&args, &node, code)?;
            let event = node.event(Action::Administration, "facility add", code.to_owned());
            node.store.writing(|tx| {
                tx.put_facility(&facility)?;
                tx.append_audit(&event)
            })?;
        }
        ["list"] => {
            for f in node.store.reading(|tx| tx.facilities())? {
                let part = if f.part == Part::Disclosing {
                    "disclosing"
                } else {
                    "viewing"
                };
                println!("{} {} {part} {} {}", f.code, f.id, f.badge, f.name);
            }
        }
        _ => return Err(usage("facility add CODE …, or facility list")),
    }
    Ok(ExitCode::SUCCESS)
}

fn facility(args: &Args, node: &node::Node, code: &str) -> Result<Facility, Fault> {
    let wrong = |e: &dyn std::fmt::Display| usage(e.to_string());
    let code = FacilityCode::new(code).map_err(|e| wrong(&e))?;
    let known = node.store.reading(|tx| tx.facilities())?;
    let before = known.iter().find(|f| f.code == code);
    let id = match (args.option("id"), before) {
        (Some(id), _) => FacilityId::new(id).map_err(|e| wrong(&e))?,
        (None, Some(before)) => before.id.clone(),
        (None, None) => FacilityId::new(&format!("f-{code}")).map_err(|e| wrong(&e))?,
    };
    let name = args.required("name")?.to_owned();
    let short = args
        .option("short")
        .map_or_else(|| name.chars().take(4).collect(), str::to_owned);
    let shape = match args.option("shape") {
        Some(word) => {
            Shape::from_code(word).ok_or_else(|| usage(format!("--shape {word}: no such shape")))?
        }
        // The next shape in turn, so that neighbours on a screen differ.
        None => Shape::ALL
            .get(known.len() % Shape::ALL.len())
            .copied()
            .unwrap_or(Shape::Disc),
    };
    let part = match args.option("part") {
        None | Some("disclosing") => Part::Disclosing,
        Some("viewing") => Part::Viewing,
        Some(other) => return Err(usage(format!("--part {other}: disclosing or viewing"))),
    };
    let authority = match args.option("authority") {
        Some(oid) => Oid::new(oid).map_err(|e| wrong(&e))?,
        None => code.patient_authority(),
    };
    let offers = Offers::parse(args.option("offers").unwrap_or_default())
        .map_err(|kind| usage(format!("--offers {kind}: no such kind")))?;
    Ok(Facility {
        id,
        offers,
        authority,
        community: node.config.community.home_community_id.clone(),
        name_en: args.option("name-en").unwrap_or_default().to_owned(),
        badge: args
            .option("badge")
            .map_or_else(|| short.chars().take(2).collect(), str::to_owned),
        phone: args.option("phone").unwrap_or_default().to_owned(),
        name,
        short,
        shape,
        part,
        code,
    })
}
