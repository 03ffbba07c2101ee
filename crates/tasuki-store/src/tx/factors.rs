//! Second factors and one-time codes.

use super::rows::id;
use super::{Tx, damaged, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::ports::{FACTORS_MAX, Factor, Factors, FactorsWrite, OneTime, OneTimeKind};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, UserId};

/// What a factor is sealed as.
const FACTOR: &str = "factor";
/// Whose data key seals the factors: they belong to no facility.
const WHOSE: &str = "accounts";
const ONE_TIME: &str =
    "SELECT code_sha256, user_id, kind, facility_id, asked_by, approved_by, expires FROM one_time";
/// Codes of one user that are read at most: one of each kind.
const CODES_MAX: u32 = 8;

fn one_time(row: &dyn Row) -> Result<OneTime, Fault> {
    let approved = row.text(5)?;
    Ok(OneTime {
        code_sha256: row.text(0)?.to_owned(),
        user: id(row.text(1)?, UserId::new)?,
        kind: OneTimeKind::from_code(row.text(2)?).ok_or_else(|| damaged("kind of code"))?,
        facility: id(row.text(3)?, FacilityId::new)?,
        asked_by: id(row.text(4)?, UserId::new)?,
        approved_by: (!approved.is_empty())
            .then(|| id(approved, UserId::new))
            .transpose()?,
        expires: Instant::from_micros(row.int(6)?),
    })
}

impl Factors for Tx<'_> {
    fn factors_of(&self, user: &UserId) -> Result<Vec<Factor>, Fault> {
        let rows = self.all(
            &format!(
                "SELECT factor_id, label, confirmed, counter, added, used, key_id, sealed
                 FROM factor WHERE user_id = $1 ORDER BY added, factor_id LIMIT {FACTORS_MAX}"
            ),
            &[user.as_str().into()],
            |row| {
                let used = row.int(5)?;
                let factor = Factor {
                    id: row.text(0)?.to_owned(),
                    user: user.clone(),
                    label: row.text(1)?.to_owned(),
                    proof: tasuki_core::ports::Proof::Totp { secret: Vec::new() },
                    confirmed: row.int(2)? != 0,
                    counter: row.int(3)?,
                    added: Instant::from_micros(row.int(4)?),
                    used: (used != 0).then(|| Instant::from_micros(used)),
                };
                Ok((factor, row.text(6)?.to_owned(), row.bytes(7)?.to_vec()))
            },
        )?;
        let opened = rows.into_iter().map(|(mut factor, key, sealed)| {
            let plain = self.unseal(&key, FACTOR, &factor.id, &sealed)?;
            let text = std::str::from_utf8(&plain).map_err(|_| damaged("a factor"))?;
            factor.proof = from_json("a factor", text)?;
            Ok(factor)
        });
        opened.collect()
    }

    fn has_factor(&self, user: &UserId) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM factor WHERE user_id = $1 AND confirmed = 1 LIMIT 1";
        let found = self.first(sql, &[user.as_str().into()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    fn one_time(&self, code_sha256: &str) -> Result<Option<OneTime>, Fault> {
        let sql = format!("{ONE_TIME} WHERE code_sha256 = $1");
        self.first(&sql, &[code_sha256.into()], one_time)
    }

    fn one_times_of(&self, user: &UserId) -> Result<Vec<OneTime>, Fault> {
        let sql = format!("{ONE_TIME} WHERE user_id = $1 ORDER BY kind LIMIT {CODES_MAX}");
        self.all(&sql, &[user.as_str().into()], one_time)
    }
}

impl FactorsWrite for Tx<'_> {
    fn put_factor(&self, factor: &Factor) -> Result<(), Fault> {
        let others = self.factors_of(&factor.user)?;
        if others.iter().filter(|other| other.id != factor.id).count() >= FACTORS_MAX {
            return Err(Fault::new(Code::FactorsTooMany, "factors of one user"));
        }
        let plain = to_json(&factor.proof)?;
        let whose = FacilityId::new(WHOSE).map_err(damaged)?;
        let (key, sealed) = self.seal(&whose, FACTOR, &factor.id, plain.as_bytes())?;
        self.remove_factor(&factor.user, &factor.id)?;
        self.execute(
            "INSERT INTO factor (user_id, factor_id, label, confirmed, counter, added, used,
             key_id, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                factor.user.as_str().into(),
                factor.id.as_str().into(),
                factor.label.as_str().into(),
                factor.confirmed.into(),
                factor.counter.into(),
                factor.added.micros().into(),
                factor.used.map_or(0, Instant::micros).into(),
                key.as_str().into(),
                sealed.as_slice().into(),
            ],
        )
        .map(drop)
    }

    fn remove_factor(&self, user: &UserId, id: &str) -> Result<bool, Fault> {
        let row: [Param<'_>; 2] = [user.as_str().into(), id.into()];
        let sql = "DELETE FROM factor WHERE user_id = $1 AND factor_id = $2";
        Ok(self.execute(sql, &row)? > 0)
    }

    fn use_factor(
        &self,
        user: &UserId,
        id: &str,
        counter: i64,
        at: Instant,
    ) -> Result<bool, Fault> {
        let (user, id): (Param<'_>, Param<'_>) = (user.as_str().into(), id.into());
        let sql = "SELECT counter FROM factor WHERE user_id = $1 AND factor_id = $2";
        let before = self.first(sql, &[user, id], |row| row.int(0))?;
        // Who does not count says 0 for ever.
        if before.is_none_or(|before| counter <= before && (counter, before) != (0, 0)) {
            return Ok(false);
        }
        let used = self.execute(
            "UPDATE factor SET counter = $1, used = $2, confirmed = 1
             WHERE user_id = $3 AND factor_id = $4",
            &[counter.into(), at.micros().into(), user, id],
        )?;
        Ok(used > 0)
    }

    fn put_one_time(&self, code: &OneTime) -> Result<(), Fault> {
        let user: Param<'_> = code.user.as_str().into();
        let kind: Param<'_> = code.kind.code().into();
        let sql = "DELETE FROM one_time WHERE user_id = $1 AND kind = $2";
        self.execute(sql, &[user, kind])?;
        self.execute(
            "INSERT INTO one_time (code_sha256, user_id, kind, facility_id, asked_by, approved_by,
             expires) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                code.code_sha256.as_str().into(),
                user,
                kind,
                code.facility.as_str().into(),
                code.asked_by.as_str().into(),
                code.approved_by.as_ref().map_or("", UserId::as_str).into(),
                code.expires.micros().into(),
            ],
        )
        .map(drop)
    }

    fn take_one_time(&self, code_sha256: &str, now: Instant) -> Result<Option<OneTime>, Fault> {
        let found = self.one_time(code_sha256)?;
        let sql = "DELETE FROM one_time WHERE code_sha256 = $1";
        self.execute(sql, &[code_sha256.into()])?;
        Ok(found.filter(|code| now < code.expires))
    }
}
