//! Passwords that are known from breaches: a list that the operator keeps beside the node, so that nothing of a password
//! leaves it. One line a password, in the order of the hashes: SHA-1 in hex, and whatever stands behind a colon (the
//! form in which the well-known public list is given out). It is searched where it lies, by halves.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// Hex digits of a hash.
const DIGITS: usize = 40;
/// Bytes of one line, with its end.
const LINE_MAX: usize = 80;
/// Halves: more than any file has bytes.
const STEPS_MAX: u32 = 64;

/// The list.
#[derive(Debug, Clone)]
pub struct Breached {
    path: PathBuf,
}

impl Breached {
    /// The list in a file, if it is one.
    ///
    /// # Errors
    /// `CFG-001` where it cannot be read; `CFG-003` where its first and last lines are no hashes in their order.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let list = Self {
            path: path.to_owned(),
        };
        let (mut file, bytes) = list.file()?;
        let first = list.line_from(&mut file, 0)?;
        let mut last = list.line_from(&mut file, bytes.saturating_sub(2 * LINE_MAX as u64))?;
        // So few bytes hold only a few lines.
        for _ in 0..2 * LINE_MAX / DIGITS {
            let Some(line) = &last else { break };
            match list.line_from(&mut file, line.ends)? {
                None => break,
                next => last = next,
            }
        }
        match (first, last) {
            (Some(first), Some(last)) if first.hash <= last.hash => Ok(list),
            _ => Err(list.wrong("no list of SHA-1 hashes in their order")),
        }
    }

    /// Whether a password is in it.
    ///
    /// # Errors
    /// As [`Breached::open`]: a list that has gone says nothing of a password.
    pub fn holds(&self, password: &str) -> Result<bool, Fault> {
        let digest = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
        let wanted = hex(ring::digest::digest(digest, password.as_bytes()).as_ref());
        let (mut file, bytes) = self.file()?;
        // The line is one of those that begin in this part, if it is there.
        let (mut from, mut to) = (0, bytes);
        for _ in 0..STEPS_MAX {
            if from >= to {
                return Ok(false);
            }
            let middle = from + (to - from) / 2;
            match self.line_from(&mut file, middle)? {
                Some(line) if line.begins < to => match line.hash.as_str().cmp(&wanted) {
                    std::cmp::Ordering::Equal => return Ok(true),
                    std::cmp::Ordering::Less => from = line.ends,
                    std::cmp::Ordering::Greater => to = middle,
                },
                // None begins in the second half.
                _ => to = middle,
            }
        }
        Ok(false)
    }

    fn file(&self) -> Result<(File, u64), Fault> {
        let open = || {
            let file = File::open(&self.path)?;
            let bytes = file.metadata()?.len();
            Ok::<_, std::io::Error>((file, bytes))
        };
        open().map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &std::io::Error) -> Fault {
        let what = format!("{}: {error}", self.path.display());
        Fault::new(Code::ConfigUnreadable, what)
    }

    fn wrong(&self, why: &str) -> Fault {
        Fault::new(
            Code::ConfigInvalid,
            format!("{}: {why}", self.path.display()),
        )
    }

    /// The first line that begins at a place or behind it; none where there is none.
    fn line_from(&self, file: &mut File, at: u64) -> Result<Option<Line>, Fault> {
        // A line begins at `at` where the byte before it ends one.
        let start = at.saturating_sub(1);
        let mut bytes = Vec::with_capacity(2 * LINE_MAX);
        let read = |file: &mut File, bytes: &mut Vec<u8>| {
            file.seek(SeekFrom::Start(start))?;
            file.take(2 * LINE_MAX as u64).read_to_end(bytes)
        };
        match read(file, &mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(self.unreadable(&error)),
        }
        let end = |from: usize| {
            let rest = bytes.get(from..)?;
            rest.iter().position(|b| *b == b'\n').map(|n| from + n + 1)
        };
        let begins = match at {
            0 => 0,
            _ => match end(0) {
                Some(begins) => begins,
                None if bytes.len() > LINE_MAX => return Err(self.wrong("a line too long")),
                None => return Ok(None),
            },
        };
        if begins >= bytes.len() {
            return Ok(None);
        }
        let ends = end(begins).unwrap_or(bytes.len());
        let hash = bytes.get(begins..begins + DIGITS);
        let hash = hash.and_then(|hash| std::str::from_utf8(hash).ok());
        let hash = hash.filter(|hash| hash.bytes().all(|b| b.is_ascii_hexdigit()));
        let behind = bytes.get(begins + DIGITS..ends).unwrap_or_default();
        let closed = matches!(behind.first(), None | Some(b':' | b'\r' | b'\n'));
        match hash.filter(|_| closed && ends - begins <= LINE_MAX) {
            Some(hash) => Ok(Some(Line {
                begins: start + begins as u64,
                ends: start + ends as u64,
                hash: hash.to_ascii_lowercase(),
            })),
            None => Err(self.wrong("a line that is no hash")),
        }
    }
}

/// One line: where it begins, where the next one does, and its hash.
struct Line {
    begins: u64,
    ends: u64,
    hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> PathBuf {
        let name = format!("tasuki-breached-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn sha1(text: &str) -> String {
        let digest = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
        hex(ring::digest::digest(digest, text.as_bytes()).as_ref())
    }

    #[test]
    fn every_password_of_a_list_is_found_and_no_other() {
        // As the public list writes it.
        assert_eq!(sha1("password"), "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8");
        for (count, end, number) in [(1, "\n", ":1"), (2, "\r\n", ""), (997, "\r\n", ":10437277")] {
            let mut hashes: Vec<String> = (0..count).map(|n| sha1(&format!("known {n}"))).collect();
            hashes.sort();
            let lines = hashes.iter().enumerate();
            // Counts are of different lengths; the last line may have no end.
            let lines = lines.map(|(n, hash)| match n % 3 {
                0 => format!("{}{number}", hash.to_uppercase()),
                _ => format!("{hash}:{n}"),
            });
            for text in [
                lines.clone().collect::<Vec<_>>().join(end),
                lines.map(|line| line + end).collect(),
            ] {
                let list =
                    Breached::open(&file(&format!("{count}-{}", text.len()), &text)).unwrap();
                for n in 0..count {
                    assert!(list.holds(&format!("known {n}")).unwrap(), "{n} of {count}");
                    assert!(
                        !list.holds(&format!("other {n}")).unwrap(),
                        "{n} of {count}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_list_is_refused_at_once() {
        let code = |name: &str, text: &str| {
            let opened = Breached::open(&file(name, text));
            opened.unwrap_err().code
        };
        let (a, b) = (sha1("a"), sha1("b"));
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        for (name, text) in [
            ("empty", String::new()),
            ("words", "password\n123456\n".to_owned()),
            ("order", format!("{high}:1\n{low}:2\n")),
            ("long", "f".repeat(500)),
            ("longer", format!("{low}{}\n", ":1".repeat(60))),
            ("sha256", format!("{low}{low}:1\n")),
        ] {
            assert_eq!(code(name, &text), Code::ConfigInvalid, "{name}");
        }
        let nowhere = Breached::open(Path::new("/nonexistent/list")).unwrap_err();
        assert_eq!(nowhere.code, Code::ConfigUnreadable);
        let gone = file("gone", &format!("{low}:1\n"));
        let list = Breached::open(&gone).unwrap();
        std::fs::remove_file(gone).unwrap();
        assert_eq!(list.holds("a").unwrap_err().code, Code::ConfigUnreadable);
    }
}
