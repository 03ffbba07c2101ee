//! ITI-9 over MLLP: so many connections, each asking again when it was answered, every answer
//! audited and durable. The client runs on the same cores. Beside it, in the same run, the floor: the
//! same client against a server that sends back what it gets.
//!
//! `--connections 64`, `--seconds 10`, `--patients 2000` (each registered at two hospitals).

use super::http::ask;
use super::{data, programs};
use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, output, read, write};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const HOSPITALS: [&str; 2] = ["1311234567", "1312345678"];

/// Even registrations are at the first hospital, odd ones at the second.
fn hospital(n: usize) -> &'static str {
    let [first, second] = HOSPITALS;
    if n.is_multiple_of(2) { first } else { second }
}

struct Load {
    connections: usize,
    seconds: u64,
    patients: usize,
}

/// `cargo xtask bench pix`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, ValueExt};
    let mut load = Load {
        connections: 64,
        seconds: 10,
        patients: 2_000,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("connections") => load.connections = parser.value()?.parse()?,
            Long("seconds") => load.seconds = parser.value()?.parse()?,
            Long("patients") => load.patients = parser.value()?.parse()?,
            other => fail!("{}", other.unexpected()),
        }
    }
    let programs = programs(workspace)?;
    let (mut node, folder, address) = start(workspace, &programs)?;
    let measured = measure(&programs, &folder, &address, &load);
    output(Command::new("kill").arg(node.id().to_string()))?;
    node.wait().map_err(|error| Failure::io("tasuki", &error))?;
    measured
}

/// A node with two hospitals and a system that feeds and asks for both.
fn start(
    workspace: &Workspace,
    programs: &Path,
) -> Result<(Child, std::path::PathBuf, String), Failure> {
    let address = || free_port().map(|port| format!("127.0.0.1:{port}"));
    let (portal, health, mllp) = (address()?, address()?, address()?);
    let folder = data(workspace, programs, "pix", &health, &portal)?;
    let mut tasuki = Command::new(programs.join("tasuki"));
    tasuki.args([
        "facility",
        "add",
        hospital(1),
        "--name",
        "架空第二病院",
        "--data",
    ]);
    output(tasuki.arg(&folder))?;
    let path = folder.join("tasuki.toml");
    let config = read(&path)?;
    let [one, two] = HOSPITALS;
    write(
        &path,
        format!(
            "{config}\n[mllp]\nlisten = \"{mllp}\"\n[[mllp.peer]]\nname = \"bench\"\n\
             application = \"HIS\"\nfacility = \"BENCH\"\nfeeds = [\"{one}\", \"{two}\"]\nqueries = true\n"
        ),
    )?;
    let child = Command::new(programs.join("tasuki"))
        .args(["serve", "--data"])
        .arg(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::io("tasuki", &error))?;
    let since = Instant::now();
    while !ask(&health, "/ready", "", None).is_ok_and(|answer| answer.status == 200) {
        if since.elapsed() > Duration::from_secs(30) {
            fail!("the node is not ready after 30 seconds");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok((child, folder, mllp))
}

fn measure(programs: &Path, folder: &Path, address: &str, load: &Load) -> Done {
    let loaded = AtomicU64::new(0);
    // The index of identities is loaded in the background.
    while round(address, &query(0))?.contains("IDN-002") {}
    let feeds = 2 * load.patients;
    let start = Instant::now();
    crowd(load.connections, |n| {
        let mut stream = connect(address)?;
        for id in (n..feeds).step_by(load.connections) {
            let said = exchange(&mut stream, &feed(id))?;
            if !said.contains("MSA|AA|") {
                fail!("a feed was not taken: {said}");
            }
            loaded.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })?;
    let rate = loaded.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    println!(
        "ITI-8   {rate:.0} messages/s ({feeds} registrations, persons settled before each ACK)"
    );
    let list: String = (0..feeds)
        .map(|id| format!("{}:{}\n", hospital(id), id / 2))
        .collect();
    let file = folder.join("patients.csv");
    write(&file, &list)?;
    let mut disclose = Command::new(programs.join("tasuki"));
    disclose
        .args(["disclose", "--file"])
        .arg(&file)
        .arg("--data");
    output(disclose.arg(folder))?;
    let since = Instant::now();
    while !round(address, &query(feeds - 1))?.contains("|OK") {
        if since.elapsed() > Duration::from_secs(120) {
            break;
        }
    }
    let ours = hammer(address, load, |n| query(n % feeds))?;
    println!("ITI-9   {ours}");
    let echo = echo()?;
    let floor = hammer(&echo, load, |n| query(n % feeds))?;
    println!("floor   {floor} (an echo, nothing read, nothing kept)");
    Ok(())
}

/// What a hammering saw.
struct Seen {
    rate: f64,
    p50: f64,
    p99: f64,
    found: f64,
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.0} messages/s, p50 {:.2} ms, p99 {:.2} ms, {:.0} % answered with an ID",
            self.rate,
            self.p50,
            self.p99,
            self.found * 100.0
        )
    }
}

fn hammer(
    address: &str,
    load: &Load,
    message: impl Fn(usize) -> String + Sync,
) -> Result<Seen, Failure> {
    let times = Mutex::new(Vec::new());
    let found = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let start = Instant::now();
    let end = start + Duration::from_secs(load.seconds);
    crowd(load.connections, |n| {
        let mut stream = connect(address)?;
        let mut own = Vec::new();
        let mut next = n * 7_919;
        while Instant::now() < end && !stop.load(Ordering::Relaxed) {
            let asked = Instant::now();
            let said = exchange(&mut stream, &message(next))?;
            own.push(asked.elapsed().as_secs_f64() * 1000.0);
            if said.contains("|OK") {
                found.fetch_add(1, Ordering::Relaxed);
            } else if !said.contains("QPD|") {
                stop.store(true, Ordering::Relaxed);
                fail!("not an answer: {said}");
            }
            next += 104_729;
        }
        if let Ok(mut times) = times.lock() {
            times.append(&mut own);
        }
        Ok(())
    })?;
    let took = start.elapsed().as_secs_f64();
    let mut times = times.into_inner().unwrap_or_default();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or(f64::NAN)
    };
    Ok(Seen {
        rate: times.len() as f64 / took,
        p50: at(50),
        p99: at(99),
        found: found.load(Ordering::Relaxed) as f64 / times.len().max(1) as f64,
    })
}

/// So many at once, each on a thread; the first failure is everybody's.
fn crowd(count: usize, work: impl Fn(usize) -> Done + Sync) -> Done {
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..count).map(|n| scope.spawn(move || work(n))).collect();
        for one in running {
            one.join()
                .map_err(|_| Failure("a client broke off".to_owned()))??;
        }
        Ok(())
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the workshop asks its own child on loopback"
)]
fn connect(address: &str) -> Result<TcpStream, Failure> {
    let fault = |error: std::io::Error| Failure::io(address, &error);
    let stream = TcpStream::connect(address).map_err(fault)?;
    stream.set_nodelay(true).map_err(fault)?;
    Ok(stream)
}

fn round(address: &str, message: &str) -> Result<String, Failure> {
    exchange(&mut connect(address)?, message)
}

fn exchange(stream: &mut TcpStream, message: &str) -> Result<String, Failure> {
    let fault = |error: std::io::Error| Failure::io("mllp", &error);
    let framed = format!("\x0b{message}\x1c\r");
    stream.write_all(framed.as_bytes()).map_err(fault)?;
    let mut answer = Vec::with_capacity(1024);
    let mut piece = [0; 4096];
    while !answer.ends_with(b"\x1c\r") {
        match stream.read(&mut piece).map_err(fault)? {
            0 => fail!("the connection ended"),
            count => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
    }
    String::from_utf8(answer).map_err(|_| Failure("an answer that is not UTF-8".to_owned()))
}

/// A server that sends back what it gets, a thread a connection.
fn echo() -> Result<String, Failure> {
    let fault = |error: std::io::Error| Failure::io("echo", &error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?.to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let mut piece = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut piece) {
                    if stream
                        .write_all(piece.get(..count).unwrap_or_default())
                        .is_err()
                    {
                        break;
                    }
                }
            });
        }
    });
    Ok(address)
}

/// CX of registration `n`: even ones at the first hospital, odd ones at the second.
fn id(n: usize) -> String {
    let (id, hospital) = (n / 2, hospital(n));
    format!("{id}^^^&1.2.392.100495.20.3.51.1{hospital}&ISO^PI")
}

fn header(kind: &str, n: usize) -> String {
    format!("MSH|^~\\&|HIS|BENCH|TASUKI|NET|20260713120000||{kind}|{n}|P|2.5||||||UNICODE UTF-8\r")
}

fn query(n: usize) -> String {
    let header = header("QBP^Q23^QBP_Q21", n);
    format!("{header}QPD|IHE PIX Query|T{n}|{}\rRCP|I\r", id(n))
}

/// The same person at both hospitals; names, births and telephones that differ between persons.
fn feed(n: usize) -> String {
    const FAMILY: [&str; 12] = [
        "架空^カクウ",
        "試験^シケン",
        "計測^ケイソク",
        "見本^ミホン",
        "例示^レイジ",
        "仮名^カメイ",
        "想定^ソウテイ",
        "模擬^モギ",
        "標本^ヒョウホン",
        "雛形^ヒナガタ",
        "空想^クウソウ",
        "設例^セツレイ",
    ];
    const GIVEN: [&str; 10] = [
        "一子^イチコ",
        "二葉^フタバ",
        "三太^サンタ",
        "四季^シキ",
        "五月^サツキ",
        "六花^リッカ",
        "七海^ナナミ",
        "八重^ヤエ",
        "九郎^クロウ",
        "十和^トワ",
    ];
    let person = n / 2;
    let part = |list: &[&'static str], at: usize| -> (&'static str, &'static str) {
        let word = list.get(at % list.len()).copied().unwrap_or_default();
        word.split_once('^').unwrap_or((word, word))
    };
    let (family, family_kana) = part(&FAMILY, person);
    let (given, given_kana) = part(&GIVEN, person / FAMILY.len());
    let (year, month, day) = (1930 + person % 83, 1 + person % 12, 1 + person / 7 % 28);
    let header = header("ADT^A04^ADT_A01", n);
    format!(
        "{header}EVN|A04|20260713120000\rPID|||{}||{family}^{given}^^^^^L^I~{family_kana}^{given_kana}^^^^^L^P||\
         {year}{month:02}{day:02}|F|||^^^^105{:04}^JPN^H^東京都港区架空{}-{}||^PRN^PH^^^^^^^^^03{:08}\rPV1||O\r",
        id(n),
        person % 10_000,
        1 + person % 9,
        1 + person,
        person,
    )
}
