//! Storages generated, a data folder filled, a node started: used by the demo and by the
//! browser tests.

use super::node::Node;
use super::{Order, PASSWORD, SIGN_INS};
use crate::failure::{Done, Failure};
use crate::process::{free_port, output, read, run as end, write};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "架空地域医療ネットワーク";
/// Below the arc for UUIDs, so that it is nobody's.
const HOME_COMMUNITY: &str = "2.25.178215409263407319872314005118093744";
const SHAPES: [&str; 5] = ["disc", "square", "diamond", "triangle", "ring"];

/// A community that is being served.
pub struct Community {
    node: Node,
    storages: PathBuf,
}

/// A folder of a community and the programs that fill it.
struct Making<'m> {
    programs: &'m Path,
    folder: &'m Path,
}

impl Community {
    /// Makes a community below `folder` from nothing, with the programs in `programs`.
    pub fn make(programs: &Path, folder: &Path, order: &Order) -> Result<Self, Failure> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)
                .map_err(|error| Failure::io(folder.display(), &error))?;
        }
        let making = Making { programs, folder };
        let storages = folder.join("storages");
        println!("inventing {} people (seed {})", order.persons, order.seed);
        end(Command::new(programs.join("tasuki-testkit"))
            .args([
                "generate",
                "--seed",
                &order.seed,
                "--persons",
                &order.persons,
                "--out",
            ])
            .arg(&storages))?;
        let portal = format!("127.0.0.1:{}", order.port);
        let health = format!("127.0.0.1:{}", free_port()?);
        making.tasuki(&[
            "init",
            "--four-eyes",
            "--name",
            NAME,
            "--home-community-id",
            HOME_COMMUNITY,
            "--portal",
            &portal,
            "--health",
            &health,
        ])?;
        making.facilities(&storages)?;
        making.tasuki(&[
            "disclose",
            "--file",
            &storages.join("disclosed.csv").to_string_lossy(),
        ])?;
        making.accounts()?;
        let node = Node::start(&programs.join("tasuki"), folder, &portal, &health)?;
        Ok(Self { node, storages })
    }

    /// A small community for the browser tests, served by the binary that the tests built.
    pub fn for_tests(workspace: &Workspace) -> Result<Self, Failure> {
        let mut cargo = workspace.command("cargo");
        end(cargo.args(["build", "--quiet", "--workspace", "--bins", "--locked"]))?;
        let order = Order {
            seed: "1".to_owned(),
            persons: "24".to_owned(),
            port: free_port()?,
        };
        Self::make(
            &workspace.target.join("debug"),
            &workspace.target.join("browser"),
            &order,
        )
    }

    /// Where the portal is.
    pub fn address(&self) -> String {
        format!("http://{}", self.node.portal)
    }

    /// The generated storages, with the truth about the people in them.
    pub fn storages(&self) -> &Path {
        &self.storages
    }

    /// Lets the node live on after this process.
    pub fn leave_running(mut self) {
        self.node.leave_running();
    }
}

impl Making<'_> {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn tasuki(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut tasuki = Command::new(self.programs.join("tasuki"));
        output(tasuki.args(arguments).arg("--data").arg(self.data()))
    }

    /// Registers each facility and imports both of its storages.
    fn facilities(&self, storages: &Path) -> Done {
        let community: toml::Table = read(&storages.join("community.toml"))?
            .parse()
            .map_err(|error| Failure(format!("community.toml: {error}")))?;
        let facilities = community
            .get("facility")
            .and_then(toml::Value::as_array)
            .cloned()
            .unwrap_or_default();
        for (facility, shape) in facilities.iter().zip(SHAPES) {
            let word = |key: &str| {
                facility
                    .get(key)
                    .and_then(toml::Value::as_str)
                    .unwrap_or_default()
            };
            let code = word("code");
            self.tasuki(&[
                "facility",
                "add",
                code,
                "--name",
                word("name"),
                "--short",
                word("short"),
                "--badge",
                word("badge"),
                "--shape",
                shape,
            ])?;
            for storage in ["STD", "EXT"] {
                let root = storages.join(format!("{code}_{storage}"));
                if root.exists() {
                    println!("importing {} {storage}", word("name"));
                    let mut tasuki = Command::new(self.programs.join("tasuki"));
                    tasuki
                        .args(["import", "ss-mix2"])
                        .arg(&root)
                        .args(["--facility", code]);
                    end(tasuki.arg("--data").arg(self.data()))?;
                }
            }
        }
        Ok(())
    }

    fn accounts(&self) -> Done {
        let file = self.folder.join("password");
        write(&file, PASSWORD)?;
        for [name, person, role, facility, section] in SIGN_INS {
            let mut arguments = vec![
                "user",
                "add",
                name,
                "--person",
                person,
                "--role",
                role,
                "--facility",
                facility,
            ];
            if !section.is_empty() {
                arguments.extend(["--section", section]);
            }
            let file = file.to_string_lossy();
            arguments.extend(["--password-file", &file]);
            self.tasuki(&arguments)?;
        }
        Ok(())
    }
}
