//! The gate. Patient data leaves only as [`Released`], and a listener sends only [`Egress`].
//!
//! `Released<T>` has no public constructor: a [`Grant`](crate::policy::Grant) makes it from
//! [`Labelled`] items, and takes away what the grant does not cover. `Egress` has none either: it
//! is made from a `Released` or from a [`NonClinical`] of the closed list.
//!
//! Each way round the gate is a compile error. Making `Released` by hand:
//!
//! ```compile_fail,E0451
//! use tasuki_core::release::{Receipt, Released};
//! let leaked = Released { value: "花子", receipt: Receipt::default() };
//! ```
//!
//! or by its constructor:
//!
//! ```compile_fail,E0624
//! use tasuki_core::release::{Receipt, Released};
//! let leaked = Released::new("花子", Receipt::default());
//! ```
//!
//! Taking the item off its label without a grant:
//!
//! ```compile_fail,E0624
//! use tasuki_core::Labelled;
//! fn leak(item: Labelled<String>) -> String {
//!     item.into_parts().1
//! }
//! ```
//!
//! Making a grant without a decision:
//!
//! ```compile_fail,E0451
//! use tasuki_core::policy::{Caller, Grant};
//! fn forge(caller: Caller, person: tasuki_model::PersonId) -> Grant {
//!     Grant { caller, person, open: Default::default(), shared: None }
//! }
//! ```
//!
//! Sending bytes that were not released:
//!
//! ```compile_fail,E0308
//! use tasuki_core::Egress;
//! use tasuki_core::audit::Action;
//! use tasuki_core::release::Body;
//! let leaked = Egress::released(Action::ChartView, Body::html("花子".to_owned()));
//! ```
//!
//! or streaming them:
//!
//! ```compile_fail,E0308
//! use tasuki_core::Egress;
//! use tasuki_core::audit::Action;
//! use tasuki_core::release::Stream;
//! let stream = Stream { media_type: String::new(), pieces: Vec::new() };
//! let leaked = Egress::streamed(Action::DocumentView, stream);
//! ```
//!
//! Showing gathered items without their reports:
//!
//! ```compile_fail,E0616
//! use tasuki_core::Gathered;
//! fn forget(gathered: Gathered<Vec<String>>) -> Vec<String> {
//!     gathered.items
//! }
//! ```

mod stream;

pub use stream::{Piece, Pieces, Stored, Stream};

use crate::audit::Action;
use ring::digest::{Context, SHA256};
use std::borrow::Cow;
use tasuki_model::{Labels, PatientKey};

/// An item of patient data with what the policy must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled<T> {
    labels: Labels,
    item: T,
}

impl<T> Labelled<T> {
    /// Labels an item. Anyone may; only a grant takes the label off.
    pub fn new(labels: Labels, item: T) -> Self {
        Self { labels, item }
    }

    /// The labels.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Makes something of the item; the label stays on.
    pub fn map<U>(self, make: impl FnOnce(&Labels, T) -> U) -> Labelled<U> {
        let item = make(&self.labels, self.item);
        Labelled {
            labels: self.labels,
            item,
        }
    }

    /// The item together with its facility, which a screen names beside every fact.
    pub fn with_facility(self) -> Labelled<(tasuki_model::FacilityId, T)> {
        self.map(|labels, item| (labels.facility.clone(), item))
    }

    pub(crate) fn into_parts(self) -> (Labels, T) {
        (self.labels, self.item)
    }
}

/// What was let out, for the audit event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Registrations whose data left.
    pub patients: Vec<PatientKey>,
    /// How many items left.
    pub items: u64,
    /// How many the policy took away.
    pub withheld: u64,
    /// SHA-256 over the ids of the documents in order.
    pub digest: Option<String>,
}

impl Receipt {
    /// A receipt of labelled items.
    pub(crate) fn over<'a>(kept: impl Iterator<Item = &'a Labels>, withheld: u64) -> Self {
        let mut tally = Tally::new();
        kept.for_each(|labels| tally.count(labels));
        tally.receipt(withheld)
    }

    fn join(mut self, other: Self) -> Self {
        for patient in other.patients {
            if !self.patients.contains(&patient) {
                self.patients.push(patient);
            }
        }
        self.items += other.items;
        self.withheld += other.withheld;
        self.digest = match (self.digest, other.digest) {
            (Some(a), Some(b)) => {
                let mut context = Context::new(&SHA256);
                context.update(a.as_bytes());
                context.update(b.as_bytes());
                Some(hex(context.finish().as_ref()))
            }
            (a, b) => a.or(b),
        };
        self
    }
}

/// A receipt that is being written, item by item.
struct Tally {
    receipt: Receipt,
    context: Context,
    documents: bool,
}

impl Tally {
    fn new() -> Self {
        Self {
            receipt: Receipt::default(),
            context: Context::new(&SHA256),
            documents: false,
        }
    }

    fn count(&mut self, labels: &Labels) {
        let patients = &mut self.receipt.patients;
        self.receipt.items += 1;
        if !patients.contains(&labels.patient_key) {
            patients.push(labels.patient_key.clone());
        }
        if let Some(document) = &labels.document {
            self.documents = true;
            self.context.update(document.as_str().as_bytes());
            self.context.update(b"\n");
        }
    }

    fn receipt(self, withheld: u64) -> Receipt {
        let digest = self.documents.then(|| hex(self.context.finish().as_ref()));
        Receipt {
            withheld,
            digest,
            ..self.receipt
        }
    }
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
            let _ = write!(text, "{b:02x}");
            text
        })
}

/// Patient data that a grant has let out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released<T> {
    value: T,
    receipt: Receipt,
}

impl<T> Released<Vec<T>> {
    /// The items whose labels are covered; the rest are taken away and counted. Only the policy
    /// says what is covered.
    pub(crate) fn covered(items: Vec<Labelled<T>>, covers: impl Fn(&Labels) -> bool) -> Self {
        let asked = items.len();
        let mut tally = Tally::new();
        let kept = items.into_iter().filter(|i| covers(i.labels()));
        let kept: Vec<T> = kept
            .map(|item| {
                tally.count(item.labels());
                item.item
            })
            .collect();
        let withheld = (asked - kept.len()) as u64;
        Self::new(kept, tally.receipt(withheld))
    }
}

impl<T> Released<T> {
    /// Only the policy engine calls this.
    pub(crate) fn new(value: T, receipt: Receipt) -> Self {
        Self { value, receipt }
    }

    /// Makes something of what was released: a merged list, a page. What was not released does
    /// not come back by this.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Released<U> {
        Released {
            value: make(self.value),
            receipt: self.receipt,
        }
    }

    /// The same, where the making can fail.
    pub fn try_map<U, E>(self, make: impl FnOnce(T) -> Result<U, E>) -> Result<Released<U>, E> {
        Ok(Released {
            value: make(self.value)?,
            receipt: self.receipt,
        })
    }

    /// Two released things together.
    pub fn zip<U>(self, other: Released<U>) -> Released<(T, U)> {
        Released {
            value: (self.value, other.value),
            receipt: self.receipt.join(other.receipt),
        }
    }

    /// The same, where the other thing need not be there.
    pub fn zip_option<U>(self, other: Option<Released<U>>) -> Released<(T, Option<U>)> {
        match other {
            Some(other) => self.zip(other.map(Some)),
            None => self.map(|value| (value, None)),
        }
    }

    /// A look at what was released.
    pub fn view(&self) -> &T {
        &self.value
    }

    /// What was let out.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}

/// What may leave although no grant released it: it holds no patient's data. The list is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NonClinical {
    /// A page or message of the network itself: sign-in, help, an error, an acknowledgement.
    Notice(Body),
    /// A file of the product: style, script, font.
    Asset(Body),
    /// Health and metrics of this node, without patient data.
    Health(Body),
    /// A redirection to another address of this node.
    Redirect(String),
}

/// Bytes and their media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// `Content-Type`.
    pub media_type: Cow<'static, str>,
    /// The bytes.
    pub bytes: Cow<'static, [u8]>,
}

impl Body {
    /// An HTML page.
    #[must_use]
    pub fn html(page: String) -> Self {
        Self {
            media_type: Cow::Borrowed("text/html; charset=utf-8"),
            bytes: Cow::Owned(page.into_bytes()),
        }
    }

    /// Bytes of a given media type.
    #[must_use]
    pub fn new(media_type: impl Into<Cow<'static, str>>, bytes: Vec<u8>) -> Self {
        Self {
            media_type: media_type.into(),
            bytes: Cow::Owned(bytes),
        }
    }

    /// Bytes that are part of the program.
    #[must_use]
    pub fn fixed(media_type: &'static str, bytes: &'static [u8]) -> Self {
        Self {
            media_type: Cow::Borrowed(media_type),
            bytes: Cow::Borrowed(bytes),
        }
    }
}

/// What may leave a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Egress {
    payload: Payload,
    receipt: Option<(Action, Receipt)>,
}

/// The content of an [`Egress`], for the one file per edge that writes it to a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// A body.
    Body(Body),
    /// A body that is read while it leaves.
    Stream(Stream),
    /// A redirection.
    Redirect(String),
}

impl Egress {
    /// Released data leaves. The action says what the audit event will call it.
    #[must_use]
    pub fn released(action: Action, released: Released<Body>) -> Self {
        Self {
            payload: Payload::Body(released.value),
            receipt: Some((action, released.receipt)),
        }
    }

    /// Released data leaves that is read while it leaves.
    #[must_use]
    pub fn streamed(action: Action, released: Released<Stream>) -> Self {
        Self {
            payload: Payload::Stream(released.value),
            receipt: Some((action, released.receipt)),
        }
    }

    /// Something of the closed list leaves.
    #[must_use]
    pub fn non_clinical(what: NonClinical) -> Self {
        let payload = match what {
            NonClinical::Notice(b) | NonClinical::Asset(b) | NonClinical::Health(b) => {
                Payload::Body(b)
            }
            NonClinical::Redirect(to) => Payload::Redirect(to),
        };
        Self {
            payload,
            receipt: None,
        }
    }

    /// What is to be audited, where patient data leaves.
    #[must_use]
    pub fn receipt(&self) -> Option<&(Action, Receipt)> {
        self.receipt.as_ref()
    }

    /// Bytes in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.payload {
            Payload::Body(body) => body.bytes.len() as u64,
            Payload::Stream(stream) => stream.size(),
            Payload::Redirect(_) => 0,
        }
    }

    /// The content, for the socket.
    #[must_use]
    pub fn into_payload(self) -> Payload {
        self.payload
    }
}
