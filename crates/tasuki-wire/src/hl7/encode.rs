//! Writing a message: values in, escaped and encoded bytes out (HL7 v2.5 §2.6, §2.7).
//!
//! The delimiters are always `|^~\&`. MSH-1, MSH-2, MSH-18 and MSH-20 are the encoder's own: what a
//! message declares is what its bytes turned out to use.

use super::escape::escape_into;
use super::{Delimiters, Hl7Error, Segment, Value};
use crate::charset::{Charset, Encoded};

/// A subcomponent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sub {
    /// Nothing.
    #[default]
    Empty,
    /// `""`.
    Null,
    /// A text, not escaped.
    Text(String),
}

/// A component: its subcomponents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comp(pub Vec<Sub>);

/// A repetition: its components.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rep(pub Vec<Comp>);

/// A field: its repetitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field(pub Vec<Rep>);

impl From<&str> for Sub {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<String> for Sub {
    fn from(text: String) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }
}

macro_rules! raised {
    ($lower:ty => $level:ident) => {
        impl<T: Into<$lower>> From<T> for $level {
            fn from(part: T) -> Self {
                Self(vec![part.into()])
            }
        }
    };
}
raised!(Sub => Comp);
raised!(Comp => Rep);
raised!(Rep => Field);

/// Subcomponents to a component: `subs(["TAB", "錠", "MR9P"])`.
pub fn subs<T: Into<Sub>>(parts: impl IntoIterator<Item = T>) -> Comp {
    Comp(parts.into_iter().map(Into::into).collect())
}

/// Components to a repetition: `comps(["0012345", "", "", "", "PI"])`.
pub fn comps<T: Into<Comp>>(parts: impl IntoIterator<Item = T>) -> Rep {
    Rep(parts.into_iter().map(Into::into).collect())
}

/// Repetitions to a field.
pub fn reps<T: Into<Rep>>(parts: impl IntoIterator<Item = T>) -> Field {
    Field(parts.into_iter().map(Into::into).collect())
}

/// A segment being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentBuilder {
    name: String,
    fields: Vec<Field>,
    /// The highest field number asked for beyond [`MAX_FIELD`]; makes encoding fail.
    beyond: Option<usize>,
}

/// No segment of HL7 v2.5 comes near; a larger number is a mistake, not a reason to allocate.
const MAX_FIELD: usize = 200;

impl SegmentBuilder {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            fields: Vec::new(),
            beyond: None,
        }
    }

    /// Sets field `n`, from 1.
    pub fn set(&mut self, n: usize, value: impl Into<Field>) -> &mut Self {
        if n == 0 || n > MAX_FIELD {
            self.beyond = Some(n);
            return self;
        }
        if self.fields.len() < n {
            self.fields.resize_with(n, Field::default);
        }
        if let Some(slot) = self.fields.get_mut(n - 1) {
            *slot = value.into();
        }
        self
    }

    /// Sets field `n` to `""`.
    pub fn set_null(&mut self, n: usize) -> &mut Self {
        self.set(n, Sub::Null)
    }

    fn check(&self) -> Result<(), Hl7Error> {
        let bad = |field| {
            Err(Hl7Error::Unwritable {
                name: self.name.clone(),
                field,
            })
        };
        let named = self.name.len() == 3
            && self
                .name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && self.name.starts_with(|c: char| c.is_ascii_uppercase());
        match self.beyond {
            _ if !named => bad(0),
            Some(field) => bad(field),
            None => Ok(()),
        }
    }
}

/// A message being written. The first segment, MSH, is there from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageBuilder {
    header: SegmentBuilder,
    segments: Vec<SegmentBuilder>,
}

impl Default for MessageBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl MessageBuilder {
    /// A message with an empty header.
    pub fn new() -> Self {
        Self {
            header: SegmentBuilder::new("MSH"),
            segments: Vec::new(),
        }
    }

    /// The header; set fields from 3 on.
    pub fn header(&mut self) -> &mut SegmentBuilder {
        &mut self.header
    }

    /// Appends a segment.
    pub fn segment(&mut self, name: &str) -> &mut SegmentBuilder {
        self.segments.push_mut(SegmentBuilder::new(name))
    }

    /// Appends a segment just as another message has it: a query's parameters go back with the
    /// answer.
    pub fn copy(&mut self, segment: &Segment<'_>) -> &mut SegmentBuilder {
        let mut copied = SegmentBuilder::new(segment.name());
        for n in 1..=segment.separators() {
            copied.set(n, Field::copy_of(segment.field(n)));
        }
        self.segments.push_mut(copied)
    }

    /// Escapes, joins and encodes. `problems` of the result names characters that the charset
    /// lacks; offsets count characters of the joined message.
    pub fn encode(&self, charset: Charset) -> Result<Encoded, Hl7Error> {
        let body = self.join(None)?;
        // Which sets are used has to be known before the header can say so.
        let declared = declaration(charset, &charset.encode(&body));
        Ok(charset.encode(&self.join(Some(declared))?))
    }

    fn join(&self, declared: Option<(Field, &'static str)>) -> Result<String, Hl7Error> {
        let delimiters = Delimiters::default();
        let mut out = String::with_capacity(1024);
        let mut header = self.header.clone();
        header.check()?;
        if header
            .fields
            .iter()
            .take(2)
            .any(|field| *field != Field::default())
        {
            return Err(Hl7Error::Unwritable {
                name: header.name,
                field: 2,
            });
        }
        if let Some((msh18, msh20)) = declared {
            header.set(18, msh18).set(20, msh20);
        }
        out.push_str("MSH|^~\\&");
        write_fields(
            &mut out,
            header.fields.get(2..).unwrap_or_default(),
            &delimiters,
        );
        for segment in &self.segments {
            segment.check()?;
            out.push_str(&segment.name);
            write_fields(&mut out, &segment.fields, &delimiters);
        }
        Ok(out)
    }
}

impl Field {
    /// A field just as another message has it.
    pub fn copy_of(field: super::Field<'_>) -> Self {
        let comp = |comp: super::Comp<'_>| Comp(comp.subs().map(Sub::from).collect());
        let rep = |rep: super::Rep<'_>| Rep(rep.comps().map(comp).collect());
        Self(field.places().map(rep).collect())
    }
}

impl From<Value<'_>> for Sub {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Empty => Self::Empty,
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.into_owned()),
        }
    }
}

fn declaration(charset: Charset, trial: &Encoded) -> (Field, &'static str) {
    let name = match charset {
        Charset::Ascii => "ASCII",
        Charset::Latin1 => "8859/1",
        Charset::ShiftJis => "Shift_JIS",
        Charset::Utf8 => "UNICODE UTF-8",
        Charset::Iso2022 => {
            let sets = trial.sets;
            // JAHIS: the first repetition is empty (ASCII), the others are reached by escapes. IR87
            // is declared in any case, as every Japanese receiver expects it.
            let named = [
                (sets.kana, "ISO IR14"),
                (true, "ISO IR87"),
                (sets.jisx0212, "ISO IR159"),
            ];
            let used = named
                .iter()
                .filter(|(used, _)| *used)
                .map(|(_, name)| *name);
            return (reps(std::iter::once("").chain(used)), "ISO 2022-1994");
        }
    };
    (name.into(), "")
}

fn write_fields(out: &mut String, fields: &[Field], delimiters: &Delimiters) {
    for field in fields {
        out.push('|');
        let start = out.len();
        for (n, rep) in field.0.iter().enumerate() {
            joint(out, n, '~');
            for (n, comp) in rep.0.iter().enumerate() {
                joint(out, n, '^');
                for (n, sub) in comp.0.iter().enumerate() {
                    joint(out, n, '&');
                    match sub {
                        Sub::Empty => {}
                        Sub::Null => out.push_str("\"\""),
                        Sub::Text(text) => escape_into(out, text, delimiters),
                    }
                }
                trim(out, start, '&');
            }
            trim(out, start, '^');
        }
        trim(out, start, '~');
    }
    trim(out, 4, '|');
    out.push('\r');
}

fn joint(out: &mut String, n: usize, separator: char) {
    if n > 0 {
        out.push(separator);
    }
}

/// Removes separators at the end: they say nothing (HL7 v2.5 §2.6.2).
fn trim(out: &mut String, start: usize, separator: char) {
    while out.len() > start && out.ends_with(separator) {
        out.pop();
    }
}
