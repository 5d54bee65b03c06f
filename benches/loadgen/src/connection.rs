//! One client connection: what it has sent, what came back, and whether that was right.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::thread;
use std::time::{Duration, Instant};

use mio::net::TcpStream;

use crate::options::Options;
use crate::pattern::Pattern;
use crate::sources::Sources;

/// Connections opened in one go. Servers listen with a backlog of 100; past it a connect is retried a second later.
const OPEN_BURST: usize = 50;
/// Time for the server to accept one burst.
const OPEN_PAUSE: Duration = Duration::from_millis(3);

/// Connected, non-blocking streams to 127.0.0.1.
pub fn open_streams(options: &Options) -> io::Result<Vec<TcpStream>> {
    let mut sources = Sources::new(options.sources);
    let mut streams = Vec::with_capacity(options.connections);
    for index in 0..options.connections {
        if index > 0 && index % OPEN_BURST == 0 {
            thread::sleep(OPEN_PAUSE);
        }
        let stream = sources.connect(options.port, false)?;
        stream.set_nonblocking(true)?;
        streams.push(TcpStream::from_std(stream.into()));
    }
    Ok(streams)
}

/// Why a connection failed.
#[derive(Debug)]
pub enum Fault {
    WrongByte { round: u64, offset: usize, expected: u8, got: u8 },
    NeverSent { round: u64, bytes: usize },
    EarlyEnd { round: u64, offset: usize },
    Io(io::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongByte { round, offset, expected, got } => {
                write!(f, "byte {offset} of reply {round} is {got:#04x}, expected {expected:#04x}")
            }
            Self::NeverSent { round, bytes } => {
                write!(f, "{bytes} bytes came back after reply {round} that were never sent")
            }
            Self::EarlyEnd { round, offset } => {
                write!(f, "the server closed at byte {offset} of reply {round}")
            }
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

/// A ping-pong of `Pattern` messages.
#[derive(Debug)]
pub struct Connection {
    pub stream: TcpStream,
    index: usize,
    sent_rounds: u64,
    sent_bytes_of_next: usize,
    checked_rounds: u64,
    checked_bytes_of_next: usize,
    /// Start times of the messages on the way, oldest first.
    starts: VecDeque<Instant>,
}

impl Connection {
    pub fn new(stream: TcpStream, index: usize) -> Self {
        Self {
            stream,
            index,
            sent_rounds: 0,
            sent_bytes_of_next: 0,
            checked_rounds: 0,
            checked_bytes_of_next: 0,
            starts: VecDeque::new(),
        }
    }

    /// Sends until `depth` messages are on the way, `quota` have been sent, or the socket is full.
    pub fn send(&mut self, pattern: &Pattern, depth: u64, quota: u64, now: Instant) -> Result<(), Fault> {
        // A message that has been begun is always finished.
        while self.sent_bytes_of_next > 0 || self.sent_rounds < quota.min(self.checked_rounds + depth) {
            let message = pattern.message(self.index, self.sent_rounds);
            match self.stream.write(&message[self.sent_bytes_of_next..]) {
                Ok(count) => {
                    if self.sent_bytes_of_next == 0 {
                        self.starts.push_back(now);
                    }
                    self.sent_bytes_of_next += count;
                    if self.sent_bytes_of_next == message.len() {
                        self.sent_bytes_of_next = 0;
                        self.sent_rounds += 1;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Io(error)),
            }
        }
        Ok(())
    }

    /// Reads and checks all that is there; `done` gets the start time of every message that is complete.
    /// True when the server has closed its side, with no message under way.
    pub fn receive(
        &mut self,
        pattern: &Pattern,
        buffer: &mut [u8],
        mut done: impl FnMut(Instant),
    ) -> Result<bool, Fault> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) if self.is_quiet() => return Ok(true),
                Ok(0) => {
                    return Err(Fault::EarlyEnd {
                        round: self.checked_rounds,
                        offset: self.checked_bytes_of_next,
                    });
                }
                Ok(count) => {
                    self.check(pattern, &buffer[..count], &mut done)?;
                    // A short read has emptied the socket: the next bytes bring a new edge.
                    if count < buffer.len() {
                        return Ok(false);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Io(error)),
            }
        }
    }

    fn check(
        &mut self,
        pattern: &Pattern,
        mut bytes: &[u8],
        done: &mut impl FnMut(Instant),
    ) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let message = pattern.message(self.index, self.checked_rounds);
            let from = self.checked_bytes_of_next;
            let sent =
                if self.checked_rounds < self.sent_rounds { message.len() } else { self.sent_bytes_of_next };
            if from == sent {
                return Err(Fault::NeverSent { round: self.checked_rounds, bytes: bytes.len() });
            }
            let (part, rest) = bytes.split_at(bytes.len().min(sent - from));
            let expected = &message[from..from + part.len()];
            if part != expected {
                return Err(first_difference(self.checked_rounds, from, part, expected));
            }
            self.checked_bytes_of_next += part.len();
            if self.checked_bytes_of_next == message.len() {
                self.checked_bytes_of_next = 0;
                self.checked_rounds += 1;
                if let Some(start) = self.starts.pop_front() {
                    done(start);
                }
            }
            bytes = rest;
        }
        Ok(())
    }

    /// No message is under way.
    pub fn is_quiet(&self) -> bool {
        self.sent_rounds == self.checked_rounds && self.sent_bytes_of_next == 0
    }

    pub fn checked_rounds(&self) -> u64 {
        self.checked_rounds
    }

    pub fn finish_sending(&self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)
    }
}

fn first_difference(round: u64, from: usize, got: &[u8], expected: &[u8]) -> Fault {
    let at = got.iter().zip(expected).position(|(a, b)| a != b).unwrap_or(0);
    Fault::WrongByte { round, offset: from + at, expected: expected[at], got: got[at] }
}
