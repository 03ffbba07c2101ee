//! From a file in a hospital's storage to the portal that shows it: with file events as on a local
//! disk, and without, as on a network share that is polled every second.

use super::http::{page, sign_in};
use super::portal::{HEAVY, PASSWORD, chart, serve, user};
use super::{corpus, data, programs};
use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, output, read, run as end, write};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Files held back and written while the node watches.
const FILES: usize = 20;
/// How often the portal is asked.
const ASK_EVERY: Duration = Duration::from_millis(10);
/// After so long a file is taken for lost.
const LOST: Duration = Duration::from_secs(30);

/// `cargo xtask bench watch`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let programs = programs(workspace)?;
    for (events, what) in [(true, "file events"), (false, "polling every second")] {
        let mut seconds = one(workspace, &programs, events)?;
        seconds.sort_by(f64::total_cmp);
        let at = |place: usize| seconds.get(place).copied().unwrap_or(f64::NAN);
        println!(
            "{what}: from the file to the portal {:.2} s (median of {}), {:.2} s at most",
            at(seconds.len() / 2),
            seconds.len(),
            at(seconds.len().saturating_sub(1))
        );
    }
    Ok(())
}

fn one(workspace: &Workspace, programs: &Path, events: bool) -> Result<Vec<f64>, Failure> {
    let source = corpus(workspace, programs, 400, &["--persons", "4"])?;
    let root = workspace.target.join("bench/watched");
    let _ = std::fs::remove_dir_all(&root);
    end(Command::new("cp").arg("-a").arg(&source).arg(&root))?;
    let held = hold_back(&root)?;
    let address = |port: u16| format!("127.0.0.1:{port}");
    let (health, portal) = (address(free_port()?), address(free_port()?));
    let folder = data(workspace, programs, "watch", &health, &portal)?;
    let mut import = Command::new(programs.join("tasuki"));
    import.args(["import", "ss-mix2"]).arg(&root);
    output(
        import
            .args(["--facility", "1311234567", "--data"])
            .arg(&folder),
    )?;
    user(programs, &folder)?;
    let config = folder.join("tasuki.toml");
    let feed = format!(
        "\n[[feed]]\nfacility = \"1311234567\"\nss_mix2 = {:?}\nevents = {events}\nrescan_seconds = {}\n",
        root.display().to_string(),
        if events { 3_600 } else { 1 }
    );
    write(&config, read(&config)? + &feed)?;
    let (mut node, portal) = serve(programs, &folder)?;
    let measured = measure(&portal, &held);
    output(Command::new("kill").arg(node.id().to_string()))?;
    node.wait().map_err(|error| Failure::io("tasuki", &error))?;
    measured
}

fn measure(portal: &str, held: &[(PathBuf, Vec<u8>)]) -> Result<Vec<f64>, Failure> {
    let cookie = sign_in(portal, "bench", PASSWORD)?;
    let chart = chart(portal, &cookie)?;
    let mut seconds = Vec::new();
    for (file, bytes) in held {
        let day = day_of(file).ok_or_else(|| Failure("a file without a day".to_owned()))?;
        let drawer = format!("{chart}?from={day}&to={day}");
        let shown = || {
            Ok::<usize, Failure>(
                page(portal, &drawer, &cookie)?
                    .matches("/documents/")
                    .count(),
            )
        };
        let before = shown()?;
        write(file, bytes)?;
        let start = Instant::now();
        while shown()? <= before {
            if start.elapsed() > LOST {
                fail!("{} is not in the portal after {LOST:?}", file.display());
            }
            std::thread::sleep(ASK_EVERY);
        }
        seconds.push(start.elapsed().as_secs_f64());
    }
    Ok(seconds)
}

/// Takes dated files of one patient out of the storage.
fn hold_back(root: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let (mut held, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|error| Failure::io(folder.display(), &error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.display().to_string().contains(HEAVY)
                && day_of(&path).is_some()
                && held.len() < FILES
            {
                let failed = |error: std::io::Error| Failure::io(path.display(), &error);
                let bytes = std::fs::read(&path).map_err(failed)?;
                std::fs::remove_file(&path).map_err(failed)?;
                held.push((path, bytes));
            }
        }
    }
    Ok(held)
}

/// The day in the path of a file, as the portal writes it.
fn day_of(file: &Path) -> Option<String> {
    let day = file.parent()?.parent()?.file_name()?.to_str()?;
    (day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit())).then(|| {
        let part = |range: std::ops::Range<usize>| day.get(range).unwrap_or_default();
        format!("{}-{}-{}", part(0..4), part(4..6), part(6..8))
    })
}
