//! What has changed in one patient's folder, and what is to be done about it.
//!
//! The rules of the condition flag, for the files of one source key (architecture §3.5):
//!
//! - The newest file with flag 1 is current. Older ones with flag 1 break the standard: the newest
//!   holds, the others go into quarantine.
//! - Flag 2 is a superseded version. Beside a current file, so is flag 0: real systems differ.
//! - Flag 0 without a current file deletes the document with all its versions.
//! - A file that is refused counts as not there: it is in quarantine, and the patient's report
//!   partial. Every file is examined, whatever its flag, before anything is done because of it.

use crate::budget::Budget;
use crate::draft::{Draft, stated};
use crate::files::{ReadOutcome, read};
use crate::group::{Cluster, Grouped, Member};
use crate::listing::Listed;
use crate::parcel::{Action, Parcel, Payload, Refused};
use std::collections::BTreeMap;
use std::path::Path;
use tasuki_core::Code;
use tasuki_core::ports::FilePlace;
use tasuki_model::AvailabilityStatus;
use tasuki_model::label::Confidentiality;
use tasuki_records::{Reason, examine};
use tasuki_wire::ssmix2::ConditionFlag;

/// Superseded versions are read only while all versions of a document together stay below this.
const VERSIONS_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How files are read.
pub(crate) struct Reading<'a> {
    /// Root of the storage.
    pub(crate) root: &'a Path,
    /// The largest file that is read.
    pub(crate) file_bytes_max: u64,
    /// Files changed between these moments (nanoseconds since 1970) may still be being written. A
    /// time in the future says only that two clocks differ.
    pub(crate) settling_ns: (i64, i64),
    /// Bound on bytes held.
    pub(crate) budget: &'a Budget,
}

/// What a file turned out to be.
enum Found {
    /// It is as it was.
    Unchanged(FilePlace),
    /// It may be registered.
    Good(Box<Draft>, Payload),
    /// It may not.
    Bad(Refused, Option<Payload>),
    /// It is too much to read; it is not current.
    Unread,
    /// It is still being written.
    Growing,
    /// It is no longer there.
    Gone,
}

/// Sends pieces on as they grow.
pub(crate) type Send<'s> = dyn FnMut(&mut Parcel) -> Result<(), tasuki_core::Fault> + 's;

impl Reading<'_> {
    /// Works through a patient's folder. Calls `send` before each document, so that pieces stay
    /// small; what is left stays in `parcel`.
    pub(crate) fn folder(
        &self,
        grouped: &Grouped<'_>,
        parcel: &mut Parcel,
        send: &mut Send<'_>,
    ) -> Result<(), tasuki_core::Fault> {
        for (listed, unchanged) in &grouped.misplaced {
            parcel.counted.read += 1;
            self.misplaced(listed, *unchanged, parcel);
            send(parcel)?;
        }
        for cluster in &grouped.clusters {
            if cluster.is_unchanged() {
                for member in cluster.groups.values().flatten() {
                    parcel.counted.read += 1;
                    count_unchanged(parcel, member);
                }
                continue;
            }
            self.cluster(cluster, parcel, send)?;
        }
        Ok(())
    }

    /// A file that cannot be read, or whose path says nothing.
    pub(crate) fn misplaced(
        &self,
        listed: &Listed,
        unchanged: Option<&FilePlace>,
        parcel: &mut Parcel,
    ) {
        if let Some(FilePlace::Quarantined { code, .. }) = unchanged {
            parcel.counted.quarantine(*code);
            return;
        }
        let file = listed.state.clone();
        let (refused, payload) = match listed.obstacle {
            Some(obstacle) => (
                Refused {
                    code: obstacle.code(),
                    detail: String::new(),
                },
                None,
            ),
            None => match self.load(listed) {
                Loaded::Bytes(payload) => {
                    let reasons = examine(&listed.state.path, &payload.bytes).reasons;
                    (first_reason(&reasons), Some(payload))
                }
                Loaded::Refused(refused) => (refused, None),
                Loaded::Growing => return parcel.counted.wait(),
                Loaded::Gone => {
                    parcel.counted.read -= 1;
                    return;
                }
            },
        };
        parcel.push(Action::Quarantine {
            file,
            refused,
            payload,
        });
    }

    fn cluster(
        &self,
        cluster: &Cluster<'_>,
        parcel: &mut Parcel,
        send: &mut Send<'_>,
    ) -> Result<(), tasuki_core::Fault> {
        // An image beside a document of another patient is not shown either, and one beside a
        // restricted document is as restricted.
        let mut refused_folders: BTreeMap<&str, Refused> = BTreeMap::new();
        let mut restricted_folders: BTreeMap<&str, Confidentiality> = BTreeMap::new();
        let mut taken_in = false;
        for members in cluster.groups.values() {
            send(parcel)?;
            let mut group = Vec::with_capacity(members.len());
            for member in members {
                parcel.counted.read += 1;
                let inherited = match member.attachment {
                    Some(_) => refused_folders.get(member.folder),
                    None => None,
                };
                let mut found = self.look(member, members, inherited, parcel);
                match (&mut found, member.attachment) {
                    (found, None) => {
                        if let Some(refused) = refusal(found) {
                            refused_folders.insert(member.folder, refused);
                        }
                        if cluster.groups.len() > 1 {
                            restricted_folders
                                .insert(member.folder, self.restriction(member, found));
                        }
                    }
                    (Found::Good(draft, _), Some(_)) => {
                        let level = restricted_folders.get(member.folder).copied();
                        draft.restrict(level.unwrap_or_default());
                    }
                    _ => {}
                }
                group.push((member, found));
            }
            taken_in |= self.decide(group, parcel);
        }
        if taken_in {
            for id in &cluster.vanished {
                parcel.push(Action::Release((*id).to_owned()));
            }
        }
        Ok(())
    }

    /// How far a document restricts what lies beside it. One that cannot be read again restricts
    /// the most.
    fn restriction(&self, member: &Member<'_>, found: &Found) -> Confidentiality {
        match found {
            Found::Good(draft, _) => draft.confidentiality(),
            Found::Unchanged(FilePlace::Registered(_)) => match self.load(member.listed) {
                Loaded::Bytes(payload) => examine(&member.state().path, &payload.bytes)
                    .decoded
                    .map_or(Confidentiality::VeryRestricted, |decoded| {
                        decoded.value.confidentiality()
                    }),
                _ => Confidentiality::VeryRestricted,
            },
            _ => Confidentiality::Normal,
        }
    }

    /// Looks at one file of a document that has changed.
    fn look(
        &self,
        member: &Member<'_>,
        group: &[Member<'_>],
        inherited: Option<&Refused>,
        parcel: &mut Parcel,
    ) -> Found {
        if let Some(place) = member.unchanged {
            // What was refused because of its neighbours is looked at again when they change.
            let by_others = match place {
                FilePlace::Quarantined { code, .. } => {
                    *code == Code::DuplicateSourceKey
                        || (member.attachment.is_some() && inherited.is_none())
                }
                _ => false,
            };
            if !by_others {
                return Found::Unchanged(place.clone());
            }
        }
        let together: u64 = group.iter().map(|m| m.state().size).sum();
        if !member.flag.is_current() && together > VERSIONS_BYTES_MAX {
            return Found::Unread;
        }
        let payload = match self.load(member.listed) {
            Loaded::Bytes(payload) => payload,
            Loaded::Refused(refused) => return Found::Bad(refused, None),
            Loaded::Growing => return Found::Growing,
            Loaded::Gone => return Found::Gone,
        };
        if let Some(inherited) = inherited {
            return Found::Bad(inherited.clone(), Some(payload));
        }
        let examined = examine(&member.state().path, &payload.bytes);
        match Draft::new(member, &examined, &payload.bytes) {
            Some(draft) => {
                if member.flag.is_current() {
                    parcel.state(stated(member, &examined));
                }
                Found::Good(Box::new(draft), payload)
            }
            None => Found::Bad(first_reason(&examined.reasons), Some(payload)),
        }
    }

    /// Decides over the versions of one document, oldest first. Returns whether anything of it
    /// was taken in.
    fn decide(&self, group: Vec<(&Member<'_>, Found)>, parcel: &mut Parcel) -> bool {
        if group.iter().any(|(_, f)| matches!(f, Found::Growing)) {
            wait_for(&group, parcel);
            return false;
        }
        let current = group.iter().rposition(|(m, f)| {
            m.flag.is_current()
                && matches!(
                    f,
                    Found::Good(..) | Found::Unchanged(FilePlace::Registered(_))
                )
        });
        let deleted = current.is_none()
            && group.iter().any(|(m, f)| {
                m.flag == ConditionFlag::Deleted
                    && matches!(f, Found::Good(..) | Found::Unchanged(FilePlace::Noted))
            });
        let key = group.first().map(|(m, _)| m.key());
        if let (true, Some(key)) = (deleted, &key) {
            parcel.push(Action::Delete(key.clone()));
        }
        let mut taken_in = false;
        for (place, (member, found)) in group.into_iter().enumerate() {
            taken_in |= matches!(found, Found::Good(..));
            self.act(member, found, current.map(|c| c == place), deleted, parcel);
        }
        if let (None, false, Some(key)) = (current, deleted, key)
            && taken_in
        {
            parcel.push(Action::Deprecate(key));
        }
        taken_in
    }

    /// One file of a decided group. `is_current` says whether it is the current one, if any is.
    fn act(
        &self,
        member: &Member<'_>,
        found: Found,
        is_current: Option<bool>,
        deleted: bool,
        parcel: &mut Parcel,
    ) {
        let file = member.state().clone();
        match found {
            Found::Good(mut draft, payload) => {
                if let Some(FilePlace::Quarantined { id, .. }) = member.before {
                    parcel.push(Action::Release(id.clone()));
                }
                let superseded = member.flag == ConditionFlag::Superseded && !deleted;
                match is_current {
                    Some(true) => {}
                    Some(false) if member.flag.is_current() => {
                        return parcel.push(duplicate(file, payload));
                    }
                    _ if superseded => draft.status = AvailabilityStatus::Deprecated,
                    _ => {
                        return parcel.push(Action::Note {
                            file,
                            counted: false,
                        });
                    }
                }
                parcel.push(Action::Put {
                    draft,
                    payload,
                    file,
                });
            }
            Found::Bad(refused, payload) => parcel.push(Action::Quarantine {
                file,
                refused,
                payload,
            }),
            Found::Unread => parcel.push(Action::Note {
                file,
                counted: false,
            }),
            Found::Unchanged(FilePlace::Registered(_)) => {
                parcel.counted.unchanged += 1;
                if deleted {
                    parcel.push(Action::Note {
                        file,
                        counted: true,
                    });
                } else if is_current == Some(false)
                    && member.flag.is_current()
                    && let Loaded::Bytes(payload) = self.load(member.listed)
                {
                    parcel.counted.unchanged -= 1;
                    parcel.push(duplicate(file, payload));
                }
            }
            Found::Unchanged(_) => count_unchanged(parcel, member),
            Found::Gone => parcel.counted.read -= 1,
            Found::Growing => parcel.counted.wait(),
        }
    }
}

/// The older of two files that both claim to be current.
fn duplicate(file: tasuki_core::ports::FileState, payload: Payload) -> Action {
    Action::Quarantine {
        file,
        refused: Refused {
            code: Code::DuplicateSourceKey,
            detail: String::new(),
        },
        payload: Some(payload),
    }
}

/// Something in the group is still being written: all that changed in it waits.
fn wait_for(group: &[(&Member<'_>, Found)], parcel: &mut Parcel) {
    for (member, found) in group {
        match found {
            Found::Unchanged(_) => count_unchanged(parcel, member),
            Found::Gone => parcel.counted.read -= 1,
            _ => parcel.counted.wait(),
        }
    }
}

fn count_unchanged(parcel: &mut Parcel, member: &Member<'_>) {
    match member.unchanged {
        Some(FilePlace::Quarantined { code, .. }) => parcel.counted.quarantine(*code),
        _ => parcel.counted.unchanged += 1,
    }
}

/// Why the attachments of a document must not be taken in either.
fn refusal(found: &Found) -> Option<Refused> {
    match found {
        Found::Bad(refused, _) => Some(refused.clone()),
        Found::Unchanged(FilePlace::Quarantined { code, .. }) => Some(Refused {
            code: *code,
            detail: "the document it belongs to is in quarantine".to_owned(),
        }),
        _ => None,
    }
}

/// The first reason is the one to act on; the others are told beside it.
fn first_reason(reasons: &[Reason]) -> Refused {
    let code = reasons.first().and_then(|r| Code::from_id(r.code()));
    let words: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    Refused {
        code: code.unwrap_or(Code::KindMismatch),
        detail: words.join("; "),
    }
}

/// How loading ended.
enum Loaded {
    Bytes(Payload),
    Refused(Refused),
    Growing,
    Gone,
}

impl Reading<'_> {
    /// Reads a file within the limits.
    fn load(&self, listed: &Listed) -> Loaded {
        let state = &listed.state;
        let refused = |code, detail: String| Loaded::Refused(Refused { code, detail });
        if state.size > self.file_bytes_max {
            let detail = format!("{} bytes, allowed are {}", state.size, self.file_bytes_max);
            return refused(Code::FileTooLarge, detail);
        }
        let (from, now) = self.settling_ns;
        if state.mtime_ns > from && state.mtime_ns <= now {
            return Loaded::Growing;
        }
        let size = usize::try_from(state.size).unwrap_or(usize::MAX);
        let held = self.budget.take(size);
        match read(&self.root.join(&*state.path), state) {
            ReadOutcome::Whole(bytes) => Loaded::Bytes(Payload { bytes, _held: held }),
            ReadOutcome::Growing => Loaded::Growing,
            ReadOutcome::Gone => Loaded::Gone,
            ReadOutcome::Refused(code) => refused(code, String::new()),
        }
    }
}
