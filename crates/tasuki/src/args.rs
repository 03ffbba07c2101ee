//! Options that every command takes, and a small reader for the rest.

use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::path::PathBuf;
use tasuki_core::{Code, Fault};

/// A command line after its command's name.
#[derive(Debug, Default)]
pub struct Args {
    /// `--data DIR`: the node's data folder; `./tasuki-data` where not given.
    pub data: Option<PathBuf>,
    /// `--config FILE`; `tasuki.toml` in the data folder where not given.
    pub config: Option<PathBuf>,
    /// `--json`: machine-readable output.
    pub json: bool,
    /// Other options with a value, in order.
    pub options: Vec<(String, String)>,
    /// Options without a value.
    pub flags: Vec<String>,
    /// What is no option.
    pub words: Vec<String>,
}

/// A mistake on the command line.
pub fn usage(what: impl Into<String>) -> Fault {
    Fault::new(Code::UsageWrong, what)
}

impl Args {
    /// Reads arguments. `flags` are the options of this command that take no value; every other
    /// option takes one and has to be in `options`.
    ///
    /// # Errors
    /// `CFG-005` for an option that the command does not know, or one without its value.
    pub fn read(arguments: &[OsString], options: &[&str], flags: &[&str]) -> Result<Self, Fault> {
        let mut args = Self::default();
        let mut parser = Parser::from_args(arguments);
        let wrong = |e: lexopt::Error| usage(e.to_string());
        while let Some(arg) = parser.next().map_err(wrong)? {
            match arg {
                Arg::Long("data") => args.data = Some(parser.value().map_err(wrong)?.into()),
                Arg::Long("config") => args.config = Some(parser.value().map_err(wrong)?.into()),
                Arg::Long("json") => args.json = true,
                Arg::Long(name) if flags.contains(&name) => args.flags.push(name.to_owned()),
                Arg::Long(name) if options.contains(&name) => {
                    let name = name.to_owned();
                    let value = parser.value().and_then(|v| v.string()).map_err(wrong)?;
                    args.options.push((name, value));
                }
                Arg::Value(word) => args.words.push(word.string().map_err(wrong)?),
                other => return Err(usage(other.unexpected().to_string())),
            }
        }
        Ok(args)
    }

    /// The value of an option; the last one counts.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The value of an option that must be there.
    ///
    /// # Errors
    /// `CFG-005` where it is not.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        self.option(name)
            .ok_or_else(|| usage(format!("--{name} is missing")))
    }

    /// Whether a flag was given.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.flags.iter().any(|f| f == name)
    }

    /// The data folder.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.data
            .clone()
            .unwrap_or_else(|| PathBuf::from("tasuki-data"))
    }
}
