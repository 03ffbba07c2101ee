//! Keys: RSA PKCS#1 v1.5 of 2,048 bits and more, ECDSA on P-256 and P-384, each with SHA-2.
//! Trusted keys come from certificates of the configuration, never from the message.

use super::DsigError;
use super::proven::Proven;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    EcdsaKeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const RSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384";
const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
const ECDSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
}

/// A public key that signatures are trusted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    kind: Kind,
    /// `RSAPublicKey`, or the point.
    bits: Box<[u8]>,
    /// What it was found to have made.
    proven: Proven,
}

impl VerifyingKey {
    /// The key of a certificate in DER. Whether the certificate is to be trusted is the question of
    /// whoever configured it; it is not asked here.
    ///
    /// # Errors
    /// [`DsigError::Unusable`] for no certificate, or a key of another kind.
    pub fn from_certificate(der: &[u8]) -> Result<Self, DsigError> {
        let unusable = |why: String| DsigError::Unusable { why };
        let certificate = rustls_pki_types::CertificateDer::from(der);
        let certificate = webpki::EndEntityCert::try_from(&certificate)
            .map_err(|e| unusable(format!("not a certificate: {e}")))?;
        let info = certificate.subject_public_key_info();
        key_of(&info).ok_or_else(|| unusable("neither RSA nor ECDSA on P-256 or P-384".to_owned()))
    }

    /// Whether this key made `signature` over `bytes` with the algorithm of a `SignatureMethod`.
    ///
    /// # Errors
    /// [`DsigError::Algorithm`] for one that is not allowed, or that is not of this key.
    pub(super) fn verifies(
        &self,
        method: &str,
        bytes: &[u8],
        signature: &[u8],
    ) -> Result<bool, DsigError> {
        let algorithm: &dyn VerificationAlgorithm = match (self.kind, method) {
            (Kind::Rsa, RSA_SHA256) => &RSA_PKCS1_2048_8192_SHA256,
            (Kind::Rsa, RSA_SHA384) => &RSA_PKCS1_2048_8192_SHA384,
            (Kind::Rsa, RSA_SHA512) => &RSA_PKCS1_2048_8192_SHA512,
            (Kind::P256, ECDSA_SHA256) => &ECDSA_P256_SHA256_FIXED,
            (Kind::P384, ECDSA_SHA384) => &ECDSA_P384_SHA384_FIXED,
            _ => {
                return Err(DsigError::Algorithm {
                    what: "the signature",
                });
            }
        };
        let question = Proven::question([method.as_bytes(), bytes, signature]);
        if self.proven.knows(&question) {
            return Ok(true);
        }
        let key = UnparsedPublicKey::new(algorithm, &self.bits);
        let good = key.verify(bytes, signature).is_ok();
        if good {
            self.proven.keep(question);
        }
        Ok(good)
    }
}

/// A `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7).
fn key_of(info: &[u8]) -> Option<VerifyingKey> {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    let (whole, _) = value(info, 0x30)?;
    let (algorithm, rest) = value(whole, 0x30)?;
    let (oid, parameters) = value(algorithm, 0x06)?;
    let (bits, _) = value(rest, 0x03)?;
    let kind = match oid {
        RSA => Kind::Rsa,
        EC => match value(parameters, 0x06)?.0 {
            P256 => Kind::P256,
            P384 => Kind::P384,
            _ => return None,
        },
        _ => return None,
    };
    // The first byte of a BIT STRING counts unused bits: there are none in a key.
    let bits = bits.strip_prefix(&[0])?.into();
    let proven = Proven::default();
    Some(VerifyingKey { kind, bits, proven })
}

/// One DER value of a tag, and what follows it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81 | 0x82 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x0f))?;
            let length = bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            (length, rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}

/// A key that signs: RSA, or ECDSA on P-256.
pub enum SigningKey {
    /// RSA with SHA-256.
    Rsa(RsaKeyPair),
    /// ECDSA on P-256 with SHA-256: a hundred times as fast to sign with.
    Ecdsa(EcdsaKeyPair),
}

impl SigningKey {
    /// From PKCS #8 in DER.
    ///
    /// # Errors
    /// [`DsigError::Unusable`] for another form or kind.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, DsigError> {
        let random = SystemRandom::new();
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random) {
            return Ok(Self::Ecdsa(key));
        }
        RsaKeyPair::from_pkcs8(der).map(Self::Rsa).map_err(|e| {
            let why = format!("not PKCS #8 of RSA or of ECDSA on P-256: {e}");
            DsigError::Unusable { why }
        })
    }

    /// The `SignatureMethod`.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Rsa(_) => RSA_SHA256,
            Self::Ecdsa(_) => ECDSA_SHA256,
        }
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, DsigError> {
        let random = SystemRandom::new();
        let done = match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .map(|()| signature)
            }
            Self::Ecdsa(key) => key.sign(&random, bytes).map(|s| s.as_ref().to_vec()),
        };
        let why = "no randomness".to_owned();
        done.map_err(|_| DsigError::Unusable { why })
    }
}
