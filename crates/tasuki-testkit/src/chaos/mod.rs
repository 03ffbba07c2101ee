//! A line between two nodes that fails as lines do: connections that are refused, cut in the middle,
//! slow, or with a bit turned over. Which one fares how follows from a seed and its number.

mod fate;

use crate::dice::Dice;
use fate::{Fate, copy};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A line. It listens until the process ends.
pub struct Link {
    /// Where it is entered.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    to: Mutex<Option<SocketAddr>>,
    calm: AtomicBool,
    number: AtomicUsize,
    dice: Dice,
}

impl Link {
    /// A line that leads nowhere yet.
    ///
    /// # Errors
    /// Where there is no port.
    pub fn new(seed: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            to: Mutex::new(None),
            calm: AtomicBool::new(false),
            number: AtomicUsize::new(0),
            dice: Dice::new(seed),
        });
        let line = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let line = Arc::clone(&line);
                std::thread::spawn(move || line.connection(stream));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it leads from now on.
    pub fn lead_to(&self, address: SocketAddr) {
        *self
            .shared
            .to
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(address);
    }

    /// From now on every new connection is whole.
    pub fn calm(&self) {
        self.shared.calm.store(true, Ordering::Relaxed);
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.number.load(Ordering::Relaxed)
    }
}

impl Shared {
    #[expect(
        clippy::disallowed_methods,
        reason = "a line between nodes, not one of them"
    )]
    fn connection(&self, from: TcpStream) {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let fate = match self.calm.load(Ordering::Relaxed) {
            true => Fate::Whole,
            false => Fate::of(&self.dice, number),
        };
        let to = *self.to.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(to), false) = (to, matches!(fate, Fate::Refused)) else {
            return;
        };
        let Ok(to) = TcpStream::connect(to) else {
            return;
        };
        let (Ok(back_from), Ok(back_to)) = (to.try_clone(), from.try_clone()) else {
            return;
        };
        // Requests go through; what is wrong comes with the answer, where most of the bytes are.
        std::thread::spawn(move || copy(from, to, Fate::Whole));
        copy(back_from, back_to, fate);
    }
}
