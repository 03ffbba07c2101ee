//! Turns `codes.toml` into the error enum, so that a code without a text cannot be compiled.

#[path = "build/codes.rs"]
mod codes;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=codes.toml");
    println!("cargo::rerun-if-changed=build");
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let written = std::fs::read_to_string("codes.toml")
        .map_err(|error| format!("codes.toml: {error}"))
        .and_then(|text| codes::generate(&text))
        .and_then(|rust| {
            std::fs::write(out.join("codes.rs"), rust).map_err(|error| format!("codes.rs: {error}"))
        });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}
