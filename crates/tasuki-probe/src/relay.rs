//! A way to a listener that takes its time: bytes arrive half the latency after they were sent, in
//! either direction, and a connection takes one round trip to be made, as over a network. It also says
//! how many round trips there were, and when the last answer came.
//!
//! The workshop (`xtask`) takes this file too, so it knows nothing but the failures of both.

use crate::failure::Failure;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that go on at once.
const PIECE: usize = 64 * 1024;

/// What went over it.
#[derive(Default)]
pub struct Seen {
    /// Connections made, and requests after an answer: each is a round trip.
    trips: AtomicU64,
    last: Mutex<Option<Instant>>,
}

/// A relay that lives as long as the process.
pub struct Relay {
    /// Where it listens.
    pub address: String,
    seen: Arc<Seen>,
}

impl Relay {
    /// Begins to relay to an address, where somebody listens by the time that somebody connects.
    pub fn start(to: String, latency: Duration) -> Result<Self, Failure> {
        let fault = |error: std::io::Error| Failure::io("relay", &error);
        let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?.to_string();
        let seen = Arc::new(Seen::default());
        let noted = Arc::clone(&seen);
        std::thread::spawn(move || {
            for from in listener.incoming().flatten() {
                let (to, seen) = (to.clone(), Arc::clone(&noted));
                std::thread::spawn(move || connection(from, &to, latency, &seen));
            }
        });
        Ok(Self { address, seen })
    }

    /// Round trips so far.
    pub fn trips(&self) -> u64 {
        self.seen.trips.load(Ordering::Relaxed)
    }

    /// When the last byte of an answer arrived.
    pub fn last(&self) -> Option<Instant> {
        *self
            .seen
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark relays to its own child on loopback"
)]
fn connection(from: TcpStream, to: &str, latency: Duration, seen: &Arc<Seen>) {
    seen.trips.fetch_add(1, Ordering::Relaxed);
    std::thread::sleep(latency);
    let Ok(onward) = TcpStream::connect(to) else {
        return;
    };
    let (_, _) = (from.set_nodelay(true), onward.set_nodelay(true));
    let (Ok(from_too), Ok(onward_too)) = (from.try_clone(), onward.try_clone()) else {
        return;
    };
    // Whether the last bytes went to the asking side.
    let answered = Arc::new(AtomicBool::new(true));
    let half = latency / 2;
    let asks = {
        let (seen, answered) = (Arc::clone(seen), Arc::clone(&answered));
        move || {
            if answered.swap(false, Ordering::Relaxed) {
                seen.trips.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let seen = Arc::clone(seen);
    let answers = move || {
        answered.store(true, Ordering::Relaxed);
        *seen.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    };
    one_way(from, onward, half, asks);
    one_way(onward_too, from_too, half, answers);
}

/// Two threads: one notes when bytes came, the other sends them when they are due.
fn one_way(
    mut from: TcpStream,
    to: TcpStream,
    half: Duration,
    arrived: impl Fn() + Send + 'static,
) {
    let (held, due): (Sender<(Instant, Vec<u8>)>, _) = channel();
    std::thread::spawn(move || send(to, &due, arrived));
    std::thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        while let Ok(count) = from.read(&mut piece) {
            let bytes = piece.get(..count).unwrap_or_default().to_vec();
            if held.send((Instant::now() + half, bytes)).is_err() || count == 0 {
                return;
            }
        }
    });
}

fn send(mut to: TcpStream, due: &Receiver<(Instant, Vec<u8>)>, arrived: impl Fn()) {
    while let Ok((at, bytes)) = due.recv() {
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
        arrived();
    }
    let _ = to.shutdown(Shutdown::Write);
}
