//! Passwords: argon2id (RFC 9106) with the library's defaults, 19 MiB and two passes, in PHC form; and which may be
//! chosen.

mod breached;
mod chosen;

pub use breached::Breached;
pub use chosen::{chosen, words_of};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tasuki_core::{Code, Fault};

/// Longest password taken, in bytes: hashing must not be a way to keep the server busy.
pub const PASSWORD_BYTES_MAX: usize = 256;

/// The PHC string of a password.
///
/// # Errors
/// `CFG-005` when it is empty or longer than 256 bytes; `WEB-009` when hashing fails.
pub fn hash(password: &str) -> Result<String, Fault> {
    if password.is_empty() || password.len() > PASSWORD_BYTES_MAX {
        return Err(Fault::new(
            Code::UsageWrong,
            "password empty or longer than 256 bytes",
        ));
    }
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| Fault::new(Code::InternalFault, format!("argon2: {e}")))
}

/// Whether a password is the one of a PHC string. A string that is none fits no password, and
/// takes as long to say so.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    let bounded = password.len() <= PASSWORD_BYTES_MAX;
    match PasswordHash::new(phc) {
        Ok(hash) => {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
                && bounded
        }
        Err(_) => {
            let _ = hash("no such account");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let phc = hash("襷をつなぐ").unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(verify("襷をつなぐ", &phc));
        assert!(!verify("襷をつなく", &phc));
        assert!(!verify("襷をつなぐ", "not a hash"));
        assert!(hash("").is_err() && hash(&"x".repeat(257)).is_err());
    }
}
