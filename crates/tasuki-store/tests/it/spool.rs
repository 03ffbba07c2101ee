//! Contents that are too large for memory.

use crate::place::{Place, entry, key, patient};
use crate::registry::objects;
use std::path::PathBuf;
use tasuki_core::ports::{Spooled, Store, StoreReceipt};
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault};
use tasuki_model::{EntryUuid, PatientKey};

fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n * 31 % 251) as u8).collect()
}

fn spool(store: &dyn Store, bytes: &[u8]) -> Spooled {
    let mut spool = store.spool().unwrap();
    for piece in bytes.chunks(100_000) {
        spool.write(piece).unwrap();
    }
    spool.finish().unwrap()
}

fn put(store: &dyn Store, patient: &PatientKey, bytes: &[u8]) -> (EntryUuid, StoreReceipt) {
    let spooled = spool(store, bytes);
    let entry = entry(store, patient, &key("1"), bytes);
    let id = entry.entry_uuid.clone();
    let receipt = store.writing(|tx| tx.put_spooled(entry.clone(), &spooled));
    (id, receipt.unwrap())
}

fn open(store: &dyn Store, id: &EntryUuid) -> Stored {
    let mut opened = store
        .reading(|tx| tx.open_contents(std::slice::from_ref(id)))
        .unwrap();
    opened.remove(0).content
}

pub fn a_large_content_comes_and_leaves_in_pieces(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    // None, less than a chunk, exactly some chunks, and something over.
    for (n, size) in [0, 1, 3 * 256 * 1024, 1_500_000].into_iter().enumerate() {
        let bytes = bytes(size);
        let spooled = spool(&*store, &bytes);
        let entry = entry(&*store, &p, &key(&n.to_string()), &bytes);
        let id = entry.entry_uuid.clone();
        let receipt = store.writing(|tx| tx.put_spooled(entry.clone(), &spooled));
        assert_eq!(receipt, Ok(StoreReceipt::Registered));
        drop(spooled);
        let store = place.open();
        let content = open(&*store, &id);
        assert_eq!(content.size(), size as u64);
        assert_eq!(content.whole().unwrap(), bytes);
        // Read again from the start, and as one.
        assert_eq!(content.whole().unwrap(), bytes);
        let whole = store.reading(|tx| tx.get_contents(std::slice::from_ref(&id)));
        assert_eq!(whole.unwrap()[0].bytes, bytes);
    }
    assert_eq!(objects(&place), 4);
    // A content of the ordinary way leaves in pieces too.
    let large = bytes(700_000);
    crate::place::put(
        &*store,
        &p,
        &key("9"),
        tasuki_model::AvailabilityStatus::Approved,
        &large,
    );
    let found = crate::registry::approved(&*store, &p);
    let found = found.iter().find(|e| e.size_bytes == 700_000).unwrap();
    let content = open(&*store, &found.entry_uuid);
    assert_eq!(content.piece(0).unwrap().unwrap().len(), 256 * 1024);
    assert_eq!(content.whole().unwrap(), large);
}

pub fn a_content_that_no_document_takes_is_gone(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let bytes = bytes(300_000);
    drop(spool(&*store, &bytes));
    drop(store.spool().unwrap());
    assert_eq!(objects(&place), 0);
    let spooled = spool(&*store, &bytes);
    let made = entry(&*store, &p, &key("1"), &bytes);
    let failed = store.writing(|tx| {
        tx.put_spooled(made.clone(), &spooled)?;
        Err::<(), _>(Fault::new(Code::InternalFault, "later in the same work"))
    });
    assert!(failed.is_err());
    drop(spooled);
    assert_eq!(objects(&place), 0);
    assert_eq!(put(&*store, &p, &bytes).1, StoreReceipt::Registered);
    // The same bytes again: the first object stays, the second goes.
    assert!(matches!(
        put(&*store, &p, &bytes).1,
        StoreReceipt::Unchanged(_)
    ));
    assert_eq!(objects(&place), 1);
}

fn file(place: &Place) -> PathBuf {
    let mut folders = std::fs::read_dir(place.data_dir().join("objects")).unwrap();
    let folder = folders.find_map(|f| std::fs::read_dir(f.unwrap().path()).unwrap().next());
    folder.unwrap().unwrap().path()
}

pub fn a_large_content_that_was_touched_does_not_leave_whole(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let bytes = bytes(600_000);
    let (id, _) = put(&*store, &p, &bytes);
    let path = file(&place);
    let sealed = std::fs::read(&path).unwrap();
    let code = |damaged: &[u8]| {
        std::fs::write(&path, damaged).unwrap();
        open(&*store, &id).whole().unwrap_err().code
    };
    let mut flipped = sealed.clone();
    flipped[400_000] ^= 1;
    assert_eq!(code(&flipped), Code::ContentForged);
    // Cut after a whole chunk, and in the middle of one.
    assert_eq!(code(&sealed[..1 + 256 * 1024 + 28]), Code::ContentForged);
    assert_eq!(code(&sealed[..300_000]), Code::ContentForged);
    std::fs::write(&path, &sealed).unwrap();
    assert_eq!(open(&*store, &id).whole().unwrap(), bytes);
    // Another document's object under this one's name.
    let other = spool(&*store, &vec![1; 600_000]);
    let folder = path.parent().unwrap().parent().unwrap();
    let name = other.object();
    let theirs = std::fs::read(folder.join(&name[..2]).join(name)).unwrap();
    assert_eq!(code(&theirs), Code::ContentForged);
}
