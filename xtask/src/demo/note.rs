//! The demo's note: a physician of community D writes one for 東京 花子 with a photo, by the form of the
//! portal, as anybody would. The others see it by the standard's queries.

use super::PASSWORD;
use crate::bench::http;
use crate::failure::{Done, Failure, fail};
use std::path::{Path, PathBuf};

const BOUNDARY: &str = "----tasuki-demo-note";
/// Folders looked into for a picture.
const FOLDERS_MAX: usize = 100_000;

/// Writes the note at a portal, with a picture of the generated storages.
pub(super) fn write(portal: &str, name: &str, storages: &Path) -> Done {
    let cookie = http::sign_in(portal, name, PASSWORD)?;
    let list = http::page(portal, "/patients?name=%E6%9D%B1%E4%BA%AC", &cookie)?;
    let missing = || Failure("東京 花子 is no patient there".to_owned());
    let person = between(&list, "/patients/", "/").ok_or_else(missing)?;
    let csrf = between(&list, "name=\"csrf\" value=\"", "\"").ok_or_else(missing)?;
    let picture = picture(storages)?;
    let picture = std::fs::read(&picture).map_err(|e| Failure::io(picture.display(), &e))?;
    let mut body = Vec::new();
    for (field, value) in [
        ("csrf", csrf),
        (
            "text",
            "退院前の訪問。下腿のむくみは軽く、階段での息切れなし。写真は現在の状態です。",
        ),
        (
            "points-to-watch",
            "毎朝の体重測定。2日で1.5kg増えたら連絡。塩分6g。",
        ),
        ("wishes", "自宅で過ごしたい。急変時はまず連絡を。"),
    ] {
        let head = format!("Content-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}").as_bytes());
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"写真.png\"\r\n\
                Content-Type: image/png\r\n\r\n";
    body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}").as_bytes());
    body.extend_from_slice(&picture);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = format!("/patients/{person}/notes");
    let answer = http::post(portal, &path, &cookie, (&kind, &body))?;
    if answer.status != 303 {
        fail!("the note was not taken: {}", answer.head);
    }
    Ok(())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split(after).next()
}

/// The first picture below a folder.
fn picture(folder: &Path) -> Result<PathBuf, Failure> {
    let mut folders = vec![folder.to_owned()];
    for _ in 0..FOLDERS_MAX {
        let Some(next) = folders.pop() else { break };
        let entries = std::fs::read_dir(&next).map_err(|e| Failure::io(next.display(), &e))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            if path.extension().is_some_and(|ending| ending == "png") {
                return Ok(path);
            }
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    fail!("no picture below {}", folder.display())
}
