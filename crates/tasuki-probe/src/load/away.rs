//! A way to a node that takes its time: bytes arrive half the latency after they were sent, in either
//! direction, and a connection takes one round trip to be made, as over a network.

use crate::failure::{Done, Failure};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Bytes that go on at once.
const PIECE: usize = 64 * 1024;

/// Begins to relay to an address; where it listens. It ends with the process.
///
/// # Errors
/// Where it cannot listen.
pub fn start(to: &str, latency: Duration) -> Done<String> {
    let fault = |error: std::io::Error| Failure::io("relay", &error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?.to_string();
    let to = to.to_owned();
    std::thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let to = to.clone();
            // A broken connection is the client's to tell of.
            std::thread::spawn(move || drop(connection(from, &to, latency)));
        }
    });
    Ok(address)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the runner relays to its own child on loopback"
)]
fn connection(from: TcpStream, to: &str, latency: Duration) -> std::io::Result<()> {
    std::thread::sleep(latency);
    let onward = TcpStream::connect(to)?;
    from.set_nodelay(true)?;
    onward.set_nodelay(true)?;
    one_way(from.try_clone()?, onward.try_clone()?, latency / 2);
    one_way(onward, from, latency / 2);
    Ok(())
}

/// Two threads: one notes when bytes came, the other sends them when they are due.
fn one_way(mut from: TcpStream, to: TcpStream, half: Duration) {
    let (held, due): (Sender<(Instant, Vec<u8>)>, _) = channel();
    std::thread::spawn(move || send(to, &due));
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

fn send(mut to: TcpStream, due: &Receiver<(Instant, Vec<u8>)>) {
    while let Ok((at, bytes)) = due.recv() {
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
