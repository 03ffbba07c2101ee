//! XPath 1.0 by `xmllint`, and schemas too: judges that others wrote and keep.

use crate::fail;
use crate::failure::{Done, Failure};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What stands between two answers: not a character of XML.
const BETWEEN: &str = "\u{241e}";

/// The values of some expressions over one document, as `string()` has them.
///
/// # Errors
/// Where `xmllint` cannot read the document or one of them.
pub fn strings(document: &str, expressions: &[String]) -> Done<Vec<String>> {
    if expressions.is_empty() {
        return Ok(Vec::new());
    }
    let each: Vec<String> = expressions.iter().map(|e| format!("string({e})")).collect();
    let joined = each.join(&format!(",'{BETWEEN}',"));
    let said = evaluate(document, &format!("concat({joined},'')"))?;
    let said = said.strip_suffix('\n').unwrap_or(&said);
    Ok(said.split(BETWEEN).map(str::to_owned).collect())
}

/// Which of some expressions hold.
///
/// # Errors
/// As [`strings`].
pub fn hold(document: &str, expressions: &[String]) -> Done<Vec<bool>> {
    let each: Vec<String> = expressions
        .iter()
        .map(|e| format!("boolean({e})"))
        .collect();
    let values = strings(document, &each)?;
    Ok(values.iter().map(|value| value == "true").collect())
}

fn evaluate(document: &str, expression: &str) -> Done<String> {
    let fault = |error: std::io::Error| Failure::io("xmllint", &error);
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--huge", "--xpath", expression, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(fault)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(document.as_bytes()).map_err(fault)?;
    }
    let output = child.wait_with_output().map_err(fault)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        fail!("{expression}: {}", said.trim());
    }
    String::from_utf8(output.stdout).map_err(|error| Failure::io("xmllint", &error))
}

/// What a schema says against some files, a line for each that is not valid.
///
/// # Errors
/// Where `xmllint` cannot be run.
pub fn schema(schema: &Path, files: &[PathBuf]) -> Done<Vec<String>> {
    let mut against = Vec::new();
    // As many at once as a command line takes.
    for files in files.chunks(200) {
        let output = Command::new("xmllint")
            .args(["--noout", "--nonet", "--huge", "--schema"])
            .arg(schema)
            .args(files)
            .output()
            .map_err(|error| Failure::io("xmllint", &error))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let failed = said
            .lines()
            .filter(|line| line.ends_with(" fails to validate"));
        for file in failed {
            let name = file.trim_end_matches(" fails to validate");
            let why = said.lines().find(|line| line.starts_with(name));
            against.push(why.unwrap_or(file).to_owned());
        }
        if !output.status.success() && against.is_empty() {
            fail!(
                "{}: {}",
                schema.display(),
                said.lines().last().unwrap_or("")
            );
        }
    }
    Ok(against)
}
