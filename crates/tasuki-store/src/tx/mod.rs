//! One transaction: the ports of the core on a session. What holds for the transaction only is
//! remembered here; what holds for the process is in [`Shared`].

mod access;
mod across;
mod audit;
mod audit_index;
mod board;
mod browsers;
mod codes;
mod consent_documents;
mod consents;
mod contents;
mod copies;
mod demographics_query;
mod dictionary;
mod disasters;
mod documents;
mod elsewhere;
mod emergencies;
mod entries;
mod facilities;
mod factors;
mod feeds;
mod gatherings;
mod identity;
mod institutions;
mod kept;
mod keys;
mod leaves;
mod links;
mod listing;
mod metadata;
mod misfiled;
mod note_receipts;
mod notices;
mod packed;
mod patients;
mod projection;
mod provider;
mod quarantine;
mod received;
mod receiving;
mod registrations;
mod registry;
mod requests;
mod reviews;
mod rights;
mod rows;
mod segments;
mod statistics;
mod terminals;
mod viewed;
mod withdrawals;

pub(crate) use audit::Lease;
pub(crate) use codes::CodesCache;

use crate::engine::{Next, Param, Row, Session};
use crate::objects::Objects;
use crate::seal::KeyRing;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use tasuki_core::ports::Claim;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::{CommunityId, RepositoryId};

/// What every transaction of a process shares.
pub(crate) struct Shared {
    pub(crate) community: CommunityId,
    /// The short handle of the community in every key.
    pub(crate) community_id: String,
    pub(crate) repository: RepositoryId,
    pub(crate) keys: KeyRing,
    pub(crate) objects: Arc<dyn Objects>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) codes: CodesCache,
    pub(crate) lease: Mutex<Option<Lease>>,
    /// Who this process is, for the row of the audit stream it holds.
    pub(crate) holder: String,
}

/// What one run of one piece of work has found out or begun.
#[derive(Default)]
struct Memo {
    sealing: Option<keys::Sealing>,
    codes: codes::Seen,
    /// Objects written, to be removed if the work fails.
    objects: Vec<String>,
    /// Contents that came before this work and are a document's when it commits.
    claims: Vec<Claim>,
    /// The registration whose `latest` was last set, and to what.
    latest: Option<(String, i64)>,
    /// Rows were put into `object_removal`.
    removals: bool,
}

/// A transaction in progress.
pub(crate) struct Tx<'a> {
    session: RefCell<&'a mut dyn Session>,
    shared: &'a Shared,
    memo: RefCell<Memo>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(session: &'a mut dyn Session, shared: &'a Shared) -> Self {
        Self {
            session: RefCell::new(session),
            shared,
            memo: RefCell::default(),
        }
    }

    /// The handle of the community, first in every key.
    fn community(&self) -> Param<'a> {
        Param::Text(&self.shared.community_id)
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        self.session.borrow_mut().execute(sql, params)
    }

    pub(crate) fn query(
        &self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<Next, Fault>,
    ) -> Result<(), Fault> {
        self.session.borrow_mut().query(sql, params, each)
    }

    /// The first row, read.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let mut found = None;
        self.query(sql, params, &mut |row| {
            found = Some(read(row)?);
            Ok(Next::Stop)
        })?;
        Ok(found)
    }

    /// Every row, read. The statement bounds how many there are.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        self.query(sql, params, &mut |row| {
            found.push(read(row)?);
            Ok(Next::More)
        })?;
        Ok(found)
    }

    /// The work has failed and is being rolled back: objects it wrote are of no use.
    pub(crate) fn drop_objects(&self) {
        let names = std::mem::take(&mut self.memo.borrow_mut().objects);
        // An object that stays behind has no row and is never read.
        let _ = self.shared.objects.remove(&names);
    }

    /// Contents that become documents' with the commit.
    pub(crate) fn claims(&self) -> Vec<Claim> {
        std::mem::take(&mut self.memo.borrow_mut().claims)
    }

    /// Whether objects wait to be removed after the commit.
    pub(crate) fn has_removals(&self) -> bool {
        self.memo.borrow().removals
    }
}

/// A stored text that should be an id, and is not: the database is damaged.
fn damaged(what: impl std::fmt::Display) -> Fault {
    Fault::new(
        Code::StoreBroken,
        format!("a stored value is damaged: {what}"),
    )
}

/// A body that lasts, with the version of its form.
#[derive(serde::Serialize, serde::Deserialize)]
struct Versioned<T> {
    version: u8,
    body: T,
}

/// JSON for a column.
fn to_json<T: serde::Serialize>(body: &T) -> Result<String, Fault> {
    serde_json::to_string(&Versioned { version: 1, body })
        .map_err(|e| Fault::new(Code::InternalFault, format!("writing a stored value: {e}")))
}

/// JSON of a column. The message of the parser is not passed on: it could quote the value.
fn from_json<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, Fault> {
    let stored: Versioned<T> = serde_json::from_str(text).map_err(|_| damaged(what))?;
    if stored.version != 1 {
        return Err(damaged(format_args!(
            "{what} of version {}",
            stored.version
        )));
    }
    Ok(stored.body)
}

/// A UUID as 32 hex digits: version 7, so that what is made one after the other lies together.
fn fresh_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}
