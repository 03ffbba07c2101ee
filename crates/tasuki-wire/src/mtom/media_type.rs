//! `Content-Type` with its parameters (RFC 2045 §5.1).

use super::MtomError;

/// Characters of a header value.
const TEXT_MAX: usize = 4_096;
const PARAMETERS_MAX: usize = 16;

/// A media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// Type and subtype in lower case, such as `multipart/related`.
    pub essence: String,
    /// Parameters in order; names in lower case, values unquoted.
    pub parameters: Vec<(String, String)>,
}

const fn wrong(what: &'static str) -> MtomError {
    MtomError::MediaType { what }
}

impl MediaType {
    /// Reads a header value.
    ///
    /// # Errors
    /// [`MtomError::MediaType`].
    pub fn parse(text: &str) -> Result<Self, MtomError> {
        if text.len() > TEXT_MAX {
            return Err(wrong("too long"));
        }
        let (essence, mut rest) = text.split_once(';').unwrap_or((text, ""));
        let essence = essence.trim().to_ascii_lowercase();
        let parts = essence.split_once('/');
        if !parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)) {
            return Err(wrong("not a media type"));
        }
        let mut parameters = Vec::new();
        loop {
            // Some senders end in a semicolon.
            rest = rest.trim_start_matches([' ', '\t', ';', '\r', '\n']);
            if rest.is_empty() {
                break;
            }
            if parameters.len() == PARAMETERS_MAX {
                return Err(wrong("too many parameters"));
            }
            let (name, after) = rest.split_once('=').ok_or(wrong("a parameter without ="))?;
            let name = name.trim().to_ascii_lowercase();
            let (value, after) = value(after.trim_start())?;
            if !is_token(&name) || parameters.iter().any(|(known, _)| *known == name) {
                return Err(wrong("a parameter's name, or one twice"));
            }
            parameters.push((name, value));
            rest = after.trim_start();
            if !rest.is_empty() && !rest.starts_with(';') {
                return Err(wrong("text after a parameter"));
            }
        }
        Ok(Self {
            essence,
            parameters,
        })
    }

    /// A parameter's value.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A value and what follows it.
fn value(text: &str) -> Result<(String, &str), MtomError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ' ', '\t', '"']).unwrap_or(text.len());
        let (token, rest) = text.split_at(end);
        if token.is_empty() {
            return Err(wrong("a parameter without a value"));
        }
        return Ok((token.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok((value, chars.as_str())),
            '\\' => value.extend(chars.next()),
            c => value.push(c),
        }
    }
    Err(wrong("a quote without end"))
}

fn is_token(text: &str) -> bool {
    let special = |b: u8| br#"()<>@,;:\"/[]?="#.contains(&b);
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !special(b))
}
