//! An address of a community: `https://host[:port]/path`, and nothing cleverer. No user, no
//! fragment, no other scheme, so that no two readers see two hosts in it.

/// Transactions an endpoint may be named for.
pub const ENDPOINTS: &[&str] = &[
    "ITI-18", "ITI-20", "ITI-38", "ITI-39", "ITI-41", "ITI-42", "ITI-43", "ITI-44", "ITI-45",
    "ITI-46", "ITI-47", "ITI-51", "ITI-55", "ITI-57", "ITI-61", "ITI-62", "ITI-64", "ITI-86",
    "ITI-92", "RAD-69", "RAD-75", "TASUKI-1",
];

/// The longest address, in bytes.
const ENDPOINT_BYTES_MAX: usize = 512;

/// Where a transaction is sent, over TLS with certificates on both sides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    address: Box<str>,
    host: Box<str>,
    port: u16,
    path: Box<str>,
}

impl Endpoint {
    /// Reads an address. Nothing where it is not of the one form.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        if address.len() > ENDPOINT_BYTES_MAX {
            return None;
        }
        let rest = address.strip_prefix("https://")?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, "/"),
        };
        let (host, port) = match authority.rsplit_once(':') {
            // A colon inside brackets belongs to the address of version 6.
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (authority, 443),
        };
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.');
        let six = host
            .strip_prefix('[')
            .and_then(|h| h.strip_suffix(']'))
            .is_some_and(|h| h.parse::<std::net::Ipv6Addr>().is_ok());
        let named = !host.is_empty() && (six || host.bytes().all(plain));
        let pathed = path
            .bytes()
            .all(|c| c.is_ascii_graphic() && !matches!(c, b'#' | b'"' | b'<' | b'>' | b'\\'));
        (named && pathed && port != 0).then(|| Self {
            address: address.into(),
            host: host.into(),
            port,
            path: path.into(),
        })
    }

    /// The address as the directory says it: what stands in `wsa:To`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The host, an address of version 6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 443 where none is said.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query, from the first slash on.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn an_address_has_one_reading_or_none() {
        let full = Endpoint::new("https://a.example.jp:8443/xca/query?x=1").unwrap();
        assert_eq!(
            (full.host(), full.port(), full.path()),
            ("a.example.jp", 8443, "/xca/query?x=1")
        );
        let short = Endpoint::new("https://a.example.jp").unwrap();
        assert_eq!((short.port(), short.path()), (443, "/"));
        let six = Endpoint::new("https://[::1]:9000/x").unwrap();
        assert_eq!((six.host(), six.port()), ("[::1]", 9000));
        assert_eq!(Endpoint::new("https://[::1]/x").unwrap().port(), 443);
        for bad in [
            "http://a/x",
            "https://",
            "https://u@a/x",
            "https://a:0/x",
            "https://a:70000/x",
            "https://a/x#y",
            "https://a/x y",
            "https://a\\b/x",
            "https://[::g]/x",
            "https://a:b:1/x",
            "HTTPS://a/",
        ] {
            assert_eq!(Endpoint::new(bad), None, "{bad}");
        }
    }
}
