//! The fuzz targets in `fuzz/`: libFuzzer with coverage, on the stable toolchain.
//!
//! Seeds are a small synthetic community, and what is written by hand in `fuzz/seeds/<target>`; inputs that once broke something lie in
//! `fuzz/found/<target>` and are always tried first.

use crate::failure::{Failure, fail};
use crate::process::{follow, output, run as end};
use crate::setup;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

/// What is fuzzed, and which files of a community are its seeds.
pub const TARGETS: [(&str, &str); 11] = [
    ("hl7", "_STD"),
    ("iso2022", "_STD"),
    ("path", ""),
    ("cda", ".xml"),
    ("record", ""),
    ("mllp", "_STD"),
    ("saml", ".xml"),
    ("hl7v3", ".xml"),
    ("ebrim", ".xml"),
    ("soap", ".xml"),
    ("multipart", ".xml"),
];

/// Coverage as libFuzzer wants it; all of these are stable options.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table";
/// A named target keeps build scripts and macros free of the flags.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
const SEEDS: usize = 200;

/// Built targets and their seeds.
pub struct Fuzzing {
    folder: PathBuf,
    found: PathBuf,
    written: PathBuf,
}

impl Fuzzing {
    /// Builds the targets and gathers seeds.
    ///
    /// # Errors
    /// When something cannot be built or written.
    pub fn prepare(workspace: &Workspace) -> Result<Self, Failure> {
        setup::ensure(&[setup::COMPILER, setup::CPP])?;
        let folder = workspace.target.join("fuzz");
        // Not --locked: its lock follows the manifests of the crates that it fuzzes.
        let mut cargo = workspace.command("cargo");
        cargo.args([
            "build",
            "--quiet",
            "--release",
            "--target",
            TRIPLE,
            "--manifest-path",
            "fuzz/Cargo.toml",
        ]);
        end(cargo
            .env("CARGO_TARGET_DIR", &folder)
            .env("RUSTFLAGS", FLAGS))?;
        let storages = folder.join("storages");
        if !storages.exists() {
            let mut cargo = workspace.command("cargo");
            cargo.args([
                "run",
                "--quiet",
                "--locked",
                "--package",
                "tasuki-testkit",
                "--",
                "generate",
            ]);
            end(cargo
                .args(["--persons", "6", "--years", "1", "--out"])
                .arg(&storages))?;
        }
        let mut files = Vec::new();
        collect(&storages, &mut files)?;
        files.sort();
        for (target, part) in TARGETS {
            seed(
                &folder.join("seeds").join(target),
                &storages,
                &files,
                part,
                target == "path",
            )?;
        }
        Ok(Self {
            folder,
            found: workspace.root.join("fuzz/found"),
            written: workspace.root.join("fuzz/seeds"),
        })
    }

    /// Fuzzes one target for so many seconds; returns how many inputs were tried.
    ///
    /// # Errors
    /// When an input broke the target; the message says where that input lies.
    pub fn run(&self, target: &str, seconds: u64, seed: u64) -> Result<u64, Failure> {
        let corpus = self.folder.join("corpus").join(target);
        let broken = self.folder.join("broken");
        for folder in [&corpus, &broken] {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::io(folder.display(), &error))?;
        }
        let mut fuzzer =
            std::process::Command::new(self.folder.join(TRIPLE).join("release").join(target));
        fuzzer.args([
            "-rss_limit_mb=1024",
            "-timeout=10",
            "-max_len=65536",
            "-print_final_stats=1",
            "-verbosity=0",
        ]);
        fuzzer
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-seed={seed}"));
        fuzzer
            .arg(format!("-artifact_prefix={}/{target}-", broken.display()))
            .arg(&corpus);
        for seeds in [
            self.folder.join("seeds").join(target),
            self.found.join(target),
            self.written.join(target),
        ] {
            if seeds.exists() {
                fuzzer.arg(seeds);
            }
        }
        let mut tried = 0;
        let ended_well = follow(&fuzzer, |line| {
            if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
                tried = count.trim().parse().unwrap_or(0);
            }
        })?;
        if !ended_well {
            fail!("{target} broke; the input is in {}", broken.display());
        }
        Ok(tried)
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failure::io(folder.display(), &error))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Some files whose path holds `part`, evenly over all of them; for paths, the paths themselves.
fn seed(
    folder: &Path,
    storages: &Path,
    files: &[PathBuf],
    part: &str,
    names: bool,
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::io(folder.display(), &error))?;
    let fitting: Vec<&PathBuf> = files
        .iter()
        .filter(|path| path.to_string_lossy().contains(part))
        .collect();
    let step = (fitting.len() / SEEDS).max(1);
    for (number, path) in fitting.iter().step_by(step).enumerate() {
        let bytes = if names {
            // Below the storage's root, whose own name is the first part.
            let relative = path.strip_prefix(storages).unwrap_or(path);
            relative
                .iter()
                .skip(1)
                .collect::<PathBuf>()
                .to_string_lossy()
                .into_owned()
                .into_bytes()
        } else {
            std::fs::read(path).map_err(|error| Failure::io(path.display(), &error))?
        };
        let seed = folder.join(number.to_string());
        std::fs::write(&seed, bytes).map_err(|error| Failure::io(seed.display(), &error))?;
    }
    Ok(())
}

/// Today and the commit, for the record of a long run.
pub fn stamp(workspace: &Workspace) -> Result<(String, String), Failure> {
    let date = output(workspace.command("date").args(["-u", "+%F"]))?;
    let commit = output(
        workspace
            .command("git")
            .args(["rev-parse", "--short", "HEAD"]),
    )?;
    Ok((date.trim().to_owned(), commit.trim().to_owned()))
}
