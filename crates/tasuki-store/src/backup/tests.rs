use super::*;
use crate::open::{Database, StoreConfig, open};
use crate::seal::KeyFolder;
use std::path::{Path, PathBuf};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, RepositoryId};

struct Place {
    folder: PathBuf,
    store: StoreConfig,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("tasuki-backup-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let home = CommunityId::new("2.25.1").unwrap();
        let repository = RepositoryId::new("2.25.1.1").unwrap();
        let store = StoreConfig::new(folder.join("data"), home, repository);
        let opened = open(&store).unwrap();
        let mut content = opened.spool().unwrap();
        content.write(&vec![7; 3 * 1024 * 1024]).unwrap();
        // Nothing names it, so it is in no backup.
        content.finish().unwrap();
        opened.close().unwrap();
        std::fs::write(folder.join("data/tasuki.toml"), "version = 1\n").unwrap();
        KeyFolder::make_backup_key(&folder.join("key")).unwrap();
        Self { folder, store }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn take(&self, to: &str) -> Result<Counts, Fault> {
        let config = self.at("data/tasuki.toml");
        let stores = std::slice::from_ref(&self.store);
        take(stores, &config, &self.at("key"), &self.at(to))
    }

    fn restore(&self, from: &str, to: &str) -> Result<Counts, Fault> {
        let (from, to) = (self.at(from), self.at(to));
        restore(&from, &self.at("key"), None, &to, |_| Ok(()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn code<T>(result: Result<T, Fault>) -> Option<Code> {
    result.err().map(|fault| fault.code)
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

#[test]
fn what_was_taken_comes_back_and_no_key_is_in_it() {
    let place = Place::new("whole");
    let taken = place.take("b").unwrap();
    assert_eq!(place.restore("b", "again").unwrap(), taken);
    let keys = std::fs::read_dir(place.at("again/keys")).unwrap();
    let names = keys.map(|key| key.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| name.ends_with(".pub")));
    assert_eq!(code(place.take("b")), Some(Code::UsageWrong));
    let entries = std::fs::read_dir(place.at("data")).unwrap();
    let left = entries.filter(|e| {
        let name = e.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("backup")
    });
    assert_eq!(left.count(), 0, "the copy of the database is gone");
}

#[test]
fn a_backup_that_is_damaged_cut_or_of_another_key_is_refused_and_leaves_nothing() {
    let place = Place::new("damaged");
    place.take("b").unwrap();
    let whole = std::fs::read(place.at("b")).unwrap();
    let mut damaged = vec![
        whole[..whole.len() - 1].to_vec(),
        whole[..20].to_vec(),
        b"PK".to_vec(),
    ];
    for at in [3, 20, 60, whole.len() / 2] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        damaged.push(flipped);
    }
    for bytes in damaged {
        std::fs::write(place.at("bad"), bytes).unwrap();
        let refused = place.restore("bad", "again");
        assert_eq!(code(refused), Some(Code::BackupUnreadable));
        assert!(!place.at("again").exists() && !place.at("again.restoring").exists());
    }
    std::fs::remove_file(place.at("key")).unwrap();
    KeyFolder::make_backup_key(&place.at("key")).unwrap();
    let refused = place.restore("b", "again");
    assert_eq!(code(refused), Some(Code::BackupUnreadable));
    std::fs::write(place.at("key"), "secret").unwrap();
    assert_eq!(code(place.restore("b", "again")), Some(Code::KeyUnreadable));
}

#[test]
fn a_folder_with_anything_in_it_is_left_as_it_is() {
    let place = Place::new("full");
    place.take("b").unwrap();
    std::fs::create_dir(place.at("again")).unwrap();
    place.restore("b", "again").unwrap();
    let refused = place.restore("b", "again");
    assert_eq!(code(refused), Some(Code::RestoreNotEmpty));
    // Whatever the check finds, nothing is put in its place.
    std::fs::create_dir(place.at("empty")).unwrap();
    let broken = |_: &Path| Err(Fault::new(Code::AuditBroken, "as told"));
    let (from, to) = (place.at("b"), place.at("empty"));
    let refused = restore(&from, &place.at("key"), None, &to, broken);
    assert_eq!(code(refused), Some(Code::AuditBroken));
    assert!(is_empty(&to) && !place.at("empty.restoring").exists());
}

#[test]
fn a_server_that_is_away_leaves_no_half_of_a_backup() {
    let mut place = Place::new("postgres");
    place.store.database = Database::Postgres("host=/nowhere user=nobody".to_owned());
    assert_eq!(code(place.take("b")), Some(Code::StoreAway));
    assert!(!place.at("b").exists() && !place.at("b.unfinished").exists());
    let entries = std::fs::read_dir(place.at("data")).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.starts_with("backup")));
}

#[test]
fn names_lead_to_no_other_folder() {
    for good in [
        "tasuki.toml",
        "pix/tasuki.db",
        "objects/ab/abcdef",
        "segments/node.json",
    ] {
        assert!(place::of(good).is_ok(), "{good}");
    }
    for bad in [
        "../tasuki.db",
        "/etc/passwd",
        "objects/../abcdef",
        "objects/ab/../../x",
        "keys/wrapping-1.key",
        "keys/.pub",
        "pix/pix/tasuki.db",
        "segments/a/b.json",
        "objects/ab/cdef",
        "",
    ] {
        assert_eq!(code(place::of(bad)), Some(Code::BackupUnreadable), "{bad}");
    }
}
