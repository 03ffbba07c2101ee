//! One community: a data folder filled from generated storages, a node started. The browser tests
//! and the benchmarks need one alone; a demo has four (`network`).

use super::Order;
use super::making::{Making, generate};
use super::node::Node;
use super::people::SIGN_INS;
use crate::failure::Failure;
use crate::process::{free_port, run as end};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

/// A community that is being served.
pub struct Community {
    node: Node,
    storages: PathBuf,
}

impl Community {
    /// Makes a community below `folder` from nothing, with the programs in `programs`.
    pub fn make(programs: &Path, folder: &Path, order: &Order) -> Result<Self, Failure> {
        let storages = folder.join("storages");
        generate(programs, folder, "generate", order)?;
        let making = Making {
            programs,
            folder,
            storages: &storages,
            described: &storages,
            sign_ins: &SIGN_INS,
            portal: format!("127.0.0.1:{}", order.port),
            health: format!("127.0.0.1:{}", free_port()?),
        };
        making.fill()?;
        let node = making.start()?;
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
            heavy: 0,
            behind: None,
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
}
