use super::*;
use std::fs::{self, OpenOptions};

/// Bytes in which no two blocks are alike.
fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n / 7 + n / BLOCK) as u8).collect()
}

/// Writes so many bytes by pieces of so many into a file of this folder, and reads them back.
fn round(folder: &std::path::Path, count: usize, pieces: usize) {
    let path = folder.join(format!(
        "tasuki-writing-{}-{count}-{pieces}",
        std::process::id()
    ));
    let _ = fs::remove_file(&path);
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut writing = Writing::into(file.unwrap());
    let content = bytes(count);
    for piece in content.chunks(pieces) {
        writing.write(piece).unwrap();
    }
    writing.finish().unwrap();
    let read = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(read == content, "{count} bytes by {pieces}");
}

#[test]
fn what_is_written_is_read_back_whatever_its_size() {
    // A disk, and memory, which some systems offer no direct writing to.
    for folder in [std::env::temp_dir(), "/dev/shm".into()] {
        for count in [0, 1, 4096, BLOCK - 1, BLOCK, BLOCK + 1, 9 * BLOCK + 4097] {
            round(&folder, count, 65_552);
        }
        round(&folder, 3 * BLOCK + 5, 3 * BLOCK + 5);
        round(&folder, BLOCK + 17, 13);
    }
}

#[test]
fn what_a_disk_does_not_take_directly_is_written_as_usual() {
    let path = std::env::temp_dir().join(format!("tasuki-out-{}", std::process::id()));
    let file = File::create(&path).unwrap();
    let mut out = Out::new(&file);
    let content = bytes(BLOCK);
    // No disk takes such a length past the cache.
    let (first, rest) = content.split_at(1001);
    out.write(first).unwrap();
    out.write(rest).unwrap();
    out.end().unwrap();
    assert!(fs::read(&path).unwrap() == content);
    fs::remove_file(&path).unwrap();
}

#[test]
fn what_the_disk_does_not_take_is_told() {
    // Opened for reading only: the first block is refused.
    let path = std::env::temp_dir().join(format!("tasuki-refused-{}", std::process::id()));
    fs::write(&path, b"").unwrap();
    let mut writing = Writing::into(File::open(&path).unwrap());
    let told = writing
        .write(&bytes(20 * BLOCK))
        .and_then(|()| writing.finish());
    assert!(told.is_err());
    fs::remove_file(&path).unwrap();
}
