//! A password that somebody chooses (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2): long enough, with no word in it that
//! everybody here would try first, not guessed within a few tries, and not known from a breach.
//!
//! How well one is guessed is told by `zxcvbn`: its lists of common passwords, names and words, keyboard walks, dates
//! and repetitions. There is no rule of composition.

use super::{Breached, PASSWORD_BYTES_MAX};
use tasuki_core::ports::Account;
use tasuki_core::{Code, Fault};
use tasuki_model::Facility;
use zxcvbn::{Score, zxcvbn};

/// Shortest password that a user may choose, in characters (NIST SP 800-63B-4, 3.1.1.2: 15 where it stands
/// alone, 8 beside a second factor; between them, because the second factor may be optional).
const CHARS_MIN: usize = 12;
/// The product.
const PRODUCT: &str = "tasuki";
/// A word has at least so many characters, or as many bytes where each says more.
const WORD_BYTES_MIN: usize = 4;

/// Words that everybody would try first for an account: of the product, the network, its facilities, and its own.
#[must_use]
pub fn words_of(network: &str, facilities: &[Facility], account: &Account) -> Vec<String> {
    let own = |facility: &&Facility| {
        let mut memberships = account.memberships.iter();
        memberships.any(|m| m.facility == facility.id)
    };
    let facilities = facilities.iter().filter(own);
    let named = facilities.flat_map(|f| {
        let names = [&f.name, &f.name_en, &f.short, &f.badge].map(String::as_str);
        names.into_iter().chain([f.code.as_str()])
    });
    let own = [network, &account.name, &account.sign_in_name, PRODUCT];
    let mut words: Vec<String> = own
        .into_iter()
        .chain(named)
        // A name is a word as it stands, and so is each part of it.
        .flat_map(|name| std::iter::once(name).chain(parts(name)))
        .filter(|word| word.len() >= WORD_BYTES_MIN)
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words.dedup();
    words
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
}

/// Checks a password as it was chosen, and gives it back.
///
/// # Errors
/// `ACC-002` for one that is too short or too long, or one character again and again; `ACC-009` where one of the
/// words is in it; `ACC-010` where it is easily guessed; `ACC-011` where it is known from a breach. Those of the
/// list, where it cannot be read.
pub fn chosen<'a>(
    typed: &'a str,
    words: &[String],
    breached: Option<&Breached>,
) -> Result<&'a str, Fault> {
    if typed.len() > PASSWORD_BYTES_MAX || typed.chars().count() < CHARS_MIN {
        return Err(Fault::new(Code::PasswordWeak, "too short or too long"));
    }
    let first = typed.chars().next();
    if typed.chars().all(|c| Some(c) == first) {
        return Err(Fault::new(Code::PasswordWeak, "one character"));
    }
    let lower = typed.to_lowercase();
    if words.iter().any(|word| lower.contains(word.as_str())) {
        return Err(Fault::new(Code::PasswordOfHere, "a word of the context"));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if zxcvbn(typed, &words).score() < Score::Three {
        return Err(Fault::new(Code::PasswordCommon, "easily guessed"));
    }
    if breached.map(|list| list.holds(typed)).transpose()? == Some(true) {
        return Err(Fault::new(Code::PasswordBreached, "in the list"));
    }
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_core::ports::Membership;
    use tasuki_model::facility::{Offers, Part, Shape};
    use tasuki_model::{CommunityId, FacilityCode, FacilityId, Oid, Role, UserId};

    fn facility(id: &str, name: &str, name_en: &str) -> Facility {
        Facility {
            id: FacilityId::new(id).unwrap(),
            code: FacilityCode::new("1311234567").unwrap(),
            community: CommunityId::new("2.25.1").unwrap(),
            authority: Oid::new("1.2.3").unwrap(),
            name: name.to_owned(),
            name_en: name_en.to_owned(),
            short: "架空".to_owned(),
            badge: "K".to_owned(),
            shape: Shape::Disc,
            part: Part::Disclosing,
            phone: String::new(),
            offers: Offers::default(),
        }
    }

    fn words() -> Vec<String> {
        let account = Account {
            id: UserId::new("u-1").unwrap(),
            sign_in_name: "mizusawa".to_owned(),
            name: "水沢 Ichiro".to_owned(),
            password_hash: String::new(),
            memberships: vec![Membership {
                facility: FacilityId::new("home").unwrap(),
                role: Role::Physician,
                section: String::new(),
            }],
            disabled: false,
            expires: None,
        };
        let all = [
            facility("home", "架空総合病院", "Kaku General"),
            facility("away", "みなと病院", "Minato"),
        ];
        words_of("Futaba Net", &all, &account)
    }

    #[test]
    fn words_of_here_are_refused_however_they_are_written() {
        let words = words();
        for typed in [
            "xk-Tasuki-9217-vq",
            "xk-FUTABA-9217-vq",
            "xk-kaku-9217-vq-p",
            "xk-架空総合病院-9217",
            "xk-架空-9217-vq-pw",
            "xk-mizusawa-9217-vq",
            "xk-ICHIRO-9217-vq",
            "xk-水沢-9217-vq-pw",
            "xk1311234567-vq-pw",
        ] {
            let fault = chosen(typed, &words, None).unwrap_err();
            assert_eq!(fault.code, Code::PasswordOfHere, "{typed}");
        }
        // Another facility's, and a letter that stands in every second password, are none.
        for typed in ["xk-minato-9217-vq", "K9k-river-lantern"] {
            assert!(chosen(typed, &words, None).is_ok(), "{typed}");
        }
    }

    #[test]
    fn common_passwords_are_refused_and_long_ones_of_some_words_are_not() {
        fn code(typed: &str) -> Result<&str, Code> {
            chosen(typed, &[], None).map_err(|fault| fault.code)
        }
        for common in [
            "password1234",
            "Passw0rd1234",
            "qwertyuiop12",
            "123456789012",
            "iloveyou1234",
            "qazwsxedcrfv",
            "abcabcabcabc",
            "administrator",
        ] {
            assert_eq!(code(common), Err(Code::PasswordCommon), "{common}");
        }
        for good in [
            "hana-to-midori-42",
            "河の向こうの青い灯台と白い舟",
            "vx7#Lq-9mTz!e2",
        ] {
            assert_eq!(code(good), Ok(good));
        }
        for (typed, why) in [("short", "short"), ("aaaaaaaaaaaaaa", "one character")] {
            assert_eq!(code(typed), Err(Code::PasswordWeak), "{why}");
        }
        assert_eq!(code(&"x1".repeat(129)), Err(Code::PasswordWeak), "long");
    }
}
