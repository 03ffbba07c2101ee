//! A hospital's disk and a node beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tasuki_core::policy::{Caller, Subject, decide};
use tasuki_core::ports::{EntryFilter, Quarantined, Store};
use tasuki_feeds::{ImportOptions, Summary, import_ss_mix2};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{
    AvailabilityStatus, CommunityId, DocumentEntry, Facility, FacilityCode, FacilityId,
    LocalPatientId, PersonId, Purpose, RepositoryId, Role, UserId,
};
use tasuki_store::{StoreConfig, open};

/// A folder that goes when the test ends.
pub struct TempDir(pub PathBuf);

impl TempDir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tasuki-feeds-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The patient of most tests.
pub const HANAKO: &str = "0000012345";

/// A hospital's storage, a node's data folder, and the store in it.
pub struct Hospital {
    pub root: PathBuf,
    pub config: StoreConfig,
    pub store: Arc<dyn Store>,
    pub facility: Facility,
    pub options: ImportOptions,
    pub dir: TempDir,
}

pub fn facility() -> Facility {
    let code = FacilityCode::new("1311234567").unwrap();
    Facility {
        id: FacilityId::new("f-1311234567").unwrap(),
        authority: code.patient_authority(),
        community: CommunityId::new("1.2.392.200119.9.1").unwrap(),
        code,
        name: "甲病院".to_owned(),
        name_en: "Hospital A".to_owned(),
        short: "甲".to_owned(),
        badge: "KO".to_owned(),
        shape: Shape::Disc,
        part: Part::Disclosing,
        phone: String::new(),
        offers: tasuki_model::facility::Offers::default(),
    }
}

/// The store of a data folder as every test here opens it.
pub fn store_config(data: &Path) -> StoreConfig {
    let mut config = StoreConfig::new(
        data,
        CommunityId::new("1.2.392.200119.9.1").unwrap(),
        RepositoryId::new("1.2.392.200119.9.1.1").unwrap(),
    );
    config.reserve_percent = 0;
    config
}

pub fn options() -> ImportOptions {
    let mut options = ImportOptions::new(RepositoryId::new("1.2.392.200119.9.1.1").unwrap());
    // What a test has written is complete.
    options.settle = Duration::ZERO;
    options
}

impl Hospital {
    pub fn new() -> Self {
        let dir = TempDir::new();
        let root = dir.0.join("1311234567_01");
        std::fs::create_dir(&root).unwrap();
        let config = store_config(&dir.0.join("data"));
        let store = open(&config).unwrap();
        store.writing(|tx| tx.put_facility(&facility())).unwrap();
        Self {
            root,
            config,
            store,
            facility: facility(),
            options: options(),
            dir,
        }
    }

    pub fn import_from(&self, root: &Path) -> Summary {
        let summary = import_ss_mix2(
            root,
            &self.facility,
            &*self.store,
            &self.options,
            &mut |_| {},
        )
        .unwrap();
        assert!(
            summary.stopped.is_some() || summary.adds_up(),
            "{summary:?}"
        );
        summary
    }

    pub fn import(&self) -> Summary {
        self.import_from(&self.root)
    }

    /// Writes a file of the storage, making its folders.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, bytes).unwrap();
        file
    }

    pub fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.root.join(from), self.root.join(to)).unwrap();
    }

    pub fn entries(&self, patient: &str, status: AvailabilityStatus) -> Vec<DocumentEntry> {
        let id = LocalPatientId::new(patient).unwrap();
        let found = self
            .store
            .reading(|tx| tx.find_registration(&self.facility.id, &id))
            .unwrap();
        let Some(record) = found else {
            return Vec::new();
        };
        let filter = EntryFilter {
            service: tasuki_core::ports::Service::Either,
            status: Some(status),
            ..EntryFilter::default()
        };
        let items = self
            .store
            .reading(|tx| tx.find_entries(std::slice::from_ref(&record.patient_key), &filter))
            .unwrap();
        let caller = Caller {
            user: UserId::new("u").unwrap(),
            facility: self.facility.id.clone(),
            role: Role::Physician,
            purpose: Purpose::Treatment,
        };
        let subject = Subject::new(record.patient_key, self.facility.id.clone(), false);
        let grant = decide(&caller, &PersonId::new("p").unwrap(), &[subject]).unwrap();
        grant.release(items).view().clone()
    }

    pub fn current(&self, patient: &str) -> Vec<DocumentEntry> {
        self.entries(patient, AvailabilityStatus::Approved)
    }

    pub fn superseded(&self, patient: &str) -> Vec<DocumentEntry> {
        self.entries(patient, AvailabilityStatus::Deprecated)
    }

    pub fn bytes(&self, entry: &DocumentEntry) -> Vec<u8> {
        let ids = std::slice::from_ref(&entry.entry_uuid);
        let mut found = self.store.reading(|tx| tx.get_contents(ids)).unwrap();
        found.remove(0).bytes
    }

    pub fn quarantined(&self) -> Vec<Quarantined> {
        self.store
            .reading(|tx| tx.quarantined(None, 1_000))
            .unwrap()
    }
}

/// The path of a file of the standardized storage.
pub fn path(patient: &str, day: &str, kind: &str, order: &str, sent: &str, flag: char) -> String {
    let (first, second) = (&patient[..3], &patient[3..6]);
    let name = format!("{patient}_{day}_{kind}_{order}_{sent}_01_{flag}");
    format!("{first}/{second}/{patient}/{day}/{kind}/{name}")
}

/// The path of a visit of the day, by its order and time.
pub fn visit_path(order: &str, minute: u8, flag: char) -> String {
    let sent = format!("2026071310{minute:02}00000");
    path(HANAKO, "20260713", "ADT-12", order, &sent, flag)
}

fn head(event: &str, structure: &str, patient: &str, family: &str) -> String {
    format!(
        "MSH|^~\\&|EMR|1311234567|GW|X|20260713101500||ADT^{event}^{structure}|1|P|2.5||||||UNICODE UTF-8\r\
         EVN||20260713101500\r\
         PID|0001||{patient}^^^^PI||{family}^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P||19470312|F\r"
    )
}

/// A visit (ADT^A04) of a patient; the clinic's code makes one visit differ from another.
pub fn visit(patient: &str, clinic: &str) -> String {
    let head = head("A04", "ADT_A01", patient, "東京");
    format!("{head}PV1|0001|O|{clinic}^^^^^C||||D1^医師^一郎^^^^^^^L^^^^^I\r")
}

/// A patient record (ADT^A08) that gives the patient this family name.
pub fn record(patient: &str, family: &str) -> String {
    let head = head("A08", "ADT_A01", patient, family);
    format!("{head}PV1|0001|O|01^^^^^C\r")
}

/// A file of the material that lies beside the repository.
pub fn shared(path: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ssmix2")
        .join(path);
    assert!(file.exists(), "{} is missing", file.display());
    file
}
