//! An answer that is in memory, in the pieces that it was made of: none of it is moved once more.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::io::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The pieces, in their order.
#[derive(Default)]
pub(in crate::serve::soap) struct Whole(VecDeque<Bytes>);

impl FromIterator<Vec<u8>> for Whole {
    fn from_iter<I: IntoIterator<Item = Vec<u8>>>(pieces: I) -> Self {
        let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        Self(pieces.map(Bytes::from).collect())
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}
