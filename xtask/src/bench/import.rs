//! 200,000 files into a fresh store: warm cache, unchanged second run, cold cache; the floor is
//! a program that only walks and reads the same files. `--files N`, `--postgres`.

use super::machine::memory;
use super::{corpus, data, programs};
use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, write};
use crate::suite::Cluster;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// `cargo xtask bench import [--files N] [--postgres]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::Long;
    let (mut files, mut postgres) = (200_000, false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("files") => files = lexopt::ValueExt::parse(&parser.value()?)?,
            Long("postgres") => postgres = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    let programs = programs(workspace)?;
    let root = corpus(workspace, &programs, files, &[])?;
    let (count, seconds) = floor(&root)?;
    println!(
        "floor: walk and read, warm: {:.0} files/s",
        count as f64 / seconds
    );
    let ours = |name: &str| fresh(workspace, &programs, name);
    let warm = ours("import")?;
    import(&programs, &root, &warm, count, "SQLite, warm cache")?;
    import(
        &programs,
        &root,
        &warm,
        count,
        "SQLite, unchanged second run",
    )?;
    if std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok() {
        import(
            &programs,
            &root,
            &ours("import-cold")?,
            count,
            "SQLite, cold cache",
        )?;
    } else {
        println!("cold cache: not measured, the caches of this machine cannot be dropped");
    }
    if postgres {
        let cluster = Cluster::durable()?;
        let data = ours("import-postgres")?;
        let url = data.join("postgres-url");
        write(&url, cluster.url())?;
        let config = data.join("tasuki.toml");
        let text = crate::process::read(&config)?.replace(
            "engine = \"sqlite\"",
            &format!(
                "engine = \"postgres\"\nurl_file = {:?}",
                url.display().to_string()
            ),
        );
        write(&config, text)?;
        import(
            &programs,
            &root,
            &data,
            count,
            "PostgreSQL on the same machine, warm cache",
        )?;
    }
    Ok(())
}

fn fresh(workspace: &Workspace, programs: &Path, name: &str) -> Result<PathBuf, Failure> {
    let address = |port: u16| format!("127.0.0.1:{port}");
    data(
        workspace,
        programs,
        name,
        &address(free_port()?),
        &address(free_port()?),
    )
}

/// One import, its rate and its memory.
fn import(programs: &Path, root: &Path, data: &Path, count: usize, what: &str) -> Done {
    let mut tasuki = Command::new(programs.join("tasuki"));
    tasuki
        .args(["import", "ss-mix2"])
        .arg(root)
        .args(["--facility", "1311234567", "--json", "--data"])
        .arg(data);
    let start = Instant::now();
    let mut child = tasuki
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::io("tasuki", &error))?;
    let mut samples = Vec::new();
    let status = loop {
        if let Some(resident) = memory(child.id(), "VmRSS") {
            samples.push(resident);
        }
        match child
            .try_wait()
            .map_err(|error| Failure::io("tasuki", &error))?
        {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let mut said = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        std::io::Read::read_to_string(&mut stdout, &mut said)
            .map_err(|error| Failure::io("tasuki", &error))?;
    }
    if !status.success() {
        fail!("the import ended with {status}");
    }
    let most = samples.iter().copied().fold(0.0, f64::max);
    let half = samples
        .get(samples.len() / 2..)
        .unwrap_or_default()
        .first()
        .copied()
        .unwrap_or(0.0);
    println!(
        "{what}: {:.0} files/s ({seconds:.1} s); resident {half:.0} MiB half-way, {most:.0} MiB at most; {}",
        count as f64 / seconds,
        said.trim()
    );
    Ok(())
}

/// Walks and reads every file: what no import can beat.
fn floor(root: &Path) -> Result<(usize, f64), Failure> {
    let start = Instant::now();
    let (mut count, mut folders) = (0, vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|error| Failure::io(folder.display(), &error))?;
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else {
                std::fs::read(entry.path())
                    .map_err(|error| Failure::io(entry.path().display(), &error))?;
                count += 1;
            }
        }
    }
    Ok((count, start.elapsed().as_secs_f64()))
}
