//! The chart over four communities, one of them 300 ms away: 東京 花子 with 5,000 documents more than in
//! the demo, and laboratory results at every sixth visit; the last twelve months in view.
//!
//! `--latency MS`, `--documents N`, `--built` (the programs as they were built last). The client asks as
//! the page's script does. What a browser sees is measured by `tests/browser/measure.mjs` on the same
//! network, at the end.

use super::http::{Answer, ask, ask_part, page, sign_in};
use super::programs;
use super::relay::Relay;
use crate::demo::{Network, Order, PASSWORD};
use crate::failure::{Done, Failure, fail};
use crate::process::read;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

/// The community behind the relay, and its place among the four.
const FAR: (&str, usize) = ("C", 2);
/// Requests of a warm figure.
const WARM: usize = 60;
/// Sessions that open the chart anew.
const FIRST: usize = 20;
/// How often a session comes new to the chart: 3,600 an hour at one node.
const EVERY: Duration = Duration::from_secs(1);
/// The most that is waited for a page to be complete.
const COMPLETE: Duration = Duration::from_secs(60);
/// The most that is waited for what the first view left out.
const OLDER: Duration = Duration::from_secs(300);
/// The script's own pause where an answer was not held back (`web/src/parts/arrivals.ts`).
const PAUSE: Duration = Duration::from_millis(300);
/// An answer that took so long was held back.
const HELD: Duration = Duration::from_secs(1);

struct Load {
    latency: Duration,
    documents: usize,
    built: bool,
}

/// `cargo xtask bench chart`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let load = load(arguments)?;
    let programs = match load.built {
        true => workspace.target.join("release"),
        false => programs(workspace)?,
    };
    let folder = workspace.target.join("bench/chart");
    let port = crate::demo::free_ports()?;
    let far = Relay::start(crate::demo::address(port, FAR.1), load.latency)?;
    let order = Order {
        seed: "1".to_owned(),
        persons: "60".to_owned(),
        port,
        heavy: load.documents,
        behind: Some((FAR.0, far.address.clone())),
    };
    let network = Network::make(&programs, &folder, &order)?;
    let portal = network.address();
    let portal = portal.trim_start_matches("http://");
    let chart = Chart::find(portal, &folder, &far, "mizusawa")?;
    println!(
        "relay: {} ms to community {}",
        load.latency.as_millis(),
        FAR.0
    );
    chart.cold("calendar", "calendar")?;
    // Copies are kept by role: each of these finds nothing here.
    for (who, name) in [("kango", "labs"), ("yakuzai", "medications")] {
        Chart::find(portal, &folder, &far, who)?.cold(name, name)?;
    }
    chart.cold("labs, by period", "labs?takings=period")?;
    chart.five_years()?;
    first(portal, &folder, &far)?;
    for path in ["calendar", "labs", "labs?takings=period", "medications"] {
        chart.warm(path)?;
    }
    chart.rate("calendar")?;
    chart.rate("labs")?;
    browser(workspace, &network, &folder)
}

fn load(arguments: &[OsString]) -> Result<Load, Failure> {
    use lexopt::prelude::{Long, ValueExt};
    let mut load = Load {
        latency: Duration::from_millis(300),
        documents: 5_000,
        built: false,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("latency") => load.latency = Duration::from_millis(parser.value()?.parse()?),
            Long("documents") => load.documents = parser.value()?.parse()?,
            Long("built") => load.built = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    Ok(load)
}

/// Her chart in one session.
struct Chart<'c> {
    portal: &'c str,
    far: &'c Relay,
    cookie: String,
    /// `/patients/…/`.
    path: String,
}

impl<'c> Chart<'c> {
    fn find(portal: &'c str, folder: &Path, far: &'c Relay, who: &str) -> Result<Self, Failure> {
        let session = sign_in(portal, who, PASSWORD)?;
        // What the script says of itself: pages then do not wait.
        let cookie = format!("{session}; tasuki-script=1");
        let found = page(
            portal,
            &format!("/patients?id={}", local_id(folder)?),
            &cookie,
        )?;
        let calendar = found
            .split('"')
            .find(|word| word.starts_with("/patients/") && word.ends_with("/calendar"));
        let path = calendar.and_then(|path| path.strip_suffix("calendar"));
        let path = path.ok_or_else(|| Failure("no chart of 東京 花子".to_owned()))?;
        Ok(Self {
            portal,
            far,
            path: path.to_owned(),
            cookie,
        })
    }

    fn get(&self, path: &str, part: bool) -> Result<(Answer, f64), Failure> {
        let start = Instant::now();
        let address = format!("{}{path}", self.path);
        let answer = match part {
            true => ask_part(self.portal, &address, &self.cookie)?,
            false => ask(self.portal, &address, &self.cookie, None)?,
        };
        if answer.status != 200 {
            fail!("{path}: {}", answer.head);
        }
        Ok((answer, start.elapsed().as_secs_f64() * 1000.0))
    }

    /// A page that is opened for the first time, followed as the script follows it until nothing more
    /// is awaited.
    fn cold(&self, name: &str, path: &str) -> Done {
        let (trips, start) = (self.far.trips(), Instant::now());
        let (first, took) = self.get(path, false)?;
        let (mut size, mut requests) = (wire(&first), 1);
        let mut shown = first.text()?;
        while let Some((address, revision)) = awaited(&shown) {
            if start.elapsed() > COMPLETE {
                fail!("{name}: not complete after {} s", COMPLETE.as_secs());
            }
            let asked = Instant::now();
            let told = page(
                self.portal,
                &format!("{address}?seen={revision}"),
                &self.cookie,
            )?;
            requests += 1;
            if told.trim() != format!("{revision} more") {
                let (part, _) = self.get(path, true)?;
                size += wire(&part);
                requests += 1;
                shown = part.text()?;
            } else if asked.elapsed() < HELD {
                std::thread::sleep(PAUSE);
            }
        }
        let complete = Instant::now();
        let after = self
            .far
            .last()
            .map(|last| complete.saturating_duration_since(last));
        println!(
            "{name:16} cold: first {took:.0} ms, {} bytes on the wire; complete after {:.0} ms, {:.0} ms \
             after the last byte of the far answer; {} round trips to it, {requests} requests, {size} bytes",
            wire(&first),
            (complete - start).as_secs_f64() * 1000.0,
            after.unwrap_or_default().as_secs_f64() * 1000.0,
            self.far.trips() - trips,
        );
        Ok(())
    }

    /// Five years on demand: what the first view left out comes when its reader asks for it, so many contents a
    /// request, until the page offers no more.
    fn five_years(&self) -> Done {
        let (trips, start) = (self.far.trips(), Instant::now());
        let (_, calendar) = self.get("calendar?reach=5y", false)?;
        let (page, first) = self.get("labs?years=5", false)?;
        let (mut shown, mut requests, mut longest) = (page.text()?, 0, 0_f64);
        while shown.contains("fetch=older") {
            if start.elapsed() > OLDER {
                fail!("five years: not complete after {} s", OLDER.as_secs());
            }
            // The answer's own links keep its address: whether more is offered is said by the plain page.
            let (_, took) = self.get("labs?years=5&fetch=older", false)?;
            (requests, longest) = (requests + 1, longest.max(took));
            shown = self.get("labs?years=5", false)?.0.text()?;
        }
        let whole = start.elapsed().as_secs_f64();
        let (_, again) = self.get("labs?years=5", false)?;
        println!(
            "five years on demand: calendar {calendar:.0} ms, labs first {first:.0} ms; complete after {whole:.1} s, \
             asked {requests} times (longest {longest:.0} ms), {} round trips; then {again:.0} ms",
            self.far.trips() - trips,
        );
        Ok(())
    }

    /// A page that is complete, again and again.
    fn warm(&self, path: &str) -> Done {
        let mut times = Vec::new();
        let mut size = 0;
        for _ in 0..WARM {
            let (answer, took) = self.get(path, false)?;
            times.push(took);
            size = wire(&answer);
        }
        println!(
            "{path:20} warm: {}, {size} bytes on the wire",
            spread(times)
        );
        Ok(())
    }

    /// So many a second, two asking at once.
    fn rate(&self, path: &str) -> Done {
        let start = Instant::now();
        let ended = std::thread::scope(|scope| {
            let ask = || (0..WARM).try_for_each(|_| self.get(path, false).map(drop));
            let other = scope.spawn(ask);
            ask().and(other.join().unwrap_or(Ok(())))
        });
        ended?;
        let rate = 2.0 * WARM as f64 / start.elapsed().as_secs_f64();
        println!("{path:20} warm: {rate:.0}/s, two clients on the same cores");
        Ok(())
    }
}

/// The first page of sessions that come new to the chart: one each `EVERY`, and one right after the other,
/// each while those before still gather.
fn first(portal: &str, folder: &Path, far: &Relay) -> Done {
    let mut last = None;
    for every in [EVERY, Duration::ZERO] {
        let mut times = Vec::new();
        for _ in 0..FIRST {
            let due = Instant::now() + every;
            let chart = Chart::find(portal, folder, far, "mizusawa")?;
            times.push(chart.get("calendar", false)?.1);
            last = Some(chart);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        let times = spread(times);
        match every.is_zero() {
            true => println!("first useful page of {FIRST} sessions in a rush: {times}"),
            false => println!("first useful page of {FIRST} sessions, one a second: {times}"),
        }
    }
    // What follows is measured when nobody gathers any more.
    last.map_or(Ok(()), |chart| chart.cold("the last of them", "calendar"))
}

/// Her number at the hospital of whoever signs in.
fn local_id(folder: &Path) -> Result<String, Failure> {
    let people: serde_json::Value =
        serde_json::from_str(&read(&folder.join("storages/people.json"))?)
            .map_err(|error| Failure(format!("people.json: {error}")))?;
    let list = |of: &serde_json::Value, name: &str| of.get(name)?.as_array().cloned();
    let word = |of: &serde_json::Value, name: &str| of.get(name)?.as_str().map(str::to_owned);
    let is = |of: &serde_json::Value, name, value: &str| word(of, name).as_deref() == Some(value);
    let mut all = list(&people, "people").unwrap_or_default().into_iter();
    let hers = all.find(|p| is(p, "family", "東京") && is(p, "given", "花子"));
    let cards = hers
        .and_then(|p| list(&p, "registrations"))
        .unwrap_or_default();
    let card = cards.iter().find(|card| is(card, "facility", "1311234567"));
    let id = card.and_then(|card| word(card, "id"));
    id.ok_or_else(|| Failure("people.json: no 東京 花子".to_owned()))
}

fn wire(answer: &Answer) -> usize {
    answer.head.len() + answer.body.len()
}

/// Where the page asks whether more has come, and what it shows now.
fn awaited(page: &str) -> Option<(String, String)> {
    let value = |name: &str| {
        let (_, rest) = page.split_once(&format!("{name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    Some((value("data-arrival")?, value("data-revision")?))
}

fn spread(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| {
        let found = times.get(times.len() * share / 100);
        found.or(times.last()).copied().unwrap_or(f64::NAN)
    };
    format!(
        "p50 {:.0} ms, p95 {:.0} ms, most {:.0} ms",
        at(50),
        at(95),
        at(100)
    )
}

/// Layout shift, largest contentful paint and bytes of script, in Chromium.
fn browser(workspace: &Workspace, network: &Network, folder: &Path) -> Done {
    crate::setup::ensure(&[crate::setup::CHROMIUM])?;
    crate::assets::packages(workspace)?;
    let mut node = workspace.command("node");
    node.arg("tests/browser/measure.mjs");
    node.env("TASUKI_PORTAL", network.address());
    node.env("TASUKI_PATIENT", local_id(folder)?);
    crate::process::run(&mut node)
}
