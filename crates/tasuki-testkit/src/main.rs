//! `tasuki-testkit generate | network | corpus | registrations`: synthetic storages, and
//! registrations to be matched, on disk.
#![forbid(unsafe_code)]

use lexopt::prelude::{Long, Short, Value, ValueExt};
use std::path::PathBuf;
use std::process::ExitCode;
use tasuki_testkit::{corpus, generate, second_set};

const USAGE: &str =
    "tasuki-testkit generate|network [--seed S] [--persons N] [--years Y] [--until YYYY-MM-DD] [--heavy N] --out DIR
tasuki-testkit corpus   [--seed S] [--files N] [--persons N] [--heavy N] --out DIR
tasuki-testkit registrations [--seed S] [--persons N] [--noise F] --out DIR";

fn main() -> ExitCode {
    match run() {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn std::error::Error>> {
    let mut parser = lexopt::Parser::from_env();
    let (mut command, mut out) = (String::new(), PathBuf::new());
    let (mut seed, mut persons, mut files, mut heavy) = (1_u64, None, 200_000_usize, 0);
    let mut noise = 1.0;
    let mut order = generate::Order {
        seed,
        persons: 300,
        years: 5,
        until: generate::UNTIL,
        heavy: 0,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) if command.is_empty() => command = word.string()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("persons") => persons = Some(parser.value()?.parse()?),
            Long("years") => order.years = parser.value()?.parse()?,
            Long("until") => order.until = parser.value()?.parse()?,
            Long("heavy") => heavy = parser.value()?.parse()?,
            Long("files") => files = parser.value()?.parse()?,
            Long("noise") => noise = parser.value()?.parse()?,
            Long("out") => out = parser.value()?.into(),
            Short('h') | Long("help") => return Ok(USAGE.to_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    if out.as_os_str().is_empty() {
        return Err("--out is missing".into());
    }
    std::fs::create_dir_all(&out)?;
    if std::fs::read_dir(&out)?.next().is_some() {
        return Err(format!("{} is not empty", out.display()).into());
    }
    order.seed = seed;
    order.heavy = heavy;
    order.persons = persons.unwrap_or(order.persons);
    let written = match command.as_str() {
        "generate" => generate::generate(order, &out)?,
        "network" => generate::network(order, &out)?,
        "corpus" => corpus::write(
            corpus::Order {
                seed,
                files,
                heavy,
                persons: persons.unwrap_or(2000),
            },
            &out,
        )?,
        "registrations" => second_set::write(
            second_set::Order {
                seed,
                persons: persons.unwrap_or(10_000),
                noise,
            },
            &out,
        )?,
        other => return Err(format!("no command {other:?}").into()),
    };
    Ok(format!("{written} written in {}", out.display()))
}
