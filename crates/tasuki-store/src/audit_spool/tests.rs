use super::*;
use crate::open::{StoreConfig, open};
use std::path::PathBuf;
use std::sync::Arc;
use tasuki_core::audit::Action;
use tasuki_core::ports::AuditSearch;
use tasuki_model::{CommunityId, Instant, RepositoryId};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tasuki-spool-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn event(number: u64) -> AuditEvent {
    let at = Instant::from_micros(1_000);
    AuditEvent::of_process(at, Action::ChartView, "spool", &format!("{number:04}"))
}

fn store(folder: &Path) -> Arc<dyn Store> {
    let home = CommunityId::new("2.25.1").unwrap();
    let repository = RepositoryId::new("2.25.1.1").unwrap();
    open(&StoreConfig::new(folder, home, repository)).unwrap()
}

/// The subjects of the trail, in its order.
fn trail(store: &Arc<dyn Store>) -> Vec<String> {
    while store.index_audit(1_000).unwrap() > 0 {}
    let search = AuditSearch::default();
    let mut lines = store.reading(|tx| tx.find_events(&search, 10_000)).unwrap();
    lines.sort_by_key(|line| line.seq);
    lines.into_iter().map(|line| line.event.subject).collect()
}

fn subjects(numbers: std::ops::Range<u64>) -> Vec<String> {
    numbers.map(|n| format!("{n:04}")).collect()
}

#[test]
fn what_was_kept_enters_the_trail_in_its_order_and_once_whatever_broke_off() {
    let folder = folder("order");
    let store = store(&folder);
    let spool = AuditSpool::open(&folder).unwrap();
    assert!(!spool.waiting());
    for number in 0..450 {
        spool.keep(&event(number)).unwrap();
    }
    // The process ends before anything was brought, and then after some was and before it was noted.
    drop(spool);
    let spool = AuditSpool::open(&folder).unwrap();
    assert!(spool.waiting());
    let (filling, events, _) = spool.lock().batch().unwrap();
    let brought = |tx: &dyn tasuki_core::ports::Writing| {
        events.iter().try_for_each(|(_, e)| tx.append_audit(e))?;
        tx.pass_audit(CURSOR, &filling, events.len() as u64)
    };
    store.writing(brought).unwrap();
    drop(spool);
    let spool = AuditSpool::open(&folder).unwrap();
    spool.replay(&*store).unwrap();
    assert!(!spool.waiting());
    assert_eq!(trail(&store), subjects(0..450));
    spool.keep(&event(450)).unwrap();
    drop(spool);
    // Records of the filling before are none of this one.
    let spool = AuditSpool::open(&folder).unwrap();
    assert_eq!(spool.replay(&*store).unwrap(), 1);
    assert_eq!(trail(&store), subjects(0..451));
    assert_eq!(store.verify_audit().unwrap(), []);
    store.close().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn it_is_full_at_its_size_which_it_has_from_the_beginning() {
    let folder = folder("full");
    let spool = AuditSpool::of_size(&folder, 4_096).unwrap();
    let file = folder.join("audit.spool");
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 4_096);
    let kept = (0..100)
        .take_while(|n| spool.keep(&event(*n)).is_ok())
        .count();
    assert!((5..40).contains(&kept), "{kept}");
    assert_eq!(spool.keep(&event(1)).unwrap_err().code, Code::AuditAway);
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 4_096);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_record_that_was_written_in_part_was_never_there() {
    let folder = folder("torn");
    let spool = AuditSpool::open(&folder).unwrap();
    spool.keep(&event(1)).unwrap();
    let end = spool.lock().end;
    spool.keep(&event(2)).unwrap();
    spool.lock().file.write_all_at(b"?", end + 20).unwrap();
    drop(spool);
    let spool = AuditSpool::open(&folder).unwrap();
    let (_, events, _) = spool.lock().batch().unwrap();
    assert_eq!(events.len(), 1);
    // What comes next takes its place.
    spool.keep(&event(3)).unwrap();
    let (_, events, _) = spool.lock().batch().unwrap();
    assert_eq!(events[1].1.subject, "0003");
    std::fs::remove_dir_all(&folder).unwrap();
}
