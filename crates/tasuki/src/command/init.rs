//! `tasuki init`: a data folder with configuration and keys.

use crate::args::{Args, usage};
use crate::config::Config;
use crate::node;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::ExitCode;
use tasuki_core::{Code, Fault};
use tasuki_model::CommunityId;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let options = ["name", "home-community-id", "portal", "health"];
    let args = Args::read(arguments, &options, &["four-eyes"])?;
    let id = args
        .option("home-community-id")
        .map(CommunityId::new)
        .transpose()
        .map_err(|e| usage(e.to_string()))?;
    let address = |name: &str| {
        args.option(name)
            .map(str::parse::<SocketAddr>)
            .transpose()
            .map_err(|e| usage(format!("--{name}: {e}")))
    };
    let (portal, health) = (address("portal")?, address("health")?);
    let made = node::make(&args, |random| {
        let mut config = Config::first(
            id.unwrap_or(random),
            args.option("name").unwrap_or("Tasuki"),
        );
        if let Some(address) = portal {
            config.portal.listen = address;
        }
        config.portal.four_eyes = args.flag("four-eyes");
        if let Some(address) = health {
            config.health.listen = address;
        }
        config
    })?;
    if !made {
        let what = format!("{} is there already", node::config_path(&args).display());
        return Err(Fault::new(Code::DataFolderUnusable, what));
    }
    node::open(&args)?;
    println!("{}", node::config_path(&args).display());
    Ok(ExitCode::SUCCESS)
}
