//! Syslog: one message (RFC 5424 §6) in one frame with its length in front (RFC 5425 §4.3), as ITI
//! TF-2 3.20.4.1 asks: facility 10, MSGID `IHE+RFC-3881`, no structured data, the XML behind a byte
//! order mark.

use super::AtnaError;
use tasuki_model::Instant;

/// The largest frame: an audit message with a query in it, and the header.
pub const FRAME_BYTES_MAX: usize = super::LIMITS.bytes + 1_024;
/// Facility 10 (security), severity 5 (notice).
const PRIORITY: &str = "<85>";
const MSGID: &str = "IHE+RFC-3881";
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// One frame: length, header, message.
#[must_use]
pub fn frame(at: Instant, host: &str, message: &str) -> Vec<u8> {
    let stamp = jiff::Timestamp::from_microsecond(at.micros());
    let stamp = stamp.map_or_else(|_| "-".to_owned(), |stamp| stamp.to_string());
    let header = format!("{PRIORITY}1 {stamp} {} tasuki - {MSGID} - ", name(host));
    let length = header.len() + BOM.len() + message.len();
    let mut bytes = format!("{length} {header}").into_bytes();
    bytes.extend_from_slice(BOM);
    bytes.extend_from_slice(message.as_bytes());
    bytes
}

/// HOSTNAME: printable ASCII without blanks, at most 255.
fn name(host: &str) -> String {
    let name: String = host
        .chars()
        .filter(char::is_ascii_graphic)
        .take(255)
        .collect();
    if name.is_empty() {
        "-".to_owned()
    } else {
        name
    }
}

/// Takes the first whole frame off `buffer`; nothing where it has not all come yet.
///
/// # Errors
/// [`AtnaError`] for a length that is none or too large: nothing after it can be found any more.
pub fn take(buffer: &mut Vec<u8>) -> Result<Option<Vec<u8>>, AtnaError> {
    let Some(blank) = buffer.iter().take(8).position(|b| *b == b' ') else {
        let digits = buffer.iter().all(u8::is_ascii_digit);
        return match digits && buffer.len() < 8 {
            true => Ok(None),
            false => frame_error("no length in front of the message"),
        };
    };
    let digits = buffer.get(..blank).unwrap_or_default();
    let length = std::str::from_utf8(digits).ok();
    let length: Option<usize> = length
        .filter(|l| !l.starts_with('0'))
        .and_then(|l| l.parse().ok());
    let Some(length) = length else {
        return frame_error("no length in front of the message");
    };
    if length > FRAME_BYTES_MAX {
        let (bytes, limit) = (length, FRAME_BYTES_MAX);
        return Err(AtnaError::TooLarge { bytes, limit });
    }
    let end = blank + 1 + length;
    if buffer.len() < end {
        return Ok(None);
    }
    let rest = buffer.split_off(end);
    let whole = std::mem::replace(buffer, rest);
    Ok(whole.get(blank + 1..).map(<[u8]>::to_vec))
}

/// The message inside a frame, without header and byte order mark.
///
/// # Errors
/// [`AtnaError::Frame`] where it is no message of RFC 5424.
pub fn message(frame: &[u8]) -> Result<&[u8], AtnaError> {
    let mut rest = frame;
    for what in [
        "PRI and VERSION",
        "TIMESTAMP",
        "HOSTNAME",
        "APP-NAME",
        "PROCID",
        "MSGID",
    ] {
        let end = rest.iter().take(300).position(|b| *b == b' ');
        let Some((part, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
            return frame_error("a header of fewer parts than RFC 5424 has");
        };
        if what == "PRI and VERSION" && !(part.starts_with(b"<") && part.ends_with(b">1")) {
            return frame_error("not of version 1 of RFC 5424");
        }
        rest = after.get(1..).unwrap_or_default();
    }
    let rest = structured(rest)?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    Ok(rest.strip_prefix(BOM).unwrap_or(rest))
}

/// What follows STRUCTURED-DATA (§6.3), which is passed over.
fn structured(rest: &[u8]) -> Result<&[u8], AtnaError> {
    if let Some(rest) = rest.strip_prefix(b"-") {
        return Ok(rest);
    }
    let (mut quoted, mut escaped, mut inside) = (false, false, false);
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' if !quoted && !inside => inside = true,
            b']' if !quoted && inside => inside = false,
            _ if inside => {}
            _ if at > 0 => return Ok(rest.get(at..).unwrap_or_default()),
            _ => break,
        }
    }
    frame_error("structured data that is none")
}

fn frame_error<T>(what: &'static str) -> Result<T, AtnaError> {
    Err(AtnaError::Frame { what })
}
