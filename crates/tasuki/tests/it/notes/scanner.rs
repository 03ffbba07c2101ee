//! A real clamd with a database of one signature, the test file's of EICAR; no network.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The test file of EICAR (eicar.org), put together here so that no scanner takes this source for it.
pub fn eicar() -> Vec<u8> {
    let halves = [
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-",
        "ANTIVIRUS-TEST-FILE!$H+H*",
    ];
    halves.concat().into_bytes()
}

pub struct Clamd {
    process: Child,
    pub socket: PathBuf,
}

impl Clamd {
    pub fn start(folder: &Path) -> Self {
        let database = folder.join("clamav");
        std::fs::create_dir_all(&database).unwrap();
        let hex: String = eicar().iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = format!("Test.EICAR:0:*:{hex}\n");
        std::fs::write(database.join("test.ndb"), signature).unwrap();
        // A socket's path is short; the target folder's may not be.
        let socket = std::env::temp_dir().join(format!("tasuki-clamd-{}", std::process::id()));
        let configuration = folder.join("clamd.conf");
        let text = format!(
            "Foreground yes\nDatabaseDirectory {}\nLocalSocket {}\nMaxThreads 2\n",
            database.display(),
            socket.display(),
        );
        std::fs::write(&configuration, text).unwrap();
        let process = Command::new("/usr/sbin/clamd")
            .arg("--config-file")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let clamd = Self { process, socket };
        clamd.wait();
        clamd
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            if let Ok(mut line) = UnixStream::connect(&self.socket) {
                let mut answer = String::new();
                if line.write_all(b"zPING\0").is_ok()
                    && line.read_to_string(&mut answer).is_ok()
                    && answer.starts_with("PONG")
                {
                    return;
                }
            }
            assert!(Instant::now() < end, "clamd does not answer");
            std::thread::yield_now();
        }
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.socket);
    }
}
