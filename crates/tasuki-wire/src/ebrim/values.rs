//! Values of a stored query (ITI TF-2, 3.18.4.1.2.3.5): `123`, `'text'`, `('one','two')`; a quote
//! inside a text is doubled.

use super::EbrimError;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text; it stood in single quotes.
    Text(String),
    /// Anything without quotes: a number, a time.
    Bare(String),
}

impl Value {
    /// The value without its quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Bare(text) => text,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Bare(bare) => bare.clone(),
        }
    }
}

/// Reads what one `Value` element holds; says whether it was a list.
pub(super) fn parse(text: &str, parameter: &str) -> Result<(Vec<Value>, bool), EbrimError> {
    let wrong = || EbrimError::Value {
        parameter: parameter.chars().take(60).collect(),
    };
    let text = text.trim();
    let Some(list) = text.strip_prefix('(') else {
        let (value, rest) = one(text).ok_or_else(wrong)?;
        return if rest.trim().is_empty() {
            Ok((vec![value], false))
        } else {
            Err(wrong())
        };
    };
    let mut values = Vec::new();
    let mut rest = list.trim_start();
    if let Some(after) = rest.strip_prefix(')') {
        return if after.trim().is_empty() {
            Ok((values, true))
        } else {
            Err(wrong())
        };
    }
    loop {
        let (value, after) = one(rest).ok_or_else(wrong)?;
        values.push(value);
        let after = after.trim_start();
        if let Some(next) = after.strip_prefix(',') {
            rest = next.trim_start();
        } else if after
            .strip_prefix(')')
            .is_some_and(|end| end.trim().is_empty())
        {
            return Ok((values, true));
        } else {
            return Err(wrong());
        }
    }
}

/// The value at the beginning, and what follows it.
fn one(text: &str) -> Option<(Value, &str)> {
    let Some(quoted) = text.strip_prefix('\'') else {
        let end = text.find([',', ')', '\'', '(']).unwrap_or(text.len());
        let (bare, rest) = text.split_at_checked(end)?;
        let bare = bare.trim();
        return (!bare.is_empty()).then(|| (Value::Bare(bare.to_owned()), rest));
    };
    let mut value = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('\'')?;
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((Value::Text(value), after)),
        }
    }
}
