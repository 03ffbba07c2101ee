//! A line to a community that ends in the middle of an answer: it breaks off, or stays open and brings
//! nothing more.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What the line does when what it may bring is used up.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    Breaks,
    Stops,
}

struct Shared {
    to: SocketAddr,
    left: AtomicU64,
    breaks: AtomicBool,
}

pub struct Relay {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

fn pass(mut from: TcpStream, mut to: TcpStream, shared: Option<&Shared>) {
    let mut piece = [0; 16 * 1024];
    while let Ok(bytes @ 1..) = from.read(&mut piece) {
        if let Some(shared) = shared {
            let left = shared.left.load(Ordering::SeqCst);
            if left < bytes as u64 {
                if shared.breaks.load(Ordering::SeqCst) {
                    break;
                }
                // Until whoever waits for more has gone.
                let _ = to.read(&mut piece);
                break;
            }
            shared.left.store(left - bytes as u64, Ordering::SeqCst);
        }
        if to.write_all(&piece[..bytes]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

impl Relay {
    /// A line that brings everything.
    pub fn to(address: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            to: address.parse().unwrap(),
            left: AtomicU64::new(u64::MAX),
            breaks: AtomicBool::new(false),
        });
        let relay = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::clone(&shared),
        };
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let far = TcpStream::connect(shared.to).unwrap();
                let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                std::thread::spawn(move || pass(near_too, far_too, None));
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || pass(far, near, Some(&shared)));
            }
        });
        relay
    }

    /// From now on so many bytes more come over it.
    pub fn bring(&self, bytes: u64, end: End) {
        self.shared
            .breaks
            .store(end == End::Breaks, Ordering::SeqCst);
        self.shared.left.store(bytes, Ordering::SeqCst);
    }
}
