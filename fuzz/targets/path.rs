//! Any text as a storage path, a name, a transaction file: read or refused, never past the root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::ssmix2::{StoragePath, TransactionFileName, root_name, transactions};

fuzz_target!(|bytes: &[u8]| {
    for entry in transactions(bytes).take(1000) {
        let _ = entry;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = root_name(text);
    let _ = TransactionFileName::parse(text);
    if let Ok(path) = StoragePath::parse(text) {
        assert!(
            !text.split('/').any(|part| part == ".." || part == "."),
            "{text}"
        );
        assert!(text.contains(path.patient()));
    }
});
