//! The one place of this edge that writes to its socket: an [`Egress`](tasuki_core::Egress) becomes
//! a response, and a stream is read from the store while it leaves.

use super::whole::Whole;
use super::{Caller, Door};
use crate::pace::Pace;
use crate::peer::FromStore;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Either;
use hyper::body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tasuki_core::release::{Payload, Piece, Stream};
use tasuki_core::{Egress, Fault};
use tasuki_ihe::soap::{Answered, Asking, Problem, Recipient};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};

/// A stream of at most so many bytes is read whole before it leaves.
const WHOLE_MAX: u64 = 512 * 1024;
/// For an asynchronous reply to be taken.
const REPLY_TIME: Duration = Duration::from_secs(60);
/// The body of a response.
pub(super) type Answer = Either<Whole, Leaving>;

/// A body that is read while it leaves, for as long as one of its size may take.
pub(super) struct Leaving {
    pieces: FromStore,
    pace: Pace,
    until: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Body for Leaving {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.until.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(std::io::Error::other("not taken in its time"))));
        }
        let polled = Pin::new(&mut self.pieces).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            self.pace.moved(Instant::now(), bytes);
            let due = self.pace.due();
            self.until.as_mut().reset(due);
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        self.pieces.size_hint()
    }
}

/// Sends an answer. Where there is none the connection ends without one.
pub(super) async fn send(
    door: Arc<Door>,
    answered: Option<Answered>,
    place: OwnedSemaphorePermit,
) -> Response<Answer> {
    let Some(answered) = answered else {
        return status(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let code = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(to) = answered.elsewhere {
        reply_later(door, to, answered.egress, place);
        return status(StatusCode::ACCEPTED);
    }
    match answered.egress.into_payload() {
        Payload::Body(body) => respond(code, &body.media_type, whole(body.bytes.into_owned())),
        Payload::Redirect(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
        Payload::Stream(stream) if stream.size() <= WHOLE_MAX => {
            let media_type = stream.media_type.clone();
            if stream.pieces.iter().all(|p| matches!(p, Piece::Bytes(_))) {
                let pieces = stream.pieces.into_iter().filter_map(in_memory).collect();
                return respond(code, &media_type, Either::Left(pieces));
            }
            match tokio::task::spawn_blocking(move || collect(stream)).await {
                Ok(Ok(pieces)) => respond(code, &media_type, Either::Left(pieces)),
                Ok(Err(fault)) => {
                    tracing::error!(code = fault.code.id(), "{}", fault.inside);
                    status(StatusCode::INTERNAL_SERVER_ERROR)
                }
                Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
            }
        }
        Payload::Stream(stream) => {
            let media_type = stream.media_type.clone();
            let pace = Pace::begin(Instant::now(), door.message_time);
            let leaving = Leaving {
                pieces: FromStore::begin(stream),
                until: Box::pin(tokio::time::sleep_until(pace.due())),
                pace,
                _place: place,
            };
            respond(code, &media_type, Either::Right(leaving))
        }
    }
}

/// An asynchronous reply goes to its endpoint, from a task that holds the place of the message.
fn reply_later(door: Arc<Door>, to: Recipient, reply: Egress, place: OwnedSemaphorePermit) {
    tokio::spawn(async move {
        if let Err(unanswered) = door.peers.reply(&to, reply, REPLY_TIME).await {
            let code = unanswered.code.id();
            tracing::warn!(
                code,
                "a reply to {}: {}",
                to.endpoint.as_str(),
                unanswered.why
            );
        }
        drop(place);
    });
}

fn whole(bytes: Vec<u8>) -> Answer {
    Either::Left(std::iter::once(bytes).collect())
}

fn in_memory(piece: Piece) -> Option<Vec<u8>> {
    match piece {
        Piece::Bytes(bytes) => Some(bytes.into_owned()),
        Piece::Stored(_) => None,
    }
}

fn collect(stream: Stream) -> Result<Whole, Fault> {
    let pieces = stream.pieces.into_iter().map(|piece| match piece {
        Piece::Bytes(piece) => Ok(piece.into_owned()),
        Piece::Stored(stored) => stored.whole(),
    });
    pieces.collect()
}

/// A fault for a request that came to no message.
pub(super) async fn refused(
    door: &Arc<Door>,
    caller: &Arc<Caller>,
    endpoint: String,
    problem: Problem,
) -> Response<Answer> {
    let (door, caller) = (Arc::clone(door), Arc::clone(caller));
    let work = tokio::task::spawn_blocking(move || {
        let network = &door.network;
        network.refuse_soap(&endpoint, &caller.address, &problem)
    });
    match work.await {
        Ok(answered) => plain(answered.status, answered.egress),
        Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn plain(code: u16, egress: Egress) -> Response<Answer> {
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match egress.into_payload() {
        Payload::Body(body) => respond(code, &body.media_type, whole(body.bytes.into_owned())),
        Payload::Stream(_) | Payload::Redirect(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// For a browser or a scanner: nothing is here for them.
pub(super) fn not_a_post() -> Response<Answer> {
    let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
    let allow = HeaderValue::from_static("POST");
    response.headers_mut().insert(header::ALLOW, allow);
    response
}

fn status(code: StatusCode) -> Response<Answer> {
    respond(code, "", whole(Vec::new()))
}

#[allow(clippy::disallowed_methods)] // This is the file that the ban names.
fn respond(code: StatusCode, media_type: &str, body: Answer) -> Response<Answer> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    let media_type = HeaderValue::from_str(media_type).ok();
    if let Some(media_type) = media_type.filter(|value| !value.is_empty()) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
    }
    response
}
