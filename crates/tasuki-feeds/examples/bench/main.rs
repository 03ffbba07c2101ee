//! Measurements of the feed and the store, for `cargo xtask bench import` and `… bench portal`.
//!
//! ```text
//! bench import --storage DIR --data DIR [--postgres URL] [--only warm|cold|postgres]
//! bench portal --data DIR --documents 1000000 --heavy 5000
//! ```
//!
//! Prints figures and judges nothing; docs/benchmarks.md keeps them with date and machine.
#![forbid(unsafe_code)]

mod import;
mod machine;
mod portal;

use lexopt::prelude::{Long, Value, ValueExt};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// What was asked for.
#[derive(Default)]
struct Order {
    storage: PathBuf,
    data: PathBuf,
    postgres: Option<String>,
    only: Option<String>,
    documents: u64,
    heavy: u64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut parser = lexopt::Parser::from_env();
    let mut what = String::new();
    let mut order = Order {
        documents: 1_000_000,
        heavy: 5_000,
        ..Order::default()
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) if what.is_empty() => what = word.string()?,
            Long("storage") => order.storage = parser.value()?.into(),
            Long("data") => order.data = parser.value()?.into(),
            Long("postgres") => order.postgres = Some(parser.value()?.string()?),
            Long("only") => order.only = Some(parser.value()?.string()?),
            Long("documents") => order.documents = parser.value()?.parse()?,
            Long("heavy") => order.heavy = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    machine::describe(&order.data)?;
    match what.as_str() {
        "import" => import::run(&order),
        "portal" => portal::run(&order),
        _ => Err("what: import or portal?".into()),
    }
}
