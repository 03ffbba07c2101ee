//! A PostgreSQL cluster of our own for the length of the test run: the one named by
//! `TASUKI_TEST_POSTGRES`, else one made with `initdb` in a temporary folder, on a Unix socket.
//! Without either, every PostgreSQL test fails: there is no way to skip them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The connection string of the cluster.
pub fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("TASUKI_TEST_POSTGRES") {
        Ok(url) => url,
        Err(_) => start(),
    })
}

/// A schema that no other test uses, and the connection string that leads into it.
pub fn fresh_schema() -> (String, String) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("t_{}_{number}", std::process::id());
    let mut client = postgres::Client::connect(url(), postgres::NoTls).unwrap();
    client
        .batch_execute(&format!("CREATE SCHEMA {name}"))
        .unwrap();
    let inside = format!("{} options='-c search_path={name}'", url());
    (name, inside)
}

fn bin() -> PathBuf {
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"));
    on_path
        .chain(debian)
        .find(|dir| dir.join("initdb").exists())
        .expect("neither TASUKI_TEST_POSTGRES nor initdb: install postgresql")
}

/// PostgreSQL refuses to run as root; then it runs as the user `postgres`.
fn as_server_user(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
        .args(["--pdeathsig", "INT", "--"])
        .arg(program);
    command
}

/// Folders of test runs that have ended: their server went with them, their files did not.
fn sweep() {
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|n| n.strip_prefix("tasuki-pg-"));
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn start() -> String {
    let bin = bin();
    sweep();
    let dir = std::env::temp_dir().join(format!("tasuki-pg-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir(&dir).unwrap();
    if rustix::process::geteuid().is_root() {
        let done = Command::new("chown").arg("postgres").arg(&dir).status();
        assert!(done.unwrap().success());
    }
    let data = dir.join("data");
    let made = as_server_user(&bin.join("initdb"))
        .args(["--no-sync", "--auth=trust", "--username=tasuki"])
        .args(["--encoding=UTF8", "--locale=C", "--pgdata"])
        .arg(&data)
        .stdout(Stdio::null())
        .current_dir(&dir)
        .status()
        .unwrap();
    assert!(made.success(), "initdb failed");
    // A server ends with the thread that started it, so that thread has to last.
    let (ready, wait) = std::sync::mpsc::channel();
    let socket = dir.clone();
    std::thread::spawn(move || {
        let mut server = as_server_user(&bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&socket)
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .args(["-c", "max_connections=200"])
            .stderr(Stdio::piped())
            .current_dir(&socket)
            .spawn()
            .unwrap();
        for line in BufReader::new(server.stderr.take().unwrap()).lines() {
            if line.unwrap_or_default().contains("ready to accept") {
                let _ = ready.send(());
            }
        }
        let _ = server.wait();
    });
    wait.recv().expect("the PostgreSQL server did not start");
    format!("host={} user=tasuki dbname=postgres", dir.display())
}
