//! How the data folder of a community is filled: by the product's own commands, as an operator
//! would.

use super::Order;
use super::node::Node;
use super::people::{PASSWORD, SignIn};
use crate::failure::{Done, Failure, fail};
use crate::process::{output, read, run as end, write};
use std::path::{Path, PathBuf};
use std::process::Command;

const SHAPES: [&str; 5] = ["disc", "square", "diamond", "triangle", "ring"];

/// What a community is made from and where.
pub(super) struct Making<'m> {
    /// The folder of the programs.
    pub programs: &'m Path,
    /// Its own folder, in which its data folder will lie.
    pub folder: &'m Path,
    /// Where its hospitals' storages lie.
    pub storages: &'m Path,
    /// Where `community.toml` and `disclosed.csv` lie.
    pub described: &'m Path,
    /// Who can sign in.
    pub sign_ins: &'m [SignIn],
    /// Address of the portal.
    pub portal: String,
    /// Address of health and metrics.
    pub health: String,
}

/// Empties `folder` and writes the storages of one community or of a network into it.
pub(super) fn generate(programs: &Path, folder: &Path, what: &str, order: &Order) -> Done {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|error| Failure::io(folder.display(), &error))?;
    }
    println!("inventing {} people (seed {})", order.persons, order.seed);
    let mut testkit = Command::new(programs.join("tasuki-testkit"));
    testkit
        .args([what, "--seed", &order.seed, "--persons", &order.persons])
        .args(["--heavy", &order.heavy.to_string()])
        .arg("--out")
        .arg(folder.join("storages"));
    end(&mut testkit)
}

impl Making<'_> {
    /// Makes the data folder: configuration, facilities, documents, disclosures, accounts.
    pub fn fill(&self) -> Done {
        let community = self.description()?;
        self.tasuki(&[
            "init",
            "--four-eyes",
            "--name",
            word(&community, "name"),
            "--home-community-id",
            word(&community, "home_community_id"),
            "--portal",
            &self.portal,
            "--health",
            &self.health,
        ])?;
        self.configure()?;
        self.facilities(&community)?;
        let disclosed = self.described.join("disclosed.csv");
        self.tasuki(&["disclose", "--file", &disclosed.to_string_lossy()])?;
        self.accounts()?;
        self.consents()
    }

    /// There is no scanner in a demo, and fewer people than a doctor of a hospital sees in a day: its configuration
    /// says so.
    fn configure(&self) -> Done {
        let path = self.configuration();
        let mut text = read(&path)?;
        for (said, instead) in [
            ("unscanned = false", "unscanned = true"),
            ("unusual_charts = 30", "unusual_charts = 12"),
        ] {
            if !text.contains(said) {
                fail!("tasuki.toml: no {said}");
            }
            text = text.replace(said, instead);
        }
        write(&path, text)
    }

    /// Starts its node and waits until it is ready.
    pub fn start(&self) -> Result<Node, Failure> {
        Node::start(
            &self.programs.join("tasuki"),
            self.folder,
            &self.portal,
            &self.health,
        )
    }

    /// `community.toml`.
    pub fn description(&self) -> Result<toml::Table, Failure> {
        read(&self.described.join("community.toml"))?
            .parse()
            .map_err(|error| Failure(format!("community.toml: {error}")))
    }

    /// Its configuration file.
    pub fn configuration(&self) -> PathBuf {
        self.folder.join("data/tasuki.toml")
    }

    /// Runs a command of the product on the data folder; returns what it printed.
    pub fn tasuki(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut tasuki = Command::new(self.programs.join("tasuki"));
        let data = self.folder.join("data");
        output(tasuki.args(arguments).arg("--data").arg(data))
    }

    /// Registers each facility and imports both of its storages.
    fn facilities(&self, community: &toml::Table) -> Done {
        for (facility, shape) in facilities(community).zip(SHAPES) {
            let code = word(facility, "code");
            let name = word(facility, "name");
            let mut add = vec!["facility", "add", code, "--name", name, "--shape", shape];
            add.extend(["--short", word(facility, "short")]);
            add.extend(["--badge", word(facility, "badge")]);
            add.extend(["--offers", word(facility, "offers")]);
            self.tasuki(&add)?;
            for storage in ["STD", "EXT"] {
                let root = self.storages.join(format!("{code}_{storage}"));
                if root.exists() {
                    println!("importing {name} {storage}");
                    let root = root.to_string_lossy();
                    self.tasuki(&["import", "ss-mix2", &root, "--facility", code])?;
                }
            }
        }
        Ok(())
    }

    /// Consents that do not cover everything, as the clerk of the demo has taken them.
    fn consents(&self) -> Done {
        let file = self.described.join("consents.csv");
        let Some([clerk, ..]) = self.sign_ins.iter().find(|sign_in| sign_in[2] == "clerk") else {
            return Ok(());
        };
        for line in read(&file)?.lines() {
            let Some((patient, covered)) = line.split_once(',') else {
                continue;
            };
            self.tasuki(&["consent", patient, "--by", clerk, "--only", covered])?;
        }
        Ok(())
    }

    fn accounts(&self) -> Done {
        let file = self.folder.join("password");
        write(&file, PASSWORD)?;
        let file = file.to_string_lossy();
        for [name, person, role, facility, section] in self.sign_ins {
            let mut arguments = vec!["user", "add", name, "--person", person, "--role", role];
            arguments.extend(["--facility", facility, "--password-file", &file]);
            // Everybody knows it, and it says what it is for.
            arguments.push("--unchecked");
            if !section.is_empty() {
                arguments.extend(["--section", section]);
            }
            self.tasuki(&arguments)?;
        }
        Ok(())
    }
}

/// The facilities of a `community.toml`.
pub(super) fn facilities(community: &toml::Table) -> impl Iterator<Item = &toml::Table> {
    let listed = community.get("facility").and_then(toml::Value::as_array);
    let listed = listed.into_iter().flatten();
    listed.filter_map(toml::Value::as_table)
}

/// A text of a `community.toml`; empty if it is not there.
pub(super) fn word<'t>(table: &'t toml::Table, key: &str) -> &'t str {
    let value = table.get(key).and_then(toml::Value::as_str);
    value.unwrap_or_default()
}
