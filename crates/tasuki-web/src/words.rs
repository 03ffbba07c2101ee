//! The message catalogue: every text of the portal, in the language of the reader.
//!
//! The texts are `messages/{ja,en}.toml`; `build.rs` turns each into a method of [`Words`].

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Japanese, the language the portal is written for.
    #[default]
    Ja,
    /// English.
    En,
    /// Accented English in brackets, to find text that is not in the catalogue.
    Pseudo,
}

impl Lang {
    /// The BCP 47 tag for the `lang` attribute.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
            Self::Pseudo => "en-XA",
        }
    }

    /// The language with this tag, if the portal speaks it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::Ja, Self::En, Self::Pseudo]
            .into_iter()
            .find(|lang| lang.tag() == tag)
    }
}

/// A whole number that a text can hold: every integer type in use, and references to it, because
/// templates hand out references.
pub trait Number {
    /// The number; one too large for an `i64` is shown as the largest.
    fn number(&self) -> i64;
}

macro_rules! number {
    ($($integer:ty),+) => {$(
        impl Number for $integer {
            fn number(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )+};
}

number!(i8, i16, i64, u32, u64, usize);

impl<N: Number> Number for &N {
    fn number(&self) -> i64 {
        (**self).number()
    }
}

/// The texts in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub lang: Lang,
}

#[cfg(test)]
mod tests {
    use super::{Lang, Words};

    #[test]
    fn the_same_key_speaks_each_language() {
        assert_eq!(Words { lang: Lang::Ja }.common_product(), "Tasuki");
        assert_eq!(Words { lang: Lang::Ja }.common_sign_out(), "サインアウト");
        assert_eq!(Words { lang: Lang::En }.common_sign_out(), "Sign out");
        assert_eq!(
            Words { lang: Lang::Pseudo }.common_sign_out(),
            "［Šígñ óút~~~］"
        );
    }

    #[test]
    fn a_tag_leads_back_to_its_language() {
        assert_eq!(Lang::from_tag("en"), Some(Lang::En));
        assert_eq!(Lang::from_tag("fr"), None);
    }
}
