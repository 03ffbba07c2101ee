//! A multipart body as it comes: bytes in, events out, nothing held but a part's header.

use super::head::bare;
use super::{Limits, MediaType, MtomError, PartHead};
use memchr::memmem::Finder;

/// What a body consists of, in order: `Begin (Bytes)* End` for each part, then `Done`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// A part begins.
    Begin(PartHead),
    /// Some of its content.
    Bytes(&'a [u8]),
    /// It ends.
    End,
    /// The last part has ended.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first part, or in one.
    Content,
    /// On the line of a boundary.
    Line,
    /// In the header of a part.
    Head,
    /// After the last part.
    Closed,
}

/// Takes a multipart body apart.
#[derive(Debug)]
pub struct Multipart {
    /// A line end, two dashes, the boundary.
    delimiter: Vec<u8>,
    finder: Finder<'static>,
    start: Option<String>,
    limits: Limits,
    state: State,
    /// How much of the delimiter the bytes so far end in. They are not kept: they are known.
    matched: usize,
    /// Lines of a boundary or header under way.
    lines: Vec<u8>,
    parts: usize,
    within: bool,
    total: u64,
}

/// RFC 2046 §5.1.1.
const BOUNDARY_MAX: usize = 70;

impl Multipart {
    /// For a body of this `Content-Type`.
    ///
    /// # Errors
    /// [`MtomError::MediaType`] where it is not `multipart/related` of XOP, or has no boundary.
    pub fn new(media_type: &MediaType, limits: Limits) -> Result<Self, MtomError> {
        let wrong = |what| Err(MtomError::MediaType { what });
        if media_type.essence != "multipart/related" {
            return wrong("not multipart/related");
        }
        let kind = media_type.parameter("type").map(str::to_ascii_lowercase);
        if kind.is_some_and(|kind| kind != super::ROOT_MEDIA_TYPE) {
            return wrong("type is not application/xop+xml");
        }
        let boundary = media_type.parameter("boundary").unwrap_or_default();
        let written = boundary.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if boundary.is_empty() || boundary.len() > BOUNDARY_MAX || !written {
            return wrong("no boundary of 1 to 70 characters");
        }
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        Ok(Self {
            finder: Finder::new(&delimiter).into_owned(),
            delimiter,
            start: media_type.parameter("start").map(bare),
            limits,
            state: State::Content,
            // The first boundary needs no line end before it.
            matched: 2,
            lines: Vec::new(),
            parts: 0,
            within: false,
            total: 0,
        })
    }

    /// Whether the part that began last is the envelope: the one that `start` names, else the first
    /// (RFC 2387 §3.2).
    #[must_use]
    pub fn is_root(&self, head: &PartHead) -> bool {
        match &self.start {
            Some(start) => head.content_id.as_ref() == Some(start),
            None => self.parts == 1,
        }
    }

    /// The next event, taking from `input` what it needs; nothing when all of it is taken.
    ///
    /// # Errors
    /// [`MtomError`]; the body cannot be read further.
    pub fn next<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'a>>, MtomError> {
        loop {
            if input.is_empty() {
                return Ok(None);
            }
            match self.state {
                State::Closed => drop(self.take(input, input.len())?),
                State::Line => {
                    if self.boundary_line(input)? {
                        return Ok(Some(Event::Done));
                    }
                }
                State::Head => {
                    if let Some(head) = self.head(input)? {
                        return Ok(Some(Event::Begin(head)));
                    }
                }
                State::Content => match self.content(input)? {
                    Found::Nothing => {}
                    Found::Held(held) => {
                        let held = self.delimiter.get(..held).unwrap_or_default();
                        return Ok(Some(Event::Bytes(held)));
                    }
                    Found::Bytes(bytes) => return Ok(Some(Event::Bytes(bytes))),
                    Found::End => return Ok(Some(Event::End)),
                },
            }
        }
    }

    /// To be called when no more bytes come.
    ///
    /// # Errors
    /// [`MtomError::Boundary`] or [`MtomError::Unended`] where the body is not whole.
    pub const fn finish(&self) -> Result<(), MtomError> {
        match (self.state, self.parts) {
            (State::Closed, _) => Ok(()),
            (State::Content, 0) => Err(MtomError::Boundary),
            (_, part) => Err(MtomError::Unended { part }),
        }
    }

    fn take<'i>(&mut self, input: &mut &'i [u8], count: usize) -> Result<&'i [u8], MtomError> {
        let (taken, rest) = input.split_at_checked(count).unwrap_or((*input, &[]));
        *input = rest;
        self.total += taken.len() as u64;
        if self.total > self.limits.bytes {
            let limit = self.limits.bytes;
            return Err(MtomError::TooLarge { limit });
        }
        if self.parts == 0 && self.total > self.limits.head as u64 {
            return Err(MtomError::Boundary);
        }
        Ok(taken)
    }

    fn content<'i>(&mut self, input: &mut &'i [u8]) -> Result<Found<'i>, MtomError> {
        if self.matched > 0 {
            return self.go_on(input);
        }
        let bytes = match self.finder.find(input) {
            Some(0) => {
                self.take(input, self.delimiter.len())?;
                return Ok(self.at_boundary());
            }
            Some(at) => self.take(input, at)?,
            None => {
                let rest = begun(input, &self.delimiter);
                let bytes = self.take(input, input.len() - rest)?;
                self.matched = self.take(input, rest)?.len();
                bytes
            }
        };
        Ok(match self.within && !bytes.is_empty() {
            true => Found::Bytes(bytes),
            false => Found::Nothing,
        })
    }

    /// Goes on with a delimiter that has begun. A return stands only at its start, so that bytes
    /// which turn out to be none of it hold no other beginning.
    fn go_on<'i>(&mut self, input: &mut &'i [u8]) -> Result<Found<'i>, MtomError> {
        let wanted = self.delimiter.get(self.matched..).unwrap_or_default();
        let same = wanted.iter().zip(input.iter());
        let same = same.take_while(|(a, b)| a == b).count();
        if same == wanted.len() {
            self.take(input, same)?;
            return Ok(self.at_boundary());
        }
        if same == input.len() {
            self.take(input, same)?;
            self.matched += same;
            return Ok(Found::Nothing);
        }
        let held = std::mem::take(&mut self.matched);
        Ok(match self.within {
            true => Found::Held(held),
            false => Found::Nothing,
        })
    }

    fn at_boundary<'i>(&mut self) -> Found<'i> {
        self.matched = 0;
        self.lines.clear();
        self.state = State::Line;
        match std::mem::replace(&mut self.within, false) {
            true => Found::End,
            false => Found::Nothing,
        }
    }

    /// What follows the boundary on its line; true at the last one.
    fn boundary_line(&mut self, input: &mut &[u8]) -> Result<bool, MtomError> {
        let part = self.parts + 1;
        let wrong = |what| MtomError::Head { part, what };
        while let Some(&byte) = self.take(input, 1)?.first() {
            self.lines.push(byte);
            match self.lines.as_slice() {
                b"--" => {
                    self.state = State::Closed;
                    return Ok(true);
                }
                b"-" | b"\r" => {}
                b"\r\n" => {
                    self.parts = part;
                    if part > self.limits.parts {
                        let limit = self.limits.parts;
                        return Err(MtomError::Parts { limit });
                    }
                    self.lines.clear();
                    self.state = State::Head;
                    return Ok(false);
                }
                // Padding (RFC 2046 §5.1.1).
                b" " | b"\t" => self.lines.clear(),
                _ => return Err(wrong("a boundary's line does not end in CR LF")),
            }
        }
        Ok(false)
    }

    fn head(&mut self, input: &mut &[u8]) -> Result<Option<PartHead>, MtomError> {
        while let Some(&byte) = self.take(input, 1)?.first() {
            self.lines.push(byte);
            if self.lines.len() > self.limits.head {
                let what = "a header too long";
                return Err(MtomError::Head {
                    part: self.parts,
                    what,
                });
            }
            if self.lines.ends_with(b"\r\n\r\n") || self.lines == b"\r\n" {
                let head = PartHead::parse(&self.lines, self.parts)?;
                self.state = State::Content;
                self.within = true;
                return Ok(Some(head));
            }
        }
        Ok(None)
    }
}

enum Found<'i> {
    Nothing,
    /// So much of the delimiter was content after all.
    Held(usize),
    Bytes(&'i [u8]),
    End,
}

/// How many of the last bytes are the beginning of the delimiter.
fn begun(bytes: &[u8], delimiter: &[u8]) -> usize {
    let from = bytes.len().saturating_sub(delimiter.len() - 1);
    let tail = bytes.get(from..).unwrap_or_default();
    let last = memchr::memrchr(b'\r', tail).and_then(|at| tail.get(at..));
    let begun = last.filter(|rest| delimiter.starts_with(rest));
    begun.map_or(0, <[u8]>::len)
}
