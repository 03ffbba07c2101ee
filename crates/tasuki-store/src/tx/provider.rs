//! Bindings of accounts to identity providers, and sign-ins under way there.

use super::rows::id;
use super::{Tx, from_json, to_json};
use crate::engine::{Param, Row};
use tasuki_core::provider::{
    ProviderBinding, ProviderBindings, ProviderBindingsWrite, ProviderVisit, VISITS_MAX,
};
use tasuki_core::{Code, Fault};
use tasuki_model::{Instant, UserId};

/// Bindings of one account that are read.
const BINDINGS_MAX: u32 = 16;

fn binding(row: &dyn Row) -> Result<ProviderBinding, Fault> {
    Ok(ProviderBinding {
        issuer: row.text(0)?.to_owned(),
        subject: row.text(1)?.to_owned(),
        user: id(row.text(2)?, UserId::new)?,
        at: Instant::from_micros(row.int(3)?),
    })
}

impl Tx<'_> {
    fn bindings(&self, rest: &str, params: &[Param<'_>]) -> Result<Vec<ProviderBinding>, Fault> {
        let sql = format!(
            "SELECT issuer, subject, user_id, at FROM provider_binding
             WHERE community_id = $1 AND {rest} LIMIT {BINDINGS_MAX}"
        );
        self.all(&sql, params, binding)
    }
}

impl ProviderBindings for Tx<'_> {
    fn provider_binding(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ProviderBinding>, Fault> {
        let params = [self.community(), issuer.into(), subject.into()];
        let found = self.bindings("issuer = $2 AND subject = $3", &params)?;
        Ok(found.into_iter().next())
    }

    fn provider_bindings_of(&self, user: &UserId) -> Result<Vec<ProviderBinding>, Fault> {
        let params = [self.community(), user.as_str().into()];
        self.bindings("user_id = $2 ORDER BY issuer", &params)
    }
}

impl ProviderBindingsWrite for Tx<'_> {
    fn put_provider_binding(&self, binding: &ProviderBinding) -> Result<(), Fault> {
        self.drop_provider_binding(&binding.user, &binding.issuer)?;
        self.execute(
            "INSERT INTO provider_binding (community_id, issuer, subject, user_id, at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, issuer, subject) DO UPDATE SET
             user_id = excluded.user_id, at = excluded.at",
            &[
                self.community(),
                binding.issuer.as_str().into(),
                binding.subject.as_str().into(),
                binding.user.as_str().into(),
                binding.at.micros().into(),
            ],
        )
        .map(drop)
    }

    fn drop_provider_binding(&self, user: &UserId, issuer: &str) -> Result<bool, Fault> {
        let gone = self.execute(
            "DELETE FROM provider_binding WHERE community_id = $1 AND user_id = $2 AND issuer = $3",
            &[self.community(), user.as_str().into(), issuer.into()],
        )?;
        Ok(gone > 0)
    }

    fn put_provider_visit(
        &self,
        state_sha256: &str,
        visit: &ProviderVisit,
        now: Instant,
    ) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM provider_visit WHERE community_id = $1 AND expires <= $2",
            &[self.community(), now.micros().into()],
        )?;
        let most = i64::try_from(VISITS_MAX).unwrap_or(i64::MAX);
        let body = to_json(visit)?;
        let put = self.execute(
            "INSERT INTO provider_visit (community_id, state_sha256, expires, body)
             SELECT $1, $2, $3, $4
             WHERE (SELECT COUNT(*) FROM provider_visit WHERE community_id = $1) < $5",
            &[
                self.community(),
                state_sha256.into(),
                visit.expires.micros().into(),
                body.as_str().into(),
                most.into(),
            ],
        )?;
        match put {
            0 => Err(Fault::new(Code::Overloaded, "sign-ins at providers")),
            _ => Ok(()),
        }
    }

    fn take_provider_visit(
        &self,
        state_sha256: &str,
        now: Instant,
    ) -> Result<Option<ProviderVisit>, Fault> {
        let params = [self.community(), state_sha256.into()];
        let found: Option<ProviderVisit> = self.first(
            "SELECT body FROM provider_visit WHERE community_id = $1 AND state_sha256 = $2",
            &params,
            |row| from_json("sign-in at a provider", row.text(0)?),
        )?;
        self.execute(
            "DELETE FROM provider_visit WHERE community_id = $1 AND state_sha256 = $2",
            &params,
        )?;
        Ok(found.filter(|visit| now < visit.expires))
    }
}
