//! Which terminal opens the portal, and to whom.

use super::Caller;
use crate::ports::{Membership, Terminal, TerminalCertificate};
use tasuki_model::{Instant, Role, TerminalId, UserId};

/// What a certificate that was shown is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// None was shown, or none of this community's terminals.
    Unknown,
    /// It was a terminal's, and counts no more (or not yet).
    Ended(Terminal),
    /// It is a terminal's.
    InForce(Terminal),
}

impl Standing {
    /// The terminal, where it is in force.
    #[must_use]
    pub fn terminal(&self) -> Option<&Terminal> {
        match self {
            Self::InForce(terminal) => Some(terminal),
            Self::Unknown | Self::Ended(_) => None,
        }
    }
}

/// What a certificate is that is in the store. `certified`: our authority signed it, for a terminal.
#[must_use]
pub fn standing(
    found: Option<(TerminalCertificate, Terminal)>,
    certified: bool,
    now: Instant,
) -> Standing {
    let Some((certificate, terminal)) = found else {
        return Standing::Unknown;
    };
    let over = certificate.ended.is_some() || terminal.revoked.is_some();
    if over || now < certificate.from || certificate.until <= now {
        return Standing::Ended(terminal);
    }
    match certified {
        true => Standing::InForce(terminal),
        // In the store, but not by our doing.
        false => Standing::Unknown,
    }
}

/// Whether a user may work from a terminal in one of their memberships.
#[must_use]
pub fn terminal_serves(terminal: &Terminal, user: &UserId, membership: &Membership) -> bool {
    match &terminal.owner {
        Some(owner) => owner == user,
        None => terminal.facility == membership.facility,
    }
}

/// Whether a session goes on where it is shown: one that began at a terminal at no other, one that began at none only
/// where nobody has to have one.
#[must_use]
pub fn session_stays(began: Option<&TerminalId>, at: &Standing, required: bool) -> bool {
    match began {
        Some(began) => at.terminal().is_some_and(|terminal| terminal.id == *began),
        None => !required,
    }
}

/// Whether a role keeps the terminals of its facility.
#[must_use]
pub fn role_keeps_terminals(role: Role) -> bool {
    role == Role::FacilityAdministrator
}

/// Whether somebody keeps this terminal; to others it is not there.
#[must_use]
pub fn keeps_terminal(caller: &Caller, terminal: &Terminal) -> bool {
    role_keeps_terminals(caller.role) && terminal.facility == caller.facility
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Done;
    use tasuki_model::{FacilityId, Purpose};

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
    }

    fn done() -> Done {
        Done {
            by: UserId::new("admin").unwrap(),
            at: at(0),
        }
    }

    fn terminal() -> Terminal {
        Terminal {
            id: TerminalId::new("t1").unwrap(),
            facility: FacilityId::new("home").unwrap(),
            name: "desk".into(),
            place: "hall".into(),
            owner: None,
            enrolled: done(),
            approved: None,
            revoked: None,
            request: None,
        }
    }

    fn certificate() -> TerminalCertificate {
        TerminalCertificate {
            fingerprint: "00".to_owned(),
            terminal: TerminalId::new("t1").unwrap(),
            from: at(10),
            until: at(20),
            used: None,
            ended: None,
            der: Vec::new(),
        }
    }

    #[test]
    fn a_certificate_counts_in_its_time_while_nobody_has_ended_it() {
        let of = |certificate, terminal, now| {
            standing(Some((certificate, terminal)), true, at(now))
                .terminal()
                .is_some()
        };
        for (now, counts) in [(9, false), (10, true), (19, true), (20, false)] {
            assert_eq!(of(certificate(), terminal(), now), counts, "{now}");
        }
        let replaced = TerminalCertificate {
            ended: Some(at(12)),
            ..certificate()
        };
        assert!(!of(replaced, terminal(), 15));
        let revoked = Terminal {
            revoked: Some(done()),
            ..terminal()
        };
        assert!(!of(certificate(), revoked, 15));
        assert_eq!(standing(None, true, at(15)), Standing::Unknown);
        let forged = standing(Some((certificate(), terminal())), false, at(15));
        assert_eq!(forged, Standing::Unknown);
    }

    #[test]
    fn a_terminal_serves_its_facility_or_its_one_user() {
        let membership = |facility: &str| Membership {
            facility: FacilityId::new(facility).unwrap(),
            role: Role::Physician,
            section: String::new(),
        };
        let (one, two) = (UserId::new("one").unwrap(), UserId::new("two").unwrap());
        let shared = terminal();
        assert!(terminal_serves(&shared, &one, &membership("home")));
        assert!(!terminal_serves(&shared, &one, &membership("away")));
        let own = Terminal {
            owner: Some(one.clone()),
            ..terminal()
        };
        assert!(terminal_serves(&own, &one, &membership("away")));
        assert!(!terminal_serves(&own, &two, &membership("home")));
    }

    #[test]
    fn a_session_stays_at_its_terminal() {
        let own = terminal();
        let other = Terminal {
            id: TerminalId::new("t2").unwrap(),
            ..terminal()
        };
        let places = [
            Standing::Unknown,
            Standing::Ended(own.clone()),
            Standing::InForce(own.clone()),
            Standing::InForce(other),
        ];
        for required in [true, false] {
            let stays = |began| places.clone().map(|at| session_stays(began, &at, required));
            assert_eq!(stays(Some(&own.id)), [false, false, true, false]);
            assert_eq!(stays(None), [!required; 4]);
        }
    }

    #[test]
    fn only_administrators_of_its_facility_keep_a_terminal() {
        for role in Role::ALL.iter().copied() {
            for facility in ["home", "away"] {
                let caller = Caller {
                    user: UserId::new("one").unwrap(),
                    facility: FacilityId::new(facility).unwrap(),
                    role,
                    purpose: Purpose::Treatment,
                };
                let expected = role == Role::FacilityAdministrator && facility == "home";
                assert_eq!(keeps_terminal(&caller, &terminal()), expected);
            }
        }
    }
}
