//! A node as a child process: started, waited for, stopped.

use crate::failure::{Done, Failure, fail};
use crate::process::{output, read, write};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a node may take until it is ready.
const READY: Duration = Duration::from_secs(30);
/// How long it may take until others know whom it has.
const TOLD: Duration = Duration::from_secs(120);

/// A running node; dropping it stops it, unless it is left running.
pub struct Node {
    /// Address of its portal.
    pub portal: String,
    health: String,
    child: Option<Child>,
}

impl Node {
    /// Starts `tasuki serve` on `<folder>/data` and waits until it says that it is ready.
    pub fn start(
        program: &Path,
        folder: &Path,
        portal: &str,
        health: &str,
    ) -> Result<Self, Failure> {
        let path = folder.join("node.log");
        let log = File::create(&path).map_err(|error| Failure::io(path.display(), &error))?;
        let errors = log
            .try_clone()
            .map_err(|error| Failure::io(path.display(), &error))?;
        let child = Command::new(program)
            .args(["serve", "--data"])
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            // A group of its own: Ctrl-C in the terminal must not reach a node that is left running.
            .process_group(0)
            .spawn()
            .map_err(|error| Failure::io(program.display(), &error))?;
        write(&folder.join("node.pid"), child.id().to_string())?;
        let mut node = Self {
            portal: portal.to_owned(),
            health: health.to_owned(),
            child: Some(child),
        };
        node.wait()
            .map_err(|Failure(why)| Failure(format!("{why}; see {}", path.display())))?;
        Ok(node)
    }

    /// The id of its process; zero where it was left running.
    pub fn process(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Lets it live on.
    pub fn leave_running(&mut self) {
        self.child = None;
    }

    /// Waits until it has told the index of the network of all its patients.
    pub fn wait_until_told(&self) -> Done {
        let start = Instant::now();
        while untold(&self.health) != Some(0) {
            if start.elapsed() > TOLD {
                let seconds = TOLD.as_secs();
                fail!("the index of the network has not heard of everyone after {seconds} seconds");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn wait(&mut self) -> Done {
        let start = Instant::now();
        while start.elapsed() < READY {
            if let Some(child) = &mut self.child
                && let Ok(Some(status)) = child.try_wait()
            {
                fail!("the node ended with {status}");
            }
            if ready(&self.health) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        fail!("the node is not ready after {} seconds", READY.as_secs())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let terminated = output(Command::new("kill").arg(child.id().to_string()));
            if terminated
                .and_then(|_| child.wait().map_err(|error| Failure::io("tasuki", &error)))
                .is_err()
            {
                eprintln!("the node {} was not stopped", child.id());
            }
        }
    }
}

/// Ends the node that a former demo left running below `folder`, if there is one.
/// With `kill` it is not asked but ended at once (SIGKILL).
pub fn stop(folder: &Path, kill: bool) -> Done {
    let Ok(id) = read(&folder.join("node.pid")) else {
        return Ok(());
    };
    // The number may belong to another program by now: only a `tasuki` is ended.
    let program = std::fs::read_link(format!("/proc/{id}/exe")).unwrap_or_default();
    let name = program
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if name.starts_with("tasuki") {
        let signal = if kill { "-KILL" } else { "-TERM" };
        output(Command::new("kill").args([signal, &id]))?;
        while Path::new(&format!("/proc/{id}/exe")).exists()
            && std::fs::read_link(format!("/proc/{id}/exe")).is_ok()
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        println!("stopped the node {id}");
    }
    std::fs::remove_file(folder.join("node.pid")).map_err(|error| Failure::io("node.pid", &error))
}

fn ready(health: &str) -> bool {
    ask(health, "/ready").is_ok_and(|text| text.starts_with("HTTP/1.1 200"))
}

/// How many registrations a node has still to tell others of.
fn untold(health: &str) -> Option<u64> {
    let text = ask(health, "/metrics").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("tasuki_untold "));
    line?.trim().parse().ok()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the workshop asks its own child on loopback"
)]
fn ask(health: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(health)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {health}\r\nConnection: close\r\n\r\n"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}
