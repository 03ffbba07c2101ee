//! Certificates of terminals: made by an authority of the community that certifies nothing else (P-256,
//! X.509 by `rcgen`), handed over as PKCS#12 (PBES2 with AES-256 and HMAC-SHA-256, by `p12-keystore`), and
//! recognised at the portal's listener ([`offered`]). The authority is nobody's trust anchor but the
//! portal's: a terminal's certificate opens no door between nodes, and a node's none here.

mod file;
mod offered;
mod sign;
#[cfg(test)]
mod tests;

pub(crate) use offered::Offered;
pub use sign::Certifier;
