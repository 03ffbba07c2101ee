//! All at once, with an end: whoever has not answered by the deadline is away, whatever the others
//! take. What comes later is read, audited and dropped: the answer has left.

use super::Initiating;
use std::sync::{Arc, mpsc};
use std::time::Instant as Moment;
use tasuki_core::pressure::time_for;

impl Initiating {
    /// Does `work` for each of `whom`, at once; nothing for one that is not done by the deadline, which
    /// is later for so many bytes as are to come. A directory has so many communities and no more.
    pub(super) fn fan<W, T>(
        &self,
        whom: Vec<W>,
        coming: u64,
        work: impl Fn(W) -> T + Send + Sync + 'static,
    ) -> Vec<Option<T>>
    where
        W: Send + 'static,
        T: Send + 'static,
    {
        let until = Moment::now() + self.settings.deadline + time_for(coming);
        let mut done: Vec<Option<T>> = whom.iter().map(|_| None).collect();
        let left = whom.len();
        let work = Arc::new(work);
        let (tell, told) = mpsc::channel();
        for (at, one) in whom.into_iter().enumerate() {
            let (work, tell) = (Arc::clone(&work), tell.clone());
            (self.spawn)(Box::new(move || {
                // Nobody waits any more where this fails.
                let _ = tell.send((at, work(one)));
            }));
        }
        drop(tell);
        for _ in 0..left {
            let within = until.saturating_duration_since(Moment::now());
            let Ok((at, result)) = told.recv_timeout(within) else {
                break;
            };
            if let Some(place) = done.get_mut(at) {
                *place = Some(result);
            }
        }
        done
    }
}
