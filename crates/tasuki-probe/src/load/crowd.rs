//! So many connections at once, each asking again when it was answered.

use crate::failure::{Done, Failure};
use crate::http::Connection;
use std::fmt::{Display, Formatter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a measurement saw.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Messages a second.
    pub rate: f64,
    /// Milliseconds in which half of them were answered.
    pub p50: f64,
    /// Milliseconds in which 95 of a hundred were.
    pub p95: f64,
    /// Milliseconds in which 99 of a hundred were.
    pub p99: f64,
    /// Bytes of an answer, on average.
    pub bytes: usize,
}

impl Display for Seen {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.0}/s, p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, {} bytes an answer",
            self.rate, self.p50, self.p95, self.p99, self.bytes
        )
    }
}

/// Asks for a time. `one` sends message `n` of its own counting and tells the bytes of the answer.
///
/// # Errors
/// The first failure of anybody.
pub fn hammer(
    connections: usize,
    seconds: u64,
    connect: impl Fn() -> Done<Connection> + Sync,
    one: impl Fn(&mut Connection, usize) -> Done<usize> + Sync,
) -> Done<Seen> {
    let times = Mutex::new(Vec::new());
    let bytes = AtomicUsize::new(0);
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    each(connections, |_| {
        let mut connection = connect()?;
        let mut own = Vec::new();
        while Instant::now() < end {
            let asked = Instant::now();
            let count = one(&mut connection, next.fetch_add(1, Ordering::Relaxed))?;
            own.push(asked.elapsed().as_secs_f64() * 1000.0);
            bytes.fetch_add(count, Ordering::Relaxed);
        }
        if let Ok(mut times) = times.lock() {
            times.append(&mut own);
        }
        Ok(())
    })?;
    let took = start.elapsed().as_secs_f64();
    let times = times.into_inner().unwrap_or_default();
    Ok(seen(times, took, bytes.into_inner()))
}

/// What some times in milliseconds say.
#[must_use]
pub fn seen(mut times: Vec<f64>, took: f64, bytes: usize) -> Seen {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| {
        let found = times.get(times.len() * share / 100);
        found.or(times.last()).copied().unwrap_or(f64::NAN)
    };
    Seen {
        rate: times.len() as f64 / took,
        p50: at(50),
        p95: at(95),
        p99: at(99),
        bytes: bytes / times.len().max(1),
    }
}

/// Runs so many threads to the end; the first failure is everybody's.
///
/// # Errors
/// That one.
pub fn each(count: usize, work: impl Fn(usize) -> Done + Sync) -> Done {
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..count).map(|n| scope.spawn(move || work(n))).collect();
        for one in running {
            one.join()
                .map_err(|_| Failure("a client broke off".to_owned()))??;
        }
        Ok(())
    })
}
