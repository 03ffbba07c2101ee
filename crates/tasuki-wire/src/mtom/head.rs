//! The header of a part (RFC 2046 §5.1, RFC 2045).

use super::MtomError;

/// What a part says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartHead {
    /// `Content-ID` without its angle brackets.
    pub content_id: Option<String>,
    /// `Content-Type` as sent. What a document is, its metadata says.
    pub media_type: Option<String>,
}

impl PartHead {
    /// Reads the lines of a header; `part` counts from 1.
    pub(super) fn parse(lines: &[u8], part: usize) -> Result<Self, MtomError> {
        let wrong = |what| MtomError::Head { part, what };
        let text = std::str::from_utf8(lines).map_err(|_| wrong("a header that is no text"))?;
        // A line that begins with white space goes on from the one before (RFC 5322 §2.2.3).
        let unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut head = Self::default();
        for line in unfolded.split("\r\n").filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or(wrong("a line without :"))?;
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "content-id" if head.content_id.is_some() => {
                    return Err(wrong("Content-ID twice"));
                }
                "content-id" => head.content_id = Some(value).filter(|id| !id.is_empty()).map(bare),
                "content-type" => head.media_type = Some(value.to_owned()),
                "content-transfer-encoding" => {
                    let plain = ["binary", "8bit", "7bit"];
                    if !plain.iter().any(|known| value.eq_ignore_ascii_case(known)) {
                        return Err(wrong("Content-Transfer-Encoding other than binary"));
                    }
                }
                _ => {}
            }
        }
        Ok(head)
    }
}

/// An id without its angle brackets.
pub(super) fn bare(id: &str) -> String {
    let id = id.trim();
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    inner.unwrap_or(id).to_owned()
}
