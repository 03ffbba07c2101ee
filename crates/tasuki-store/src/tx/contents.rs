//! The repository: sealed contents, in the row if small, else in the object store.

use super::Tx;
use super::rows::id;
use crate::seal::OWN_NAME;
use crate::spool::{OBJECT, ObjectReader};
use sha1::{Digest, Sha1};
use tasuki_core::ports::{Content, OpenContent, Spooled};
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault};
use tasuki_model::{EntryUuid, FacilityId, PatientKey};

/// The largest content that lies in a row: nearly every SS-MIX2 message. A row commits together
/// with its metadata and costs no file, no rename and no sync of its own.
pub(super) const INLINE_MAX: usize = 64 * 1024;

/// Where a sealed content went.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) key_id: String,
    pub(super) object: Option<String>,
    pub(super) inline: Option<Vec<u8>>,
}

impl Tx<'_> {
    /// Seals a content and puts it where it belongs. An object is durable before this returns.
    pub(super) fn keep(
        &self,
        facility: &FacilityId,
        what: &'static str,
        id: &str,
        bytes: &[u8],
    ) -> Result<Kept, Fault> {
        let (key_id, sealed) = self.seal(facility, what, id, bytes)?;
        if bytes.len() <= INLINE_MAX {
            return Ok(Kept {
                key_id,
                object: None,
                inline: Some(sealed),
            });
        }
        let object = self.shared.objects.put(&sealed)?;
        self.memo.borrow_mut().objects.push(object.clone());
        Ok(Kept {
            key_id,
            object: Some(object),
            inline: None,
        })
    }

    /// Opens a content from its row's columns.
    pub(super) fn fetch(
        &self,
        what: &'static str,
        id: &str,
        key_id: &str,
        object: Option<&str>,
        inline: Option<&[u8]>,
    ) -> Result<Vec<u8>, Fault> {
        match (inline, object) {
            (Some(sealed), _) => self.unseal(key_id, what, id, sealed),
            (None, Some(name)) => {
                let sealed = self.shared.objects.get(name)?;
                match sealed.first() {
                    Some(&OWN_NAME) => self.unseal(key_id, OBJECT, name, &sealed),
                    _ => self.unseal(key_id, what, id, &sealed),
                }
            }
            (None, None) => Err(Fault::new(
                Code::ContentMissing,
                format!("{what} {id} has neither content nor object"),
            )),
        }
    }

    /// An object's row is going: the object goes after the commit.
    pub(super) fn remove_object(&self, name: &str) -> Result<(), Fault> {
        self.memo.borrow_mut().removals = true;
        self.execute(
            "INSERT INTO object_removal (object) VALUES ($1) ON CONFLICT (object) DO NOTHING",
            &[name.into()],
        )
        .map(drop)
    }

    /// The objects that wait for removal, at most a thousand.
    pub(crate) fn removals(&self) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT object FROM object_removal ORDER BY object LIMIT 1000",
            &[],
            |row| row.text(0).map(str::to_owned),
        )
    }

    /// An object has been removed.
    pub(crate) fn removed(&self, name: &str) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM object_removal WHERE object = $1",
            &[name.into()],
        )
        .map(drop)
    }

    /// A content that is an object already becomes this one's.
    pub(super) fn keep_spooled(&self, spooled: &Spooled) -> Kept {
        self.memo.borrow_mut().claims.push(spooled.claim());
        Kept {
            key_id: spooled.key_id().to_owned(),
            object: Some(spooled.object().to_owned()),
            inline: None,
        }
    }

    fn placed(&self, entry: &EntryUuid) -> Result<Placed, Fault> {
        let found = self.first(
            "SELECT l.key_id, l.object, l.content, l.patient_key FROM locator l
             WHERE l.entry_uuid = $1 AND l.community_id = $2",
            &[entry.as_str().into(), self.community()],
            |row| {
                Ok((
                    row.text(0)?.to_owned(),
                    row.opt_text(1)?.map(str::to_owned),
                    row.opt_bytes(2)?.map(<[u8]>::to_vec),
                    id(row.text(3)?, PatientKey::new)?,
                ))
            },
        )?;
        let missing = || Fault::new(Code::NotFoundOrWithheld, format!("no document {entry}"));
        let (key_id, object, inline, patient) = found.ok_or_else(missing)?;
        let (hash, codes_id) = self
            .first(
                "SELECT hash, codes_id FROM document
                 WHERE community_id = $1 AND patient_key = $2 AND entry_uuid = $3",
                &[
                    self.community(),
                    patient.as_str().into(),
                    entry.as_str().into(),
                ],
                |row| Ok((row.bytes(0)?.to_vec(), row.text(1)?.to_owned())),
            )?
            .ok_or_else(missing)?;
        Ok(Placed {
            kept: Kept {
                key_id,
                object,
                inline,
            },
            hash,
            mime_type: self.codes(&codes_id)?.mime_type.clone(),
        })
    }

    /// The content of one document, opened and checked against its hash.
    pub(super) fn content(&self, entry: &EntryUuid) -> Result<Content, Fault> {
        let Placed {
            kept,
            hash,
            mime_type,
        } = self.placed(entry)?;
        let bytes = self.fetch(
            "content",
            entry.as_str(),
            &kept.key_id,
            kept.object.as_deref(),
            kept.inline.as_deref(),
        )?;
        if Sha1::digest(&bytes).as_slice() != hash {
            return Err(Fault::new(
                Code::ContentForged,
                format!("document {entry} does not have the hash of its entry"),
            ));
        }
        Ok(Content { mime_type, bytes })
    }

    /// The content of one document, to be read in pieces.
    pub(super) fn open_content(&self, entry: &EntryUuid) -> Result<OpenContent, Fault> {
        let placed = self.placed(entry)?;
        let Some(name) = &placed.kept.object else {
            let Content { mime_type, bytes } = self.content(entry)?;
            let content = Stored::new(bytes);
            return Ok(OpenContent { mime_type, content });
        };
        let reader = ObjectReader::new(
            self.shared.objects.reader(name)?,
            self.opening_key(&placed.kept.key_id)?,
            [
                self.shared.community.as_str(),
                self.shared.repository.as_str(),
            ],
            [entry.as_str(), name],
            placed.hash,
        )?;
        Ok(OpenContent {
            mime_type: placed.mime_type,
            content: Stored::new(reader),
        })
    }
}

/// Where a document's content lies, and what it has to be.
struct Placed {
    kept: Kept,
    hash: Vec<u8>,
    mime_type: Box<str>,
}
