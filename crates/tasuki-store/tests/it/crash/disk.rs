//! A disk with a power switch, by the letter of POSIX: a file's bytes last once the file was
//! synced, a name once its folder was.

use super::trace::Call;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What survives of what was never synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Lost,
    /// Everything, as if the cache had just been written.
    Kept,
    /// A random part: each write or name by itself, writes torn at sectors.
    Torn(u64),
}

const SECTOR: usize = 512;

/// One change that is not on the disk for sure yet.
#[derive(Debug, Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

/// A file, whatever names it has.
#[derive(Debug, Clone, Default)]
struct Inode {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    File(usize),
    Folder,
}

/// The disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    inodes: Vec<Inode>,
    /// Names as the running system sees them.
    names: BTreeMap<PathBuf, Target>,
    /// Names that are on the disk for sure.
    durable: BTreeMap<PathBuf, Target>,
}

impl Disk {
    /// A disk with one empty folder.
    pub fn new(root: &Path) -> Self {
        let names = BTreeMap::from([(root.to_owned(), Target::Folder)]);
        Self {
            inodes: Vec::new(),
            durable: names.clone(),
            names,
        }
    }

    /// A call is carried out.
    pub fn apply(&mut self, call: &Call) {
        match call {
            Call::Open { path, truncate } => {
                let inode = self.inode(path);
                if *truncate && !self.now(inode).is_empty() {
                    self.inodes[inode]
                        .pending
                        .push(Change::Truncate { length: 0 });
                }
            }
            Call::Write {
                path,
                offset,
                bytes,
            } => {
                let inode = self.inode(path);
                self.inodes[inode].pending.push(Change::Write {
                    offset: usize::try_from(*offset).unwrap(),
                    bytes: bytes.clone(),
                });
            }
            Call::Truncate { path, length } => {
                let inode = self.inode(path);
                self.inodes[inode].pending.push(Change::Truncate {
                    length: usize::try_from(*length).unwrap(),
                });
            }
            Call::Sync { path } => self.sync(path),
            Call::Rename { from, to } => {
                if let Some(target) = self.names.remove(from) {
                    self.names.insert(to.clone(), target);
                }
            }
            Call::Unlink { path } => drop(self.names.remove(path)),
            Call::Mkdir { path } => drop(self.names.insert(path.clone(), Target::Folder)),
        }
    }

    fn inode(&mut self, path: &Path) -> usize {
        if let Some(Target::File(inode)) = self.names.get(path) {
            return *inode;
        }
        self.inodes.push(Inode::default());
        let inode = self.inodes.len() - 1;
        self.names.insert(path.to_owned(), Target::File(inode));
        inode
    }

    /// A file's bytes as the running system sees them.
    fn now(&self, inode: usize) -> Vec<u8> {
        let mut bytes = self.inodes[inode].durable.clone();
        for change in &self.inodes[inode].pending {
            change.apply(&mut bytes);
        }
        bytes
    }

    fn sync(&mut self, path: &Path) {
        match self.names.get(path) {
            Some(Target::File(inode)) => {
                let inode = *inode;
                self.inodes[inode].durable = self.now(inode);
                self.inodes[inode].pending.clear();
            }
            Some(Target::Folder) => {
                let inside = |name: &PathBuf| name.parent() == Some(path);
                self.durable.retain(|name, _| !inside(name));
                let now = self.names.iter().filter(|(name, _)| inside(name));
                self.durable.extend(now.map(|(n, t)| (n.clone(), *t)));
            }
            None => {}
        }
    }

    /// Writes the disk as it is after the power was cut to another folder.
    pub fn after_power_cut(&self, root: &Path, to: &Path, rest: Rest) {
        let mut dice = Dice(match rest {
            Rest::Torn(seed) => seed | 1,
            _ => 1,
        });
        let mut names = match rest {
            Rest::Kept => self.names.clone(),
            _ => self.durable.clone(),
        };
        if let Rest::Torn(_) = rest {
            for (name, target) in &self.names {
                if dice.half() {
                    names.insert(name.clone(), *target);
                }
            }
            for name in self.durable.keys() {
                if !self.names.contains_key(name) && dice.half() {
                    names.remove(name);
                }
            }
        }
        for (name, target) in &names {
            // A file whose folder is not there is not there either.
            let reachable = name
                .ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(root))
                .all(|folder| names.get(folder) == Some(&Target::Folder));
            if !reachable {
                continue;
            }
            let path = to.join(name.strip_prefix(root).unwrap());
            match target {
                Target::Folder => std::fs::create_dir_all(path).unwrap(),
                Target::File(inode) => {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    write_private(&path, &self.survivor(*inode, rest, &mut dice));
                }
            }
        }
    }

    fn survivor(&self, inode: usize, rest: Rest, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.inodes[inode].durable.clone();
        for change in &self.inodes[inode].pending {
            match rest {
                Rest::Lost => {}
                Rest::Kept => change.apply(&mut bytes),
                Rest::Torn(_) => change.tear(&mut bytes, dice),
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Truncate { length } => file.resize(*length, 0),
            Self::Write { offset, bytes } => put(file, *offset, bytes),
        }
    }

    /// Each sector reaches the disk or does not.
    fn tear(&self, file: &mut Vec<u8>, dice: &mut Dice) {
        match self {
            Self::Truncate { .. } if dice.half() => self.apply(file),
            Self::Truncate { .. } => {}
            Self::Write { offset, bytes } => {
                if dice.half() {
                    return;
                }
                let whole = dice.half();
                let mut at = 0;
                while at < bytes.len() {
                    let end = ((offset + at) / SECTOR + 1) * SECTOR - offset;
                    let end = end.min(bytes.len());
                    if whole || dice.half() {
                        put(file, offset + at, &bytes[at..end]);
                    }
                    at = end;
                }
            }
        }
    }
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if file.len() < offset + bytes.len() {
        file.resize(offset + bytes.len(), 0);
    }
    file[offset..offset + bytes.len()].copy_from_slice(bytes);
}

/// Keys must be private on the copy as well.
fn write_private(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

/// A small generator (xorshift).
struct Dice(u64);

impl Dice {
    fn half(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 & 64 == 0
    }
}
