//! Formats by their first bytes, each with the size up to which it is taken.

/// What a document's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// HL7 v2: begins with MSH.
    Hl7,
    /// CDA R2: XML whose beginning names ClinicalDocument.
    Cda,
    /// Other XML.
    Xml,
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// Plain text.
    Text,
    /// Anything else. Stored, never shown inline.
    Other,
}

const MIB: usize = 1024 * 1024;

impl Format {
    /// Tells the format from the bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let head = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
        let magic: [(&[u8], Self); 5] = [
            (b"\xFF\xD8\xFF", Self::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Self::Png),
            (b"GIF87a", Self::Gif),
            (b"GIF89a", Self::Gif),
            (b"%PDF-", Self::Pdf),
        ];
        if let Some((_, format)) = magic.into_iter().find(|(mark, _)| head.starts_with(mark)) {
            return format;
        }
        let body = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        if let [b'M', b'S', b'H', separator, ..] = body.strip_prefix(b"\x0B").unwrap_or(body)
            && separator.is_ascii_punctuation()
        {
            return Self::Hl7;
        }
        if is_xml(body) {
            // UTF-16 has a zero between the letters.
            let letters: Vec<u8> = body.iter().copied().filter(|&byte| byte != 0).collect();
            let cda = letters
                .windows(16)
                .any(|window| window == b"ClinicalDocument");
            return if cda { Self::Cda } else { Self::Xml };
        }
        if is_text(head) {
            Self::Text
        } else {
            Self::Other
        }
    }

    /// The media type under which it is stored.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Hl7 | Self::Text => "text/plain",
            Self::Cda | Self::Xml => "text/xml",
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Other => "application/octet-stream",
        }
    }

    /// The media type under which a browser may show the bytes themselves.
    #[must_use]
    pub const fn inline(self) -> Option<&'static str> {
        match self {
            Self::Pdf | Self::Jpeg | Self::Png | Self::Gif => Some(self.media_type()),
            _ => None,
        }
    }

    /// The most bytes that are taken.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Text => 4 * MIB,
            Self::Hl7 => 16 * MIB,
            Self::Cda | Self::Xml => 32 * MIB,
            Self::Pdf | Self::Jpeg | Self::Png | Self::Gif | Self::Other => 64 * MIB,
        }
    }
}

fn is_xml(head: &[u8]) -> bool {
    match head {
        [0xFE, 0xFF, 0, b'<', ..] | [0xFF, 0xFE, b'<', 0, ..] => true,
        _ => {
            let start = head.trim_ascii_start();
            start.starts_with(b"<?xml") || start.starts_with(b"<ClinicalDocument")
        }
    }
}

/// No control but those of text and of ISO 2022.
fn is_text(head: &[u8]) -> bool {
    let allowed = |byte: &u8| {
        *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x0E | 0x0F | 0x1B)
    };
    !head.is_empty() && head.iter().all(allowed)
}
