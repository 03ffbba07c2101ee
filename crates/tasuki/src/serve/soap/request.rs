//! A request becomes a message. Small ones are taken whole and then worked on; one with large
//! attachments is worked on while it comes, on a thread of its own, so that nothing of it has to
//! stay in memory.

use super::response::{Answer, refused, send};
use super::{Caller, Door, Taking};
use crate::intake::{Intake, Shape, Taken};
use crate::pace::Pace;
use crate::serve::soap::response;
use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tasuki_core::Code;
use tasuki_ihe::Network;
use tasuki_ihe::soap::{Answered, Arrived, Problem};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A message of at most so many bytes is taken whole before a thread works on it.
const WHOLE_MAX: u64 = 1024 * 1024;
/// Pieces of a body between the connection and the thread that takes it apart.
const PIECES: usize = 8;

/// Answers one request.
pub(super) async fn answer(
    door: Arc<Door>,
    caller: Arc<Caller>,
    request: Request<Incoming>,
) -> Response<Answer> {
    let endpoint = format!("{}{}", door.origin, request.uri().path());
    let answers = door.at(request.uri().path());
    if request.method() != Method::POST {
        return response::not_a_post();
    }
    let Ok(place) = Arc::clone(&door.work).try_acquire_owned() else {
        let problem = Problem::new(Code::SoapFull, "");
        return refused(&door, &caller, endpoint, problem).await;
    };
    let pace = Pace::begin(Instant::now(), door.message_time);
    let told = request.headers().get(header::CONTENT_TYPE);
    let text = told
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let shape = match Shape::of(text) {
        Ok(shape) => shape,
        Err(problem) => return refused(&door, &caller, endpoint, problem).await,
    };
    let whole = request.body().size_hint().exact();
    let work = Work {
        door: Arc::clone(&door),
        answers,
        caller,
        endpoint,
        shape,
    };
    let body = request.into_body();
    let answered = match whole.is_some_and(|size| size <= WHOLE_MAX) {
        true => work.whole(body, whole, pace).await,
        false => work.piece_by_piece(body, pace).await,
    };
    door.traffic.messages.fetch_add(1, Relaxed);
    send(door, answered, place).await
}

/// One request under way.
struct Work {
    door: Arc<Door>,
    answers: (Arc<Network>, Taking),
    caller: Arc<Caller>,
    endpoint: String,
    shape: Shape,
}

/// Why a body did not come whole.
enum Broken {
    /// Not in its time.
    Slow,
    /// The connection broke off; there is nobody to tell.
    Gone,
}

async fn next(body: &mut Incoming, pace: &mut Pace) -> Result<Option<Bytes>, Broken> {
    loop {
        match tokio::time::timeout_at(pace.due(), body.frame()).await {
            Err(_) => return Err(Broken::Slow),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(Broken::Gone),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    pace.moved(Instant::now(), data.len());
                    return Ok(Some(data));
                }
            }
        }
    }
}

impl Work {
    /// A small message: it comes whole, then a thread works on it.
    async fn whole(
        self,
        mut body: Incoming,
        size: Option<u64>,
        mut pace: Pace,
    ) -> Option<Answered> {
        let size = size.and_then(|size| usize::try_from(size).ok());
        let mut bytes = Vec::with_capacity(size.unwrap_or_default());
        loop {
            match next(&mut body, &mut pace).await {
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => break,
                Err(broken) => return self.broken(&broken).await,
            }
        }
        let work = tokio::task::spawn_blocking(move || {
            let mut intake = self.intake();
            let taken = intake.push(&bytes);
            self.finish(taken.and_then(|()| intake.finish()))
        });
        joined(work.await)
    }

    /// A message of any size: a thread takes it apart while it comes.
    async fn piece_by_piece(self, mut body: Incoming, mut pace: Pace) -> Option<Answered> {
        let (pieces, mut coming) = mpsc::channel::<Result<Bytes, Broken>>(PIECES);
        let work = tokio::task::spawn_blocking(move || {
            let mut intake = self.intake();
            loop {
                match coming.blocking_recv() {
                    Some(Ok(piece)) => {
                        if let Err(problem) = intake.push(&piece) {
                            return self.finish(Err(problem));
                        }
                    }
                    Some(Err(Broken::Slow)) => return self.finish(Err(slow())),
                    Some(Err(Broken::Gone)) => return self.finish(intake.finish()),
                    None => return self.finish(intake.finish()),
                }
            }
        });
        loop {
            let piece = next(&mut body, &mut pace).await;
            let last = !matches!(piece, Ok(Some(_)));
            let sent = match piece {
                Ok(Some(piece)) => pieces.send(Ok(piece)).await,
                Ok(None) => break,
                Err(broken) => pieces.send(Err(broken)).await,
            };
            // Whoever takes it apart has seen enough.
            if last || sent.is_err() {
                break;
            }
        }
        drop(pieces);
        joined(work.await)
    }

    async fn broken(self, broken: &Broken) -> Option<Answered> {
        match broken {
            Broken::Gone => None,
            Broken::Slow => {
                let work = tokio::task::spawn_blocking(move || self.finish(Err(slow())));
                joined(work.await)
            }
        }
    }

    fn intake(&self) -> Intake {
        Intake::new(&self.shape, Arc::clone(&self.door.store))
    }

    fn finish(&self, taken: Result<Taken, Problem>) -> Answered {
        let (network, taking) = &self.answers;
        match taken {
            Ok(taken) => {
                let arrived = Arrived {
                    envelope: &taken.envelope,
                    action: taken.action.as_deref().or_else(|| self.shape.action()),
                    attachments: taken.attachments,
                    certificate: self.caller.certificate.as_ref(),
                    endpoint: &self.endpoint,
                    address: &self.caller.address,
                };
                match taking {
                    Taking::Requests(registry) => network.answer_from(registry, arrived),
                    Taking::Replies => network.take_reply(arrived),
                }
            }
            Err(problem) => network.refuse_soap(&self.endpoint, &self.caller.address, &problem),
        }
    }
}

fn slow() -> Problem {
    Problem::new(Code::SoapSlow, "")
}

fn joined(work: Result<Answered, tokio::task::JoinError>) -> Option<Answered> {
    work.inspect_err(|error| tracing::error!("a message broke off: {error}"))
        .ok()
}
