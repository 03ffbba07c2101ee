//! `cargo xtask test [tier …]`: every test there is, in tiers with a budget each.
//!
//! No tier can be skipped for want of a tool, and no case can go missing unseen: each package
//! has a minimum number of cases (`tests/minimums.toml`), each bad input a test.

mod bad_input;
mod browser;
mod cases;
mod minimums;
mod postgres;
mod rust;

use crate::check::RULES;
use crate::failure::{Done, Failure, fail};
use crate::fuzz::{Fuzzing, TARGETS};
use crate::process::run as end;
use crate::workspace::Workspace;
use crate::{assets, setup};
use cases::Cases;
pub use postgres::Cluster;
use std::ffi::OsString;
use std::time::{Duration, Instant};

/// What a run has seen so far.
pub struct Session<'w> {
    workspace: &'w Workspace,
    cases: Cases,
    cluster: Option<Cluster>,
}

struct Tier {
    name: &'static str,
    budget: Duration,
    run: fn(&mut Session) -> Done,
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

/// What the tiers stand on comes first and has a budget of its own: on a fresh machine it is
/// minutes of other people's code, and a slow lint tier should mean slow lints.
const TIERS: &[Tier] = &[
    Tier {
        name: "tools",
        budget: minutes(15),
        run: tools,
    },
    Tier {
        name: "lint",
        budget: minutes(10),
        run: lint,
    },
    Tier {
        name: "build",
        budget: minutes(12),
        run: build,
    },
    Tier {
        name: "unit",
        budget: minutes(10),
        run: unit,
    },
    Tier {
        name: "store",
        budget: minutes(8),
        run: store,
    },
    Tier {
        name: "wire",
        // Eleven fuzz targets are among it, and third-party clients that are installed first.
        budget: minutes(18),
        run: wire,
    },
    Tier {
        name: "conformance",
        budget: minutes(10),
        run: conformance,
    },
    Tier {
        name: "browser",
        budget: minutes(15),
        run: browser::run,
    },
];

/// The packages whose tests talk to a database or to a running node; the rest are unit tests.
const STORE: &[&str] = &["tasuki-store", "tasuki-feeds"];
const WIRE: &[&str] = &["tasuki", "tasuki-ihe"];

/// What docs/conformance/plans.md says passes, against a running node.
fn conformance(session: &mut Session) -> Done {
    session.account("conformance plans", |workspace, _| {
        crate::conformance::run(workspace, &["--check".into()])
    });
    session.account("conformance runner finds defects", |workspace, _| {
        crate::conformance::faults(workspace)
    });
    Ok(())
}

/// How long each fuzz target runs here; `cargo xtask soak fuzz` runs them for ten minutes.
const FUZZ_SECONDS: u64 = 20;

/// `cargo xtask test`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let wanted: Vec<&str> = arguments.iter().filter_map(|name| name.to_str()).collect();
    if let Some(unknown) = wanted
        .iter()
        .find(|name| !TIERS.iter().any(|tier| tier.name == **name))
    {
        fail!("no tier {unknown}");
    }
    let tiers: Vec<&Tier> = TIERS
        .iter()
        .filter(|tier| wanted.is_empty() || wanted.contains(&tier.name))
        .collect();
    let mut session = Session {
        workspace,
        cases: Cases::default(),
        cluster: None,
    };
    let mut report = Vec::new();
    for tier in &tiers {
        println!("\n== {}", tier.name);
        let start = Instant::now();
        let done = (tier.run)(&mut session);
        report.push((*tier, start.elapsed(), done));
    }
    session.cluster = None;
    if tiers.len() == TIERS.len() {
        session.account("bad input", bad_input::every_phrase_has_a_passing_test);
        session.account("minimums", |workspace, cases| {
            minimums::hold(workspace, cases)
        });
    }
    close(&session.cases, report)
}

/// The unit tests alone, for `cargo xtask check`.
pub fn quick(workspace: &Workspace) -> Done {
    let mut cases = Cases::default();
    rust::run(workspace, &unit_packages(workspace), &mut cases, None)?;
    if !cases.failed.is_empty() {
        fail!("{} tests failed", cases.failed.len());
    }
    Ok(())
}

impl Session<'_> {
    /// Counts a rule of the house as one case, so that it is in the closing line too.
    fn account(&mut self, name: &str, rule: impl FnOnce(&Workspace, &Cases) -> Done) {
        let case = format!("house::{name}");
        match rule(self.workspace, &self.cases) {
            Ok(()) => {
                println!("ok    {name}");
                self.cases.passed.insert(case);
            }
            Err(Failure(message)) => {
                println!("FAIL  {name}: {message}");
                self.cases.failed.insert(case);
            }
        }
    }
}

fn tools(session: &mut Session) -> Done {
    setup::run(session.workspace, &[])?;
    assets::packages(session.workspace)
}

fn lint(session: &mut Session) -> Done {
    setup::ensure(&[setup::COMPILER])?;
    for rule in RULES {
        session.account(rule.name, |workspace, _| (rule.run)(workspace));
    }
    session.account("bad input list", |workspace, _| {
        bad_input::every_code_exists(workspace)
    });
    session.account("script types", |workspace, _| assets::types(workspace));
    session.account("licences", |workspace, _| {
        // The licences of every platform's crates are looked at, also of those not built here.
        end(workspace
            .command("cargo")
            .args(["fetch", "--quiet", "--locked"]))?;
        let deny = setup::cargo_deny(workspace)?;
        let mut deny = workspace.command(&deny.to_string_lossy());
        end(deny
            .args([
                "--log-level",
                "error",
                "--all-features",
                "--offline",
                "check",
            ])
            .args(["--hide-inclusion-graph", "bans", "licenses", "sources"]))
    });
    Ok(())
}

fn build(session: &mut Session) -> Done {
    assets::run(session.workspace, &[])?;
    rust::build(session.workspace)
}

fn unit(session: &mut Session) -> Done {
    setup::ensure(&[setup::OPENSSL, setup::VENV, setup::XMLLINT, setup::XMLSEC])?;
    setup::ensure(&[setup::NSS])?;
    setup::peers(session.workspace, setup::SAML_PEERS)?;
    setup::peers(session.workspace, setup::SHEET_PEERS)?;
    rust::run(
        session.workspace,
        &unit_packages(session.workspace),
        &mut session.cases,
        None,
    )?;
    rust::documentation(session.workspace, &mut session.cases)
}

fn store(session: &mut Session) -> Done {
    databased(session, STORE)
}

fn wire(session: &mut Session) -> Done {
    setup::ensure(&[setup::OPENSSL, setup::VENV, setup::XMLLINT, setup::RSYSLOG])?;
    setup::ensure(&[setup::POPPLER, setup::CLAMD, setup::EXIFTOOL, setup::NSS])?;
    setup::peers(session.workspace, setup::HL7_PEERS)?;
    setup::peers(session.workspace, setup::SOAP_PEERS)?;
    setup::peers(session.workspace, setup::LAUNCH_PEERS)?;
    setup::xds_peers(session.workspace)?;
    setup::node_peers(session.workspace)?;
    databased(session, WIRE)?;
    let fuzzing = Fuzzing::prepare(session.workspace)?;
    for (target, _) in TARGETS {
        session.account(&format!("fuzz {target}"), |_, _| {
            fuzzing.run(target, FUZZ_SECONDS, 1).map(|_| ())
        });
    }
    Ok(())
}

fn databased(session: &mut Session, packages: &[&str]) -> Done {
    setup::ensure(&[setup::POSTGRES, setup::STRACE, setup::POPPLER])?;
    if session.cluster.is_none() {
        session.cluster = Some(Cluster::start()?);
    }
    let there = session
        .workspace
        .packages
        .iter()
        .map(|package| package.name.as_str());
    let packages: Vec<&str> = there.filter(|name| packages.contains(name)).collect();
    let url = session.cluster.as_ref().map(Cluster::url);
    rust::run(session.workspace, &packages, &mut session.cases, url)
}

fn unit_packages(workspace: &Workspace) -> Vec<&str> {
    let names = workspace
        .packages
        .iter()
        .map(|package| package.name.as_str());
    names
        .filter(|name| !STORE.contains(name) && !WIRE.contains(name))
        .collect()
}

fn close(cases: &Cases, report: Vec<(&Tier, Duration, Done)>) -> Done {
    let mut broken = Vec::new();
    println!("\n== seconds");
    for (tier, took, done) in report {
        println!(
            "{:8} {:6.1} of {}",
            tier.name,
            took.as_secs_f64(),
            tier.budget.as_secs()
        );
        if took > tier.budget {
            broken.push(format!("{} is over its budget", tier.name));
        }
        if let Err(Failure(message)) = done {
            broken.push(format!("{}: {message}", tier.name));
        }
    }
    for name in &cases.failed {
        println!("failed: {name}");
    }
    for reason in &broken {
        println!("failed: {reason}");
    }
    // A tier that could not run is a failure as well: the closing line must say so.
    let failed = cases.failed.len() + broken.len();
    println!("{} passed, {failed} failed", cases.passed.len());
    if failed > 0 {
        fail!("not everything passed");
    }
    Ok(())
}
