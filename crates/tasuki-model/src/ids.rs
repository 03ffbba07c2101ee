//! Identifiers. Each is its own type, so that a local patient ID can never be passed where a
//! person's handle is meant. All are text: that is what every standard here exchanges. Labels carry
//! them beside every fact, so a clone copies no text.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct IdError {
    /// Which identifier was asked for.
    pub what: &'static str,
    /// What is wrong with the text.
    pub why: &'static str,
}

/// The longest identifier text accepted anywhere, in bytes. The longest a standard allows is the
/// 256 of an XDS `uniqueId` with extension (ITI TF-3, 4.2.3.2.26).
pub const ID_BYTES_MAX: usize = 256;

fn plain(what: &'static str, text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError { what, why: "empty" });
    }
    if text.len() > ID_BYTES_MAX {
        return Err(IdError {
            what,
            why: "longer than 256 bytes",
        });
    }
    if text.chars().any(char::is_control) {
        return Err(IdError {
            what,
            why: "has a control character",
        });
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(SmolStr);

        impl $name {
            /// Checks the text and takes it.
            pub fn new(text: &str) -> Result<Self, IdError> {
                plain($what, text)?;
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(text)?;
                Ok(Self(text.into()))
            }

            /// The text as it is exchanged.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Dotted decimal without leading zeros, at most 64 characters (ISO/IEC 9834-1; DICOM PS3.5, 9.1).
fn oid(text: &str) -> Result<(), IdError> {
    let bad = |why| Err(IdError { what: "OID", why });
    if text.len() > 64 {
        return bad("longer than 64 characters");
    }
    for arc in text.split('.') {
        if arc.is_empty() || !arc.bytes().all(|b| b.is_ascii_digit()) {
            return bad("not dotted decimal");
        }
        if arc.len() > 1 && arc.starts_with('0') {
            return bad("an arc with a leading zero");
        }
    }
    Ok(())
}

fn ten_digits(text: &str) -> Result<(), IdError> {
    if text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(IdError {
            what: "医療機関コード",
            why: "not ten digits",
        })
    }
}

fn any(_: &str) -> Result<(), IdError> {
    Ok(())
}

text_id!(
    /// An object identifier in dotted decimal, without `urn:oid:`.
    Oid, "OID", oid
);
text_id!(
    /// The home community id of a community, an OID without `urn:oid:` (ITI TF-1, 18.3.1).
    CommunityId, "home community id", oid
);
text_id!(
    /// Our own stable id of a facility; its 医療機関コード may change, this does not.
    FacilityId, "facility id", any
);
text_id!(
    /// 医療機関コード: prefecture 2, fee table 1, institution 7; ten digits.
    FacilityCode, "医療機関コード", ten_digits
);
text_id!(
    /// A patient ID as one facility issued it (HL7 CX-1, SS-MIX2 患者ID).
    LocalPatientId, "patient ID", any
);
text_id!(
    /// The storage key of one registration. Random; says nothing of the patient.
    PatientKey, "patient key", any
);
text_id!(
    /// An opaque handle of a person, as used in addresses of the portal.
    PersonId, "person id", any
);
text_id!(
    /// The patient id that a community issues for XDS; never used again for another patient.
    XadPid, "XAD-PID", any
);
text_id!(
    /// XDS `DocumentEntry.uniqueId` (ITI TF-3, 4.2.3.2.26).
    UniqueId, "uniqueId", any
);
text_id!(
    /// XDS `entryUUID`, without `urn:uuid:`; also the key of a stored document.
    EntryUuid, "entryUUID", any
);
text_id!(
    /// XDS `repositoryUniqueId`, an OID.
    RepositoryId, "repositoryUniqueId", oid
);
text_id!(
    /// The id of a user's account.
    UserId, "user id", any
);

text_id!(
    /// A line of the clerk's queue of identities. Stands in addresses, so it is random.
    ReviewId,
    "review id",
    any
);

text_id!(
    /// One gathering of a person's records for one chart visit. Stands in addresses: random.
    GatherId,
    "gathering id",
    any
);

text_id!(
    /// One terminal of a facility. Stands in addresses: random.
    TerminalId,
    "terminal id",
    any
);

text_id!(
    /// One declaration of disaster mode. Stands in forms: random.
    DisasterId,
    "disaster id",
    any
);

text_id!(
    /// One consent of a patient. Stands in addresses: random.
    ConsentId,
    "consent id",
    any
);

text_id!(
    /// One emergency: who found whom, and the grant that came of it. Stands in addresses: random.
    EmergencyId,
    "emergency id",
    any
);

text_id!(
    /// A line of the privacy officer's queue. Stands in forms: random.
    WatchId,
    "watch id",
    any
);

text_id!(
    /// A request to tie two facilities' IDs of a patient. Stands in addresses: random.
    RequestId,
    "request id",
    any
);

text_id!(
    /// A copy of another community's document. Stands in addresses: random.
    CopyId,
    "copy id",
    any
);

impl EntryUuid {
    /// The id of a URN: `urn:uuid:` before a UUID in any case, with or without dashes.
    ///
    /// # Errors
    /// Where the text is no such URN.
    pub fn from_urn(urn: &str) -> Result<Self, IdError> {
        let wrong = |why| IdError {
            what: "entryUUID",
            why,
        };
        let uuid = urn.strip_prefix("urn:uuid:");
        let uuid = uuid.ok_or_else(|| wrong("does not begin with urn:uuid:"))?;
        let digits: String = uuid.chars().filter(|c| *c != '-').collect();
        let dashes = uuid.len() - digits.len();
        let hex = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex || !matches!(dashes, 0 | 4) {
            return Err(wrong("is not a UUID"));
        }
        Ok(Self(digits.to_ascii_lowercase().into()))
    }

    /// As it is exchanged: `urn:uuid:` and the UUID in lower case with dashes.
    #[must_use]
    pub fn urn(&self) -> String {
        let part = |from: usize, to: usize| self.0.get(from..to).unwrap_or_default();
        format!(
            "urn:uuid:{}-{}-{}-{}-{}",
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32)
        )
    }
}

impl FacilityCode {
    /// The assigning authority of patient IDs that this institution issues:
    /// `1.2.392.100495.20.3.51.1` followed by the ten digits (the form of the national FHIR
    /// specifications, JP Core `urn:oid` table).
    #[must_use]
    pub fn patient_authority(&self) -> Oid {
        Oid(format!("1.2.392.100495.20.3.51.1{}", self.0).into())
    }
}

/// One local patient ID in the domain that issued it: the key of everything clinical (HL7 CX).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Registration {
    /// Who issued the ID (CX-4).
    pub authority: Oid,
    /// The ID itself (CX-1).
    pub local_id: LocalPatientId,
}

/// A document wherever it is: repository and unique id. The home community is routing and is
/// resolved at use, so it is no part of the reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentRef {
    /// The repository that holds it.
    pub repository_id: RepositoryId,
    /// Its unique id.
    pub unique_id: UniqueId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oid_is_dotted_decimal() {
        assert!(Oid::new("1.2.392.100495").is_ok());
        for bad in ["", "1..2", "1.02", "urn:oid:1.2", "1.2.", "a.b"] {
            assert!(Oid::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_patient_authority_is_the_national_form() {
        let code = FacilityCode::new("1311234567").unwrap();
        assert_eq!(
            code.patient_authority().as_str(),
            "1.2.392.100495.20.3.51.11311234567"
        );
        assert!(Oid::new(code.patient_authority().as_str()).is_ok());
        assert!(FacilityCode::new("131123456").is_err());
    }

    #[test]
    fn an_entry_uuid_is_the_same_in_every_spelling() {
        let urn = "urn:uuid:0197c3a2-5b1c-7d11-8a44-0c5d2f3e4b6a";
        let id = EntryUuid::from_urn(&urn.replace("a2-", "A2-")).unwrap();
        assert_eq!(id.as_str(), "0197c3a25b1c7d118a440c5d2f3e4b6a");
        assert_eq!(id.urn(), urn);
        for bad in [
            "0197c3a2",
            "urn:uuid:",
            "urn:oid:1.2",
            "urn:uuid:0197c3a2-5b1c",
        ] {
            assert!(EntryUuid::from_urn(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_refuse_control_characters_and_endless_text() {
        assert!(LocalPatientId::new("00\r12").is_err());
        assert!(LocalPatientId::new(&"9".repeat(257)).is_err());
    }
}
