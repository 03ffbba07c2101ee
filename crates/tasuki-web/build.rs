//! Two things become Rust here: the message catalogue and the built assets.
//!
//! Never runs npm: `cargo xtask assets` does, and writes `<target>/web`. Without it the
//! style sheet is embedded as it lies in `web/styles`, and scripts are left out.

#[path = "build/assets.rs"]
mod assets;
#[path = "build/messages.rs"]
mod messages;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let written = messages::generate("messages/ja.toml", "messages/en.toml")
        .and_then(|rust| write(&out.join("messages.rs"), &rust))
        .and_then(|()| assets::generate(&out, &PathBuf::from("../../web/styles")))
        .and_then(|rust| write(&out.join("assets.rs"), &rust));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn write(path: &std::path::Path, rust: &str) -> Result<(), String> {
    std::fs::write(path, rust).map_err(|error| format!("{}: {error}", path.display()))
}
