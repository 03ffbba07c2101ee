//! Files that are one document: every version and every flag of one source key, and in extended
//! storage every file of its content folders.

use crate::listing::Listed;
use std::collections::BTreeMap;
use tasuki_core::ports::{FilePlace, FileState, KnownFile};
use tasuki_model::JstDay;
use tasuki_model::document::SourceKey;
use tasuki_records::document::main_file;
use tasuki_wire::ssmix2::{ConditionFlag, StoragePath};

/// One file of a document.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    /// As the disk has it now.
    pub(crate) listed: &'a Listed,
    /// What became of it, if it is exactly as it was.
    pub(crate) unchanged: Option<&'a FilePlace>,
    /// What became of an earlier state of the same path.
    pub(crate) before: Option<&'a FilePlace>,
    pub(crate) day: Option<JstDay>,
    pub(crate) kind: &'a str,
    pub(crate) order: &'a str,
    pub(crate) sent: &'a str,
    pub(crate) department: Option<&'a str>,
    pub(crate) flag: ConditionFlag,
    /// The content folder it lies in; in standardized storage its own name.
    pub(crate) folder: &'a str,
    /// Its name below the content folder, if it is not the document itself.
    pub(crate) attachment: Option<&'a str>,
}

impl Member<'_> {
    /// What stays the same when the file is replaced. An attachment is a document of its own, with
    /// its name behind a `#`, which no order number can hold.
    pub(crate) fn key(&self) -> SourceKey {
        let order = match self.attachment {
            Some(name) => format!("{}#{name}", self.order).into(),
            None => self.order.into(),
        };
        SourceKey {
            day: self.day,
            kind: self.kind.into(),
            order,
        }
    }

    /// Its state on the disk.
    pub(crate) fn state(&self) -> &FileState {
        &self.listed.state
    }
}

/// The files of one document in one patient's folder: the document itself first, then each
/// attachment; every group sorted by time of occurrence.
#[derive(Debug, Default)]
pub(crate) struct Cluster<'a> {
    pub(crate) groups: BTreeMap<Option<&'a str>, Vec<Member<'a>>>,
    /// Numbers of quarantined files of this key that are no longer on the disk.
    pub(crate) vanished: Vec<&'a str>,
}

impl Cluster<'_> {
    /// Whether nothing has changed since the last run.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.vanished.is_empty()
            && self
                .groups
                .values()
                .flatten()
                .all(|member| member.unchanged.is_some())
    }
}

/// A patient's files in order.
pub(crate) struct Grouped<'a> {
    pub(crate) clusters: Vec<Cluster<'a>>,
    /// Files whose path is none of SS-MIX2, or that cannot be read at all.
    pub(crate) misplaced: Vec<(&'a Listed, Option<&'a FilePlace>)>,
}

type Key<'a> = (Option<JstDay>, &'a str, &'a str);

/// Puts a patient's files into order. With `afresh`, none counts as unchanged.
pub(crate) fn group<'a>(listed: &'a [Listed], known: &'a [KnownFile], afresh: bool) -> Grouped<'a> {
    let by_path: BTreeMap<&str, &KnownFile> = known.iter().map(|k| (&*k.state.path, k)).collect();
    let mut clusters: BTreeMap<Key<'a>, Vec<Member<'a>>> = BTreeMap::new();
    let mut misplaced = Vec::new();
    for file in listed {
        let before = by_path.get(&*file.state.path).copied();
        let unchanged = before
            .filter(|k| k.state == file.state && !afresh)
            .map(|k| &k.place);
        match (file.obstacle, member(file)) {
            (None, Some(mut member)) => {
                member.unchanged = unchanged;
                member.before = before.map(|k| &k.place);
                let key = (member.day, member.kind, member.order);
                clusters.entry(key).or_default().push(member);
            }
            _ => misplaced.push((file, unchanged)),
        }
    }
    let mut clusters: BTreeMap<Key<'a>, Cluster<'a>> = clusters
        .into_iter()
        .map(|(key, members)| (key, cluster(members)))
        .collect();
    for gone in known {
        let FilePlace::Quarantined { id, .. } = &gone.place else {
            continue;
        };
        let there = listed
            .binary_search_by(|l| l.state.path.cmp(&gone.state.path))
            .is_ok();
        if let (false, Some(key)) = (there, key_of(&gone.state.path))
            && let Some(cluster) = clusters.get_mut(&key)
        {
            cluster.vanished.push(id);
        }
    }
    Grouped {
        clusters: clusters.into_values().collect(),
        misplaced,
    }
}

fn key_of(path: &str) -> Option<Key<'_>> {
    Some(match StoragePath::parse(path).ok()? {
        StoragePath::Standard(path) => (path.name.day, path.name.kind.code(), path.name.order),
        StoragePath::Extended(path) => (path.content.day, path.kind.raw(), path.content.order),
    })
}

fn member(listed: &Listed) -> Option<Member<'_>> {
    let base = |day, kind, order| Member {
        listed,
        unchanged: None,
        before: None,
        day,
        kind,
        order,
        sent: "",
        department: None,
        flag: ConditionFlag::Valid,
        folder: "",
        attachment: None,
    };
    Some(match StoragePath::parse(&listed.state.path).ok()? {
        StoragePath::Standard(path) => Member {
            sent: path.name.sent,
            department: path.name.department,
            flag: path.name.flag,
            folder: &listed.state.path,
            ..base(path.name.day, path.name.kind.code(), path.name.order)
        },
        StoragePath::Extended(path) => Member {
            sent: path.content.sent,
            department: path.content.department,
            flag: path.content.flag,
            folder: path.folder,
            attachment: Some(path.file),
            ..base(path.content.day, path.kind.raw(), path.content.order)
        },
    })
}

/// Tells the document of each content folder from its attachments.
fn cluster(mut members: Vec<Member<'_>>) -> Cluster<'_> {
    members.sort_by(|a, b| (a.sent, &a.state().path).cmp(&(b.sent, &b.state().path)));
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in &members {
        names
            .entry(member.folder)
            .or_default()
            .extend(member.attachment);
    }
    let mut groups: BTreeMap<Option<&str>, Vec<Member<'_>>> = BTreeMap::new();
    for mut member in members {
        let main = names.get(member.folder).and_then(|names| main_file(names));
        if member.attachment == main {
            member.attachment = None;
        }
        groups.entry(member.attachment).or_default().push(member);
    }
    Cluster {
        groups,
        vanished: Vec::new(),
    }
}
