//! The authority and what it signs (RFC 5280): for client authentication only, never for another authority.

use super::file::pkcs12;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
    SerialNumber, date_time_ymd,
};
use ring::rand::{SecureRandom, SystemRandom};
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject;
use std::time::Duration;
use tasuki_core::ports::TerminalAuthority;
use tasuki_core::terminal::{TerminalCertifying, Wanted};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, Instant};

/// An authority outlives every certificate that it signs.
const AUTHORITY_SECONDS: i64 = 20 * 366 * 24 * 3_600;
/// Bytes of a request.
const REQUEST_BYTES_MAX: usize = 8 * 1024;
/// DER of an RSA public key of 2048 bits has more bytes than this, one of 1024 fewer.
const RSA_BYTES_MIN: usize = 256;

/// Makes certificates with `rcgen`.
#[derive(Debug, Default, Clone, Copy)]
pub struct Certifier;

fn failed(error: rcgen::Error) -> Fault {
    Fault::new(Code::InternalFault, format!("certificate: {error}"))
}

/// A certificate's head: who, from when, until when, and a serial number of 128 random bits.
fn head(
    names: &[(DnType, &str)],
    from: Instant,
    until: Instant,
) -> Result<CertificateParams, Fault> {
    let mut serial = [0; 16];
    SystemRandom::new()
        .fill(&mut serial)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    // A serial number is positive.
    serial[0] = (serial[0] & 0x7F) | 0x40;
    let second = |at: Instant| {
        let seconds = at.micros().div_euclid(1_000_000);
        let seconds = u64::try_from(seconds).unwrap_or_default();
        date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (name, value) in names {
        params.distinguished_name.push(name.clone(), *value);
    }
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.not_before = second(from);
    params.not_after = second(until);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    Ok(params)
}

fn issuer(authority: &TerminalAuthority) -> Result<Issuer<'static, KeyPair>, Fault> {
    let key = KeyPair::try_from(authority.key.as_slice()).map_err(failed)?;
    let der = authority.der.clone().into();
    Issuer::from_ca_cert_der(&der, key).map_err(failed)
}

fn signed(
    authority: &TerminalAuthority,
    wanted: Wanted<'_>,
    key: &impl PublicKeyData,
) -> Result<Vec<u8>, Fault> {
    let names = [
        (DnType::CommonName, wanted.terminal.name.as_ref()),
        (
            DnType::OrganizationalUnitName,
            wanted.terminal.facility.as_str(),
        ),
    ];
    let mut params = head(&names, wanted.from, wanted.until)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params.is_ca = IsCa::ExplicitNoCa;
    let certificate = params.signed_by(key, &issuer(authority)?).map_err(failed)?;
    Ok(certificate.der().to_vec())
}

impl TerminalCertifying for Certifier {
    fn authority(&self, community: &CommunityId, now: Instant) -> Result<TerminalAuthority, Fault> {
        let names = [
            (DnType::CommonName, "Tasuki terminals"),
            (DnType::OrganizationName, community.as_str()),
        ];
        // A clock that is behind finds it in force as well.
        let from = now.plus_seconds(-24 * 3_600);
        let mut params = head(&names, from, now.plus_seconds(AUTHORITY_SECONDS))?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?;
        Ok(TerminalAuthority {
            der: certificate.der().to_vec(),
            key: key.serialize_der(),
        })
    }

    fn certify(
        &self,
        authority: &TerminalAuthority,
        wanted: Wanted<'_>,
        passphrase: &str,
    ) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let key = KeyPair::generate().map_err(failed)?;
        let der = signed(authority, wanted, &key)?;
        let file = pkcs12(&key.serialize_der(), &der, &authority.der, passphrase)?;
        Ok((der, file))
    }

    fn certify_request(
        &self,
        authority: &TerminalAuthority,
        wanted: Wanted<'_>,
        request: &str,
    ) -> Result<Vec<u8>, Fault> {
        let wrong = |why: &str| Fault::new(Code::TerminalRequestWrong, why);
        if request.len() > REQUEST_BYTES_MAX {
            return Err(wrong("too long"));
        }
        let der = CertificateSigningRequestDer::from_pem_slice(request.as_bytes());
        let der = der.map_err(|_| wrong("not PEM"))?;
        // Its signature is checked here; names and extensions that it asks for are not taken over.
        let read = CertificateSigningRequestParams::from_der(&der);
        let key = read.map_err(|e| wrong(&e.to_string()))?.public_key;
        let name = format!("{:?}", key.algorithm());
        let strong = name.contains("ECDSA") || key.der_bytes().len() > RSA_BYTES_MIN;
        if !strong {
            return Err(wrong("a weak key"));
        }
        signed(authority, wanted, &key)
    }
}
