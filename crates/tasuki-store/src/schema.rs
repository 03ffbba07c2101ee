//! The schema: forward-only numbered migrations, one file a number.
//!
//! A database that a newer release has written is refused: its rows may mean what this release
//! does not know. A release runs on its own schema and on the one before, so that nodes of one
//! community can be upgraded one after the other; what a migration takes away has to be unused for
//! one release first.

use crate::engine::{Engine, Next, Session};
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// A migration, by number.
struct Migration {
    version: i64,
    sql: &'static str,
}

/// Every migration, oldest first.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: include_str!("../migrations/0001_first.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("../migrations/0002_identity.sql"),
    },
    Migration {
        version: 3,
        sql: include_str!("../migrations/0003_pix_notice.sql"),
    },
    Migration {
        version: 4,
        sql: include_str!("../migrations/0004_metadata.sql"),
    },
    Migration {
        version: 5,
        sql: include_str!("../migrations/0005_received.sql"),
    },
    Migration {
        version: 6,
        sql: include_str!("../migrations/0006_elsewhere.sql"),
    },
    Migration {
        version: 7,
        sql: include_str!("../migrations/0007_kept.sql"),
    },
    Migration {
        version: 8,
        sql: include_str!("../migrations/0008_leaf.sql"),
    },
    Migration {
        version: 9,
        sql: include_str!("../migrations/0009_notes.sql"),
    },
    Migration {
        version: 10,
        sql: include_str!("../migrations/0010_dictionary.sql"),
    },
    Migration {
        version: 11,
        sql: include_str!("../migrations/0011_consent.sql"),
    },
    Migration {
        version: 12,
        sql: include_str!("../migrations/0012_factors.sql"),
    },
    Migration {
        version: 13,
        sql: include_str!("../migrations/0013_emergency.sql"),
    },
    Migration {
        version: 14,
        sql: include_str!("../migrations/0014_statistics.sql"),
    },
    Migration {
        version: 15,
        sql: include_str!("../migrations/0015_link_request.sql"),
    },
    Migration {
        version: 16,
        sql: include_str!("../migrations/0016_misfiled.sql"),
    },
    Migration {
        version: 17,
        sql: include_str!("../migrations/0017_packed.sql"),
    },
    Migration {
        version: 18,
        sql: include_str!("../migrations/0018_provider.sql"),
    },
    Migration {
        version: 19,
        sql: include_str!("../migrations/0019_consent_desk.sql"),
    },
    Migration {
        version: 20,
        sql: include_str!("../migrations/0020_withdrawal.sql"),
    },
    Migration {
        version: 21,
        sql: include_str!("../migrations/0021_institution.sql"),
    },
    Migration {
        version: 22,
        sql: include_str!("../migrations/0022_rights_link.sql"),
    },
    Migration {
        version: 23,
        sql: include_str!("../migrations/0023_disaster.sql"),
    },
    Migration {
        version: 24,
        sql: include_str!("../migrations/0024_known_browser.sql"),
    },
    Migration {
        version: 25,
        sql: include_str!("../migrations/0025_terminal.sql"),
    },
    Migration {
        version: 26,
        sql: include_str!("../migrations/0026_copies_shown.sql"),
    },
    Migration {
        version: 27,
        sql: include_str!("../migrations/0027_link_across.sql"),
    },
    Migration {
        version: 28,
        sql: include_str!("../migrations/0028_views_reported.sql"),
    },
    Migration {
        version: 29,
        sql: include_str!("../migrations/0029_session_terminal.sql"),
    },
    Migration {
        version: 30,
        sql: include_str!("../migrations/0030_consent_document.sql"),
    },
];

/// The schema that this release writes.
pub const SCHEMA_VERSION: i64 = 30;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    version BIGINT PRIMARY KEY, applied BIGINT NOT NULL, release {TEXT} NOT NULL)";

/// Brings a database to this release's schema.
pub(crate) fn migrate(
    engine: &dyn Engine,
    session: &mut dyn Session,
    now: Instant,
) -> Result<(), Fault> {
    session.batch(&engine.spell(TABLE))?;
    let found = version(session)?;
    if found > SCHEMA_VERSION {
        return Err(Fault::new(
            Code::SchemaNewer,
            format!("the database has schema {found}, this release writes {SCHEMA_VERSION}"),
        ));
    }
    for migration in MIGRATIONS.iter().filter(|m| m.version > found) {
        session.batch(&engine.spell(migration.sql))?;
        session.execute(
            "INSERT INTO schema_version (version, applied, release) VALUES ($1, $2, $3)",
            &[
                migration.version.into(),
                now.micros().into(),
                env!("CARGO_PKG_VERSION").into(),
            ],
        )?;
    }
    Ok(())
}

/// The schema a database has; 0 for an empty one.
fn version(session: &mut dyn Session) -> Result<i64, Fault> {
    let mut found = 0;
    session.query(
        "SELECT COALESCE(MAX(version), 0) FROM schema_version",
        &[],
        &mut |row| {
            found = row.int(0)?;
            Ok(Next::Stop)
        },
    )?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_holes_up_to_the_present_schema() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|m| m.version).collect();
        assert_eq!(numbers, (1..=SCHEMA_VERSION).collect::<Vec<_>>());
    }

    #[test]
    fn migrations_hold_nothing_that_distributed_engines_lack() {
        for migration in MIGRATIONS {
            let sql = migration.sql.to_uppercase();
            for word in [
                "SERIAL",
                "SEQUENCE",
                "DEFERRABLE",
                "LISTEN",
                "ADVISORY",
                "TRIGGER",
            ] {
                assert!(!sql.contains(word), "{word} in {}", migration.version);
            }
        }
    }
}
