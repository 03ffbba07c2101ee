//! How long until a withdrawal at one community holds at the others: copies of its documents are on three
//! charts, it discloses the patient no more, and each chart is asked again and again until none of them shows.

use super::http::{page, sign_in};
use super::programs;
use crate::demo::{Network, Order, PASSWORD};
use crate::failure::{Done, Failure, fail};
use crate::process::output;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

/// Who withdraws: the folder of the community, what the others call it, and its registration of 東京 花子.
const FROM: (&str, &str, &str) = ("B", "双葉医療連携ネット", "1316789012:300100023");
/// Who looks: the place of their community, who signs in there, and their number of the same patient.
const AT: [(u16, &str, &str); 3] = [
    (0, "mizusawa", "0000012345"),
    (2, "ochiai", "K1100417"),
    (3, "kasai", "000080000031"),
];
/// The most that is waited for copies to come or to go.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a chart is asked.
const EVERY: Duration = Duration::from_millis(10);

/// `cargo xtask bench withdrawal`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let programs = programs(workspace)?;
    let folder = workspace.target.join("bench/withdrawal");
    let order = Order {
        seed: "1".to_owned(),
        persons: "60".to_owned(),
        port: crate::demo::free_ports()?,
        heavy: 0,
        behind: None,
    };
    let _network = Network::make(&programs, &folder, &order)?;
    let mut charts = Vec::new();
    for (place, who, id) in AT {
        charts.push(Chart::open(
            format!("127.0.0.1:{}", order.port + 10 * place),
            who,
            id,
        )?);
    }
    for chart in &charts {
        chart.wait(|copies| copies > 0)?;
    }
    let (letter, _, patient) = FROM;
    let mut tasuki = Command::new(programs.join("tasuki"));
    let data = folder.join(letter).join("data");
    tasuki.args(["disclose", patient, "--withdraw", "--data"]);
    output(tasuki.arg(data))?;
    let done = Instant::now();
    let seconds = std::thread::scope(|scope| {
        let waits = charts
            .iter()
            .map(|chart| scope.spawn(|| chart.wait(|copies| copies == 0)));
        let waits: Vec<_> = waits.collect();
        let ended = waits.into_iter().map(|wait| {
            let gone = wait
                .join()
                .map_err(|_| Failure("a thread broke".to_owned()))??;
            Ok((gone - done).as_secs_f64() * 1000.0)
        });
        ended.collect::<Result<Vec<f64>, Failure>>()
    })?;
    for ((_, who, _), took) in AT.iter().zip(seconds) {
        println!("{who:10} shows none {took:.0} ms after the command had ended");
    }
    Ok(())
}

/// The documents of a chart in one session.
struct Chart {
    portal: String,
    cookie: String,
    path: String,
}

impl Chart {
    fn open(portal: String, who: &str, id: &str) -> Result<Self, Failure> {
        let session = sign_in(&portal, who, PASSWORD)?;
        let cookie = format!("{session}; tasuki-script=1");
        let found = page(&portal, &format!("/patients?id={id}"), &cookie)?;
        let path = found
            .split('"')
            .find(|word| word.starts_with("/patients/") && word.ends_with("/calendar"))
            .and_then(|path| path.strip_suffix("calendar"))
            .map(|path| format!("{path}documents"));
        let path = path.ok_or_else(|| Failure(format!("{who}: no chart of {id}")))?;
        Ok(Self {
            portal,
            cookie,
            path,
        })
    }

    /// Asks until so many copies of that community show as are waited for; when that was.
    fn wait(&self, fits: impl Fn(usize) -> bool) -> Result<Instant, Failure> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let shown = page(&self.portal, &self.path, &self.cookie)?;
            // What is named below the list is not in it.
            let table = shown.split_once("<tbody").map_or("", |(_, rest)| rest);
            let table = table.split("</tbody>").next().unwrap_or_default();
            if fits(table.matches(FROM.1).count()) {
                return Ok(Instant::now());
            }
            std::thread::sleep(EVERY);
        }
        fail!("{}: not in {} s", self.path, PATIENCE.as_secs());
    }
}
