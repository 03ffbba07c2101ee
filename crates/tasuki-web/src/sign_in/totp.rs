//! Time-based one-time passwords (RFC 6238 on RFC 4226): HMAC-SHA-1, six digits, steps of 30 seconds, as
//! every authenticator app does them. A step is taken once, and one step of clock error on either side.

use ring::hmac;

/// Bytes of a secret: 160 bits, as RFC 4226 §4 R6 recommends.
pub(crate) const SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The password of a step (RFC 4226 §5.3).
fn password(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0xf);
    let cut = bytes.get(offset..offset + 4).unwrap_or(&[0; 4]);
    let cut: [u8; 4] = cut.try_into().unwrap_or_default();
    (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000
}

/// The step whose password these digits are, at a time in seconds since 1970; none where they are of no
/// step of that time.
pub(crate) fn step_of(secret: &[u8], digits: &str, seconds: i64) -> Option<i64> {
    let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let now = seconds.div_euclid(STEP_SECONDS);
    // Every step is computed, whichever fits.
    let steps = [now - 1, now, now + 1].map(|step| (step, password(secret, step)));
    steps
        .into_iter()
        .find(|(_, of)| *of == typed)
        .map(|(step, _)| step)
}

/// Base 32 without padding (RFC 4648 §6), as apps take a secret by hand.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let index = ((held >> bits) & 31) as usize;
            text.extend(BASE32.get(index).map(|b| char::from(*b)));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        let index = ((held << (5 - bits)) & 31) as usize;
        text.extend(BASE32.get(index).map(|b| char::from(*b)));
    }
    text
}

/// The address that an app reads from the QR code (the Key URI format of authenticator apps).
pub(crate) fn address(issuer: &str, account: &str, secret: &[u8]) -> String {
    let [issuer, account] =
        [issuer, account].map(|text| crate::pipeline::urlencode(text).replace('+', "%20"));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1; the table has eight digits, of which six are the last six.
    #[test]
    fn the_rfcs_passwords_come_out() {
        let secret = b"12345678901234567890";
        for (seconds, digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = seconds / STEP_SECONDS;
            assert_eq!(step_of(secret, &digits[2..], seconds), Some(step));
            assert_eq!(step_of(secret, &digits[2..], seconds + 30), Some(step));
            assert_eq!(step_of(secret, &digits[2..], seconds + 90), None);
        }
        for wrong in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(step_of(secret, wrong, 59), None);
        }
        assert_eq!(step_of(secret, "287 082", 59), Some(1));
    }

    /// RFC 4648 §10.
    #[test]
    fn base_32_is_the_rfcs() {
        for (plain, coded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }
}
