//! 名寄せ over generated registrations, beside Splink on the same files in the same run.
//!
//! The constants were fixed on the generator's seed 101 only; the seeds here are drawn at run time
//! and printed, so that a run can be repeated.

mod febrl;
mod score;

use super::parse::peers;
use super::programs;
use crate::failure::{Done, Failure, fail};
use crate::process::{output, run as end};
use crate::workspace::Workspace;
use score::{Figures, score};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Seeds of 10,000 persons each, unless said otherwise.
const SEEDS: usize = 20;

/// A generator of registrations.
#[derive(Clone, Copy)]
enum Source {
    /// The one whose seed 101 the constants were fixed on, at a level of noise.
    First(&'static str),
    /// The test kit's own, at a level of noise.
    Second(f64),
}

impl Source {
    fn name(self) -> String {
        match self {
            Self::First(noise) => noise.to_owned(),
            Self::Second(noise) => format!("second set, noise {noise}"),
        }
    }
}

/// `cargo xtask bench identity [--seeds N] [--million]`; with no seeds only the large sets. With `--million`, a million registrations
/// are linked from a file, by Splink too, and one more is taken in with them loaded.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let (mut seeds, mut million) = (SEEDS, false);
    let mut words = arguments.iter().filter_map(|a| a.to_str());
    while let Some(word) = words.next() {
        match word {
            "--seeds" => seeds = number(words.next())?,
            "--million" => million = true,
            other => fail!("bench identity: {other}?"),
        }
    }
    let bench = Bench {
        linkage: workspace.root.join("../shared/tools/linkage"),
        programs: programs(workspace)?,
        folder: workspace.target.join("bench/identity"),
    };
    let first = drawn();
    for source in [
        Source::First("typical"),
        Source::First("harsh"),
        Source::Second(1.0),
    ] {
        if seeds > 0 {
            bench.many(source, first, seeds)?;
        }
    }
    febrl::run(&bench, workspace)?;
    let typical = Source::First("typical");
    bench.one(typical, first + 1_000, 100_000)?;
    let data = bench.generate(typical, first, 10_000)?;
    bench.splink(workspace, &data)?;
    if million {
        let data = bench.one(typical, first + 2_000, 392_000)?;
        bench.online(workspace, &data)?;
        bench.durable(workspace, &data)?;
        bench.splink(workspace, &data)?;
    }
    Ok(())
}

fn number(word: Option<&str>) -> Result<usize, Failure> {
    word.and_then(|w| w.parse().ok())
        .ok_or_else(|| Failure("a number is missing".to_owned()))
}

/// A seed nobody chose: above those that were looked at while building.
fn drawn() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    10_000 + now.map_or(0, |d| d.as_secs() % 900_000)
}

struct Bench {
    linkage: PathBuf,
    programs: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn generate(&self, source: Source, seed: u64, persons: usize) -> Result<PathBuf, Failure> {
        let folder = self.folder.join("data");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|e| Failure::io(folder.display(), &e))?;
        }
        let mut generator = match source {
            Source::First(noise) => {
                let mut python = Command::new("python3");
                python.arg(self.linkage.join("gen.py"));
                python.args(["--noise", noise]);
                python
            }
            Source::Second(noise) => {
                let mut testkit = Command::new(self.programs.join("tasuki-testkit"));
                testkit.args(["registrations", "--noise", &noise.to_string()]);
                testkit
            }
        };
        generator.args(["--seed", &seed.to_string()]);
        generator.args(["--persons", &persons.to_string(), "--out"]);
        output(generator.arg(&folder))?;
        Ok(folder)
    }

    /// Links what was generated; returns the figures and what the program said of itself.
    fn link(&self, data: &Path) -> Result<(Figures, String, f64), Failure> {
        let (pred, review) = (data.join("pred.csv"), data.join("review.csv"));
        let start = Instant::now();
        let said = output(
            Command::new(self.programs.join("tasuki"))
                .args(["identity", "link"])
                .arg(data.join("records.csv"))
                .arg("--pred")
                .arg(&pred)
                .arg("--review")
                .arg(&review),
        )?;
        let seconds = start.elapsed().as_secs_f64();
        Ok((score(data, &pred, &review)?, said, seconds))
    }

    /// Many seeds of 10,000 persons: the mean, and the false merges of all of them.
    fn many(&self, source: Source, first: u64, seeds: usize) -> Done {
        let mut all = Figures::default();
        for seed in first..first + seeds as u64 {
            let data = self.generate(source, seed, 10_000)?;
            let (one, _, _) = self.link(&data)?;
            all.add(&one, seeds);
        }
        println!(
            "ours    {}, {seeds} seeds from {first}: {}",
            source.name(),
            all.line()
        );
        Ok(())
    }

    fn one(&self, source: Source, seed: u64, persons: usize) -> Result<PathBuf, Failure> {
        let data = self.generate(source, seed, persons)?;
        let (one, said, seconds) = self.link(&data)?;
        println!(
            "ours    {}, seed {seed}: {} in {seconds:.1} s",
            source.name(),
            one.line()
        );
        println!("        {}", said.trim());
        Ok(data)
    }

    /// The index as a node has it: loading, and one registration more.
    fn online(&self, workspace: &Workspace, data: &Path) -> Done {
        let mut cargo = workspace.command("cargo");
        cargo.args(["run", "--quiet", "--release", "--locked"]);
        cargo.args(["--package", "tasuki-testkit", "--example", "online", "--"]);
        let said = output(cargo.arg(data.join("records.csv")))?;
        for line in said.lines() {
            println!("ours    {line}");
        }
        Ok(())
    }

    /// The same with the store under it: the first linking of everyone, a start, one more.
    fn durable(&self, workspace: &Workspace, data: &Path) -> Done {
        let mut cargo = workspace.command("cargo");
        cargo.args(["run", "--quiet", "--release", "--locked"]);
        cargo.args(["--package", "tasuki-testkit", "--example", "durable", "--"]);
        let said = output(
            cargo
                .arg(data.join("records.csv"))
                .arg(self.folder.join("durable")),
        )?;
        for line in said.lines() {
            println!("ours    {line}");
        }
        Ok(())
    }

    fn splink(&self, workspace: &Workspace, data: &Path) -> Done {
        let python = peers(workspace, &["splink<5", "duckdb<2", "pandas", "pyarrow"])?;
        let start = Instant::now();
        end(Command::new(python)
            .arg(self.linkage.join("splink_baseline.py"))
            .arg(data)
            .args(["--weights", "4,16,20"]))?;
        println!("splink  {:.1} s", start.elapsed().as_secs_f64());
        Ok(())
    }
}
