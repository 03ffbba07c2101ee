//! A field and what it is made of: repetitions, components, subcomponents (HL7 v2.5 §2.5.3).
//!
//! Each level is a slice of the message with its delimiters; numbers follow the standard (fields,
//! components and subcomponents from 1, repetitions from 0). Asking for a part that is not there
//! gives an empty part, never an error.

use std::borrow::Cow;

use super::Delimiters;
use super::escape::unescape;

/// What a sender said in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'m> {
    /// Nothing: leave what is known as it is.
    Empty,
    /// `""`: delete what is known (HL7 v2.5 §2.5.3 "null").
    Null,
    /// A text, with escapes resolved.
    Text(Cow<'m, str>),
}

impl<'m> Value<'m> {
    #[inline]
    fn of(raw: &'m str, delimiters: &Delimiters) -> Self {
        match raw {
            "" => Self::Empty,
            "\"\"" => Self::Null,
            _ => Self::Text(unescape(raw, delimiters)),
        }
    }

    /// The text, if there is one.
    pub fn text(self) -> Option<Cow<'m, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Null => None,
        }
    }

    /// The text as a string of its own; empty where there is none.
    pub fn into_string(self) -> String {
        self.text().map_or_else(String::new, Cow::into_owned)
    }

    /// True for `""`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// True if nothing was sent.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

/// The `n`-th part of `raw`, counted from 0.
#[inline]
pub(super) fn nth(raw: &str, separator: u8, n: usize) -> &str {
    let bytes = raw.as_bytes();
    let mut start = 0;
    let mut left = n;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == separator {
            if left == 0 {
                return raw.get(start..at).unwrap_or_default();
            }
            left -= 1;
            start = at + 1;
        }
    }
    if left == 0 {
        raw.get(start..).unwrap_or_default()
    } else {
        ""
    }
}

macro_rules! level {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<'m> {
            raw: &'m str,
            delimiters: Delimiters,
        }

        impl<'m> $name<'m> {
            pub(super) const fn new(raw: &'m str, delimiters: Delimiters) -> Self {
                Self { raw, delimiters }
            }

            /// As sent, with delimiters and escapes.
            pub const fn raw(&self) -> &'m str {
                self.raw
            }

            /// All of it as one text: escapes resolved, delimiters inside left as they are. For
            /// text fields, where senders forget to escape.
            pub fn whole(&self) -> Value<'m> {
                Value::of(self.raw, &self.delimiters)
            }

            /// True if nothing was sent.
            pub const fn is_empty(&self) -> bool {
                self.raw.is_empty()
            }

            /// True for `""`.
            pub fn is_null(&self) -> bool {
                self.raw == "\"\""
            }
        }
    };
}

level!(
    /// One field, such as PID-5.
    Field
);
level!(
    /// One repetition of a field.
    Rep
);
level!(
    /// One component of a repetition, such as PID-5.1.
    Comp
);

impl<'m> Field<'m> {
    /// The `n`-th repetition, from 0.
    pub fn rep(&self, n: usize) -> Rep<'m> {
        Rep::new(
            nth(self.raw, self.delimiters.repetition, n),
            self.delimiters,
        )
    }

    /// The repetitions; none for an empty field.
    pub fn reps(&self) -> impl Iterator<Item = Rep<'m>> + use<'m> {
        let delimiters = self.delimiters;
        self.raw
            .split(char::from(delimiters.repetition))
            .filter(|raw| !raw.is_empty())
            .map(move |raw| Rep::new(raw, delimiters))
    }

    /// The repetitions with their places: empty ones too. One, empty, for an empty field.
    pub fn places(&self) -> impl Iterator<Item = Rep<'m>> + use<'m> {
        let delimiters = self.delimiters;
        self.raw
            .split(char::from(delimiters.repetition))
            .map(move |raw| Rep::new(raw, delimiters))
    }

    /// The `n`-th component (from 1) of the first repetition.
    pub fn comp(&self, n: usize) -> Comp<'m> {
        self.rep(0).comp(n)
    }

    /// The first component of the first repetition.
    pub fn value(&self) -> Value<'m> {
        // Most fields are plain, and that is told faster than the parts are found.
        if !self.delimiters.all_absent(self.raw) {
            return self.comp(1).value();
        }
        match self.raw {
            "" => Value::Empty,
            "\"\"" => Value::Null,
            plain => Value::Text(Cow::Borrowed(plain)),
        }
    }
}

impl<'m> Rep<'m> {
    /// The `n`-th component, from 1.
    pub fn comp(&self, n: usize) -> Comp<'m> {
        let raw = n
            .checked_sub(1)
            .map_or("", |index| nth(self.raw, self.delimiters.component, index));
        Comp::new(raw, self.delimiters)
    }

    /// The components in order, empty ones too.
    pub fn comps(&self) -> impl Iterator<Item = Comp<'m>> + use<'m> {
        let delimiters = self.delimiters;
        self.raw
            .split(char::from(delimiters.component))
            .map(move |raw| Comp::new(raw, delimiters))
    }

    /// The first `N` components in one walk; those that are not there are empty.
    pub fn first_comps<const N: usize>(&self) -> [Comp<'m>; N] {
        let mut out = [Comp::new("", self.delimiters); N];
        let mut start = 0;
        for slot in &mut out {
            let rest = self.raw.get(start..).unwrap_or_default();
            let end = rest
                .bytes()
                .position(|byte| byte == self.delimiters.component);
            slot.raw = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let Some(end) = end else { break };
            start += end + 1;
        }
        out
    }

    /// The first component.
    pub fn value(&self) -> Value<'m> {
        self.comp(1).value()
    }
}

impl<'m> Comp<'m> {
    /// The `n`-th subcomponent, from 1.
    pub fn sub(&self, n: usize) -> Value<'m> {
        let raw = n.checked_sub(1).map_or("", |index| {
            nth(self.raw, self.delimiters.subcomponent, index)
        });
        Value::of(raw, &self.delimiters)
    }

    /// The subcomponents in order, empty ones too.
    pub fn subs(&self) -> impl Iterator<Item = Value<'m>> + use<'m> {
        let delimiters = self.delimiters;
        self.raw
            .split(char::from(delimiters.subcomponent))
            .map(move |raw| Value::of(raw, &delimiters))
    }

    /// The subcomponents read as the components of a repetition: where a coded value stands inside a
    /// component (`3^TAB&錠&MR9P`).
    pub const fn lowered(&self) -> Rep<'m> {
        let delimiters = Delimiters {
            component: self.delimiters.subcomponent,
            ..self.delimiters
        };
        Rep::new(self.raw, delimiters)
    }

    /// The first subcomponent.
    pub fn value(&self) -> Value<'m> {
        self.sub(1)
    }
}
