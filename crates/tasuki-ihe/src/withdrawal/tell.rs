//! One community is told what has been withdrawn since it was told last.

use super::{Statement, Told};
use crate::communities::Communities;
use crate::gateway::{Audited, NoAnswer, Request, Visit};
use crate::xds::Registry;
use tasuki_core::Code;
use tasuki_core::directory::Community;
use tasuki_core::policy::release_withdrawal;
use tasuki_model::Instant;

/// Notices that one round tells.
const BATCH: u32 = 100;
/// After so many seconds a community that was never there is not told any more: no copy lives as long (31 days), and
/// whoever comes back asks anew.
const GIVEN_UP_SECONDS: i64 = 32 * 86_400;

/// Tells a community of at most a hundred withdrawals; gives how many it has acknowledged. One that it
/// refuses stays, for the operator to see.
///
/// # Errors
/// [`NoAnswer`] where it is away; what was not acknowledged still waits.
pub fn tell(
    communities: &Communities,
    to: &Community,
    visit: &Visit,
    now: Instant,
) -> Result<usize, NoAnswer> {
    let gateway = communities.gateway();
    let network = gateway.network();
    let peer = &to.home_community_id;
    let before = now.plus_seconds(-GIVEN_UP_SECONDS);
    let (late, waiting) = network.store.reading(|tx| {
        let waiting = tx.withdrawals_to(peer, BATCH)?;
        Ok((waiting.iter().any(|w| w.at < before), waiting))
    })?;
    if late {
        let count = network
            .store
            .writing(|tx| tx.give_up_withdrawals(peer, before))?;
        let code = Code::WithdrawalGivenUp.id();
        tracing::error!(code, community = %peer, count, "withdrawals were given up");
    }
    let registry = Registry::of(network)?;
    let mut told = 0;
    for withdrawal in waiting.iter().filter(|w| w.at >= before) {
        let what = Told::Withdrawal {
            authority: registry.authority.clone(),
            patient: withdrawal.id.to_string(),
        };
        let statement = Statement::new(&registry.home, peer, what, now)?;
        let body = communities.signed(&statement)?;
        let cx = format!("{}^^^&{}&ISO", withdrawal.id, registry.authority);
        let request = Request {
            transaction: "TASUKI-1",
            action: "urn:tasuki:withdrawal",
            body: release_withdrawal(withdrawal, body),
            mtom: false,
            coming: 0,
            audited: Audited {
                patients: vec![cx],
                ..Audited::default()
            },
        };
        gateway.ask(to, visit, request)?;
        network
            .store
            .writing(|tx| tx.withdrawal_told(peer, withdrawal))?;
        told += 1;
    }
    told += super::misfiled::tell(communities, to, visit, now)?;
    Ok(told)
}
