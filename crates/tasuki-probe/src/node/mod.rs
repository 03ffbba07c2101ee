//! A node for one run: a folder with a community of one facility, production policy and TLS, served
//! by the real binary as a child process.

mod codes;
mod company;
mod network;
mod settings;

pub use codes::toml as codes_of_the_toolkit;
pub use company::{Beside, Company, home};
pub use network::{OTHER, token_services};
pub use settings::{FACILITY, FACILITY_AUTHORITY, HOME};

use crate::certificates::{authority, certify};
use crate::fail;
use crate::failure::{Done, Failure};
use crate::replies::Replies;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A node that is being served. Ends with the value.
pub struct Node {
    folder: PathBuf,
    program: PathBuf,
    serving: Option<Child>,
    /// `host:port` of its SOAP listener.
    pub soap: String,
    /// `host:port` of its MLLP listener over TLS.
    pub mllp: String,
    /// Where its system and the other community take answers of asynchronous exchanges.
    pub replies: Vec<Replies>,
}

impl Node {
    /// Makes a folder anew and serves it. `program` is the binary, `codes` are those of the affinity
    /// domain, `patients` those whose facility discloses them from the start; `postgres` is a file
    /// with the address of a database in the place of SQLite.
    ///
    /// # Errors
    /// Where something of it cannot be made, or the node does not start.
    pub fn start(
        program: &Path,
        folder: &Path,
        codes: &str,
        patients: &[String],
        postgres: Option<&Path>,
    ) -> Done<Self> {
        let mut node = Self::folders(program, folder, codes)?;
        node.fill(HOME, patients, postgres)?;
        let members = folder.join("members.toml");
        let key = network::directory(&node, &members, "", "")?;
        settings::write(&node, &key, false)?;
        node.serve()?;
        Ok(node)
    }

    /// Serves a folder that a run before has left, with everything in it.
    ///
    /// # Errors
    /// Where the node does not start.
    pub fn again(program: &Path, folder: &Path) -> Done<Self> {
        let mut node = Self::at(program, folder);
        node.serve()?;
        Ok(node)
    }

    /// A folder with the keys and certificates of a run, and the codes of the affinity domain.
    fn folders(program: &Path, folder: &Path, codes: &str) -> Done<Self> {
        let fault = |error: std::io::Error| Failure::io(folder.display(), &error);
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(fault)?;
        }
        std::fs::create_dir_all(folder).map_err(fault)?;
        authority(folder)?;
        for name in ["node", "system", "community"] {
            certify(folder, name)?;
        }
        for name in ["tokens", "tokens-other"] {
            network::signer(folder, name)?;
        }
        std::fs::write(folder.join("codes.toml"), codes).map_err(fault)?;
        let replies = ["system", "community"].map(|name| Replies::start(folder, name));
        let mut node = Self::at(program, folder);
        node.replies = replies.into_iter().collect::<Done<_>>()?;
        Ok(node)
    }

    /// A node of a folder that is not served yet.
    fn at(program: &Path, folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            program: program.to_owned(),
            serving: None,
            soap: String::new(),
            mllp: String::new(),
            replies: Vec::new(),
        }
    }

    /// Where answers of an asynchronous exchange go: of its system (0), of the other community (1).
    fn replies_at(&self, n: usize) -> &str {
        self.replies.get(n).map_or("", |replies| &replies.address)
    }

    /// Its community, with one facility that discloses these patients.
    fn fill(&mut self, home: &str, patients: &[String], postgres: Option<&Path>) -> Done {
        let fault = |error: std::io::Error| Failure::io(self.folder.display(), &error);
        std::fs::create_dir_all(&self.folder).map_err(fault)?;
        self.tasuki(&["init", "--home-community-id", home, "--name", "試験"])?;
        if let Some(file) = postgres {
            settings::postgres(&self.data(), file)?;
        }
        let add = ["facility", "add", FACILITY, "--name", "架空総合病院"];
        self.tasuki(&[&add[..], &["--authority", FACILITY_AUTHORITY]].concat())?;
        let list: String = patients
            .iter()
            .map(|id| format!("{FACILITY}:{id}\n"))
            .collect();
        let file = self.folder.join("disclosed");
        std::fs::write(&file, list).map_err(fault)?;
        self.tasuki(&[
            OsStr::new("disclose"),
            OsStr::new("--file"),
            file.as_os_str(),
        ])
        .map(drop)
    }

    /// Where certificates and keys of the run lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Runs a subcommand of the binary on the node's folder.
    ///
    /// # Errors
    /// Where it does not end well.
    pub fn tasuki<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Done<String> {
        let output = Command::new(&self.program)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .output()
            .map_err(|error| Failure::io(self.program.display(), &error))?;
        if !output.status.success() {
            fail!("tasuki: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The most memory that the node has had, in KiB.
    #[must_use]
    pub fn peak_kibibytes(&self) -> u64 {
        let id = self.serving.as_ref().map_or(0, Child::id);
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let mut lines = status
            .lines()
            .filter_map(|line| line.strip_prefix("VmHWM:"));
        let words = lines.next().and_then(|line| line.split_whitespace().next());
        words.and_then(|word| word.parse().ok()).unwrap_or_default()
    }

    /// Seconds of processor that the node has used: what is left of a figure where the machine is
    /// busy with other things.
    #[must_use]
    pub fn cpu_seconds(&self) -> f64 {
        let id = self.serving.as_ref().map_or(0, Child::id);
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // utime and stime (proc(5)), in hundredths of a second, after the name in brackets.
        let after = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after.split_whitespace().skip(11).take(2);
        ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    /// Bytes of the files right in its data folder: those of the database.
    #[must_use]
    pub fn data_bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.data())
            .into_iter()
            .flatten()
            .flatten();
        let sizes = files.filter_map(|file| file.metadata().ok());
        sizes
            .filter(std::fs::Metadata::is_file)
            .map(|m| m.len())
            .sum()
    }

    fn serve(&mut self) -> Done {
        let path = self.folder.join("log");
        let fault = |error: std::io::Error| Failure::io("tasuki serve", &error);
        let log = std::fs::File::create(&path).map_err(fault)?;
        let mut child = Command::new(&self.program)
            .args(["serve", "--data"])
            .arg(self.data())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(fault)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            // Its first line is said when all listeners are there.
            BufReader::new(out).read_line(&mut line).map_err(fault)?;
        }
        self.serving = Some(child);
        let log = std::fs::read_to_string(&path).map_err(fault)?;
        let serving = log.lines().find(|line| line.contains("\"serving\""));
        let Some(serving) = serving else {
            fail!(
                "the node did not start: {}",
                log.lines().last().unwrap_or("")
            )
        };
        let said: serde_json::Value =
            serde_json::from_str(serving).map_err(|error| Failure::io("log", &error))?;
        self.soap = address(&said, "soap");
        self.mllp = address(&said, "mllp_tls");
        Ok(())
    }
}

/// The address of a listener, wherever the line of the log has it.
fn address(said: &serde_json::Value, name: &str) -> String {
    let found = said
        .get(name)
        .or_else(|| said.get("fields").and_then(|fields| fields.get(name)));
    let text = found.and_then(serde_json::Value::as_str);
    text.unwrap_or_default().to_owned()
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            let id = child.id().to_string();
            // It ends by itself when it is told to; whatever happens here, it is not left behind.
            let told = Command::new("kill").arg(id).status();
            if !told.is_ok_and(|status| status.success()) {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}
