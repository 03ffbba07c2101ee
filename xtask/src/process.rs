//! Other programs: run to the end, read, or followed line by line.

use crate::failure::{Done, Failure, fail};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs it with our terminal; not ending well is a failure.
pub fn run(command: &mut Command) -> Done {
    let status = command
        .status()
        .map_err(|error| Failure::io(name(command), &error))?;
    if !status.success() {
        fail!("{} ended with {status}", name(command));
    }
    Ok(())
}

/// Runs it and returns what it printed; its complaints become the failure.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::io(name(command), &error))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        fail!(
            "{} ended with {}: {}",
            name(command),
            output.status,
            complaint.trim()
        );
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure(format!("{} printed no UTF-8", name(command))))
}

/// Runs it, printing and handing over each line of both its streams; true when it ended well.
///
/// The streams are joined by the child itself (`sh -c 'exec "$@" 2>&1'`), so that lines keep
/// the order in which they were written.
pub fn follow(command: &Command, mut line: impl FnMut(&str)) -> Result<bool, Failure> {
    let mut joined = Command::new("sh");
    joined
        .args(["-c", "exec \"$@\" 2>&1", "sh"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        joined.current_dir(folder);
    }
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => joined.env(key, value),
            None => joined.env_remove(key),
        };
    }
    let mut child = joined
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::io(name(command), &error))?;
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .map_err(|error| Failure::io(name(command), &error))?
            > 0
        {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            line(text.trim_end());
            bytes.clear();
        }
    }
    let status = child
        .wait()
        .map_err(|error| Failure::io(name(command), &error))?;
    Ok(status.success())
}

/// The program of this name on the PATH, if any.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A port that was free a moment ago; another process may take it.
pub fn free_port() -> Result<u16, Failure> {
    let listener =
        TcpListener::bind(("127.0.0.1", 0)).map_err(|error| Failure::io("a free port", &error))?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|error| Failure::io("a free port", &error))
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io(path.display(), &error))
}

/// Writes a file, making its folder.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Done {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::io(folder.display(), &error))?;
    }
    std::fs::write(path, bytes).map_err(|error| Failure::io(path.display(), &error))
}

fn name(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(
        command
            .get_args()
            .take(3)
            .map(|word| word.to_string_lossy()),
    );
    words.join(" ")
}
