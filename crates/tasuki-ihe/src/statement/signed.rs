//! What one Tasuki states to another, signed: a JSON text as it stands, and its signature beside it.
//!
//! ```text
//! <Statement xmlns="urn:tasuki:statement:1">
//!   <Text>base64 of the JSON</Text>
//!   <Signature method="URI of a SignatureMethod">base64</Signature>
//! </Statement>
//! ```

use super::facility::FacilityTold;
use super::link::{LinkAsked, LinkTakenBack};
use super::link_answer::LinkAnswer;
use super::misfiled::MisfiledDocument;
use super::viewed::Viewed;
use super::withdrawal::Withdrawn;
use crate::continuation::random_id;
use crate::soap::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, Instant};
use tasuki_wire::saml::{PlainSignature, SigningKey, VerifyingKey, sign_plain, verify_plain};
use tasuki_wire::xml::{Document, Element, Namespace, document};

const NAMESPACE: &str = "urn:tasuki:statement:1";
/// What the signature is for.
const USE: &str = "tasuki statement 1";
/// The version of the text.
const VERSION: u32 = 1;
/// Bytes of the text.
const TEXT_BYTES_MAX: usize = 32 * 1024;
/// For how long a statement is taken after it was made, and how far clocks may be apart, in seconds.
const LIFETIME_SECONDS: i64 = 300;

/// What is stated: one kind a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Told {
    /// Copies of a patient are to go.
    Withdrawal(Withdrawn),
    /// A document names another patient inside.
    Misfiled(MisfiledDocument),
    /// A facility is asked to tie a patient's IDs.
    LinkRequest(Box<LinkAsked>),
    /// Such a request is taken back.
    LinkTakenBack(LinkTakenBack),
    /// What became of such a request.
    LinkAnswer(LinkAnswer),
    /// A facility of the sender's, and what it takes in.
    Facility(FacilityTold),
    /// Who has viewed copies of the recipient's documents.
    Viewed(Viewed),
}

impl Told {
    /// Its kind, for the audit trail.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Withdrawal(_) => "withdrawal",
            Self::Misfiled(_) => "misfiled",
            Self::LinkRequest(_) => "link-request",
            Self::LinkTakenBack(_) => "link-taken-back",
            Self::LinkAnswer(_) => "link-answer",
            Self::Facility(_) => "facility",
            Self::Viewed(_) => "viewed",
        }
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    version: u32,
    /// Its id: it is taken once.
    pub id: String,
    /// Who states it.
    pub from: CommunityId,
    /// To whom.
    pub to: CommunityId,
    /// When it was made, in microseconds.
    made: i64,
    /// What.
    pub told: Told,
}

/// Statements that came before are forgotten: they are too old to be taken again.
pub(super) fn forgotten(now: Instant) -> Instant {
    now.plus_seconds(-3 * LIFETIME_SECONDS)
}

/// What is answered to one that was taken.
pub(super) fn taken() -> Document {
    document(Namespace::new("", NAMESPACE), "Taken", |_| ())
}

impl Statement {
    /// A statement of now.
    ///
    /// # Errors
    /// A fault where there is no randomness.
    pub fn new(
        from: &CommunityId,
        to: &CommunityId,
        told: Told,
        now: Instant,
    ) -> Result<Self, Fault> {
        let id = random_id().map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
        Ok(Self {
            version: VERSION,
            id,
            from: from.clone(),
            to: to.clone(),
            made: now.micros(),
            told,
        })
    }

    /// Signed, as the body of a message.
    ///
    /// # Errors
    /// A fault where it cannot be signed.
    pub fn sign(&self, key: &SigningKey) -> Result<Document, Fault> {
        let failed = |e: &dyn std::fmt::Display| Fault::new(Code::InternalFault, e.to_string());
        let text = serde_json::to_vec(self).map_err(|e| failed(&e))?;
        let signature = sign_plain(key, USE, &text).map_err(|e| failed(&e))?;
        let namespace = Namespace::new("", NAMESPACE);
        Ok(document(namespace, "Statement", |start| {
            start.content(|w| {
                w.element(namespace, "Text").text(&STANDARD.encode(&text));
                w.element(namespace, "Signature")
                    .attribute("method", &signature.method)
                    .text(&STANDARD.encode(&signature.bytes));
            });
        }))
    }

    /// Reads one, once one of the keys has signed it.
    ///
    /// # Errors
    /// `WDR-001` where none has, or where it is none.
    pub fn open(body: &Element, keys: &[VerifyingKey]) -> Result<Self, Problem> {
        let forged = |place: &str| Problem::new(Code::StatementForged, place);
        if *body.namespace != *NAMESPACE || &*body.name != "Statement" {
            return Err(forged("Statement"));
        }
        let decode = |name: &'static str| {
            let element = body.first(name).ok_or_else(|| forged(name))?;
            let text = element.text();
            let bytes = STANDARD.decode(text.trim()).map_err(|_| forged(name))?;
            Ok::<_, Problem>((element, bytes))
        };
        let (_, text) = decode("Text")?;
        let (element, bytes) = decode("Signature")?;
        let method = element.attribute("method").unwrap_or_default().to_owned();
        let signature = PlainSignature { method, bytes };
        if text.len() > TEXT_BYTES_MAX || !verify_plain(keys, USE, &text, &signature) {
            return Err(forged("Signature"));
        }
        let read: Self = serde_json::from_slice(&text).map_err(|_| forged("Text"))?;
        match read.version == VERSION {
            true => Ok(read),
            false => Err(forged("version")),
        }
    }

    /// Whether it is of this sender, for this recipient, and of now.
    ///
    /// # Errors
    /// `WDR-001` for another's; `WDR-003` for one of another time or recipient.
    pub fn fits(&self, from: &CommunityId, to: &CommunityId, now: Instant) -> Result<(), Problem> {
        if self.from != *from {
            return Err(Problem::new(Code::StatementForged, "from"));
        }
        let age = now.seconds_since(Instant::from_micros(self.made));
        match self.to == *to && age.abs() <= LIFETIME_SECONDS {
            true => Ok(()),
            false => Err(Problem::new(Code::StatementStale, "to, made")),
        }
    }
}
