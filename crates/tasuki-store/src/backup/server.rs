//! The rows of a restored database file, at the PostgreSQL server that the configuration names.

use super::place::DATABASE;
use super::rows;
use crate::open::{Database, StoreConfig};
use std::path::PathBuf;
use tasuki_core::{Code, Fault};

/// A restored database at its server: gone from it again unless it is kept.
pub struct Loaded {
    /// The folder with the file, and the server; nothing where the file is the database.
    at: Option<(PathBuf, String)>,
    kept: bool,
}

impl Loaded {
    /// Writes the rows of the restored file to the server that the store is on; on SQLite there is nothing to do.
    ///
    /// # Errors
    /// `BAK-002` where the schema has a table already, `STO-…` of the server.
    pub fn load(store: &StoreConfig) -> Result<Self, Fault> {
        let at = match &store.database {
            Database::Sqlite => None,
            Database::Postgres(url) => Some((store.data_dir.clone(), url.clone())),
        };
        if let Some((folder, url)) = &at {
            rows::out_of_file(folder, url, store.clock.now())?;
        }
        Ok(Self { at, kept: false })
    }

    /// It stays at the server; the file goes.
    ///
    /// # Errors
    /// `STO-008` where the file cannot be removed.
    pub fn keep(&mut self) -> Result<(), Fault> {
        self.kept = true;
        let Some((folder, _)) = &self.at else {
            return Ok(());
        };
        for end in ["", "-wal", "-shm"] {
            let file = folder.join(format!("{DATABASE}{end}"));
            if file.exists() {
                std::fs::remove_file(&file).map_err(|e| {
                    let what = format!("{}: {e}", file.display());
                    Fault::new(Code::DataFolderUnusable, what)
                })?;
            }
        }
        Ok(())
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if let Some((folder, url)) = self.at.as_ref().filter(|_| !self.kept)
            && let Err(fault) = rows::undo(folder, url)
        {
            tracing::error!(
                code = fault.code.id(),
                "rows of a refused restore are left at the server: {}",
                fault.inside
            );
        }
    }
}
