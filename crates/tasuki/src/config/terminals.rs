//! Whether browsers have to show a terminal's certificate. A listener on the internet asks for one unless the
//! configuration says otherwise; one on a loopback or private address does not unless it says so.

use super::Portal;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};
use tasuki_core::{Code, Fault};
use tasuki_web::{TerminalDemand, TerminalRules};

/// Thirteen months.
pub(super) const DAYS: u32 = 396;
/// The longest time of a certificate.
const DAYS_MAX: u32 = 825;

/// What an operator is told about such a portal.
pub const TERMINALS_UNSEEN: &str = "portal.origin is an address of the internet, and something before this \
     node ends its TLS: terminals are not asked for certificates. End TLS here (certificate_file), or say \
     terminals = \"off\"";

/// What the configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Demand {
    /// Nothing but the public pages opens without one.
    Required,
    /// A terminal that has one is named in the audit trail; none is needed.
    Optional,
    /// Browsers are not asked.
    Off,
}

/// Addresses that nobody reaches from the internet (RFC 1918, RFC 4193, link-local).
fn inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => inside6(v6),
    }
}

fn inside6(address: Ipv6Addr) -> bool {
    match address.to_ipv4_mapped() {
        Some(v4) => inside(IpAddr::V4(v4)),
        None => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

impl Portal {
    /// The rules of terminals.
    #[must_use]
    pub fn terminal_rules(&self) -> TerminalRules {
        let demand = match self.terminals {
            Some(Demand::Required) => TerminalDemand::Required,
            Some(Demand::Optional) => TerminalDemand::Optional,
            Some(Demand::Off) => TerminalDemand::Off,
            None if inside(self.listen.ip()) => TerminalDemand::Off,
            None => TerminalDemand::Required,
        };
        TerminalRules {
            demand,
            days: self.terminal_days,
        }
    }

    /// Whether browsers come over the internet, and yet nobody here can ask them for a certificate: something
    /// before this node ends their TLS.
    #[must_use]
    pub fn terminals_unseen(&self) -> bool {
        let said = self
            .origin
            .as_deref()
            .and_then(|origin| origin.strip_prefix("https://"));
        let named = said.is_some_and(|host| !host.starts_with("localhost"));
        self.certificate_file.is_none() && named && self.terminals != Some(Demand::Off)
    }

    pub(super) fn check_terminals(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
        if self.terminal_days == 0 || self.terminal_days > DAYS_MAX {
            return wrong("portal.terminal_days: 1 to 825");
        }
        let asks = self.terminal_rules().demand != TerminalDemand::Off;
        if asks && self.certificate_file.is_none() {
            return wrong(
                "portal.terminals: terminals show their certificates in TLS, so the portal needs \
                 certificate_file; behind a proxy that ends TLS they cannot be asked for",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(listen: &str) -> Portal {
        Portal {
            listen: listen.parse().unwrap(),
            certificate_file: Some("portal.pem".into()),
            ..Portal::default()
        }
    }

    #[test]
    fn an_address_of_the_internet_asks_by_itself_and_others_do_not() {
        for (listen, expected) in [
            ("127.0.0.1:1", TerminalDemand::Off),
            ("[::1]:1", TerminalDemand::Off),
            ("10.1.2.3:1", TerminalDemand::Off),
            ("192.168.0.4:1", TerminalDemand::Off),
            ("[fd00::1]:1", TerminalDemand::Off),
            ("[::ffff:10.0.0.1]:1", TerminalDemand::Off),
            ("0.0.0.0:1", TerminalDemand::Required),
            ("[::]:1", TerminalDemand::Required),
            ("203.0.113.9:1", TerminalDemand::Required),
            ("[2001:db8::1]:1", TerminalDemand::Required),
        ] {
            assert_eq!(portal(listen).terminal_rules().demand, expected, "{listen}");
        }
        let said = |demand| Portal {
            terminals: Some(demand),
            ..portal("0.0.0.0:1")
        };
        assert_eq!(
            said(Demand::Off).terminal_rules().demand,
            TerminalDemand::Off
        );
        let optional = said(Demand::Optional).terminal_rules();
        assert_eq!(
            (optional.demand, optional.days),
            (TerminalDemand::Optional, DAYS)
        );
    }

    #[test]
    fn without_tls_of_its_own_a_portal_cannot_ask() {
        let behind = Portal {
            certificate_file: None,
            origin: Some("https://portal.example".to_owned()),
            ..portal("127.0.0.1:1")
        };
        assert!(behind.check_terminals().is_ok() && behind.terminals_unseen());
        for demand in [Demand::Required, Demand::Optional] {
            let asked = Portal {
                terminals: Some(demand),
                ..behind.clone()
            };
            let fault = asked.check_terminals().unwrap_err();
            assert!(fault.inside.contains("behind a proxy"), "{}", fault.inside);
        }
        let off = Portal {
            terminals: Some(Demand::Off),
            ..behind
        };
        assert!(!off.terminals_unseen());
        assert!(!portal("127.0.0.1:1").terminals_unseen());
        for (days, fine) in [(0, false), (1, true), (825, true), (826, false)] {
            let of = Portal {
                terminal_days: days,
                ..portal("127.0.0.1:1")
            };
            assert_eq!(of.check_terminals().is_ok(), fine, "{days}");
        }
    }
}
