//! A PostgreSQL of our own for one run of the tests: a folder that goes away afterwards, a port
//! that was free, a socket inside the folder.

use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, output};
use crate::setup::{postgres, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A running server; dropping it stops it and removes its folder.
pub struct Cluster {
    folder: PathBuf,
    url: String,
}

impl Cluster {
    /// Starts a server that trusts connections from this machine. Tests may lose their data with
    /// the machine, so it does not sync; durability is tested elsewhere.
    ///
    /// # Errors
    /// When PostgreSQL cannot be initialised or started.
    pub fn start() -> Result<Self, Failure> {
        Self::with("-c fsync=off")
    }

    /// The same, as it is in earnest: nothing is acknowledged before the disk has it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be initialised or started.
    pub fn durable() -> Result<Self, Failure> {
        Self::with("-c fsync=on")
    }

    fn with(settings: &str) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("tasuki-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| Failure::io(folder.display(), &error))?;
        if root() {
            // PostgreSQL refuses to run as root.
            output(Command::new("chown").arg(account()).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = unprivileged("initdb")?;
        initdb.args([
            "--username=tasuki",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        output(initdb.arg("--pgdata").arg(&data))?;
        let mut last = None;
        for _ in 0..3 {
            let port = free_port()?;
            match serve(&folder, &data, port, settings) {
                Ok(()) => {
                    let url = format!("host=127.0.0.1 port={port} user=tasuki dbname=postgres");
                    return Ok(Self { folder, url });
                }
                Err(failure) => last = Some(failure),
            }
        }
        let Failure(message) = last.unwrap_or(Failure(String::new()));
        fail!("PostgreSQL does not start: {message}")
    }

    /// Where to connect.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped = unprivileged("pg_ctl").and_then(|mut command| {
            output(
                command
                    .args(["stop", "--mode=immediate", "--silent", "--pgdata"])
                    .arg(self.folder.join("data")),
            )
        });
        if let Err(Failure(message)) = stopped {
            eprintln!("PostgreSQL was not stopped: {message}");
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}

fn serve(folder: &Path, data: &Path, port: u16, settings: &str) -> Done {
    let options = format!(
        "-p {port} -k {} -c listen_addresses=127.0.0.1 -c max_connections=200 {settings}",
        folder.display()
    );
    let mut command = unprivileged("pg_ctl")?;
    command.args(["start", "--wait", "--silent", "--options", &options]);
    command
        .arg("--log")
        .arg(folder.join("log"))
        .arg("--pgdata")
        .arg(data);
    // pg_ctl leaves a server behind that keeps our pipes open: only its status is awaited.
    let status = command
        .status()
        .map_err(|error| Failure::io("pg_ctl", &error))?;
    if !status.success() {
        fail!("pg_ctl ended with {status}");
    }
    Ok(())
}

fn unprivileged(program: &str) -> Result<Command, Failure> {
    let Some(path) = postgres(program) else {
        fail!("missing: {program} of PostgreSQL")
    };
    let mut command = if root() {
        let mut command = Command::new("runuser");
        command.args(["-u", account(), "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.current_dir(std::env::temp_dir());
    Ok(command)
}

/// Whom PostgreSQL runs as when we are root.
fn account() -> &'static str {
    let there = output(Command::new("id").args(["-u", "postgres"])).is_ok();
    if there { "postgres" } else { "nobody" }
}
