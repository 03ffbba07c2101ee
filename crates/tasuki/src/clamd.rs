//! The virus scanner clamd (clamd(8), INSTREAM): a file goes out in pieces, one word comes back. The one
//! door by which an attachment leaves the process before it is kept, so only an [`Egress`] goes out.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;
use tasuki_core::publish::Scanner;
use tasuki_core::release::Payload;
use tasuki_core::{Code, Egress, Fault};

/// Bytes of one piece.
const PIECE: usize = 64 * 1024;
/// Bytes of an answer at most.
const ANSWER_MAX: u64 = 4 * 1024;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Socket(PathBuf),
    Address(String),
}

/// A clamd.
#[derive(Debug, Clone)]
pub struct Clamd {
    place: Place,
    patience: Duration,
}

/// Both kinds of connection.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

impl Clamd {
    /// The scanner at `host:port`, or at the path of a socket. It is not asked yet.
    #[must_use]
    pub fn at(place: &str, patience: Duration) -> Self {
        let place = if place.starts_with('/') {
            Place::Socket(place.into())
        } else {
            Place::Address(place.to_owned())
        };
        Self { place, patience }
    }

    fn connect(&self) -> std::io::Result<Box<dyn Line>> {
        let patience = Some(self.patience);
        match &self.place {
            Place::Socket(path) => {
                let line = UnixStream::connect(path)?;
                line.set_read_timeout(patience)?;
                line.set_write_timeout(patience)?;
                Ok(Box::new(line))
            }
            Place::Address(address) => {
                let nowhere = || std::io::Error::other("no address");
                let address = address.to_socket_addrs()?.next().ok_or_else(nowhere)?;
                let line = TcpStream::connect_timeout(&address, self.patience)?;
                line.set_read_timeout(patience)?;
                line.set_write_timeout(patience)?;
                Ok(Box::new(line))
            }
        }
    }

    fn ask(&self, bytes: &[u8]) -> std::io::Result<String> {
        let mut line = self.connect()?;
        line.write_all(b"zINSTREAM\0")?;
        for piece in bytes.chunks(PIECE) {
            let length = u32::try_from(piece.len()).unwrap_or(0);
            line.write_all(&length.to_be_bytes())?;
            line.write_all(piece)?;
        }
        line.write_all(&0u32.to_be_bytes())?;
        line.flush()?;
        let mut answer = Vec::new();
        line.take(ANSWER_MAX).read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.trim_end_matches('\0').trim().to_owned())
    }
}

impl Scanner for Clamd {
    fn scan(&self, file: Egress) -> Result<(), Fault> {
        let Payload::Body(body) = file.into_payload() else {
            return Err(Fault::new(Code::InternalFault, "a scan of no file"));
        };
        let away = |what: String| Fault::new(Code::ScannerAway, what);
        let answer = self.ask(&body.bytes).map_err(|e| away(e.to_string()))?;
        let word = answer.strip_prefix("stream: ").unwrap_or(&answer);
        match word.strip_suffix(" FOUND") {
            Some(name) => {
                let name: String = name.chars().take(100).collect();
                Err(Fault::new(Code::AttachmentInfected, name))
            }
            None if word == "OK" => Ok(()),
            // A size limit of the scanner's is one of these too.
            None => Err(away(answer.chars().take(100).collect())),
        }
    }
}
