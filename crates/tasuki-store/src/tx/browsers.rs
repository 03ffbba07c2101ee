//! Browsers from which users have signed in before.

use super::Tx;
use super::rows::id;
use crate::engine::Row;
use tasuki_core::Fault;
use tasuki_core::ports::{BROWSERS_MAX, KnownBrowser, KnownBrowsers, KnownBrowsersWrite};
use tasuki_model::{Instant, UserId};

const BROWSER: &str = "SELECT browser_sha256, user_id, since, used, tries FROM known_browser";

fn browser(row: &dyn Row) -> Result<KnownBrowser, Fault> {
    Ok(KnownBrowser {
        browser_sha256: row.text(0)?.to_owned(),
        user: id(row.text(1)?, UserId::new)?,
        since: Instant::from_micros(row.int(2)?),
        used: Instant::from_micros(row.int(3)?),
        tries: row.int(4)?,
    })
}

impl KnownBrowsers for Tx<'_> {
    fn known_browser(
        &self,
        browser_sha256: &str,
        user: &UserId,
    ) -> Result<Option<KnownBrowser>, Fault> {
        self.first(
            &format!("{BROWSER} WHERE browser_sha256 = $1 AND user_id = $2"),
            &[browser_sha256.into(), user.as_str().into()],
            browser,
        )
    }

    fn known_browsers_of(&self, user: &UserId) -> Result<Vec<KnownBrowser>, Fault> {
        self.all(
            &format!("{BROWSER} WHERE user_id = $1 ORDER BY used DESC, browser_sha256 LIMIT 100"),
            &[user.as_str().into()],
            browser,
        )
    }
}

impl KnownBrowsersWrite for Tx<'_> {
    fn try_browser(
        &self,
        browser_sha256: &str,
        user: &UserId,
        now: Instant,
    ) -> Result<bool, Fault> {
        // Read in the transaction that counts: tries at the same time are counted one by one.
        let known = self.known_browser(browser_sha256, user)?;
        if !known.is_some_and(|known| known.may_try(now)) {
            return Ok(false);
        }
        let counted = self.execute(
            "UPDATE known_browser SET tries = tries + 1
             WHERE browser_sha256 = $1 AND user_id = $2",
            &[browser_sha256.into(), user.as_str().into()],
        )?;
        Ok(counted > 0)
    }

    fn know_browser(
        &self,
        before: Option<&str>,
        browser_sha256: &str,
        user: &UserId,
        now: Instant,
    ) -> Result<(), Fault> {
        if let Some(before) = before {
            self.execute(
                "UPDATE known_browser SET browser_sha256 = $1 WHERE browser_sha256 = $2",
                &[browser_sha256.into(), before.into()],
            )?;
        }
        self.execute(
            "INSERT INTO known_browser (browser_sha256, user_id, since, used, tries)
             VALUES ($1, $2, $3, $3, 0) ON CONFLICT (browser_sha256, user_id) DO UPDATE SET
             used = excluded.used, tries = 0",
            &[
                browser_sha256.into(),
                user.as_str().into(),
                now.micros().into(),
            ],
        )?;
        for old in self.known_browsers_of(user)?.iter().skip(BROWSERS_MAX) {
            self.forget_browser(&old.browser_sha256, user)?;
        }
        Ok(())
    }

    fn forget_browser(&self, browser_sha256: &str, user: &UserId) -> Result<bool, Fault> {
        let gone = self.execute(
            "DELETE FROM known_browser WHERE browser_sha256 = $1 AND user_id = $2",
            &[browser_sha256.into(), user.as_str().into()],
        )?;
        Ok(gone > 0)
    }

    fn forget_browsers_of(&self, user: &UserId) -> Result<(), Fault> {
        let sql = "DELETE FROM known_browser WHERE user_id = $1";
        self.execute(sql, &[user.as_str().into()]).map(drop)
    }
}
