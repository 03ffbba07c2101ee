//! The server's share of an emergency across four communities: somebody whom the reader's community does not know,
//! from the password of the sign-in to a summary that nothing more will come to. Each step is one request, as a
//! browser sends it whose script fetches what comes later; what people type between them is not counted.
//!
//! `--times N`, `--built` (the programs as they were built last).

use super::http::{ask, page};
use super::programs;
use crate::demo::{Network, Order, PASSWORD};
use crate::failure::{Done, Failure, fail};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::time::{Duration, Instant};

/// Who looks: the place of their community, and who signs in there. 渡辺 茂 is a patient of the three others.
const READER: (u16, &str) = (2, "ochiai");
const SOUGHT: [(&str, &str); 5] = [
    ("by", "items"),
    ("family", "ワタナベ"),
    ("given", "シゲル"),
    ("birth", "1938-06-30"),
    ("sex", "m"),
];
/// What the sentence has in which a chart says how many places have answered.
const PLACES: &str = "か所のうち";
/// The most that is waited for a summary to be complete.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the way may take (issue 6), in milliseconds.
const GOAL: f64 = 1_000.0;
/// The names of the steps.
const STEPS: [&str; 6] = [
    "sign-in",
    "the form",
    "found by four items",
    "confirmed",
    "opened",
    "summary complete",
];

/// `cargo xtask bench emergency`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let (times, built) = options(arguments)?;
    let programs = match built {
        true => workspace.target.join("release"),
        false => programs(workspace)?,
    };
    let order = Order {
        seed: "1".to_owned(),
        persons: "60".to_owned(),
        port: crate::demo::free_ports()?,
        heavy: 0,
        behind: None,
    };
    let _network = Network::make(&programs, &workspace.target.join("bench/emergency"), &order)?;
    let portal = format!("127.0.0.1:{}", order.port + 10 * READER.0);
    let mut ways = Vec::new();
    for _ in 0..times {
        ways.push(Way::walk(&portal)?);
    }
    for (at, step) in STEPS.iter().enumerate() {
        let took = ways.iter().filter_map(|way| way.steps.get(at).copied());
        println!("{step:20} {}", spread(took.collect()));
    }
    let all: Vec<f64> = ways.iter().map(|way| way.steps.iter().sum()).collect();
    println!("{:20} {}", "all", spread(all.clone()));
    for way in &ways {
        println!("{}", way.came);
    }
    let most = all.into_iter().fold(0.0, f64::max);
    let met = if most <= GOAL { "met" } else { "missed" };
    println!("goal {GOAL} ms: {met}");
    Ok(())
}

fn options(arguments: &[OsString]) -> Result<(usize, bool), Failure> {
    use lexopt::prelude::{Long, ValueExt};
    let (mut times, mut built) = (5, false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("times") => times = parser.value()?.parse()?,
            Long("built") => built = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    // A user looks for twelve people in ten minutes.
    if !(1..=10).contains(&times) {
        fail!("--times: 1 to 10");
    }
    Ok((times, built))
}

fn spread(mut took: Vec<f64>) -> String {
    took.sort_by(f64::total_cmp);
    let at = |n: usize| took.get(n).copied().unwrap_or_default();
    let last = took.len().saturating_sub(1);
    format!(
        "p50 {:6.0} ms, least {:.0}, most {:.0}",
        at(last / 2),
        at(0),
        at(last)
    )
}

/// One way from the door to the summary: milliseconds of each step.
struct Way {
    steps: Vec<f64>,
    /// From how many places something came, as the chart says it.
    came: String,
}

impl Way {
    fn walk(portal: &str) -> Result<Self, Failure> {
        let mut steps = Vec::new();
        let mut timed = |began: Instant| steps.push(began.elapsed().as_secs_f64() * 1_000.0);
        let began = Instant::now();
        let session = super::http::sign_in(portal, READER.1, PASSWORD)?;
        timed(began);
        let cookie = format!("{session}; tasuki-script=1");
        let began = Instant::now();
        let form = page(portal, "/emergency", &cookie)?;
        timed(began);
        let token = token(&form)?;
        let began = Instant::now();
        let path = sent(portal, "/emergency", &cookie, &fields(&token, &SOUGHT))?;
        timed(began);
        let began = Instant::now();
        page(portal, &path, &cookie)?;
        timed(began);
        let reason = [("act", "open"), ("reason", "life"), ("again", PASSWORD)];
        let began = Instant::now();
        sent(portal, &path, &cookie, &fields(&token, &reason))?;
        timed(began);
        let began = Instant::now();
        let summary = complete(portal, &path, &cookie)?;
        timed(began);
        let came = came(portal, &summary, &cookie)?;
        sent(portal, &path, &cookie, &fields(&token, &[("act", "end")]))?;
        Ok(Self { steps, came })
    }
}

fn token(form: &str) -> Result<String, Failure> {
    let found = form.split_once("name=\"csrf\" value=\"");
    let token = found.and_then(|(_, rest)| rest.split('"').next());
    token
        .map(str::to_owned)
        .ok_or_else(|| Failure("a form without its token".to_owned()))
}

fn fields(token: &str, fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes()
            .map(|b| format!("%{b:02X}"))
            .collect::<String>()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("&{name}={}", escaped(value)));
    format!("csrf={token}{}", pairs.collect::<String>())
}

/// Sends a form; where it leads.
fn sent(portal: &str, path: &str, cookie: &str, form: &str) -> Result<String, Failure> {
    let answer = ask(portal, path, cookie, Some(form))?;
    match (answer.status, answer.header("location")) {
        (303, Some(to)) => Ok(to.to_owned()),
        (status, _) => fail!("{path}: {status}"),
    }
}

/// The page when nothing more may come: asked as its script asks, when something has.
fn complete(portal: &str, path: &str, cookie: &str) -> Result<String, Failure> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let shown = page(portal, path, cookie)?;
        let value = |name: &str| {
            let (_, rest) = shown.split_once(&format!("{name}=\""))?;
            rest.split('"').next()
        };
        let (Some(arrival), Some(seen)) = (value("data-arrival"), value("data-revision")) else {
            return Ok(shown);
        };
        page(portal, &format!("{arrival}?seen={seen}"), cookie)?;
    }
    fail!("{path}: not complete in {} s", PATIENCE.as_secs());
}

/// What the calendar behind a summary says of how many places have answered.
fn came(portal: &str, summary: &str, cookie: &str) -> Result<String, Failure> {
    let base = summary.split('"').find_map(|word| {
        let chart = word.strip_suffix("/calendar")?;
        chart.starts_with("/patients/").then_some(chart)
    });
    let Some(base) = base else {
        fail!("a summary that leads to no chart");
    };
    let calendar = page(portal, &format!("{base}/calendar"), cookie)?;
    let said = calendar
        .split(['<', '>'])
        .find(|text| text.contains(PLACES));
    Ok(said.unwrap_or_default().trim().to_owned())
}
