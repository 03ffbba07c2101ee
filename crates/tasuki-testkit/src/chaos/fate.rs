//! What becomes of one connection, and its bytes.

use crate::dice::Dice;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// The longest wait for bytes: a copying thread ends by itself when its connection is forgotten.
const PATIENCE: Duration = Duration::from_secs(30);

/// What becomes of one connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Whole,
    Refused,
    /// Ends after so many bytes.
    Cut(usize),
    /// A bit is turned after so many bytes.
    Turned(usize),
    /// So many milliseconds before every piece.
    Slow(u64),
}

impl Fate {
    pub fn of(dice: &Dice, number: usize) -> Self {
        let mut dice = dice.fork("connection", number);
        match dice.below(10) {
            0 => Self::Refused,
            1 | 2 => Self::Cut(dice.below(20_000)),
            3 | 4 => Self::Turned(dice.below(20_000)),
            5 => Self::Slow(20 + dice.below(180) as u64),
            // Good for a while: a line that is kept open breaks one day too.
            _ => Self::Cut(40_000 + dice.below(160_000)),
        }
    }
}

/// Copies one direction to its end.
pub(super) fn copy(mut from: TcpStream, mut to: TcpStream, fate: Fate) {
    let _ = from.set_read_timeout(Some(PATIENCE));
    let mut piece = [0_u8; 4096];
    let mut gone = 0;
    while let Ok(count @ 1..) = from.read(&mut piece) {
        let mut bytes = piece.get_mut(..count).unwrap_or_default();
        match fate {
            Fate::Slow(milliseconds) => std::thread::sleep(Duration::from_millis(milliseconds)),
            Fate::Cut(at) if gone + count >= at => {
                let left = at.saturating_sub(gone).min(count);
                bytes = bytes.get_mut(..left).unwrap_or_default();
                let _ = to.write_all(bytes);
                break;
            }
            Fate::Turned(at) if (gone..gone + count).contains(&at) => {
                if let Some(byte) = bytes.get_mut(at - gone) {
                    *byte ^= 1;
                }
            }
            _ => {}
        }
        gone += count;
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    for stream in [&from, &to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}
