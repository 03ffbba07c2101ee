//! A request or reply on its way out: the [`Egress`] of this edge. A stream is read from the store
//! while it leaves.

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use tasuki_core::release::{Payload, Piece, Stream};
use tasuki_core::{Code, Egress, Fault};
use tasuki_ihe::soap::Unanswered;
use tokio::sync::mpsc;

/// Pieces of a stream between the store and the connection.
const PIECES: usize = 2;

/// Pieces that come from the store. It ends as broken where the store fails.
pub(crate) struct FromStore {
    pieces: mpsc::Receiver<Result<Bytes, Fault>>,
    left: u64,
}

impl FromStore {
    /// Begins to read.
    pub fn begin(stream: Stream) -> Self {
        let (send, pieces) = mpsc::channel(PIECES);
        let left = stream.size();
        tokio::task::spawn_blocking(move || read(stream, &send));
        Self { pieces, left }
    }
}

fn read(stream: Stream, send: &mpsc::Sender<Result<Bytes, Fault>>) {
    for piece in stream.pieces {
        let stored = match piece {
            Piece::Bytes(bytes) => {
                let bytes = Bytes::from(bytes.into_owned());
                if send.blocking_send(Ok(bytes)).is_err() {
                    return;
                }
                continue;
            }
            Piece::Stored(stored) => stored,
        };
        let mut n = 0;
        while let Some(piece) = stored.piece(n).transpose() {
            n += 1;
            let failed = piece.is_err();
            // Nobody takes it any more, or it cannot be whole any more.
            if send.blocking_send(piece.map(Bytes::from)).is_err() || failed {
                return;
            }
        }
    }
}

impl Body for FromStore {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(Ok(bytes)) => {
                self.left = self.left.saturating_sub(bytes.len() as u64);
                Some(Ok(Frame::data(bytes)))
            }
            Some(Err(fault)) => {
                tracing::error!(code = fault.code.id(), "while it left: {}", fault.inside);
                Some(Err(std::io::Error::other("the store failed")))
            }
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// The body of a request.
pub(super) type Leaving = Either<Full<Bytes>, FromStore>;

/// Makes a body of an egress.
pub(super) trait Of: Sized {
    fn of(egress: Egress) -> Result<(String, Self), Unanswered>;
}

impl Of for Leaving {
    fn of(egress: Egress) -> Result<(String, Self), Unanswered> {
        match egress.into_payload() {
            Payload::Body(body) => Ok((
                body.media_type.into_owned(),
                Either::Left(Full::new(body.bytes.into_owned().into())),
            )),
            Payload::Stream(stream) => {
                let media_type = stream.media_type.clone();
                Ok((media_type, Either::Right(FromStore::begin(stream))))
            }
            Payload::Redirect(_) => {
                let what = "a redirection is no request";
                Err(Unanswered::new(Code::InternalFault, what))
            }
        }
    }
}
