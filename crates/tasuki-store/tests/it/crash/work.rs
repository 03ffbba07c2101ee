//! What the child does, and what must be there after so many steps of it.

use crate::place::{Place, TempDir, entry, facility, file, key, patient};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::{EntryFilter, NewDocument, Store};
use tasuki_model::{AvailabilityStatus, Instant, PatientKey};
use tasuki_store::{StoreConfig, open};

/// Set for the child: the folder that it works in.
const FOLDER: &str = "TASUKI_CRASH_FOLDER";
const STEPS: &str = "TASUKI_CRASH_STEPS";

/// One write. Keys are few, so that versions replace each other and deletions find something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A document with this key and content, the second one large enough for an object.
    Put { order: u8, content: u32 },
    /// The document with this key is deleted.
    Delete { order: u8 },
    /// A file goes into quarantine, or out of it if it is there.
    Quarantine { file: u8, large: bool },
    /// Audit events of reads, and a segment is signed.
    Audit,
}

/// The step of a number. A small generator of its own, so that a seed means the same tomorrow.
pub fn step(number: u32) -> Step {
    let mut dice = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5ea1;
    dice ^= dice >> 29;
    dice = dice.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    dice ^= dice >> 32;
    let order = (dice >> 8) as u8 % 5;
    match dice % 10 {
        0..=5 => Step::Put {
            order,
            content: number,
        },
        6 | 7 => Step::Delete { order },
        8 => Step::Quarantine {
            file: order % 2,
            large: number.is_multiple_of(3),
        },
        _ => Step::Audit,
    }
}

fn bytes(content: u32) -> Vec<u8> {
    let size = if content.is_multiple_of(4) {
        70_000
    } else {
        900
    };
    (0..size).map(|i| (content + i / 7) as u8).collect()
}

/// What the store must hold, in words that can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Per key, hash and size of the versions: the current one last, if there is one.
    documents: BTreeMap<u8, Vec<(Box<str>, u64, bool)>>,
    quarantine: BTreeMap<u8, u64>,
    audit: u64,
    tombstones: usize,
}

impl Picture {
    /// What is there after the first `steps` steps.
    pub fn after(steps: u32) -> Self {
        let mut picture = Self::default();
        (0..steps).for_each(|number| picture.add(step(number)));
        picture
    }

    fn add(&mut self, step: Step) {
        self.audit += 1;
        match step {
            Step::Put { order, content } => {
                let versions = self.documents.entry(order).or_default();
                versions.iter_mut().for_each(|v| v.2 = false);
                let bytes = bytes(content);
                versions.push((crate::place::sha1(&bytes), bytes.len() as u64, true));
            }
            Step::Delete { order } => {
                let gone = self.documents.remove(&order).unwrap_or_default();
                self.tombstones += gone.len();
            }
            Step::Quarantine { file, large } => {
                if self.quarantine.remove(&file).is_none() {
                    let size = if large { 80_000 } else { 100 };
                    self.quarantine.insert(file, size);
                }
            }
            Step::Audit => self.audit += 1,
        }
    }

    /// What is there in a store.
    pub fn of(store: &dyn Store) -> Self {
        let mut picture = Self::default();
        let p = patient(store, "0001");
        for status in [AvailabilityStatus::Deprecated, AvailabilityStatus::Approved] {
            picture.see(store, &p, status);
        }
        store
            .reading(|tx| {
                picture.tombstones = tx.tombstones(&p)?.len();
                for row in tx.quarantined(None, 100)? {
                    let kept = tx.quarantined_bytes(&row.id)?.unwrap();
                    picture
                        .quarantine
                        .insert(row.id.parse().unwrap(), kept.len() as u64);
                }
                Ok(())
            })
            .unwrap();
        while store.index_audit(1_000).unwrap() > 0 {}
        let search = tasuki_core::ports::AuditSearch::default();
        let events = store.reading(|tx| tx.find_events(&search, 10_000)).unwrap();
        picture.audit = events.len() as u64;
        picture
    }

    fn see(&mut self, store: &dyn Store, p: &PatientKey, status: AvailabilityStatus) {
        let filter = EntryFilter {
            status: Some(status),
            ..EntryFilter::default()
        };
        let mut found = crate::registry::find(store, p, &filter);
        // Made one after the other, so their ids are in the order of their versions.
        found.sort_by(|a, b| a.entry_uuid.cmp(&b.entry_uuid));
        for entry in found {
            let ids = std::slice::from_ref(&entry.entry_uuid);
            let content = store.reading(|tx| tx.get_contents(ids)).unwrap().remove(0);
            assert_eq!(crate::place::sha1(&content.bytes), entry.hash);
            let order = entry.source_key.order.parse().unwrap();
            let current = status == AvailabilityStatus::Approved;
            let versions = self.documents.entry(order).or_default();
            versions.push((entry.hash, entry.size_bytes, current));
        }
    }
}

/// Reopens a store after a crash and holds it against what was acknowledged. The step that was
/// under way when it happened is there as a whole or not at all.
pub fn check(config: &StoreConfig, acknowledged: u32, what: &str) {
    let store = open(config).unwrap_or_else(|fault| panic!("{what}: {fault}"));
    let found = Picture::of(&*store);
    let expected = Picture::after(acknowledged);
    if found != expected {
        assert_eq!(
            found,
            Picture::after(acknowledged + 1),
            "{what}: {acknowledged} steps"
        );
    }
    assert_eq!(store.verify_audit().unwrap(), [], "{what}");
    assert_eq!(
        objects_left_over(config, &found),
        0,
        "{what}: deleted contents came back"
    );
    // It goes on from there.
    let p = patient(&*store, "0001");
    let made = entry(&*store, &p, &key("99"), b"afterwards");
    store
        .writing(|tx| {
            tx.put_document(&NewDocument {
                entry: made.clone(),
                bytes: b"afterwards",
                file: None,
            })
        })
        .unwrap();
}

/// Objects that the rows do not name, beyond one that was written for the step under way.
fn objects_left_over(config: &StoreConfig, picture: &Picture) -> usize {
    let files = std::fs::read_dir(config.data_dir.join("objects"))
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .filter(|f| f.as_ref().unwrap().path().extension().is_none())
        .count();
    let documents = picture
        .documents
        .values()
        .flatten()
        .map(|(_, size, _)| size);
    let named = documents
        .chain(picture.quarantine.values())
        .filter(|size| **size > 65_536)
        .count();
    files.saturating_sub(named + 1)
}

/// Does one step; returns when it is acknowledged.
fn work(store: &dyn Store, p: &PatientKey, number: u32) {
    let at = Instant::from_micros(i64::from(number));
    let event = AuditEvent::of_process(at, Action::Import, "crash", "step");
    match step(number) {
        Step::Put { order, content } => {
            let bytes = bytes(content);
            let made = entry(store, p, &key(&order.to_string()), &bytes);
            store.writing(|tx| {
                tx.append_audit(&event)?;
                tx.put_document(&NewDocument {
                    entry: made.clone(),
                    bytes: &bytes,
                    file: None,
                })
                .map(drop)
            })
        }
        Step::Delete { order } => store.writing(|tx| {
            tx.append_audit(&event)?;
            tx.delete(p, &key(&order.to_string()), at).map(drop)
        }),
        Step::Quarantine { file: id, large } => store.writing(|tx| {
            tx.append_audit(&event)?;
            if tx.drop_quarantine(&id.to_string())? {
                return Ok(());
            }
            let bytes = vec![id; if large { 80_000 } else { 100 }];
            let row = tasuki_core::ports::Quarantined {
                id: id.to_string(),
                facility: facility(),
                patient: None,
                file: file(&format!("file {id}"), &bytes),
                reason: tasuki_core::ports::QuarantineReason {
                    code: tasuki_core::Code::FileUnreadable,
                    detail: String::new(),
                },
                at,
                kept: true,
            };
            tx.put_quarantine(&row, Some(&bytes))
        }),
        Step::Audit => store
            .append_audit(&[event.clone(), event])
            .and_then(|()| store.sign_segment().map(drop)),
    }
    .unwrap();
}

/// The child's part: does nothing in an ordinary run.
#[test]
fn child() {
    let (Ok(folder), Ok(steps)) = (std::env::var(FOLDER), std::env::var(STEPS)) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let mut notes = std::fs::File::create(folder.join("acknowledged")).unwrap();
    let store = open(&config_in(&folder)).unwrap();
    let p = patient(&*store, "0001");
    notes.write_all(b"open\n").unwrap();
    for number in 0..steps.parse().unwrap() {
        work(&*store, &p, number);
        notes.write_all(b"done\n").unwrap();
    }
}

/// The configuration of a store in a child's folder.
pub fn config_in(folder: &Path) -> StoreConfig {
    let mut config = Place::sqlite_config(&folder.join("data"));
    config.reserve_percent = 0;
    config
}

/// How many steps a child has noted as acknowledged, or nothing if it was not even open.
pub fn noted(notes: &str) -> Option<u32> {
    let lines = notes.lines().count();
    u32::try_from(lines).ok()?.checked_sub(1)
}

/// The child of a folder, ready to be started, alone or under a tracer.
pub fn child_command(tracer: Option<Command>, folder: &TempDir, steps: u32) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match tracer {
        Some(mut tracer) => {
            tracer.arg(program);
            tracer
        }
        None => Command::new(program),
    };
    command
        .args([
            "--exact",
            "crash::work::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, &folder.0)
        .env(STEPS, steps.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A number from the environment: long runs set more than the everyday one.
pub fn number(name: &str, otherwise: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}
