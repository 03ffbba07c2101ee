//! The one place where an [`Egress`] becomes an HTTP response. Everything else in this crate is
//! barred from making one, so nothing can leave that was not released.

use crate::compress::{gzip, is_text};
use axum::body::Body as HttpBody;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tasuki_core::Egress;
use tasuki_core::release::{Body, Payload};

/// How a response may be kept by browsers and caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Not at all: everything that belongs to a session.
    No,
    /// For ever: the address changes with the content.
    Forever,
}

/// Whether a page of ours may show the response in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Nobody may.
    Never,
    /// A page of this portal may: a PDF beside its entry.
    SameOrigin,
}

/// How the body is coded on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As it is.
    Plain,
    /// It is compressed already.
    Compressed,
    /// Compressed now, where it is text: the browser takes that.
    Compress,
}

/// What the pipeline hands over for sending.
pub(crate) struct Sending {
    pub status: u16,
    pub egress: Egress,
    pub cookies: Vec<String>,
    pub keep: Keep,
    pub framing: Framing,
    pub encoding: Encoding,
    pub file_name: Option<String>,
    pub request_id: String,
    /// The browser is to forget what it keeps of this portal's pages.
    pub clear: bool,
}

/// No script, style or connection from anywhere but here; no inline script, no frames of others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; \
     base-uri 'none'; object-src 'none'; frame-ancestors ";

/// What every answer says.
const ALWAYS: [(&str, &str); 6] = [
    // Without TLS browsers pass over it.
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), \
         publickey-credentials-create=(self)",
    ),
];

#[allow(clippy::disallowed_methods)] // This is the file that the ban names.
pub(crate) fn send(sending: Sending) -> Response {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() =
        StatusCode::from_u16(sending.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let ancestors = match sending.framing {
        Framing::Never => "'none'",
        Framing::SameOrigin => "'self'",
    };
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    };
    put(
        header::CONTENT_SECURITY_POLICY,
        &format!("{POLICY}{ancestors}"),
    );
    for (name, value) in ALWAYS {
        put(HeaderName::from_static(name), value);
    }
    put(HeaderName::from_static("x-request-id"), &sending.request_id);
    put(
        header::CACHE_CONTROL,
        match sending.keep {
            Keep::No => "no-store",
            Keep::Forever => "public, max-age=31536000, immutable",
        },
    );
    if sending.clear {
        put(HeaderName::from_static("clear-site-data"), "\"cache\"");
    }
    for cookie in &sending.cookies {
        put(header::SET_COOKIE, cookie);
    }
    match sending.egress.into_payload() {
        Payload::Redirect(to) => {
            put(header::LOCATION, &to);
            if sending.status == 200 {
                *response.status_mut() = StatusCode::SEE_OTHER;
            }
        }
        // Only answers to other systems are streamed; a page that is one is a bug.
        Payload::Stream(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        Payload::Body(body) => {
            put(header::CONTENT_TYPE, &body.media_type);
            if let Some(name) = &sending.file_name {
                put(header::CONTENT_DISPOSITION, &disposition(&body, name));
            }
            let now = sending.encoding == Encoding::Compress && is_text(&body.media_type);
            let compressed = if now { gzip(&body.bytes) } else { None };
            if compressed.is_some() || sending.encoding == Encoding::Compressed {
                put(header::CONTENT_ENCODING, "gzip");
                put(header::VARY, "accept-encoding");
            }
            let bytes = compressed.map_or(body.bytes, std::borrow::Cow::Owned);
            *response.body_mut() = match bytes {
                std::borrow::Cow::Borrowed(bytes) => HttpBody::from(bytes),
                std::borrow::Cow::Owned(bytes) => HttpBody::from(bytes),
            };
        }
    }
    response
}

/// How a file is offered: a browser shows a PDF; anything else is for another program.
fn disposition(body: &Body, name: &str) -> String {
    let how = match body.media_type.as_ref() {
        "application/pdf" => "inline",
        _ => "attachment",
    };
    format!("{how}; filename=\"{name}\"")
}
