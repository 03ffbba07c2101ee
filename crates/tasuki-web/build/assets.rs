//! The files that the portal serves under /assets, embedded into the binary.
//!
//! `<target>/web/manifest.json` is written by `cargo xtask assets` and lists them; without it
//! there is only `portal.css`, put together from `web/styles/index.css` and its imports.

use std::fmt::Write;
use std::path::{Path, PathBuf};

struct Asset {
    name: String,
    bytes: PathBuf,
    gzip: Option<PathBuf>,
}

/// The Rust source of the asset table.
///
/// # Errors
/// A message when a listed file cannot be read.
pub fn generate(out: &Path, styles: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", styles.display());
    let built = built_folder(out)?;
    println!("cargo::rerun-if-changed={}", built.display());
    let (assets, complete) = match listed(&built)? {
        Some(assets) => (assets, true),
        None => (uncompiled(out, styles)?, false),
    };
    let mut rust =
        String::from("/// Whether `cargo xtask assets` had run: without it there is no script.\n");
    let _ = writeln!(rust, "pub const ASSETS_BUILT: bool = {complete};\n");
    rust.push_str("/// Every file served under /assets.\npub const ASSETS: &[Asset] = &[\n");
    for asset in &assets {
        let bytes = std::fs::read(&asset.bytes)
            .map_err(|error| format!("{}: {error}", asset.bytes.display()))?;
        let gzip = match &asset.gzip {
            Some(path) => format!("Some(include_bytes!({path:?}))"),
            None => "None".to_owned(),
        };
        let _ = writeln!(
            rust,
            "    Asset {{ name: {:?}, hash: \"{:016x}\", media_type: {:?}, bytes: include_bytes!({:?}), gzip: {gzip} }},",
            asset.name,
            fingerprint(&bytes),
            media_type(&asset.name)?,
            asset.bytes,
        );
    }
    rust.push_str("];\n");
    Ok(rust)
}

/// `<target>/web`, made empty when absent so that cargo can watch it.
fn built_folder(out: &Path) -> Result<PathBuf, String> {
    let target = out
        .ancestors()
        .find(|folder| {
            folder.join(".rustc_info.json").exists() || folder.join("CACHEDIR.TAG").exists()
        })
        .ok_or("no target folder above OUT_DIR")?;
    let folder = target.join("web");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn listed(folder: &Path) -> Result<Option<Vec<Asset>>, String> {
    let Ok(manifest) = std::fs::read_to_string(folder.join("manifest.json")) else {
        return Ok(None);
    };
    let manifest: serde_json::Value =
        serde_json::from_str(&manifest).map_err(|error| format!("manifest.json: {error}"))?;
    let files = manifest
        .get("files")
        .and_then(serde_json::Value::as_array)
        .ok_or("manifest.json: no files")?;
    let assets = files
        .iter()
        .filter_map(serde_json::Value::as_str)
        .map(|name| {
            let gzip = folder.join(format!("{name}.gz"));
            Asset {
                name: name.to_owned(),
                bytes: folder.join(name),
                gzip: gzip.exists().then_some(gzip),
            }
        });
    Ok(Some(assets.collect()))
}

fn uncompiled(out: &Path, styles: &Path) -> Result<Vec<Asset>, String> {
    let bytes = out.join("portal.css");
    std::fs::write(&bytes, inlined(&styles.join("index.css"))?)
        .map_err(|error| format!("portal.css: {error}"))?;
    let bytes = bytes
        .canonicalize()
        .map_err(|error| format!("portal.css: {error}"))?;
    Ok(vec![Asset {
        name: "portal.css".to_owned(),
        bytes,
        gzip: None,
    }])
}

/// The sheet with each `@import "./file.css";` line replaced by that file: one level, as used here.
fn inlined(index: &Path) -> Result<String, String> {
    let source =
        std::fs::read_to_string(index).map_err(|error| format!("{}: {error}", index.display()))?;
    let folder = index.parent().unwrap_or(Path::new("."));
    let mut css = String::new();
    for line in source.lines() {
        match line
            .strip_prefix("@import \"")
            .and_then(|rest| rest.strip_suffix("\";"))
        {
            Some(file) => {
                let path = folder.join(file);
                css += &std::fs::read_to_string(&path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
            }
            None => css += line,
        }
        css.push('\n');
    }
    Ok(css)
}

fn media_type(name: &str) -> Result<&'static str, String> {
    match name.rsplit('.').next() {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("png") => Ok("image/png"),
        Some("woff2") => Ok("font/woff2"),
        Some("wasm") => Ok("application/wasm"),
        _ => Err(format!("{name}: no media type known")),
    }
}

/// FNV-1a, 64 bit: names a version of a file in its address; nothing relies on it for safety.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
