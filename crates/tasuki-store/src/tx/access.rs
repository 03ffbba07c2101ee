//! Accounts and sessions.

use super::rows::id;
use super::{Tx, damaged};
use crate::engine::{Param, Row};
use tasuki_core::Fault;
use tasuki_core::ports::{Access, AccessWrite, Account, Membership, Session, Stage};
use tasuki_model::{FacilityId, Instant, Role, TerminalId, UserId};

/// The most accounts one list gives, whatever it asks for.
const ACCOUNTS_MAX: u32 = 10_000;

const ACCOUNT: &str =
    "SELECT user_id, sign_in_name, name, password_hash, disabled, expires FROM account";

/// The most sessions of one user that are listed.
const SESSIONS_MAX: u32 = 100;

const SESSION: &str =
    "SELECT secret_sha256, user_id, facility_id, role, section, started, used, csrf,
     stage, challenge, terminal_id FROM session";

fn membership(row: &dyn Row, first: usize) -> Result<Membership, Fault> {
    Ok(Membership {
        facility: id(row.text(first)?, FacilityId::new)?,
        role: Role::from_code(row.text(first + 1)?).ok_or_else(|| damaged("role"))?,
        section: row.text(first + 2)?.to_owned(),
    })
}

/// A moment; none where 0 is written for it.
fn moment(micros: i64) -> Option<Instant> {
    (micros != 0).then(|| Instant::from_micros(micros))
}

fn session(row: &dyn Row) -> Result<Session, Fault> {
    Ok(Session {
        secret_sha256: row.text(0)?.to_owned(),
        user: id(row.text(1)?, UserId::new)?,
        membership: membership(row, 2)?,
        started: Instant::from_micros(row.int(5)?),
        used: Instant::from_micros(row.int(6)?),
        csrf: row.text(7)?.to_owned(),
        stage: Stage::from_code(row.text(8)?).ok_or_else(|| damaged("stage"))?,
        challenge: row.text(9)?.to_owned(),
        terminal: match row.text(10)? {
            "" => None,
            named => Some(id(named, TerminalId::new)?),
        },
    })
}

impl Tx<'_> {
    fn accounts_where(&self, rest: &str, params: &[Param<'_>]) -> Result<Vec<Account>, Fault> {
        let mut accounts = self.all(&format!("{ACCOUNT} {rest}"), params, |row| {
            Ok(Account {
                id: id(row.text(0)?, UserId::new)?,
                sign_in_name: row.text(1)?.to_owned(),
                name: row.text(2)?.to_owned(),
                password_hash: row.text(3)?.to_owned(),
                memberships: Vec::new(),
                disabled: row.int(4)? != 0,
                expires: moment(row.int(5)?),
            })
        })?;
        for account in &mut accounts {
            account.memberships = self.all(
                "SELECT facility_id, role, section FROM membership WHERE user_id = $1
                 ORDER BY place",
                &[account.id.as_str().into()],
                |row| membership(row, 0),
            )?;
        }
        Ok(accounts)
    }
}

impl Access for Tx<'_> {
    fn account_by_name(&self, sign_in_name: &str) -> Result<Option<Account>, Fault> {
        let mut found = self.accounts_where("WHERE sign_in_name = $1", &[sign_in_name.into()])?;
        Ok(found.pop())
    }

    fn account(&self, user: &UserId) -> Result<Option<Account>, Fault> {
        let mut found = self.accounts_where("WHERE user_id = $1", &[user.as_str().into()])?;
        Ok(found.pop())
    }

    fn accounts(&self, limit: u32) -> Result<Vec<Account>, Fault> {
        let limit = limit.min(ACCOUNTS_MAX);
        self.accounts_where(&format!("ORDER BY sign_in_name LIMIT {limit}"), &[])
    }

    fn accounts_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Account>, Fault> {
        let limit = limit.min(ACCOUNTS_MAX);
        let rest = format!(
            "WHERE user_id IN (SELECT user_id FROM membership WHERE facility_id = $1)
             ORDER BY sign_in_name LIMIT {limit}"
        );
        self.accounts_where(&rest, &[facility.as_str().into()])
    }

    fn last_used(&self, user: &UserId) -> Result<Option<Instant>, Fault> {
        let sql = "SELECT last_used FROM account WHERE user_id = $1";
        let used = self.first(sql, &[user.as_str().into()], |row| row.int(0))?;
        Ok(used.and_then(moment))
    }

    fn session(&self, secret_sha256: &str) -> Result<Option<Session>, Fault> {
        self.first(
            &format!("{SESSION} WHERE secret_sha256 = $1"),
            &[secret_sha256.into()],
            session,
        )
    }

    fn sessions_of(&self, user: &UserId) -> Result<Vec<Session>, Fault> {
        self.all(
            &format!("{SESSION} WHERE user_id = $1 ORDER BY used DESC LIMIT {SESSIONS_MAX}"),
            &[user.as_str().into()],
            session,
        )
    }
}

impl AccessWrite for Tx<'_> {
    fn put_account(&self, account: &Account) -> Result<(), Fault> {
        let user: Param<'_> = account.id.as_str().into();
        self.execute(
            "INSERT INTO account (user_id, sign_in_name, name, password_hash, disabled, expires)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET
             sign_in_name = excluded.sign_in_name, name = excluded.name,
             password_hash = excluded.password_hash, disabled = excluded.disabled,
             expires = excluded.expires",
            &[
                user,
                account.sign_in_name.as_str().into(),
                account.name.as_str().into(),
                account.password_hash.as_str().into(),
                account.disabled.into(),
                account.expires.map_or(0, Instant::micros).into(),
            ],
        )?;
        self.execute("DELETE FROM membership WHERE user_id = $1", &[user])?;
        for (place, membership) in (0i64..).zip(&account.memberships) {
            self.execute(
                "INSERT INTO membership (user_id, place, facility_id, role, section)
                 VALUES ($1, $2, $3, $4, $5)",
                &[
                    user,
                    place.into(),
                    membership.facility.as_str().into(),
                    membership.role.code().into(),
                    membership.section.as_str().into(),
                ],
            )?;
        }
        if account.disabled {
            self.execute("DELETE FROM session WHERE user_id = $1", &[user])?;
            self.execute("DELETE FROM known_browser WHERE user_id = $1", &[user])?;
        }
        Ok(())
    }

    fn note_used(&self, user: &UserId, at: Instant) -> Result<(), Fault> {
        let sql = "UPDATE account SET last_used = $1 WHERE user_id = $2";
        self.execute(sql, &[at.micros().into(), user.as_str().into()])
            .map(drop)
    }

    fn put_session(&self, session: &Session) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO session (secret_sha256, user_id, facility_id, role, section, started,
             used, csrf, stage, challenge, terminal_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (secret_sha256) DO UPDATE SET facility_id = excluded.facility_id,
             role = excluded.role, section = excluded.section, used = excluded.used,
             csrf = excluded.csrf, stage = excluded.stage, challenge = excluded.challenge",
            &[
                session.secret_sha256.as_str().into(),
                session.user.as_str().into(),
                session.membership.facility.as_str().into(),
                session.membership.role.code().into(),
                session.membership.section.as_str().into(),
                session.started.micros().into(),
                session.used.micros().into(),
                session.csrf.as_str().into(),
                session.stage.code().into(),
                session.challenge.as_str().into(),
                session
                    .terminal
                    .as_ref()
                    .map_or("", TerminalId::as_str)
                    .into(),
            ],
        )
        .map(drop)
    }

    fn end_sessions_of(&self, user: &UserId, but: Option<&str>) -> Result<u64, Fault> {
        self.execute(
            "DELETE FROM session WHERE user_id = $1 AND secret_sha256 <> $2",
            &[user.as_str().into(), but.unwrap_or_default().into()],
        )
    }

    fn end_session(&self, secret_sha256: &str) -> Result<bool, Fault> {
        let ended = self.execute(
            "DELETE FROM session WHERE secret_sha256 = $1",
            &[secret_sha256.into()],
        )?;
        Ok(ended > 0)
    }
}
