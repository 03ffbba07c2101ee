//! Takes the body of a request or answer apart as it comes: the envelope into memory, small contents
//! too, large ones to the store.

use std::sync::Arc;
use tasuki_core::ports::{Incoming, Spooling, Store};
use tasuki_core::{Code, Fault};
use tasuki_ihe::soap::Problem;
use tasuki_wire::mtom::{Attachments, Event, Limits, MediaType, MtomError, Multipart, PartHead};
use tasuki_wire::soap::{LIMITS, MEDIA_TYPE};

/// A content of at most so many bytes stays in memory.
const HERE_MAX: usize = 256 * 1024;
/// All contents in memory of one message together.
const ALL_HERE_MAX: usize = 4 * 1024 * 1024;

/// What a `Content-Type` says of a body.
pub(crate) struct Shape {
    media_type: MediaType,
    multipart: bool,
}

impl Shape {
    /// Reads a header value.
    pub fn of(text: &str) -> Result<Self, Problem> {
        let other = || Problem::new(Code::SoapMediaType, "Content-Type");
        let media_type = MediaType::parse(text).map_err(|_| other())?;
        let multipart = match media_type.essence.as_str() {
            MEDIA_TYPE => false,
            "multipart/related" => true,
            _ => return Err(other()),
        };
        Ok(Self {
            media_type,
            multipart,
        })
    }

    /// The action that it names.
    pub fn action(&self) -> Option<&str> {
        self.media_type.parameter("action")
    }
}

/// A message taken apart.
pub(crate) struct Taken {
    pub envelope: Vec<u8>,
    /// The action that the `Content-Type` of the envelope's part names.
    pub action: Option<String>,
    pub attachments: Option<Attachments<Incoming>>,
}

/// Where the bytes of a part go.
enum Place {
    Envelope,
    Here(Option<String>, Vec<u8>),
    Store(Option<String>, Box<dyn Spooling>),
}

/// A body under way.
pub(crate) struct Intake {
    store: Arc<dyn Store>,
    multipart: Option<Result<Multipart, MtomError>>,
    envelope: Option<Vec<u8>>,
    action: Option<String>,
    attachments: Attachments<Incoming>,
    place: Option<Place>,
    here: usize,
}

fn stored(fault: &Fault) -> Problem {
    tracing::error!(code = fault.code.id(), "{}", fault.inside);
    Problem::new(fault.code, "")
}

impl Intake {
    pub fn new(shape: &Shape, store: Arc<dyn Store>) -> Self {
        let reader = || Multipart::new(&shape.media_type, Limits::default());
        let multipart = shape.multipart.then(reader);
        Self {
            store,
            envelope: multipart.is_none().then(Vec::new),
            place: multipart.is_none().then_some(Place::Envelope),
            multipart,
            action: None,
            attachments: Attachments::default(),
            here: 0,
        }
    }

    /// Takes what came.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), Problem> {
        let mut reader = match self.multipart.take() {
            None => return self.add(bytes),
            Some(reader) => reader.map_err(Problem::from)?,
        };
        while let Some(event) = reader.next(&mut bytes)? {
            match event {
                Event::Begin(head) => {
                    let root = reader.is_root(&head);
                    self.begin(head, root)?;
                }
                Event::Bytes(bytes) => self.add(bytes)?,
                Event::End => self.end()?,
                Event::Done => {}
            }
        }
        self.multipart = Some(Ok(reader));
        Ok(())
    }

    fn begin(&mut self, head: PartHead, root: bool) -> Result<(), Problem> {
        if !root {
            self.place = Some(Place::Here(head.content_id, Vec::new()));
            return Ok(());
        }
        let media_type = head.media_type.as_deref().map(MediaType::parse);
        let media_type = media_type.transpose()?;
        self.action =
            media_type.and_then(|media_type| media_type.parameter("action").map(str::to_owned));
        if self.envelope.replace(Vec::new()).is_some() {
            let what = "has the Content-ID of the envelope";
            return Err(MtomError::Doubled { what }.into());
        }
        self.place = Some(Place::Envelope);
        Ok(())
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match &mut self.place {
            Some(Place::Envelope) => {
                let envelope = self.envelope.get_or_insert_default();
                if envelope.len() + bytes.len() > LIMITS.bytes {
                    let limit = format!("at most {} bytes", LIMITS.bytes);
                    return Err(Problem::new(Code::SoapTooLarge, limit));
                }
                envelope.extend_from_slice(bytes);
            }
            Some(Place::Store(_, spool)) => spool.write(bytes).map_err(|f| stored(&f))?,
            Some(Place::Here(id, kept)) => {
                let size = kept.len() + bytes.len();
                if size <= HERE_MAX && self.here + size <= ALL_HERE_MAX {
                    kept.extend_from_slice(bytes);
                    return Ok(());
                }
                let mut spool = self.store.spool().map_err(|f| stored(&f))?;
                spool.write(kept).map_err(|f| stored(&f))?;
                spool.write(bytes).map_err(|f| stored(&f))?;
                self.place = Some(Place::Store(id.take(), spool));
            }
            None => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let (id, content) = match self.place.take() {
            Some(Place::Here(id, kept)) => {
                self.here += kept.len();
                (id, Incoming::Here(kept))
            }
            Some(Place::Store(id, spool)) => {
                let spooled = spool.finish().map_err(|f| stored(&f))?;
                (id, Incoming::Spooled(spooled))
            }
            Some(Place::Envelope) | None => return Ok(()),
        };
        Ok(self.attachments.add(id, content)?)
    }

    /// When no more bytes come.
    pub fn finish(self) -> Result<Taken, Problem> {
        let attachments = match self.multipart {
            None => None,
            Some(reader) => {
                reader?.finish()?;
                Some(self.attachments)
            }
        };
        Ok(Taken {
            envelope: self.envelope.ok_or(MtomError::NoRoot)?,
            action: self.action,
            attachments,
        })
    }
}
