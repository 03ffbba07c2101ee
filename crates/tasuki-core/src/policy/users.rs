//! Who keeps accounts: each facility's administrators, those of their own facility and nothing of others'.
//! An account belongs to the facility of its first membership; other facilities add memberships of their
//! own to it, and take them away.

use super::Caller;
use crate::ports::Account;
use tasuki_model::Role;

/// What a caller may change of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeps {
    /// Nothing: to them it is not there.
    Nothing,
    /// What it is at their own facility.
    Membership,
    /// All of it: password, second factor, end.
    Account,
}

/// Whether a role keeps the accounts of its facility.
#[must_use]
pub fn role_keeps_users(role: Role) -> bool {
    role == Role::FacilityAdministrator
}

/// Whether an administrator of a facility may give a role: everyone's but the network's own.
#[must_use]
pub fn role_is_given(role: Role) -> bool {
    role != Role::NetworkOperator
}

/// What a caller may change of an account.
#[must_use]
pub fn keeps(caller: &Caller, account: &Account) -> Keeps {
    if !role_keeps_users(caller.role) {
        return Keeps::Nothing;
    }
    let own = |at: usize| {
        account
            .memberships
            .get(at)
            .is_some_and(|m| m.facility == caller.facility)
    };
    // Whoever serves the whole network is not in the hands of the facility where their desk is.
    let given = account.memberships.iter().all(|m| role_is_given(m.role));
    match (own(0) && given, (0..account.memberships.len()).any(own)) {
        (true, _) => Keeps::Account,
        (false, true) if given => Keeps::Membership,
        _ => Keeps::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Membership;
    use tasuki_model::{FacilityId, Purpose, UserId};

    fn account(memberships: &[(&str, Role)]) -> Account {
        let membership = |(facility, role): &(&str, Role)| Membership {
            facility: FacilityId::new(facility).unwrap(),
            role: *role,
            section: String::new(),
        };
        Account {
            id: UserId::new("u").unwrap(),
            sign_in_name: "u".to_owned(),
            name: "u".to_owned(),
            password_hash: String::new(),
            memberships: memberships.iter().map(membership).collect(),
            disabled: false,
            expires: None,
        }
    }

    #[test]
    fn an_administrator_keeps_the_accounts_of_the_own_facility_only() {
        let at = |role| Caller {
            user: UserId::new("admin").unwrap(),
            facility: FacilityId::new("home").unwrap(),
            role,
            purpose: Purpose::Administration,
        };
        let admin = at(Role::FacilityAdministrator);
        let (home, away) = (("home", Role::Nurse), ("away", Role::Clerk));
        let operator = ("home", Role::NetworkOperator);
        for (memberships, kept) in [
            (&[home][..], Keeps::Account),
            (&[home, away], Keeps::Account),
            (&[away, home], Keeps::Membership),
            (&[away], Keeps::Nothing),
            (&[operator], Keeps::Nothing),
            (&[home, ("away", Role::NetworkOperator)], Keeps::Nothing),
            (&[], Keeps::Nothing),
        ] {
            assert_eq!(
                keeps(&admin, &account(memberships)),
                kept,
                "{memberships:?}"
            );
        }
        for role in Role::ALL.iter().filter(|r| !role_keeps_users(**r)) {
            assert_eq!(keeps(&at(*role), &account(&[home])), Keeps::Nothing);
        }
    }
}
